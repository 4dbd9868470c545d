// One method, large: the picture with its heat, what the method does, and one cell's arithmetic.

import {newestOnly} from "../answers.js";
import {requestBench, requestView} from "../arithmetic_views.js";
import {make} from "../dom.js";
import {percentage} from "../prediction.js";
import {retryMessage} from "../retry_message.js";
import {viewParameters} from "../store.js";
import {createAbout} from "./about.js";
import {createBlendBar, createLegend} from "./blend_bar.js";
import {DepthRow} from "./depth_row.js";
import {Explanation} from "./explain.js";
import {hottest} from "./heat_range.js";
import {HeatPicture} from "./heat_picture.js";
import {cellText, emptyText, factsText, progressText, questionText, receptiveText} from "./heat_sentences.js";
import {pictureOf} from "./pictures.js";
import {receptiveOf, spill} from "./regions.js";

const SLOW_MS = 300;
const REST = 4; // times a drawing's own time, between those of a growing map
const HINTS = {layer: "Point at the picture to read its heat; click a cell to take it apart.", input: "Point at the picture to read a pixel’s heat."};

export class OneView {
  constructor(page, {desk, state, workspace, chooseLayer, onShow}) {
    Object.assign(this, {desk, state, workspace, heat: null, image: null, pointed: null, restUntil: 0, loads: newestOnly()});
    this.build(page, chooseLayer);
    this.release = [
      desk.onChange((keys) => this.shown && this.changed(keys)),
      onShow((shown) => this.toggle(shown)),
    ];
  }

  build(page, chooseLayer) {
    this.picture = new HeatPicture({onHover: (cell) => this.point(cell), onSelect: (cell) => this.state.set({cell})});
    this.title = make("h2", {class: "vz-he-title"}, "Where the network looks");
    this.badge = make("span", {class: "vz-badge vz-warning", hidden: true}, "untrained weights");
    this.facts = make("p", {class: "vz-he-facts vz-muted vz-number"});
    this.message = retryMessage("heat", {onRetry: () => (this.desk.ready ? this.load(true) : this.desk.refresh())});
    this.empty = make("p", {class: "vz-he-empty", role: "status", hidden: true});
    this.legend = createLegend();
    this.blend = createBlendBar(this.state);
    this.readout = make("p", {class: "vz-he-readout vz-number vz-muted", id: "vz-he-readout", role: "status"}, HINTS.layer);
    this.buildProgress();
    this.about = createAbout();
    this.explanation = new Explanation({openChannel: (channel) => this.openTrace(channel), openBench: (word) => this.openBench(word)});
    this.depth = new DepthRow({desk: this.desk, choose: chooseLayer});
    const stage = make("div", {class: "vz-he-stage"}, this.picture.element, this.empty, this.progress);
    const head = make("header", {class: "vz-he-head"}, this.title, this.badge, this.facts);
    const figure = make("div", {class: "vz-he-figure"}, stage, this.legend.element, this.readout);
    const side = make("div", {class: "vz-he-side"}, head, this.about.element, this.blend.element, this.explanation.element);
    this.element = make("div", {class: "vz-he-one"}, this.message.element, this.depth.element, figure, side);
    page.replaceChildren(this.element);
  }

  /** A bar and a way out for the methods that take long; a thin line for the others. */
  buildProgress() {
    this.line = make("div", {class: "vz-progress", hidden: true});
    this.bar = make("progress", {class: "vz-he-bar", max: "1", "aria-label": "Progress"});
    this.words = make("span", {class: "vz-number", role: "status"});
    this.stop = make("button", {type: "button", class: "vz-button", id: "vz-he-cancel", onclick: () => this.cancel()}, "Cancel");
    this.long = make("div", {class: "vz-he-long", hidden: true}, this.words, this.stop, this.bar);
    this.progress = make("div", {class: "vz-he-progress"}, this.line, this.long);
  }

  toggle(shown) {
    this.shown = shown;
    if (shown) this.changed(["question", "blend"]);
    else {
      this.loads.cancel();
      this.wanted = null; // what was cut short begins again
      this.waitFor(false);
      this.depth.stop();
      this.point(null);
    }
  }

  changed(keys) {
    if (keys.includes("failed")) this.fail({message: this.desk.error});
    if (keys.includes("waiting")) this.wait();
    if (!this.desk.ready) return;
    if (keys.includes("question")) this.load();
    else if (keys.includes("blend")) this.draw();
    if (keys.includes("cell")) this.choose();
    if (keys.includes("labels")) this.drawWords();
  }

  /** The network is busy or has failed: what was there stays, faded. */
  wait() {
    this.loads.cancel();
    this.wanted = null;
    this.element.classList.toggle("vz-stale", Boolean(this.heat));
    this.message.show(this.desk.error && String(this.desk.error), false);
    this.waitFor(!this.desk.error);
  }

  async load(again = false) {
    if (!this.desk.ready) return;
    const parameters = this.desk.parameters();
    const key = JSON.stringify(parameters);
    if (key === this.wanted && !again) return this.draw();
    this.wanted = key;
    this.message.show(null);
    this.waitFor(true);
    const {method} = this.desk;
    const answer = await this.loads.run(async (signal) => {
      const image = await pictureOf(parameters.picture).catch(() => null);
      if (!method.long) return {image, heat: await this.desk.loader.get(parameters, {signal})};
      return {image, heat: await this.desk.loader.stream(parameters, (heat) => this.grow(heat, image, key), {signal})};
    });
    if (!answer || key !== this.wanted) return undefined;
    this.waitFor(false);
    if (answer.error) return this.fail(answer.error);
    return this.arrive(answer.value, parameters);
  }

