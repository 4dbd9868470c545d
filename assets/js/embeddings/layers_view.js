// Layer by layer: the same pictures on a map for each layer, one map turning into the next.

import {labelledSelect, make} from "../dom.js";
import {retryMessage} from "../retry_message.js";
import {castOf, dressed} from "./layers_cast.js";
import {LayersChoice} from "./layers_choice.js";
import {LayersClerk} from "./layers_clerk.js";
import {LayersCurve} from "./layers_curve.js";
import {LayersDetail} from "./layers_detail.js";
import {LayersPlayer} from "./layers_player.js";
import {LayersStage} from "./layers_stage.js";
import {LayersStrip} from "./layers_strip.js";
import {CAPTION, partsOf, progressShare, progressWords, pythonLines, verdict} from "./layers_words.js";
import {rgb} from "./palette.js";
import {sprites} from "./sprites.js";

const LEAD = "The same pictures, arranged by what one layer after another says of them: watch the classes come apart on the way to the answer.";

class LayersView {
  constructor(host, {workspace, source, state, onShow}) {
    Object.assign(this, {workspace, source, state, shown: false, maps: [], cast: null, touched: false, asked: null});
    this.clerk = new LayersClerk({onProgress: (header) => this.tell(header), onPictures: (frame) => this.pictures(frame), onMaps: (maps) => this.grown(maps)});
    this.build(host);
    this.release = [
      onShow((shown) => this.turn(shown)),
      source.subscribe(() => this.follow()),
      state.subscribe(() => this.follow()),
    ];
    this.follow();
  }

  build(host) {
    this.choice = new LayersChoice({onChange: () => this.follow()});
    this.part = labelledSelect("Pictures", {}, {id: "vz-el-part", onchange: () => this.follow()});
    this.go = make("button", {type: "button", class: "vz-button vz-primary vz-el-go", id: "vz-el-go", onclick: () => this.toggle()}, "Make the maps");
    this.message = retryMessage("el", {onRetry: () => this.start()});
    this.bar = make("progress", {class: "vz-el-bar", max: "1", "aria-label": "Maps made"});
    this.far = make("span", {class: "vz-number", role: "status", id: "vz-el-far"});
    this.progress = make("div", {class: "vz-el-progress", hidden: true}, this.bar, this.far);
    this.lead = make("p", {class: "vz-el-lead vz-muted"}, LEAD);
    this.player = new LayersPlayer({onDepth: (depth) => this.stand(depth)});
    this.player.element.addEventListener("pointerdown", () => (this.touched = true), {capture: true});
    this.player.element.addEventListener("keydown", () => (this.touched = true), {capture: true});
    this.stage = new LayersStage({onPoint: (place) => this.mark(place)});
    this.strip = new LayersStrip({onChoose: (place) => this.choose(place)});
    this.curve = new LayersCurve({onChoose: (place) => this.choose(place)});
    this.detail = new LayersDetail({onKind: (kind) => this.pick(kind)});
    this.verdict = make("p", {class: "vz-el-verdict", id: "vz-el-verdict", "aria-live": "polite"});
    this.notes = make("div", {class: "vz-el-notes vz-muted"});
    this.python = make("code", {class: "vz-python vz-el-python"});
    const side = make("div", {class: "vz-el-side"}, this.curve.element, this.verdict, this.notes, this.detail.element);
    const main = make("div", {class: "vz-el-main"}, make("div", {class: "vz-el-large"}, this.player.element, this.stage.element), side);
    const about = make("div", {class: "vz-el-about"}, make("p", {class: "vz-muted vz-el-caption"}, CAPTION), make("details", {}, make("summary", {}, "In Python"), this.python));
    this.results = make("div", {class: "vz-el-results", hidden: true}, main, this.strip.element, about);
    const bar = make("div", {class: "vz-el-tools"}, this.choice.element, this.part.element, this.go);
    this.element = make("div", {class: "vz-el"}, this.lead, bar, this.message.element, this.progress, this.results);
    host.replaceChildren(this.element);
  }

  turn(shown) {
    this.shown = shown;
    if (shown) this.follow();
    else {
      this.clerk.stop();
      this.player.stop();
    }
  }

  /** What a request carries now; null while something is missing. */
  parameters() {
    const own = this.source.parameters();
    if (!own || !this.choice.chosen.length) return null;
    const {layer: _layer, ...rest} = own;
    const {method, perplexity, exaggeration, metric, seed} = this.state.get();
    const settings = method === "t-sne" ? {perplexity, exaggeration} : {};
    return {...rest, layers: this.choice.chosen.join(","), method, metric, seed, ...settings, limit: this.part.select.value || null};
  }

