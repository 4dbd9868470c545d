// The pattern view: a picture grows that drives a channel, a cell, a layer or a class as far as it can.

import {postFrames} from "../api.js";
import {format} from "../colour.js";
import {make} from "../dom.js";
import {retryMessage} from "../retry_message.js";
import {viewParameters} from "../store.js";
import {asVisitor} from "../visitor.js";
import {PatternControls} from "./pattern_controls.js";
import {PatternFigure} from "./pattern_figure.js";
import {PatternGallery} from "./pattern_gallery.js";
import {best, caution, parameters, progressText, subject} from "./pattern_words.js";

const WHAT = "Starting from faint noise, the picture is changed a little at a time so that what you choose grows: gradient ascent on the pixels, held in waves and natural colours, looked at from a slightly other place each time.";
const TOLD_EVERY = 32; // steps between two words to a screen reader

/** What is known of a picture, from the frames that came: nothing here touches the page. */
export function newPiece(asked, state) {
  return {asked, net: state.net, weights: state.weights, title: subject(asked), lines: Array.from({length: asked.count}, () => []),
    step: 0, steps: asked.steps, remaining: 0, start: null, reached: null, strongest: null, picture: null, size: null, small: false, urls: [], files: []};
}

/** Take a frame's header in. */
export function takeHeader(piece, header) {
  if (header.kind === "start") Object.assign(piece, {start: header.start, size: header.size, small: Math.max(...header.size) <= 64});
  if (header.kind === "start" && header.layer && piece.asked.kind === "class") piece.layer = header.layer;
  if (header.kind === "picture") piece.picture = header.value;
  if (header.kind === "strongest") piece.strongest = {title: header.title, value: header.value};
  if (header.kind === "final") piece.reached = header.reached;
  if (header.kind !== "step") return;
  Object.assign(piece, {step: header.step, steps: header.steps, remaining: header.remaining_s});
  for (const row of header.values) row.forEach((value, index) => piece.lines[index].push(value));
}

class PatternView {
  constructor(host, {workspace, onShow}) {
    this.workspace = workspace;
    this.piece = null;
    this.build(host);
    this.release = [onShow?.((shown) => shown && this.figure.draw()), workspace.subscribe((state, keys) => this.changed(keys))];
    this.themes = new MutationObserver(() => this.figure.draw());
    this.themes.observe(document.body, {attributes: true, attributeFilter: ["class"]});
    this.advise();
  }

  build(host) {
    this.note = make("p", {class: "vz-fp-note vz-muted", "aria-live": "polite", hidden: true});
    this.message = retryMessage("pattern", {onRetry: () => this.start()});
    this.live = make("p", {class: "vz-unseen", "aria-live": "polite"});
    this.figure = new PatternFigure();
    this.gallery = new PatternGallery({onChoose: (piece) => this.choose(piece)});
    this.controls = new PatternControls({workspace: this.workspace, onStart: () => this.start(), onStop: () => this.stop(), onChange: () => this.advise()});
    this.element = make("div", {class: "vz-fp"}, make("p", {class: "vz-fp-what vz-muted"}, WHAT), this.controls.element, this.note, this.message.element,
      this.figure.element, this.gallery.element, this.live);
    host.replaceChildren(this.element);
  }

  changed(keys) {
    if (!this.element.isConnected) this.destroy();
    else if (keys.includes("run") || keys.includes("layer")) this.advise();
  }

  /** A word of caution about what is chosen. */
  advise() {
    const asked = this.controls?.asked();
    const sentence = asked && caution(asked, this.workspace.get().run);
    this.note.textContent = sentence ?? "";
    this.note.hidden = !sentence;
  }

  async start() {
    const asked = this.controls.asked();
    if (!asked) return;
    this.stop();
    const own = new AbortController();
    const state = this.workspace.get();
    const piece = newPiece(asked, state);
    this.running = own;
    this.message.show(null);
    this.controls.run(true);
    this.show(piece);
    try {
      const wanted = parameters(asked, viewParameters(state));
      await asVisitor(() => postFrames("pattern", wanted, (frame) => this.take(piece, frame), {signal: own.signal}));
      this.finish(piece);
    } catch (error) {
      if (error.name !== "AbortError" && this.running === own) this.fail(piece, error);
    } finally {
      if (this.running === own) this.end();
    }
  }

  /** Stop on the way; what has grown so far stays on screen. */
  stop() {
    if (!this.running) return;
    this.running.abort();
    if (this.piece && !this.piece.reached) this.piece.stopped = true;
    this.end();
    this.say("Stopped.");
    this.figure.draw();
  }

  end() {
    this.running = null;
    this.controls.run(false);
  }

  fail(piece, error) {
    piece.stopped = true;
    this.message.show(error.message);
    this.figure.draw();
  }

  take(piece, {header, arrays}) {
    const before = piece.step;
    takeHeader(piece, header);
    const files = Object.keys(arrays).map((name) => arrays[name]);
    if (files.length > 0) piece.files = files.map((bytes) => new Blob([bytes]));
    if (this.piece !== piece) return;
    this.figure.update(files.length > 0);
    if (Math.floor(piece.step / TOLD_EVERY) > Math.floor(before / TOLD_EVERY)) this.say(progressText(piece));
  }

  finish(piece) {
    piece.urls = piece.files.map((file) => URL.createObjectURL(file.slice(0, file.size, "image/png")));
    const value = best(piece.reached, piece.asked.negative);
    piece.value = value === null ? "not a number" : format(value);
    this.gallery.add(piece);
    if (this.piece === piece) this.figure.draw();
    this.say(`The pattern of ${piece.title} is finished: ${piece.value}.`);
  }

  choose(piece) {
    this.show(piece);
    this.element.scrollIntoView?.({block: "nearest"});
  }

  show(piece) {
    if (this.piece) this.piece.shown = false;
    piece.shown = true;
    this.piece = piece;
    this.figure.show(piece);
  }

  say(sentence) {
    this.live.textContent = sentence;
  }

  destroy() {
    this.running?.abort();
    this.running = null;
    this.release.forEach((release) => release?.());
    this.themes.disconnect();
    this.controls.destroy();
    this.figure.destroy();
    this.gallery.destroy();
  }
}

/** Put the view into `element`; `context` is {workspace, onShow}. */
export function mountPattern(element, context) {
  return new PatternView(element, context);
}