  fail(error) {
    this.wanted = null;
    this.waitFor(false);
    this.message.show(error.message);
    this.element.classList.toggle("vz-stale", Boolean(this.heat));
  }

  cancel() {
    this.loads.cancel();
    this.wanted = null;
    this.waitFor(false);
    this.message.show(`${this.desk.method.title} was stopped.`);
  }

  /** A part of a long computation. */
  grow(heat, image, key) {
    if (key !== this.wanted) return;
    this.long.hidden = false;
    this.bar.value = heat.steps ? heat.step / heat.steps : 0;
    this.words.textContent = `${this.desk.method.title}: ${progressText(heat)}`;
    if (!heat.values || performance.now() < this.restUntil) return;
    Object.assign(this, {heat, image});
    const start = performance.now();
    this.draw();
    this.restUntil = performance.now() + REST * (performance.now() - start);
  }

  waitFor(waiting) {
    clearTimeout(this.timer);
    this.element.setAttribute("aria-busy", String(waiting));
    this.line.hidden = this.long.hidden = true;
    if (waiting) this.timer = setTimeout(() => (this.line.hidden = false), SLOW_MS);
  }

  arrive({image, heat}, parameters) {
    Object.assign(this, {image, heat, parameters});
    this.element.classList.remove("vz-stale");
    this.draw();
    this.choose();
    this.depth.show({image, blend: this.state.get().blend});
  }

  draw() {
    const {heat, desk} = this;
    if (!heat || !desk.ready) return;
    const {blend} = this.state.get();
    this.picture.show({image: this.image, run: desk.run, heat, blend, label: this.spoken()});
    const {limits} = this.picture.prepared;
    this.legend.show(heat, limits, blend);
    this.blend.show(heat.signed);
    this.empty.hidden = Boolean(limits);
    this.empty.textContent = emptyText(heat, limits, (index) => desk.className(index)) ?? "";
    if (this.depth.scene) this.depth.show({image: this.image, blend});
    this.drawWords();
  }

  spoken() {
    return `Heat of ${this.desk.method.title} for ${questionText(this.heat, (index) => this.desk.className(index))} over the picture. Arrow keys walk from cell to cell.`;
  }

  drawWords() {
    const {heat, desk} = this;
    if (!heat) return;
    const className = (index) => desk.className(index);
    const probability = heat.against === null || heat.against === undefined ? ` ${percentage(heat.probability)}` : "";
    this.title.replaceChildren(desk.method.title, make("span", {class: "vz-he-for"}, ` for ${questionText(heat, className)}`), make("span", {class: "vz-he-share vz-number vz-muted"}, probability));
    this.badge.hidden = desk.run.trained;
    this.facts.textContent = [factsText(heat), ...(heat.notes ?? [])].join(" · ");
    this.about.show({method: desk.method, heat, state: this.workspace.get()});
  }

  /** The chosen cell, the hottest until one is chosen: outlined, and taken apart where the method is a sum. */
  choose() {
    const {heat, desk} = this;
    if (!heat || !this.picture.prepared?.limits) return this.explanation.clear();
    const {cell} = this.state.get();
    const [rows, columns] = heat.shape;
    const held = cell && cell[0] < rows && cell[1] < columns ? cell : null;
    this.cell = held ?? hottest(heat.values, heat.shape, heat.signed);
    this.mark();
    if (desk.method.family !== "cam" || heat.source === "input") return this.explanation.clear();
    return this.explanation.show({parameters: this.parameters, method: desk.method, heat, cell: this.cell, view: viewParameters(this.workspace.get())});
  }

  point(cell) {
    if (JSON.stringify(cell) === JSON.stringify(this.pointed)) return;
    this.pointed = cell;
    this.mark();
  }

  /** Outlines here, the receptive field on the workspace's picture, and the readout. */
  mark() {
    const {heat, pointed, cell} = this;
    if (!heat || !this.picture.prepared?.limits) return;
    const looked = pointed ?? (this.picture.element === document.activeElement ? cell : null);
    const receptive = looked && receptiveOf(heat, looked);
    this.picture.mark({cell: heat.source === "layer" || this.state.get().cell ? cell : null, pointed, receptive});
    this.workspace.set({hover: receptive ? {layer: null, channel: null, row: looked[0], column: looked[1], receptive} : null});
    const read = looked ?? this.state.get().cell;
    const field = read && receptiveOf(heat, read);
    this.readout.textContent = read
      ? [cellText(heat, read, this.picture.prepared.shareOf(read)), field && receptiveText(field, this.desk.run.input, spill(field, this.desk.run.input, heat.shape))].filter(Boolean).join(" · ")
      : HINTS[heat.source];
  }

  /** The activation that a channel has at the chosen cell, in the arithmetic panel: from there down to the pixels. */
  openTrace(channel) {
    this.workspace.set({layer: this.heat.layer, channel, cell: this.cell, hover: null, panel: "arithmetic"});
    requestView("trace");
  }

  openBench(word) {
    requestBench(word);
    this.workspace.set({hover: null, panel: "arithmetic"});
  }

  destroy() {
    this.release.forEach((release) => release());
    this.loads.cancel();
    this.depth.destroy();
    this.picture.destroy();
  }
}