  /** Other pictures or another network: what was made of the ones before goes. */
  follow() {
    const found = this.source.get();
    this.go.disabled = !found;
    if (this.source.error) this.message.show(this.source.error.message);
    if (!found) return;
    this.choice.take(found.layers, found.pool === "flatten");
    this.offerParts(found.record);
    const key = JSON.stringify(this.parameters());
    this.made = key === this.asked && this.maps.length > 0;
    const {net, weights, collection, pool} = found;
    const about = JSON.stringify([net, weights, collection, pool]);
    if (this.about !== about) this.clear();
    this.about = about;
    this.label();
  }

  offerParts({name, count}) {
    if (this.partsFor === name) return;
    this.partsFor = name;
    const {options, usual} = partsOf(count);
    this.part.select.replaceChildren(...options.map(({value, title}) => make("option", {value}, title)));
    this.part.select.value = usual;
  }

  label() {
    const running = this.clerk.running !== null;
    this.go.textContent = running ? "Cancel" : this.made ? "Make them again" : "Make the maps";
    this.go.classList.toggle("vz-primary", !running && !this.made);
    this.progress.hidden = !running;
  }

  clear() {
    this.clerk.stop();
    this.player.stop();
    this.message.show(null);
    Object.assign(this, {maps: [], cast: null, touched: false, asked: null, made: false});
    this.results.hidden = true;
  }

  toggle() {
    if (!this.clerk.running) return this.start();
    this.clerk.stop();
    return this.end();
  }

  async start() {
    const params = this.parameters();
    if (!params) return;
    this.clear();
    Object.assign(this, {asked: JSON.stringify(params), record: this.source.get().record, of: this.choice.chosen.length, kinds: new Map(this.source.get().layers.map(({name, kind}) => [name, kind]))});
    this.python.textContent = pythonLines({...params, own: this.record.own});
    this.tell({stage: "features"});
    const running = this.clerk.start(params);
    this.label();
    try {
      await running;
    } catch (error) {
      this.message.show(error.message);
    }
    this.end();
  }

  /** It is over, or was stopped: a map that was still growing goes. */
  end() {
    if (this.clerk.running) return;
    const done = this.maps.filter(({quality}) => quality);
    if (done.length < this.maps.length) this.grown(done);
    this.results.hidden = done.length === 0;
    this.made = done.length > 0;
    this.label();
  }

  tell(header) {
    this.bar.value = progressShare(header) ?? this.bar.value;
    this.far.textContent = progressWords(header);
  }

  async pictures(frame) {
    const cast = castOf(frame, this.element);
    this.cast = cast;
    this.stage.take(cast);
    this.strip.take(cast, this.of);
    this.detail.take(cast, this.record);
    try {
      const sheet = await sprites(this.record);
      if (this.cast === cast) this.stage.dress(() => dressed(sheet, cast, rgb));
    } catch (error) {
      if (this.cast === cast) this.message.show(`${error.message} Until then there are dots.`, false);
    }
  }

  grown(maps) {
    if (!this.cast) return;
    this.maps = maps.map((map) => ({...map, kind: this.kinds.get(map.layer)}));
    if (!maps.length) return;
    this.results.hidden = false;
    this.strip.show(this.maps);
    const finished = this.maps.filter(({quality}) => quality);
    this.curve.show(finished, this.of);
    this.verdict.textContent = finished.length === this.of ? verdict(finished) : "";
    const notes = new Set(finished.flatMap((map) => map.notes));
    this.notes.replaceChildren(...[...notes].map((note) => make("p", {}, note)));
    if (!this.touched) this.player.depth = maps.length - 1;
    this.player.show(this.maps);
  }

  stand(depth) {
    this.stage.show({maps: this.maps, depth});
    this.strip.point(depth);
    this.curve.point(depth);
  }

  choose(place) {
    this.touched = true;
    this.player.goTo(place);
  }

  mark(place) {
    if (place === this.marked) return;
    this.marked = place;
    this.stage.mark(place);
    this.strip.mark(place);
    this.detail.show(place);
  }

  pick(kind) {
    this.cast.pick(kind);
    this.detail.draw();
    this.stage.redraw();
    this.strip.redraw();
  }

  destroy() {
    this.clerk.stop();
    this.player.stop();
    this.stage.destroy();
    this.strip.destroy();
    this.release.forEach((release) => release?.());
  }
}

/** Put the view into `element`; `context` as the panel's shell gives it. */
export function mountLayers(element, context) {
  return new LayersView(element, context);
}
