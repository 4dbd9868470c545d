// The workbench: a small matrix anyone can edit, every number of the result explained. The server is asked nothing.

import {decimal, exactly, toNumber} from "./arithmetic/decimal.js";
import {channelByChannel} from "./arithmetic/geometry.js";
import {loadPresets, playable} from "./arithmetic/presets.js";
import {renderEquation} from "./cell_equation.js";
import {workspace} from "./store.js";
import {addressWriter, wordOf} from "./workbench_address.js";
import {Bench, readWord} from "./workbench_bench.js";
import {Hands} from "./workbench_hands.js";
import {askedBy, keepsKeys} from "./workbench_keys.js";
import {createParts, showParts} from "./workbench_parts.js";
import {Player} from "./workbench_player.js";
import {changeControl, changeKind, changeSettings, fillInput, isLegal, withKernel} from "./workbench_reshape.js";
import {placeText, stepOfPlace, stepsOf} from "./workbench_scene.js";
import {chainTable, distanceFigure, sketchOf} from "./workbench_sketch.js";
import {Sizing} from "./workbench_sizing.js";
import {workbenchStage} from "./workbench_stage.js";
import {cellArithmetic, stampArithmetic} from "./workbench_terms.js";

const DEFAULT = "vertical-edge-5x5";
const GLIDING = 8; // cells a second up to which the window glides

class Workbench {
  constructor(host) {
    this.abort = new AbortController();
    this.address = addressWriter();
    this.bench = new Bench({changed: (what) => this.changed(what)});
    this.player = new Player({move: (cells) => this.bench.move(cells) && this.bench.step < this.bench.count - 1, changed: () => this.showTransport()});
    this.build(host);
    this.listen();
    this.start();
  }

  build(host) {
    const {bench, player} = this;
    const say = (text) => this.say(text);
    this.hands = new Hands({bench, say, pause: () => player.pause()});
    const reshape = (change) => (...values) => this.reshape(() => change(bench.spec, ...values));
    this.parts = createParts({
      presets: {choose: (preset) => this.choose(preset)},
      controls: {kind: reshape(changeKind), control: reshape(changeControl), set: reshape(changeSettings)},
      tools: {fill: (value) => bench.edit(fillInput(bench.spec, value)), changed: () => this.parts.figure.element.classList.toggle("vz-wb-painting", this.parts.tools.painting)},
      figure: this.hands.handlers,
      transport: {
        move: (by) => this.move(by), play: () => this.playOrReveal(), scrub: (step) => bench.go(step), speed: (cells) => this.pace(cells),
        predict: () => bench.predict(!bench.predicting), reveal: () => bench.reveal(), stage: () => this.stage.toggle(),
      },
      gallery: {choose: reshape((spec, kernel) => withKernel(spec, {...kernel, weights: kernel.weights.map((row) => row.map(exactly))}))},
      photo: {take: (rows) => this.takePatch(rows), patchSize: () => bench.result.shape.input},
      say,
    });
    this.element = this.parts.element;
    this.hands.hold(this.parts);
    host.replaceChildren(this.element);
  }

  listen() {
    const {signal} = this.abort;
    this.stage = workbenchStage({element: this.element, signal, changed: (on) => this.staged(on)});
    this.sizing = new Sizing(this.parts, () => this.stage.isOn());
    this.element.addEventListener("keydown", (event) => this.key(event), {signal});
    document.addEventListener("keydown", (event) => this.stage.isOn() && !this.element.contains(event.target) && this.key(event), {signal});
    this.release = workspace.subscribe((state, keys) => {
      if (!this.element.isConnected) this.destroy();
      else if (keys.includes("picture")) this.seePhoto();
    });
    this.seen = new IntersectionObserver(() => this.seePhoto(), {rootMargin: "400px"});
    this.seen.observe(this.parts.photo.element);
  }

  async start() {
    try {
      this.examples = await loadPresets();
    } catch (error) {
      this.complain(error.message);
      return;
    }
    this.parts.presets.fill(this.examples);
    const problem = this.open(wordOf(location.search));
    if (problem) {
      this.choose(this.example(DEFAULT));
      this.complain(problem);
    }
    this.address.open();
    this.element.dataset.ready = "true";
  }

  /** Show what the address asks for; answers a sentence where it cannot be shown. */
  open(word) {
    if (word === null) return this.choose(this.example(DEFAULT));
    const answer = readWord(word, this.examples.map(({id}) => id));
    if (answer.message) return answer.message;
    const problem = answer.preset ? this.choose(this.example(answer.preset), answer.at) : this.bench.load(answer.spec, {at: answer.at});
    if (problem) return `The link's workbench could not be computed: ${problem} The usual example is shown instead.`;
    const cell = this.bench.result && this.bench.missing(answer.at);
    if (cell) this.complain(cell);
    return null;
  }

  destroy() {
    this.abort.abort();
    this.release();
    this.player.pause();
    this.address.stop();
    this.sizing.stop();
    this.seen.disconnect();
  }

  example(id) {
    return this.examples.find((preset) => preset.id === id);
  }

  complain(text) {
    this.parts.notice.textContent = text ?? "";
    this.parts.notice.hidden = !text;
  }

  say(text) {
    if (this.parts.status.textContent !== text) this.parts.status.textContent = text;
  }

  /** Open an example; those too large for digits are drawn. */
  choose(preset, at = null) {
    this.player.pause();
    this.complain(null);
    this.origin = preset;
    const spec = playable(preset);
    if (spec) return this.bench.load(spec, {preset: preset.id, at});
    this.drawn = preset;
    this.showSketch();
    this.address.write(preset.id);
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
    this.parts.controls.show(this.bench.spec);
  }

