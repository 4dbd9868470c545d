// The workbench: a small matrix anyone can edit, every number of the result explained. The server is asked nothing.

import {decimal, exactly, toNumber, toText} from "./arithmetic/decimal.js";
import {channelByChannel} from "./arithmetic/geometry.js";
import {loadPresets, playable} from "./arithmetic/presets.js";
import {renderEquation} from "./cell_equation.js";
import {make} from "./dom.js";
import {workspace} from "./store.js";
import {Bench, readNumber, readWord} from "./workbench_bench.js";
import {editCell} from "./workbench_cell_editor.js";
import {Controls} from "./workbench_controls.js";
import {Facts} from "./workbench_facts.js";
import {Figure} from "./workbench_figure.js";
import {Code, Gallery} from "./workbench_gallery.js";
import {askedBy, keepsKeys} from "./workbench_keys.js";
import {lightOf} from "./workbench_light.js";
import {Photo} from "./workbench_photo.js";
import {Player} from "./workbench_player.js";
import {addressOf, Presets} from "./workbench_presets.js";
import {changeCell, changeControl, changeKind, changeSettings, fillInput, isLegal, valueAt, withKernel} from "./workbench_reshape.js";
import {stepOfPlace, stepsOf} from "./workbench_scene.js";
import {chainTable, distanceFigure, sketchOf} from "./workbench_sketch.js";
import {workbenchStage} from "./workbench_stage.js";
import {cellArithmetic, stampArithmetic} from "./workbench_terms.js";
import {Tools} from "./workbench_tools.js";
import {Transport} from "./workbench_transport.js";

const DEFAULT = "vertical-edge-5x5";
const WRITE_DELAY_MS = 250;
const HINT = "Point at any number: the ones that belong to it light up. Click an input or a weight, then type.";

class Workbench {
  constructor(host) {
    this.abort = new AbortController();
    this.bench = new Bench({changed: (what) => this.changed(what)});
    this.player = new Player({move: (cells) => this.bench.move(cells) && this.bench.step < this.bench.count - 1, changed: () => this.showTransport()});
    this.light = null;
    this.build(host);
    this.start();
  }

  build(host) {
    this.presets = new Presets({choose: (preset) => this.choose(preset)});
    this.title = make("h3", {class: "vz-wb-heading"});
    this.note = make("p", {class: "vz-muted vz-wb-note"});
    this.notice = make("p", {class: "vz-message", role: "alert", hidden: true});
    this.controls = new Controls({
      kind: (kind) => this.reshape(() => changeKind(this.bench.spec, kind)),
      control: (name, value) => this.reshape(() => changeControl(this.bench.spec, name, value)),
      set: (patch) => this.reshape(() => changeSettings(this.bench.spec, patch)),
    });
    this.tools = new Tools({fill: (value) => this.edit(fillInput(this.bench.spec, value)), changed: () => this.figure.element.classList.toggle("vz-wb-painting", this.tools.painting)});
    this.figure = new Figure({
      text: toText, point: (place) => this.point(place), press: (place) => this.press(place), type: (place, start) => this.type(place, start),
      key: (_, place) => place.kind === "output", drag: (place, phase, event) => this.drag(place, phase, event),
    });
    this.status = make("p", {class: "vz-wb-status vz-muted", "aria-live": "polite"}, HINT);
    this.lines = make("div", {class: "vz-wb-lines"});
    this.transport = new Transport({
      move: (by) => this.move(by), play: () => this.playOrReveal(), scrub: (step) => this.bench.go(step), speed: (cells) => (this.player.speed = cells),
      predict: () => this.bench.predict(!this.bench.predicting), reveal: () => this.bench.reveal(), stage: () => this.stage.toggle(),
    });
    this.facts = new Facts();
    this.gallery = new Gallery({choose: (kernel) => this.reshape(() => this.withGallery(kernel))});
    this.photo = new Photo({take: (rows) => this.takePatch(rows), patchSize: () => this.bench.result.shape.input});
    this.code = new Code({say: (text) => this.say(text)});
    this.sketch = make("div", {class: "vz-wb-sketch-area", hidden: true});
    this.head = make("div", {class: "vz-wb-head"}, this.title, this.note);
    this.board = make("div", {class: "vz-wb-board"}, this.figure.element);
    this.playerArea = make("section", {class: "vz-wb-player", "aria-label": "The arithmetic"}, this.board, this.status, this.lines, this.transport.element);
    this.element = make("div", {class: "vz-wb", "data-ready": "false"}, this.presets.element, this.head, this.notice, this.controls.element, this.tools.element,
      this.playerArea, this.sketch, this.facts.element, this.gallery.element, this.photo.element, this.code.element);
    host.replaceChildren(this.element);
    this.listen();
  }

