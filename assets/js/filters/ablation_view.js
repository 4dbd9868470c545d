// Switching channels off: what the network says without them, how far it reaches, which ones a class rests on.

import {classPicker} from "../class_picker.js";
import {make} from "../dom.js";
import {readWord, writeWord} from "../page_words.js";
import {retryMessage} from "../retry_message.js";
import {viewParameters} from "../store.js";
import {ablationBar} from "./ablation_bar.js";
import {AblationDesk} from "./ablation_desk.js";
import {AblationGrid} from "./ablation_grid.js";
import {AblationResult} from "./ablation_result.js";
import {channelOrder, mostImportant, readOff} from "./ablation_words.js";
import {layerChoice} from "./layer_choice.js";

const WORD = "off";
const HINT = "Click a channel to switch it off: all of its values become 0, and the layers behind it run again.";
const AFTER_NORM = "A batch normalisation follows: it turns the zeros of this layer into values of its own.";

class AblationView {
  constructor(host, {workspace, onShow}) {
    Object.assign(this, {workspace, off: new Set(), maps: null, falls: null, share: null, order: "index", shownLayer: null});
    this.waiting = readOff(readWord(workspace.opened, WORD)); // what the link asks for, once
    this.desk = new AblationDesk(workspace);
    this.build(host);
    this.release = [
      workspace.subscribe((state, keys) => this.changed(keys)),
      onShow((shown) => {
        this.shown = shown;
        if (shown) this.load();
      }),
    ];
  }

  build(host) {
    this.choice = layerChoice({workspace: this.workspace, lacking: "has no channels to switch off", onChange: () => this.load()});
    this.picker = classPicker({workspace: this.workspace, label: "Class"});
    this.choice.element.insertBefore(this.picker.element, this.choice.element.lastChild);
    this.bar = ablationBar({
      onAll: (on) => this.switchTo(on ? [] : this.all()), onInvert: () => this.switchTo(this.all().filter((channel) => !this.off.has(channel))),
      onOrder: (order) => this.draw({order}), onMeasure: () => this.measure(), onCancel: () => this.stopMeasuring(), onMost: (count) => this.switchMost(count),
    });
    this.grid = new AblationGrid({onToggle: (channel) => this.toggle(channel), onPoint: (channel) => this.point(channel)});
    this.result = new AblationResult({onShown: (layer) => this.showLayer(layer)});
    this.message = retryMessage("fi-ablation", {onRetry: () => this.load(true)});
    this.readout = make("p", {class: "vz-fi-readout vz-number vz-muted"}, HINT);
    this.note = make("p", {class: "vz-muted vz-fi-small", hidden: true}, AFTER_NORM);
    this.body = make("div", {class: "vz-fi-body", hidden: true}, make("div", {class: "vz-fi-main"}, this.bar.element, this.readout, this.grid.element, this.note), this.result.element);
    this.empty = make("p", {class: "vz-muted"}, "The channels appear when the network has run.");
    this.element = make("div", {class: "vz-fi-weights"}, this.choice.element, this.message.element, this.empty, this.body);
    host.replaceChildren(this.element);
  }

  destroy() {
    this.release.forEach((release) => release?.());
    this.desk.cancel();
    this.choice.destroy();
    this.picker.destroy();
    this.grid.destroy();
  }

  changed(keys) {
    if (!this.shown) return;
    if (keys.includes("run")) this.load();
    else if (keys.includes("target")) this.forgetFalls();
    else return;
    if (!keys.includes("run")) this.predict();
  }

  all() {
    return Array.from({length: this.maps.channels}, (_, channel) => channel);
  }

  list() {
    return [...this.off].sort((a, b) => a - b);
  }

