// Trace: any number of the loaded network as the arithmetic that made it, each input opening in turn.

import {address, configure} from "./api.js";
import {viewParameters, workspace} from "./store.js";
import {Dive} from "./trace_dive.js";
import {drawArithmetic, refitArithmetic} from "./trace_drawings.js";
import {keptFocus} from "./trace_focus.js";
import {createTraceFrame} from "./trace_frame.js";
import {traceOf, traceWriter} from "./trace_link.js";
import {TraceLoader} from "./trace_loader.js";
import {alsoReads, clamped, firstPlace, largestTerm, misplaced, neighbour, pathText, readPath, samePlace, stepsToPixels, stepTo} from "./trace_path.js";
import {TracePicture} from "./trace_picture.js";

const [SLOW_MS, PUBLISH_MS] = [300, 350];
const COLOURS = ["red", "green", "blue"];
const ARROWS = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]};
const PLACE_KEYS = ["layer", "channel", "cell"];

const chosenPlace = ({layer, channel, cell}) => JSON.stringify([layer, channel, cell]);
const fieldKey = ({layer, row, column}) => `${layer} ${row} ${column}`;

class TraceView {
  constructor(host) {
    this.path = []; // places from where the trace began; the last one is on screen
    this.answer = null;
    this.run = null;
    this.seen = null; // the workspace's place when it was last looked at
    this.fields = new Map(); // receptive fields of places on the way
    this.left = null; // the way that an arrow key left
    this.timers = {};
    this.image = {handle: null, node: null};
    this.loader = new TraceLoader({viewOf: () => viewParameters(workspace.get())});
    this.dive = new Dive({follow: () => this.follow(), changed: () => this.showActions()});
    this.link = traceWriter();
    this.picture = new TracePicture();
    this.frame = createTraceFrame(this.picture, {
      onPlace: (place, changed) => this.typed(place, changed),
      onBack: (index) => this.go(this.path.slice(0, index + 1)),
      onUp: () => this.back(),
      onFollow: () => this.follow(),
      onDive: () => this.dive.toggle(),
      onRetry: () => this.load(),
    });
    this.element = this.frame.element;
    host.replaceChildren(this.element);
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("pointerdown", (event) => event.target.closest("#vz-trace-dive") ?? this.dive.halt(), {capture: true});
    this.release = workspace.subscribe((state, keys) => this.changed(state, keys));
    this.observer = new ResizeObserver(() => this.wake());
    this.observer.observe(this.element);
    this.themes = new MutationObserver(() => this.picture.draw());
    this.themes.observe(document.body, {attributes: true, attributeFilter: ["class"]});
  }

  destroy() {
    this.release();
    [this.observer, this.themes].forEach((observer) => observer.disconnect());
    this.picture.destroy();
    this.dive.halt();
    Object.values(this.timers).forEach(clearTimeout);
    this.link.cancel();
    this.loader.cancel();
  }

  isVisible() {
    return this.element.isConnected && this.element.getClientRects().length > 0;
  }

  /** The tab has been opened or left: catch up with what changed meanwhile, or rest. */
  wake() {
    const awake = this.isVisible();
    if (awake === this.awake) {
      refitArithmetic(this.frame.drawing);
      return;
    }
    this.awake = awake;
    if (awake) this.changed(workspace.get(), ["run", "error", ...PLACE_KEYS]);
    else this.rest();
  }

  rest() {
    this.dive.halt();
    const {hover} = workspace.get();
    if (hover && this.answer && samePlace(hover, this.answer)) workspace.set({hover: null});
  }

  changed(state, keys) {
    if (!this.element.isConnected && this.awake !== undefined) return this.destroy();
    if (!this.awake || (keys.length === 1 && keys[0] === "hover")) return undefined;
    if (!state.run) return this.waitForRun(state);
    const fresh = state.run !== this.run;
    const moved = this.seen !== null && this.seen !== chosenPlace(state);
    this.run = state.run;
    this.seen = chosenPlace(state);
    if (fresh) this.beginRun(state, moved);
    else if (moved) this.takeOver(state);
    else if (!this.answer) this.load();
    return undefined;
  }

  waitForRun({error}) {
    this.dive.halt();
    this.loader.cancel();
    this.wait(!error);
    this.frame.message.show(error ?? null, false);
    this.element.classList.toggle("vz-stale", Boolean(error));
  }

  /** Another picture keeps the way; another network, or the first one, begins a new one. */
  beginRun(state, moved) {
    this.fields.clear();
    this.loadPicture(state);
    if (this.path.length === 0) this.path = this.firstPath(state);
    else if (moved || this.path.some((place) => misplaced(this.run, place))) this.takeOver(state, true);
    this.load();
  }

  /** The way a link carries, unless it also names another cell; else the chosen cell; else the likeliest class. */
  firstPath(state) {
    const linked = readPath(this.run, traceOf(location.search));
    const chosen = state.cell ? firstPlace(this.run, state) : null;
    if (linked.length > 0 && (!chosen || samePlace(chosen, linked.at(-1)))) return linked;
    const nothingChosen = state.channel === null && !state.cell;
    return [firstPlace(this.run, nothingChosen ? {...state, layer: null} : state)];
  }

  /** Someone else chose another cell: a new trace begins there. */
  takeOver(state, certainly = false) {
    const place = firstPlace(this.run, {...state, channel: state.channel ?? 0});
    if (!certainly && samePlace(place, this.place())) return;
    if (!certainly && samePlace(place, this.published)) return;
    clearTimeout(this.timers.publish);
    this.published = this.left = null;
    this.path = [place];
    this.load();
  }

