// One method on a row of pictures: the samples that suit the network, and the visitor's own.

import {getJSON} from "../api.js";
import {make} from "../dom.js";
import {percentage} from "../prediction.js";
import {retryMessage} from "../retry_message.js";
import {viewParameters} from "../store.js";
import {changedView, isUpload, modelOf, sortedSamples, suits} from "../view.js";
import {HeatCard} from "./heat_card.js";
import {progressText} from "./heat_sentences.js";
import {pictureOf} from "./pictures.js";

const MOST = 12;

/** The pictures of the row: the visitor's own first, then the samples that suit the network. */
export function rowPictures(catalogue, net, picture) {
  const model = modelOf(catalogue, net);
  if (!model) return [];
  const samples = sortedSamples(catalogue, model).filter((sample) => suits(sample, model)).slice(0, MOST);
  const own = isUpload(picture) ? [{handle: picture, title: "Your picture"}] : [];
  return [...own, ...samples.map(({name, title}) => ({handle: `sample:${name}`, title}))];
}

export class RowView {
  constructor(page, {desk, state, workspace, onShow}) {
    Object.assign(this, {desk, state, workspace, cards: new Map(), key: null, catalogue: null});
    this.title = make("h2", {class: "vz-he-title"}, "One method on many pictures");
    this.badge = make("span", {class: "vz-badge vz-warning", hidden: true}, "untrained weights");
    this.own = make("input", {type: "checkbox", checked: true, id: "vz-he-own", onchange: () => this.load(true)});
    const choice = make("label", {class: "vz-he-check"}, this.own, "each picture’s own most probable class");
    this.message = retryMessage("heatrow", {onRetry: () => this.load(true)});
    this.grid = make("div", {class: "vz-he-grid vz-he-row-grid"});
    this.compute = make("button", {type: "button", class: "vz-button", hidden: true, onclick: () => this.run(this.work, true)}, "Compute all");
    const head = make("header", {class: "vz-he-head"}, this.title, this.badge, choice, this.compute);
    this.element = make("div", {class: "vz-he-rowview"}, head, this.message.element, this.grid);
    page.replaceChildren(this.element);
    this.release = [desk.onChange((keys) => this.shown && this.changed(keys)), onShow((shown) => this.toggle(shown))];
  }

  toggle(shown) {
    this.shown = shown;
    if (shown) this.changed(["question", "blend"]);
    else this.stop();
  }

  changed(keys) {
    if (keys.includes("failed")) this.message.show(this.desk.error);
    if (!this.desk.ready) return;
    if (keys.includes("question")) this.load();
    else if (keys.includes("blend")) this.draw();
    if (keys.includes("labels")) this.drawTitle();
  }

  stop() {
    this.work?.abort();
    this.key = null;
  }

  drawTitle() {
    const {desk} = this;
    const fixed = this.own.checked ? "on every picture" : `for “${desk.className(desk.parameters().target)}” on every picture`;
    this.title.textContent = `${desk.method.title} ${fixed}`;
    this.badge.hidden = desk.run.trained;
  }

  async load(again = false) {
    const {desk} = this;
    const own = this.own.checked;
    const {picture: _, target, ...rest} = desk.parameters();
    const key = JSON.stringify([rest, own ? null : target, own]);
    this.mark();
    if (key === this.key && !again) return this.draw();
    this.stop();
    this.key = key;
    const work = new AbortController();
    this.work = work;
    this.drawTitle();
    try {
      this.catalogue ??= await getJSON("catalogue", {}, {signal: work.signal});
    } catch (error) {
      if (!work.signal.aborted) this.message.show(error.message);
      return undefined;
    }
    if (work.signal.aborted) return undefined;
    this.message.show(null);
    this.arrange();
    this.compute.hidden = !desk.method.long;
    return this.run(work, !desk.method.long);
  }

  /** One card per picture, kept while network and uploads stay. */
  arrange() {
    const state = this.workspace.get();
    const pictures = rowPictures(this.catalogue, state.net, state.picture);
    const key = JSON.stringify([state.net, state.weights, state.framing, pictures]);
    if (this.arranged === key) return;
    this.arranged = key;
    this.cards.forEach(({card}) => card.destroy());
    this.cards = new Map(pictures.map(({handle, title}) => {
      const open = () => this.workspace.set(changedView(this.workspace.get(), {picture: handle}));
      return [handle, {card: new HeatCard({title, open, label: `Choose ${title}`}), image: null, run: null}];
    }));
    this.grid.replaceChildren(...[...this.cards.values()].map(({card}) => card.element));
    this.mark();
  }

  mark() {
    const {picture} = this.workspace.get();
    for (const [handle, {card}] of this.cards) card.button.setAttribute("aria-pressed", String(handle === picture));
  }

  /** Picture after picture, so that the first ones are there at once. */
  async run(work, fetching) {
    for (const [handle, entry] of this.cards) {
      if (work.signal.aborted) return;
      const answer = await this.fill(handle, entry, work, fetching).catch((error) => ({error}));
      if (work.signal.aborted) return;
      if (answer?.error) {
        entry.card.cover("failed");
        entry.card.say(answer.error.message);
      }
    }
  }

  async fill(handle, entry, work, fetching) {
    const view = {...viewParameters(this.workspace.get()), picture: handle};
    const {signal} = work;
    entry.image ??= await pictureOf(handle);
    entry.run ??= await getJSON("run", view, {signal});
    const first = entry.run.top[0];
    const target = this.own.checked ? first.index : this.desk.parameters().target;
    const {against: wanted} = this.state.get();
    const against = wanted === target ? null : wanted;
    const parameters = this.desk.parameters({view, target, against});
    entry.card.say(`${first.label}, ${percentage(first.probability)}`);
    entry.card.show(this.scene(entry, this.desk.loader.known(parameters) ?? null));
    if (!fetching) return;
    const heat = this.desk.method.long
      ? await this.desk.loader.stream(parameters, (part) => entry.card.say(progressText(part)), {signal})
      : await this.desk.loader.get(parameters, {signal});
    if (signal.aborted) return;
    entry.card.show(this.scene(entry, heat));
    if (!this.own.checked) entry.card.say(`${heat.label}, ${percentage(heat.probability)}`);
    else entry.card.say(`${first.label}, ${percentage(first.probability)}`);
  }

  scene({image, run}, heat) {
    return {image, run, heat, blend: {...this.state.get().blend, contour: false}};
  }

  draw() {
    for (const entry of this.cards.values()) if (entry.run && entry.card.picture.scene) entry.card.show(this.scene(entry, entry.card.heat));
  }

  destroy() {
    this.release.forEach((release) => release());
    this.stop();
    this.cards.forEach(({card}) => card.destroy());
  }
}