  /** A layer on another picture keeps what is off; another layer begins with everything on. */
  async load(again = false) {
    const now = this.choice?.current();
    const state = this.workspace.get();
    if (!this.shown || !now || !state.run) return;
    const key = JSON.stringify({...viewParameters(state), layer: now.layer.name});
    if (key === this.key && !again) {
      this.draw();
      return;
    }
    const answer = await this.desk.maps(now.layer.name);
    if (!answer) return;
    this.message.show(answer.error?.message ?? null);
    if (answer.error) return;
    const before = this.maps;
    Object.assign(this, {key, maps: answer.value});
    this.forgetFalls();
    if (before && (before.layer !== this.maps.layer || before.channels !== this.maps.channels)) this.off.clear();
    if (this.waiting) this.off = new Set(this.waiting.filter((channel) => channel < this.maps.channels));
    this.waiting = null;
    const next = state.run.layers.filter(({inputs}) => inputs.includes(now.layer.name));
    this.note.hidden = !next.some(({kind}) => kind === "batch normalisation");
    this.empty.hidden = true;
    this.body.hidden = false;
    this.draw();
    await this.predict();
  }

  forgetFalls() {
    this.stopMeasuring();
    this.falls = null;
    if (this.order === "importance") this.order = "index";
    this.draw();
  }

  draw(change = {}) {
    Object.assign(this, change);
    if (!this.maps) return;
    const reach = this.falls ? this.falls.reduce((most, fall) => (Number.isFinite(fall) ? Math.max(most, Math.abs(fall)) : most), 0) : 0;
    const chosen = this.workspace.get().channel === null ? null : this.choice.current()?.channel ?? null;
    this.grid.show({maps: this.maps, order: channelOrder(this.maps, this.order, this.falls), off: this.off, falls: this.falls, reach, chosen});
    this.bar.show({order: this.order, share: this.share, known: Boolean(this.falls) && this.share === null, channels: this.maps.channels});
  }

  toggle(channel) {
    if (!this.off.delete(channel)) this.off.add(channel);
    this.workspace.set({layer: this.maps.layer, channel});
    this.switched();
  }

  switchTo(channels) {
    this.off = new Set(channels);
    this.switched();
  }

  switched() {
    writeWord(WORD, this.off.size > 0 ? this.list().join(",") : null);
    this.draw();
    this.predict();
  }

  switchMost(count) {
    const all = mostImportant(this.falls, Infinity).length;
    if (!Number.isInteger(count) || count < 1) {
      this.readout.textContent = `“${count}” is no number of channels: choose 1 to ${all}.`;
      return;
    }
    this.switchTo(mostImportant(this.falls, count));
    if (count > all) this.readout.textContent = `The class rests on ${all} channels of this layer; all of these are off.`;
  }

  async predict() {
    const {maps} = this;
    const off = this.list();
    const answer = await this.desk.predict(maps.layer, off, maps.channels);
    if (!answer) return;
    this.message.show(answer.error?.message ?? null);
    if (answer.error) return;
    this.result.show(answer.value, off, maps.channels);
    if (off.length === 0 || answer.value.reach.length === 0) return;
    if (!answer.value.reach.includes(this.shownLayer)) [this.shownLayer] = answer.value.reach;
    await Promise.all([this.showReach(off), this.showMaps(off)]);
  }

  async showReach(off) {
    const answer = await this.desk.reach(this.maps.layer, off, this.maps.channels);
    if (answer?.value) this.result.showReach(answer.value.reach, this.shownLayer);
    if (answer?.error) this.message.show(answer.error.message);
  }

  async showMaps(off) {
    const answer = await this.desk.changed(this.maps.layer, off, this.maps.channels, this.shownLayer);
    if (answer?.value) this.result.showMaps(answer.value);
    if (answer?.error) this.message.show(answer.error.message);
  }

  showLayer(layer) {
    this.shownLayer = layer;
    this.result.markShown(layer);
    this.showMaps(this.list());
  }

  point(channel) {
    this.readout.textContent = channel === null ? HINT : this.grid.text(channel);
    this.readout.classList.toggle("vz-muted", channel === null);
  }

  async measure() {
    this.draw({share: 0});
    const answer = await this.desk.measure(this.maps.layer, (falls, {known, of}) => this.draw({falls, share: known / of}));
    if (!answer) return; // cancelled, or another layer
    if (answer.error) this.message.show(answer.error.message);
    this.draw({share: null, ...(answer.error ? {falls: null} : {order: "importance"})});
  }

  stopMeasuring() {
    if (this.share === null) return;
    this.desk.runs.measure.cancel();
    this.draw({share: null, falls: null});
  }
}

/** Put the view into `element`; it goes with `destroy()`. */
export function mountAblation(element, context) {
  return new AblationView(element, context);
}
