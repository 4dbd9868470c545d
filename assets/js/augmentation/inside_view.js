// What a draw changes inside the network: heat and a feature map, of the untouched picture and of the draw.

import {newestOnly, Recent} from "../answers.js";
import {getArrays, getJSON, postJSON} from "../api.js";
import {channelMaps, liveliestChannel} from "../channel_maps.js";
import {make} from "../dom.js";
import {HeatLoader, heatParameters} from "../heatmaps/heat_loader.js";
import {pictureOf} from "../heatmaps/pictures.js";
import {percentage} from "../prediction.js";
import {retryMessage} from "../retry_message.js";
import {asVisitor} from "../visitor.js";
import {InsideRow, sharedLimits} from "./inside_row.js";

const REST_MS = 120;
const FOLLOWED = ["run", "target", "layer", "channel"];

/** How sure the network is of the class, and what it says instead where it says something else. */
export function saidText({heat, run}, name) {
  const [first] = run.top;
  const other = first.index === heat.target ? "" : `; most probable “${first.label}” ${percentage(first.probability)}`;
  return `“${name}” ${percentage(heat.probability)}${other}`;
}

/** A draw of exactly the input's size enters as it is; others are framed as the picture is. */
export function framingOf(draw, [, height, width]) {
  return draw?.height === height && draw?.width === width ? {framing: "stretch"} : {};
}

export class InsideView {
  constructor(page, {desk, state, workspace, onShow}) {
    Object.assign(this, {desk, state, workspace, loads: newestOnly(), loader: new HeatLoader(), kept: new Recent(64), handles: new Map(), asked: null});
    this.words = make("p", {class: "vz-au-promise", id: "vz-au-inside-words", role: "status"});
    this.message = retryMessage("au-inside", {onRetry: () => this.ask(true)});
    this.rows = ["before", "after"].map((which) => new InsideRow(`vz-au-inside-${which}`));
    this.body = make("div", {class: "vz-au-inside-rows", hidden: true}, ...this.rows.map(({element}) => element));
    this.element = make("div", {class: "vz-au-insides"}, this.words, this.message.element, this.body);
    page.replaceChildren(this.element);
    this.release = [
      desk.onChange((keys) => keys.includes("settled") && this.plan()),
      state.subscribe((_, keys) => keys.includes("draw") && this.plan()),
      workspace.subscribe((_, keys) => keys.some((key) => FOLLOWED.includes(key)) && this.plan()),
      onShow((shown) => this.toggle(shown)),
    ];
  }

  toggle(shown) {
    this.shown = shown;
    if (shown) this.plan(0);
    else this.stop();
  }

  stop() {
    clearTimeout(this.timer);
    this.loads.cancel();
    this.asked = null;
    this.element.classList.remove("vz-au-stale");
  }

  plan(delay = REST_MS) {
    if (!this.shown) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), delay);
  }

  async ask(again = false) {
    const {desk} = this;
    const {run, layer, channel, target} = this.workspace.get();
    const shape = run?.layers.find(({name}) => name === layer)?.shape;
    if (!this.shown || !desk.question || desk.question !== desk.asked || !shape) return;
    const {picture, pipeline, seed, partner} = desk.question;
    const drawn = desk.sheet?.draws.find(({number}) => number === this.state.get().draw);
    const question = {view: desk.view(), after: framingOf(drawn, run.input), draw: {picture, pipeline, seed, partner, number: this.state.get().draw}, layer, shape, channel, target};
    const key = JSON.stringify(question);
    if (key === this.asked && !again) return;
    this.asked = key;
    this.message.show(null);
    if (this.body.hidden) this.words.textContent = "Looking inside …";
    this.element.classList.add("vz-au-stale");
    const answer = await this.loads.run((signal) => this.both(question, signal));
    if (!answer) return;
    this.element.classList.remove("vz-au-stale");
    if (answer.value) this.draw(question, answer.value);
    else this.fail(answer.error);
  }

  fail(error) {
    this.asked = null;
    if (this.body.hidden) this.words.textContent = "";
    else this.element.classList.add("vz-au-stale");
    this.message.show(error.message);
  }

  /** Both sides; class and channel are those of the untouched picture. */
  async both({view, after: framing, draw, layer, channel: chosen, target: asked}, signal) {
    const known = this.desk.known ?? (await this.once(getJSON, "run", view, signal));
    const target = asked ?? known.top[0].index;
    const channel = chosen ?? liveliestChannel(channelMaps(await this.once(getArrays, "maps", {...view, layer}, signal)));
    const side = (seen) => this.side(seen, {target, layer, channel}, signal);
    const before = await side(view);
    try {
      return {before, channel, after: await side({...view, ...framing, picture: await this.handle(draw)})};
    } catch (error) {
      if (error.status !== 410) throw error;
      this.handles.delete(JSON.stringify(draw)); // others took its place on the server
      return {before, channel, after: await side({...view, ...framing, picture: await this.handle(draw)})};
    }
  }

  async side(view, {target, layer, channel}, signal) {
    const run = await this.once(getJSON, "run", view, signal);
    const heat = await this.loader.get(heatParameters(view, {method: "grad-cam", layer: null, target}), {signal});
    const {arrays} = await this.once(getArrays, "values", {...view, layer, channel}, signal);
    return {run, heat, values: arrays.values, image: await pictureOf(view.picture)};
  }

  async once(ask, path, parameters, signal) {
    const key = `${path} ${JSON.stringify(parameters)}`;
    const answer = this.kept.get(key) ?? (await ask(path, parameters, {signal}));
    this.kept.set(key, answer);
    return answer;
  }

  /** The draw as a picture of the visitor's own. The server drops the one unused for longest: not the one shown. */
  async handle(draw) {
    const key = JSON.stringify(draw);
    if (this.handles.has(key)) return this.handles.get(key);
    const {picture: shown} = this.workspace.get();
    const {picture} = await asVisitor(() => postJSON("augment/adopt", {...draw, shown})); // not cut short: the handle would be lost
    this.handles.set(key, picture);
    return picture;
  }

  draw({draw, layer, shape}, {before, after, channel}) {
    const place = {layer, channel, shape, limits: sharedLimits(before.values, after.values)};
    const name = this.desk.className(before.heat.target);
    const titles = ["Untouched", `Draw ${draw.number + 1}`];
    [before, after].forEach((side, at) => this.rows[at].show(side, place, {title: titles[at], said: saidText(side, name), name}));
    this.words.textContent = `From left to right: what the network sees, Grad-CAM for “${name}” at ${before.heat.layer}, and channel ${channel} of ${layer}. `
      + "Each heat is drawn up to its own maximum; both maps share one range of colours.";
    this.body.hidden = false;
  }

  destroy() {
    this.release.forEach((release) => release());
    this.stop();
    this.rows.forEach((row) => row.destroy());
  }
}
