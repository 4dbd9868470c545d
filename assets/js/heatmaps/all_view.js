// All methods side by side: the same picture, class and layer.

import {make} from "../dom.js";
import {retryMessage} from "../retry_message.js";
import {HeatCard, placeOf} from "./heat_card.js";
import {progressText, questionText, timeText} from "./heat_sentences.js";
import {pictureOf} from "./pictures.js";

const GROUPS = {
  cam: ["Class activation maps", "read the chosen layer: every cell of it counts for or against the class."],
  attribution: ["Pixel attributions", "read the input itself: every pixel has a value."],
};

export class AllView {
  constructor(page, {desk, state, openMethod, onShow}) {
    Object.assign(this, {desk, state, openMethod, cards: new Map(), key: null, work: null});
    this.title = make("h2", {class: "vz-he-title"}, "Every method on the same question");
    this.badge = make("span", {class: "vz-badge vz-warning", hidden: true}, "untrained weights");
    this.note = make("p", {class: "vz-he-facts vz-muted"}, "Point at one to point at all of them; click one to see it large.");
    this.rest = make("button", {type: "button", class: "vz-button", id: "vz-he-rest", hidden: true, onclick: () => this.computeRest()}, "");
    this.message = retryMessage("heats", {onRetry: () => this.load(true)});
    this.groups = make("div", {class: "vz-he-groups"});
    this.element = make("div", {class: "vz-he-all"}, make("header", {class: "vz-he-head"}, make("div", {class: "vz-he-heading"}, this.title, this.badge, this.rest), this.note), this.message.element, this.groups);
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
    if (keys.includes("waiting")) this.element.classList.add("vz-stale");
    if (!this.desk.ready) return;
    if (keys.includes("question") || keys.includes("menu")) this.load();
    else if (keys.includes("blend")) this.draw();
    if (keys.includes("labels")) this.drawTitle();
  }

  drawTitle() {
    const {desk} = this;
    const {target, against} = desk.parameters();
    this.title.textContent = `Every method on ${questionText({target, against}, (index) => desk.className(index))}`;
    this.badge.hidden = desk.run.trained;
  }

  /** One card per method, in the menu's order. */
  arrange() {
    const {menu} = this.desk;
    if (this.menu === menu) return;
    this.menu = menu;
    this.cards.forEach((card) => card.destroy());
    this.cards = new Map(menu.methods.map((method) => [method.id, this.card(method)]));
    this.groups.replaceChildren(...Object.entries(GROUPS).map(([family, [title, words]]) => {
      const methods = menu.methods.filter((method) => method.family === family);
      if (methods.length === 0) return "";
      const heading = make("h3", {class: "vz-he-subtitle"}, title, make("span", {class: "vz-he-group-words vz-muted"}, ` ${words}`));
      return make("section", {class: "vz-he-group", "aria-label": title}, heading, make("div", {class: "vz-he-grid"}, ...methods.map(({id}) => this.cards.get(id).element)));
    }));
  }

  card(method) {
    const card = new HeatCard({
      title: method.title,
      label: `${method.title}: ${method.sentence}`,
      open: () => method.available && this.openMethod(method.id),
      onHover: (cell, heat) => this.point(cell && heat && placeOf(cell, heat)),
    });
    card.button.title = method.available ? method.sentence : method.reason;
    card.button.disabled = !method.available;
    card.element.dataset.method = method.id;
    return card;
  }

  point(place) {
    this.cards.forEach((card) => card.point(place));
  }

  stop() {
    this.work?.abort();
    this.key = null;
  }

  async load(again = false) {
    const {desk} = this;
    const key = JSON.stringify([desk.parameters({layer: ""}), desk.layer, desk.menu.methods.length]);
    if (key === this.key && this.menu === desk.menu && !again) return this.draw();
    this.stop();
    this.key = key;
    this.arrange();
    this.drawTitle();
    this.message.show(null);
    this.element.classList.remove("vz-stale");
    const work = new AbortController();
    this.work = work;
    this.image = await pictureOf(desk.parameters().picture).catch(() => null);
    if (work.signal.aborted) return undefined;
    for (const method of desk.menu.methods) this.prepare(method, work);
    this.countRest();
    for (const method of desk.menu.methods) {
      if (!method.available || method.long || work.signal.aborted) continue;
      await this.fill(method, work);
    }
    return undefined;
  }

  scene(heat) {
    const {blend} = this.state.get();
    return {image: this.image, run: this.desk.run, heat, blend: {...blend, contour: false}};
  }

  /** The picture first; what is known already, or why there is nothing. */
  prepare(method, work) {
    const card = this.cards.get(method.id);
    const known = this.desk.loader.known(this.desk.parameters({method})) ?? null;
    card.cover(null);
    card.show(this.scene(known));
    card.say(known ? timeText(known.time_ms) : "");
    if (!method.available) {
      card.cover("not here");
      card.say(method.reason);
    } else if (method.long && !known) {
      card.say("takes some seconds");
      card.cover(null, make("button", {type: "button", class: "vz-button vz-he-compute", onclick: () => this.compute(method, work)}, "Compute"));
    }
  }

  async fill(method, work) {
    const card = this.cards.get(method.id);
    const heat = await this.desk.loader.get(this.desk.parameters({method}), {signal: work.signal}).catch((error) => ({error}));
    if (work.signal.aborted) return;
    if (heat.error) {
      card.cover("failed");
      card.say(heat.error.message);
      return;
    }
    card.show(this.scene(heat));
    card.say(timeText(heat.time_ms));
  }

  /** The long methods that wait for a word. */
  waiting() {
    return this.desk.menu.methods.filter(({id, available, long}) => available && long && !this.cards.get(id).heat);
  }

  countRest() {
    const {length} = this.waiting();
    this.rest.hidden = length === 0;
    this.rest.textContent = length === 1 ? "Compute the one that takes longer" : `Compute the ${length} that take longer`;
  }

  /** One after the other, until all are there or one was cancelled. */
  async computeRest() {
    const {work} = this;
    this.rest.disabled = true;
    for (const method of this.waiting()) {
      const done = !work.signal.aborted && (await this.compute(method, work));
      if (!done) break;
    }
    this.rest.disabled = false;
  }

  /** A long method grows on its card; its button ends it. Whether it came to its end. */
  async compute(method, all) {
    const card = this.cards.get(method.id);
    const work = new AbortController();
    all.signal.addEventListener("abort", () => work.abort());
    card.cover(null, make("button", {type: "button", class: "vz-button vz-he-compute", onclick: () => work.abort()}, "Cancel"));
    const heat = await this.desk.loader.stream(this.desk.parameters({method}), (part) => {
      if (part.values) card.picture.show(this.scene(part));
      card.say(progressText(part));
    }, {signal: work.signal}).catch((error) => ({error}));
    if (all.signal.aborted) return false;
    if (heat?.values) {
      card.show(this.scene(heat));
      card.say(timeText(heat.time_ms));
    } else {
      this.prepare(method, all);
      if (heat?.error && heat.error.name !== "AbortError") card.say(heat.error.message);
    }
    this.countRest();
    return Boolean(heat?.values);
  }

  draw() {
    for (const card of this.cards.values()) if (card.picture.scene) card.show(this.scene(card.heat));
  }

  destroy() {
    this.release.forEach((release) => release());
    this.stop();
    this.cards.forEach((card) => card.destroy());
  }
}