  place() {
    return this.path.at(-1) ?? null;
  }

  /** Show the last place of `path`, and tell the other panels once it rests there. */
  go(path, {all = false} = {}) {
    this.path = path;
    clearTimeout(this.timers.publish);
    this.timers.publish = setTimeout(() => {
      const {layer, channel, row, column} = (this.published = this.place());
      workspace.set({layer, channel, cell: [row, column]});
    }, PUBLISH_MS);
    return this.load({all});
  }

  open(place) {
    return this.go(stepTo(this.path, place));
  }

  back() {
    const [way, left] = [this.path.slice(0, -1), this.left];
    if (way.length === 0 && !left) return;
    this.left = null;
    this.go(way.length > 0 ? way : left);
  }

  follow() {
    const term = this.answer && samePlace(this.answer, this.place()) ? largestTerm(this.answer) : null;
    return term ? this.open(term.place) : null;
  }

  /** A field was changed: the nearest cell of a newly chosen layer, or a sentence about the limits. */
  typed(place, changed) {
    const problem = misplaced(this.run, place);
    if (problem && changed !== "layer") this.frame.fields.refuse(problem);
    else this.go([clamped(this.run, problem ? {...this.place(), layer: place.layer} : place)]);
  }

  key(event) {
    const place = this.place();
    const typing = event.target.closest("input, select, textarea");
    if (!place || !this.run || typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const arrow = event.shiftKey ? null : ARROWS[event.key];
    if (arrow) this.move(arrow);
    else if (event.key === "Backspace" || event.key === "Escape") this.back();
    else if (event.key === "Enter" && event.target === this.element) this.follow();
    else return;
    this.dive.halt();
    event.preventDefault();
    event.stopPropagation();
  }

  /** To a neighbour; the way behind stays where the number before reads that one too. */
  move(arrow) {
    const to = neighbour(this.run, this.place(), arrow);
    if (!to) return;
    const before = this.path.at(-2);
    const reader = before && this.loader.known(before);
    const stays = reader && alsoReads(reader, to);
    if (!stays && before) this.left = this.path; // Back returns to it
    this.go(stays ? [...this.path.slice(0, -1), to] : [to]);
  }

  async load({all = false} = {}) {
    const place = this.place();
    if (!this.run || !place || !this.awake) return;
    this.wait(!this.loader.known(place, {all}));
    const answer = await this.loader.get(place, {all});
    if (!answer) return;
    this.wait(false);
    if (answer.error) this.fail(answer.error);
    else this.show(answer.value);
  }

  fail(error) {
    this.dive.halt();
    this.frame.message.show(error.message);
    this.element.classList.add("vz-stale");
  }

  /** A thin line runs once something takes long; what was there stays. */
  wait(waiting) {
    clearTimeout(this.timers.slow);
    this.element.setAttribute("aria-busy", String(waiting));
    if (waiting) this.timers.slow = setTimeout(() => (this.frame.progress.hidden = false), SLOW_MS);
    else this.frame.progress.hidden = true;
  }

  show(answer) {
    const {frame, run} = this;
    const deeper = this.answer?.layer !== answer.layer;
    this.answer = answer;
    this.fields.set(fieldKey(answer), answer.receptive);
    this.element.classList.remove("vz-stale", "vz-waiting");
    frame.message.show(null);
    frame.fields.show(run, this.place());
    frame.way.show(run, this.path);
    this.showActions();
    this.showPicture();
    const labels = new Map(run.top.map(({index, label}) => [index, label]));
    const refocus = keptFocus(this.element, frame.drawing, deeper);
    const text = drawArithmetic(frame.drawing, answer, {run, labels, open: (place) => this.open(place), all: () => this.load({all: true}), loupe: (place) => this.picture.loupe(place)});
    refocus();
    frame.heading.show(answer, {run, text, label: this.label(answer, labels)});
    frame.status.textContent = `${answer.layer}, channel ${answer.channel}, row ${answer.row}, column ${answer.column}: ${text}`;
    workspace.set({hover: {layer: answer.layer, channel: answer.channel, row: answer.row, column: answer.column, receptive: answer.receptive}});
    this.link.write(pathText(run, this.path));
    this.loader.prefetch(largestTerm(answer)?.place);
  }

  /** The class behind a probability or a logit; the colour of a pixel. */
  label({layer, channel}, labels) {
    const [first, last] = [this.run.layers[0], this.run.layers.at(-1)];
    if (layer === first.name && first.shape[0] === COLOURS.length) return COLOURS[channel];
    return layer === last.name || last.inputs.includes(layer) ? labels.get(channel) ?? `class ${channel}` : null;
  }

  showActions() {
    this.frame.actions.show({first: this.path.length < 2 && !this.left, last: !this.answer || !largestTerm(this.answer), diving: this.dive.isOn});
  }

  showPicture() {
    const fields = this.path.map((place) => this.fields.get(fieldKey(place))).filter(Boolean);
    this.picture.show({fields, run: this.run, image: this.image.node, steps: stepsToPixels(this.run, this.place().layer)});
  }

  loadPicture({picture}) {
    if (this.image.handle === picture) return;
    const node = new Image();
    this.image = {handle: picture, node: null};
    node.onload = () => {
      if (this.image.handle !== picture) return;
      this.image.node = node;
      if (this.answer && this.awake) this.show(this.answer);
    };
    node.src = address(`pictures/${encodeURIComponent(picture)}`);
  }
}

/** Put the trace into `element`; it goes when the element leaves the page. */
export function mountTrace(element, {root} = {}) {
  if (root !== undefined) configure({root});
  return new TraceView(element);
}