  listen() {
    const {signal} = this.abort;
    this.stage = workbenchStage({element: this.element, signal, changed: (on) => this.staged(on)});
    this.element.addEventListener("keydown", (event) => this.key(event), {signal});
    document.addEventListener("keydown", (event) => this.stage.isOn() && !this.element.contains(event.target) && this.key(event), {signal});
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.element);
    this.release = workspace.subscribe((state, keys) => {
      if (!this.element.isConnected) this.destroy();
      else if (keys.includes("picture")) this.seePhoto();
    });
    this.seen = new IntersectionObserver((entries) => entries.some(({isIntersecting}) => isIntersecting) && this.seePhoto());
    this.seen.observe(this.photo.element);
  }

  async start() {
    try {
      this.examples = await loadPresets();
    } catch (error) {
      this.complain(error.message);
      return;
    }
    this.presets.fill(this.examples);
    const word = new URLSearchParams(location.search).get("wb");
    const answer = word === null ? {preset: DEFAULT} : readWord(word, this.examples.map(({id}) => id));
    const problem = answer.message ?? (answer.preset ? this.choose(this.example(answer.preset), answer.at) : this.bench.load(answer.spec, {at: answer.at}));
    if (problem) {
      this.choose(this.example(DEFAULT));
      this.complain(problem.startsWith("The link") ? problem : `The link's workbench could not be computed: ${problem}`);
    }
    this.quiet = false;
    this.element.dataset.ready = "true";
  }

  destroy() {
    this.abort.abort();
    this.release();
    this.player.pause();
    this.sizes.disconnect();
    this.seen.disconnect();
  }

  example(id) {
    return this.examples.find((preset) => preset.id === id);
  }

  complain(text) {
    this.notice.textContent = text ?? "";
    this.notice.hidden = !text;
  }

  say(text) {
    this.status.textContent = text;
  }

  /** Open an example; those too large for digits are drawn. */
  choose(preset, at = null) {
    this.player.pause();
    this.complain(null);
    this.origin = preset;
    const spec = playable(preset);
    this.showHead();
    if (spec) return this.bench.load(spec, {preset: preset.id, at});
    this.drawn = preset;
    this.showSketch();
    this.write(preset.id);
    return null;
  }

  /** Another shape or operation; what cannot be computed changes nothing and says why. */
  reshape(change) {
    try {
      const spec = change();
      if (spec) this.complain(this.bench.load(spec, {keepPlace: true}));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.complain(error.message);
    }
    if (!this.drawn) this.controls.show(this.bench.spec);
  }

  edit(spec) {
    this.bench.edit(spec);
  }

  withGallery(kernel) {
    return withKernel(this.bench.spec, {...kernel, weights: kernel.weights.map((row) => row.map(exactly))});
  }

  takePatch(rows) {
    const channel = rows.map((row) => row.map((value) => decimal(BigInt(value))));
    this.edit({...this.bench.spec, input: this.bench.spec.input.map(() => channel)});
    this.playerArea.scrollIntoView({block: "nearest", behavior: "smooth"});
  }

  changed(what) {
    this.drawn = null;
    if (what === "spec") this.showSpec();
    this.showStep();
    this.write(this.bench.word());
  }

  showHead() {
    const {origin, bench, drawn} = this;
    const edited = !drawn && origin && bench.preset !== origin.id;
    this.title.textContent = origin ? `${origin.title}${edited ? " (changed)" : ""}` : "Your own matrix";
    this.note.textContent = edited ? "" : origin?.note ?? "";
    this.presets.mark(edited ? null : origin?.id);
  }

  parts(playing) {
    for (const part of [this.controls.element, this.tools.element, this.playerArea, this.gallery.element, this.code.element]) part.hidden = !playing;
    this.photo.element.hidden = !playing || !this.kernelNumbers();
    this.sketch.hidden = playing;
  }

  showSketch() {
    const {spec, layers, pictures} = this.drawn;
    this.parts(false);
    this.facts.element.hidden = !spec;
    this.sketch.replaceChildren(spec ? sketchOf(spec) : layers ? chainTable(layers) : distanceFigure(...pictures));
    if (spec) this.facts.show(spec, {hidden: false});
    this.showHead();
  }

  showSpec() {
    const {bench} = this;
    const {spec, result} = bench;
    this.parts(true);
    this.filter = null;
    this.facts.element.hidden = false;
    this.controls.show(spec, (patch) => isLegal(this.bench.spec, patch));
    this.facts.show(spec, {hidden: bench.predicting});
    const numbers = this.kernelNumbers();
    this.gallery.element.hidden = channelByChannel(spec.op);
    if (numbers) this.gallery.show(numbers, result.shape.divisor, (kernel) => isLegal(spec, {kernel: [kernel.weights.length, kernel.weights[0].length]}) && !(bench.arrangement.separable && kernel.divisor > 1));
    if (numbers) this.photo.setKernel(numbers, result.shape.divisor);
    this.code.show(spec);
    this.showHead();
  }

  /** The present filter's first kernel as plain numbers; null for operations without one. */
  kernelNumbers() {
    const {spec, result} = this.bench;
    if (!result || channelByChannel(spec.op)) return null;
    const kernel = spec.weights.depthwise?.[0][0] ?? spec.weights[this.bench.place.filter][0];
    return kernel.map((row) => row.map(toNumber));
  }

  showStep() {
    const {bench, figure} = this;
    const {spec, result, place, hidden, arrangement: {stamping, shape}} = bench;
    if (this.filter !== place.filter) {
      this.filter = place.filter;
      figure.showSpec(spec, result, bench.arrangement, place.filter);
      figure.showFilters(shape.filters, place.filter, (filter) => bench.go(stepOfPlace(shape, {...place, filter, channel: this.firstChannel(filter)})));
      this.photo.setKernel(this.kernelNumbers(), shape.divisor);
    }
    this.arithmetic = (stamping ? stampArithmetic : cellArithmetic)(spec, result, place, {hidden});
    const values = stamping && !this.isLastStamp() ? result.stamped(place.filter, place.index + 1) : undefined;
    figure.showOutput(result, place.filter, {...bench.cellState(), ...(values && {values, exact: false})});
    figure.showStep(this.arithmetic, place, {hidden, stamping});
    const {lines, chain} = this.arithmetic;
    renderEquation(this.lines, {linesOnly: true, groups: lines.map((line) => ({line})), chain, hidden});
    if (this.predicting !== bench.predicting) {
      this.predicting = bench.predicting;
      this.facts.show(spec, {hidden: bench.predicting});
    }
    this.showTransport();
    this.resize();
    if (this.light) this.point(this.light);
    if (document.activeElement?.closest?.('[data-matrix="output"]')) figure.output.focus([place.row, place.column]);
  }

  firstChannel(filter) {
    const {shape, stamping} = this.bench.arrangement;
    return stamping ? Math.floor(filter / (shape.filters / shape.groups)) * (shape.channels / shape.groups) : null;
  }

  isLastStamp() {
    const {result, place} = this.bench;
    return place.index === stepsOf(result.shape).perFilter - 1;
  }

  showTransport() {
    const {bench} = this;
    if (!bench.result) return;
    const {row, column, filter, channel} = bench.place;
    const {filters, channels} = bench.result.shape;
    const parts = [bench.arrangement.stamping ? `input row ${row}, column ${column}` : `row ${row}, column ${column}`];
    if (filters > 1) parts.push(`output ${filter}`);
    if (channel !== null && channels > 1) parts.push(`channel ${channel}`);
    this.transport.show({
      step: bench.step, count: bench.count, playing: this.player.playing, predicting: bench.predicting, hidden: bench.hidden, staged: this.stage.isOn(),
      place: `${bench.step + 1} of ${bench.count} · ${parts.join(", ")}`,
    });
  }

  move(by) {
    this.player.pause();
    return this.bench.move(by);
  }

  playOrReveal() {
    const {bench} = this;
    if (bench.hidden) bench.reveal();
    else {
      if (!this.player.playing && bench.step === bench.count - 1) bench.go(0);
      this.player.toggle();
    }
  }

  key(event) {
    if (this.drawn || keepsKeys(event.target, event.key)) return;
    const asked = askedBy(event, {inPlayer: this.playerArea.contains(event.target), staged: this.stage.isOn()});
    if (!asked) return;
    event.preventDefault();
    event.stopPropagation();
    if (asked.move !== undefined) this.move(asked.move);
    else if (asked.row) this.bench.moveRow(asked.row);
    else if (asked.advance) this.bench.advance();
    else if (asked.play) this.playOrReveal();
    else if (asked.predict) this.bench.predict(!this.bench.predicting);
    else if (asked.stage) this.stage.toggle();
    else this.stage.leave();
  }

  point(place) {
    this.light = place;
    if (!place) {
      this.figure.light();
      this.say(HINT);
      return;
    }
    const {bench, figure} = this;
    const {hidden} = bench.cellState();
    const {columns} = {columns: bench.result.shape.output[2]};
    const context = {result: bench.result, spec: bench.spec, place: bench.place, shape: bench.result.shape, hidden: (row, column) => hidden(row * columns + column)};
    const {sets, text} = lightOf(context, place, {inputs: figure.inputs, kernels: figure.kernels, arithmetic: this.arithmetic});
    figure.light(sets);
    this.say(text || HINT);
  }

  /** A click on an output cell goes there; when stamping, a click on an input cell stamps it. */
  press({kind, channel, row, column}) {
    const {bench, figure} = this;
    const {stamping, shape} = bench.arrangement;
    if (kind !== (stamping ? "input" : "output")) return;
    const source = stamping ? figure.inputs[channel][row][column].source : {row, column};
    if (!source) return;
    this.player.pause();
    bench.go(stepOfPlace(shape, {filter: bench.place.filter, channel: stamping ? channel : null, row: source.row, column: source.column}));
  }

  /** Where a matrix's cell lies in the spec; null for padding. */
  target({kind, channel, row, column}) {
    const {figure, bench} = this;
    const {filter} = bench.place;
    if (kind === "input") {
      const {source} = figure.inputs[channel][row][column];
      return source && {matrix: "input", at: [source.channel, source.row, source.column], node: figure.rows[channel].input};
    }
    if (kind === "kernel") return figure.kernels[channel] && {...figure.kernels[channel][row][column].place, node: figure.rows[channel].kernel};
    if (kind === "point") return {matrix: "pointwise", at: [filter, channel, 0, 0], node: figure.rows[channel].point};
    return {matrix: "bias", at: [filter], node: figure.bias};
  }

  type(place, start) {
    const target = this.target(place);
    if (!target) {
      this.say("Padding cannot be typed into: it follows from the setting.");
      return;
    }
    this.player.pause();
    const {node, ...cell} = target;
    editCell({
      matrix: node, cell: [place.row, place.column], start, text: toText(valueAt(this.bench.spec, cell)), label: `New value for ${node.node([place.row, place.column]).getAttribute("aria-label")}`,
      parse: readNumber, commit: (value) => this.edit(changeCell(this.bench.spec, cell, value)), done: (next) => next && node.focus(next),
    });
  }

  /** Painting sets cells; otherwise the window follows the pointer. */
  drag(place, phase, event) {
    const {bench, figure, tools} = this;
    const {source} = figure.inputs[place.channel][place.row][place.column];
    if (tools.painting) {
      event.preventDefault();
      if (source && phase !== "up" && tools.value) this.edit(changeCell(bench.spec, {matrix: "input", at: [source.channel, source.row, source.column]}, tools.value));
      return;
    }
    const {shape, stamping} = bench.arrangement;
    if (phase !== "move") return;
    this.player.pause();
    const {filter} = bench.place;
    if (stamping) {
      if (source) bench.go(stepOfPlace(shape, {filter, channel: place.channel, row: source.row, column: source.column}));
      return;
    }
    const near = [place.row, place.column].map((at, axis) => {
      const position = Math.round((at - (shape.extent[axis] - 1) / 2) / shape.stride[axis]);
      return Math.min(shape.output[axis + 1] - 1, Math.max(0, position));
    });
    bench.go(stepOfPlace(shape, {filter, row: near[0], column: near[1]}));
  }

  staged(on) {
    this.showTransport();
    if (on) this.transport.play.focus();
    requestAnimationFrame(() => this.resize(true));
  }

  /** Cells as large as the place allows. */
  resize(again = false) {
    if (!this.bench.result || this.drawn) return;
    const {clientWidth, clientHeight} = this.board;
    const on = this.stage.isOn();
    const key = JSON.stringify([clientWidth, on && clientHeight, on, this.figure.key, this.figure.widths, this.bench.result.shape.output, this.bench.result.shape.padded]);
    if (key === this.fitted && !again) return;
    this.fitted = key;
    this.figure.fit({width: clientWidth, height: on ? clientHeight : Math.max(420, innerHeight * 0.68)}, on ? {most: 170} : {most: 54});
  }

  seePhoto() {
    if (!this.photo.element.hidden && this.photo.element.getBoundingClientRect().top < 2 * innerHeight) this.photo.load(workspace.get().picture);
  }

  /** The state in the address, once it is no longer the one the page starts with. */
  write(word) {
    clearTimeout(this.writing);
    if (this.quiet !== false) return;
    this.writing = setTimeout(() => {
      if (this.element.isConnected) history.replaceState(history.state, "", addressOf(word));
    }, WRITE_DELAY_MS);
  }
}

/** Put the workbench into `element`. */
export function mountWorkbench(element) {
  return new Workbench(element);
}
