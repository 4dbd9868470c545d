// Top patches: the places in a collection's pictures that drive a channel most, and what in them does.

import {getArrays, postFrames} from "../api.js";
import {collectionPicker} from "../collection_picker.js";
import {make} from "../dom.js";
import {retryMessage} from "../retry_message.js";
import {asVisitor} from "../visitor.js";
import {layerChoice} from "./layer_choice.js";
import {PatchDetail} from "./patches_detail.js";
import {PatchesGrid} from "./patches_grid.js";
import {openPatch} from "./patches_open.js";
import {decoded} from "./patches_picture.js";
import {PatchSearch} from "./patches_search.js";
import {driving, foundText, progressText, pythonLine} from "./patches_words.js";

const ABOUT = "Left: the patch, cut to what the cell sees; hatched where that is padding. Right: guided backpropagation, which shows what in the patch drives the channel; grey is nothing.";

class PatchesView {
  constructor(host, {workspace, onShow}) {
    Object.assign(this, {workspace, shown: false, key: null, asking: null, guiding: null, drawn: null});
    this.search = new PatchSearch({onProgress: (progress) => this.tell(progress), onFound: () => this.refresh()});
    this.build(host);
    this.release = [
      onShow((shown) => this.turn(shown)),
      workspace.subscribe((_, keys) => keys.some((name) => ["net", "weights", "framing"].includes(name)) && this.look()),
    ];
  }

  build(host) {
    this.choice = layerChoice({workspace: this.workspace, onChange: () => this.look()});
    this.picker = collectionPicker({workspace: this.workspace, onChange: () => this.look()});
    this.message = retryMessage("ft", {onRetry: () => this.look(true)});
    this.bar = make("progress", {class: "vz-ft-bar", max: "1", "aria-label": "Pictures searched"});
    this.far = make("span", {class: "vz-number"});
    this.button = make("button", {type: "button", class: "vz-button", id: "vz-ft-stop", onclick: () => this.toggle()});
    this.progress = make("div", {class: "vz-ft-progress", hidden: true}, this.bar, this.far, this.button);
    this.found = make("p", {class: "vz-ft-found", id: "vz-ft-found", role: "status"});
    this.grid = new PatchesGrid({onSelect: (place) => this.select(place)});
    this.detail = new PatchDetail({onOpen: (patch) => this.open(patch)});
    this.about = make("p", {class: "vz-ft-about-guided vz-muted", id: "vz-ft-guided"});
    this.python = make("code", {class: "vz-python vz-ft-python"});
    this.results = make("div", {class: "vz-ft-results", hidden: true},
      make("div", {class: "vz-ft-main"}, this.grid.element, this.about, make("details", {class: "vz-ft-lines"}, make("summary", {}, "In Python"), this.python)),
      this.detail.element);
    const choices = make("div", {class: "vz-ft-choices"}, this.choice.element, this.picker.element);
    this.element = make("div", {class: "vz-ft"}, choices, this.message.element, this.progress, this.found, this.results);
    host.replaceChildren(this.element);
  }

  turn(shown) {
    this.shown = shown;
    if (shown) this.look();
    else this.rest();
  }

  /** What is asked for now; null while the network or the collection is not there. */
  parameters() {
    const {net, weights, framing, run} = this.workspace.get();
    const [chosen, collection] = [this.choice.current(), this.picker.value()];
    if (!run || run.net !== net || !chosen || !collection) return null;
    return {net, weights: weights ?? null, framing: framing === "crop" ? null : framing, collection, layer: chosen.layer.name, channel: chosen.channel};
  }

  /** Show what is chosen, once; `again` also where nothing changed. */
  async look(again = false) {
    const params = this.shown ? this.parameters() : null;
    const key = params && JSON.stringify(params);
    if (!params || (key === this.key && !again)) return;
    const {layer: _layer, channel: _channel, ...source} = params;
    const other = JSON.stringify(source);
    Object.assign(this, {key, params});
    this.message.show(null);
    if (other !== this.source || again) {
      this.search.stop();
      this.results.hidden = true;
      this.found.textContent = "";
      this.tell({indexed: 0, total: this.picker.record().count});
      this.source = other;
    }
    const state = await this.refresh();
    if (state && state.indexed < state.total && !this.search.running && this.source === other && this.shown) this.begin(source);
  }