  takePatch(rows) {
    const {bench} = this;
    const channel = rows.map((row) => row.map((value) => decimal(BigInt(value))));
    bench.edit({...bench.spec, input: bench.spec.input.map(() => channel)});
    this.parts.player.scrollIntoView({block: "nearest"});
  }

  changed(what) {
    this.drawn = null;
    if (what === "spec") this.showSpec();
    if (what === "numbers") this.showNumbers();
    this.showStep();
    this.address.write(this.bench.word());
  }

  showHead() {
    const {origin, bench, drawn} = this;
    const edited = !drawn && origin && bench.preset !== origin.id;
    this.parts.title.textContent = origin ? `${origin.title}${edited ? ", changed" : ""}` : "Your own numbers";
    this.parts.note.textContent = edited ? "" : origin?.note ?? "";
    this.parts.presets.mark(edited ? null : origin?.id);
  }

  showSketch() {
    const {parts} = this;
    const {spec, layers, pictures} = this.drawn;
    showParts(parts, false);
    parts.facts.element.hidden = !spec;
    parts.sketch.replaceChildren(spec ? sketchOf(spec) : layers ? chainTable(layers) : distanceFigure(...pictures));
    if (spec) parts.facts.show(spec, {hidden: false});
    this.showHead();
  }

  showSpec() {
    const {bench, parts} = this;
    const {spec} = bench;
    showParts(parts, true);
    parts.facts.element.hidden = false;
    parts.controls.show(spec, (patch) => isLegal(this.bench.spec, patch));
    parts.facts.show(spec, {hidden: bench.predicting});
    parts.gallery.limit(({weights, divisor}) => isLegal(spec, {kernel: [weights.length, weights[0].length]}) && !(bench.arrangement.separable && divisor > 1));
    this.showNumbers();
  }

  /** Cells have other numbers; sizes and settings are as before. */
  showNumbers() {
    this.filter = null;
    this.parts.code.show(this.bench.spec);
    this.showHead();
  }

  /** The present filter's first kernel as plain numbers; null for operations without one. */
  kernelNumbers() {
    const {spec, place} = this.bench;
    if (channelByChannel(spec.op)) return null;
    const kernel = spec.weights.depthwise?.[0][0] ?? spec.weights[place.filter][0];
    return kernel.map((row) => row.map(toNumber));
  }

  showFilter() {
    const {bench, parts} = this;
    const {spec, result, place, arrangement: {shape, stamping}} = bench;
    const first = (filter) => (stamping ? Math.floor(filter / (shape.filters / shape.groups)) * (shape.channels / shape.groups) : null);
    this.filter = place.filter;
    parts.figure.showSpec(spec, result, bench.arrangement, place.filter);
    parts.figure.showFilters(shape.filters, place.filter, (filter) => bench.go(stepOfPlace(shape, {...bench.place, filter, channel: first(filter)})));
    const kernel = this.kernelNumbers();
    parts.gallery.show(kernel, shape.divisor);
    parts.photo.setKernel(kernel, shape.divisor);
  }

  showStep() {
    const {bench, parts} = this;
    const {spec, result, place, hidden, arrangement: {stamping}} = bench;
    if (this.filter !== place.filter) this.showFilter();
    const arithmetic = (stamping ? stampArithmetic : cellArithmetic)(spec, result, place, {hidden});
    const between = stamping && place.index < stepsOf(result.shape).perFilter - 1;
    const values = between ? {values: result.stamped(place.filter, place.index + 1), exact: false} : {};
    parts.figure.showOutput(result, place.filter, {...bench.cellState(), ...values});
    parts.figure.showStep(arithmetic, place, {hidden, stamping});
    renderEquation(parts.lines, {linesOnly: true, groups: arithmetic.lines.map((line) => ({line})), chain: arithmetic.chain, hidden});
    if (this.predicting !== bench.predicting) {
      this.predicting = bench.predicting;
      parts.facts.show(spec, {hidden: bench.predicting});
    }
    this.showTransport();
    this.sizing.update();
    this.hands.refresh(arithmetic);
    if (document.activeElement?.closest?.('[data-matrix="output"]')) parts.figure.output.focus([place.row, place.column]);
  }

  showTransport() {
    const {bench, player, stage} = this;
    if (!bench.result) return;
    const {step, count, predicting, hidden} = bench;
    const place = `${step + 1} of ${count} · ${placeText(bench.result.shape, bench.place)}`;
    this.parts.transport.show({step, count, place, predicting, hidden, playing: player.playing, staged: stage.isOn()});
  }

  /** Beyond a few cells a second the window jumps instead of gliding. */
  pace(cells) {
    this.player.speed = cells;
    this.parts.figure.element.classList.toggle("vz-wb-fast", cells > GLIDING);
  }

  move(by) {
    this.player.pause();
    return this.bench.move(by);
  }

  playOrReveal() {
    const {bench, player} = this;
    if (bench.hidden) {
      bench.reveal();
      return;
    }
    if (!player.playing && bench.step === bench.count - 1) bench.go(0);
    player.toggle();
  }

  key(event) {
    if (this.drawn || keepsKeys(event.target, event.key)) return;
    const asked = askedBy(event, {inPlayer: this.parts.player.contains(event.target), staged: this.stage.isOn()});
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

  staged(on) {
    this.showTransport();
    if (on) this.parts.transport.play.focus();
    this.sizing.update(true);
  }

  /** The picture is fetched when its part comes near. */
  seePhoto() {
    const {element} = this.parts.photo;
    if (element.isConnected && element.offsetParent && element.getBoundingClientRect().top < innerHeight + 400) this.parts.photo.load(workspace.get().picture);
  }
}

/** Put the workbench into `element`. */
export function mountWorkbench(element) {
  return new Workbench(element);
}