  async begin(source) {
    this.stopped = false;
    try {
      await this.search.start(source);
    } catch (error) {
      this.fail(error);
    }
    if (!this.search.running) this.tell(this.progressed);
    if (this.drawn && !this.search.running) this.guide(this.drawn);
  }

  /** Ask for the patches known so far; their state, or null where it was overtaken. */
  async refresh() {
    const {params} = this;
    this.asking?.abort();
    const own = new AbortController();
    this.asking = own;
    try {
      const answer = await getArrays("patches", params, {signal: own.signal});
      const {header, arrays} = answer;
      const strip = arrays.strip ? await decoded(arrays.strip, header.format) : null;
      const inputs = arrays.inputs ? await decoded(arrays.inputs, header.inputs_format) : null;
      if (own.signal.aborted) return null;
      const patches = header.patches.map((patch, place) => ({...patch, place, value: arrays.values[place], before: arrays.before[place]}));
      this.draw({...header, params, patches, strip, inputs});
      return header;
    } catch (error) {
      if (!own.signal.aborted) this.fail(error);
      return null;
    }
  }

  draw(drawn) {
    this.drawn = drawn;
    this.guiding?.abort();
    const {params, unguided, patches, part} = drawn;
    this.tell({...this.progressed, indexed: drawn.indexed, total: drawn.total});
    this.found.textContent = foundText({...drawn, channel: params.channel});
    this.grid.show({...drawn, guided: !unguided});
    this.about.textContent = unguided ?? ABOUT;
    this.results.hidden = driving(patches).length === 0;
    this.python.textContent = pythonLine({...params, collection: this.picker.record()?.own ? "own_pictures" : `"${params.collection}"`, guided: !unguided, part});
    if (this.results.hidden) return;
    this.grid.select(Math.min(this.place ?? 0, this.grid.cards.length - 1));
    if (!this.search.running) this.guide(drawn);
  }

  /** Fetch the guided patches, the strongest first; not while the search goes on, which would undo them. */
  async guide(drawn) {
    if (drawn.unguided || drawn.indexed === 0 || (drawn.indexed < drawn.total && !this.stopped && this.shown)) return;
    this.guiding?.abort();
    const own = new AbortController();
    this.guiding = own;
    const current = () => !own.signal.aborted && this.drawn === drawn;
    try {
      await asVisitor(() => postFrames("patches/guided", drawn.params, (frame) => this.grid.addGuided(frame, drawn.input, current), {signal: own.signal}));
    } catch (error) {
      if (!own.signal.aborted) this.fail(error);
    }
    if (current()) this.grid.endGuided();
  }

  /** Say how far the search is. */
  tell(progress) {
    this.progressed = progress;
    const {indexed, total, remaining_s: seconds} = progress;
    const running = this.search.running !== null;
    this.progress.hidden = indexed >= total && !running;
    this.bar.value = total ? indexed / total : 0;
    this.far.textContent = progressText({indexed, total, remaining_s: running ? seconds : null});
    this.button.textContent = running ? "Stop" : "Go on";
  }

  toggle() {
    if (!this.search.running) {
      this.begin(JSON.parse(this.source));
      return;
    }
    this.stopped = true;
    this.search.stop();
    this.tell(this.progressed);
    this.refresh();
  }

  select(place) {
    this.place = place;
    const card = this.grid.cards[place];
    this.detail.show(card?.patch ?? null, {...this.drawn, title: this.picker.record()?.title ?? ""});
  }

  async open(patch) {
    const {collection, layer, channel} = this.drawn.params;
    try {
      await openPatch(patch, {workspace: this.workspace, collection, layer, channel});
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error) {
    if (error.name === "AbortError") return;
    this.message.show(error.message);
    this.tell(this.progressed ?? {indexed: 0, total: 0});
  }

  /** Nothing is asked for behind another view; what was found is kept on the server. */
  rest() {
    this.search.stop();
    this.asking?.abort();
    this.guiding?.abort();
    this.key = null;
  }

  destroy() {
    this.rest();
    this.release.forEach((release) => release?.());
    this.choice.destroy();
    this.picker.destroy();
  }
}

/** Put the view into `element`. */
export function mountPatches(element, context) {
  return new PatchesView(element, context);
}
