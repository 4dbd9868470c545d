// A pad for digits: white strokes on black, read by the network while they are drawn.

import {digitPlacement, inkOf} from "./digit.js";
import {icon, make} from "./dom.js";
import {ICONS} from "./icons.js";
import {Pacing} from "./pacing.js";

const SIZE = 280; // pixels a side: ten per cell of MNIST
const BRUSH = 24;
const KEY_STEP = 10;
const MOVES = {ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0]};
const LABEL = "Drawing pad. Arrow keys move the pen, the space bar sets it down and lifts it.";

function drawStrokes(pen, strokes) {
  pen.fillStyle = "#000";
  pen.fillRect(0, 0, SIZE, SIZE);
  pen.strokeStyle = "#fff";
  pen.lineWidth = BRUSH;
  pen.lineCap = pen.lineJoin = "round";
  for (const [start, ...rest] of strokes) {
    pen.beginPath();
    pen.moveTo(start.x, start.y);
    if (rest.length === 0) pen.lineTo(start.x, start.y); // a dot
    for (const point of rest) pen.lineTo(point.x, point.y);
    pen.stroke();
  }
}

/** The drawing as MNIST would hold it, a PNG of 280 × 280; null while nothing is drawn. */
async function digitPicture(canvas) {
  const pixels = canvas.getContext("2d").getImageData(0, 0, SIZE, SIZE).data;
  const grey = Uint8Array.from({length: SIZE * SIZE}, (_, i) => pixels[4 * i]);
  const ink = inkOf(grey, SIZE, SIZE);
  if (!ink) return null;
  const {scale, top, left} = digitPlacement(ink, SIZE);
  const digit = make("canvas", {width: SIZE, height: SIZE});
  const pen = digit.getContext("2d");
  pen.fillRect(0, 0, SIZE, SIZE);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(canvas, left, top, scale * SIZE, scale * SIZE);
  const blob = await new Promise((resolve) => digit.toBlob(resolve, "image/png"));
  return new File([blob], "drawing.png", {type: "image/png"});
}

/** The pad; `send(file)` uploads, `isBusy()` tells of a run under way, `close()` ends it. */
export class DrawingPad {
  constructor({send, isBusy, close, signal}) {
    this.strokes = [];
    this.drawing = false;
    this.keyPen = {x: SIZE / 2, y: SIZE / 4, down: false};
    this.build(close);
    this.pacing = new Pacing({
      isBusy,
      send: async () => {
        const file = await digitPicture(this.canvas);
        if (file) await send(file);
      },
    });
    this.listen(signal);
    this.redraw();
  }

  build(close) {
    const tool = (name, text, onclick) =>
      make("button", {class: "vz-button", type: "button", "data-pad": name, onclick}, icon(ICONS[name]), text);
    this.canvas = make("canvas", {class: "vz-pad-canvas", width: SIZE, height: SIZE, tabindex: "0", role: "application", "aria-label": LABEL});
    this.pen = this.canvas.getContext("2d", {willReadFrequently: true});
    this.cursor = make("div", {class: "vz-pad-cursor", "aria-hidden": "true", hidden: true});
    this.hint = make("p", {class: "vz-pad-hint", "aria-hidden": "true"}, "Draw here");
    this.undo = tool("undo", "Undo", () => this.edit(this.strokes.slice(0, -1)));
    this.clear = tool("clear", "Clear", () => this.edit([]));
    const tools = make("div", {class: "vz-pad-tools"}, this.undo, this.clear, tool("tick", "Done", close));
    const sheet = make("div", {class: "vz-pad-sheet"}, this.canvas, this.cursor, this.hint);
    this.element = make("div", {class: "vz-pad", hidden: true}, sheet, tools);
  }

  listen(signal) {
    const on = (name, handler) => this.canvas.addEventListener(name, handler, {signal});
    on("pointerdown", (event) => {
      if (event.button !== 0 || !event.isPrimary) return;
      this.canvas.setPointerCapture(event.pointerId);
      this.cursor.hidden = true;
      this.begin(this.pointOf(event));
    });
    on("pointermove", (event) => {
      if (!this.drawing || !this.canvas.hasPointerCapture(event.pointerId)) return;
      for (const part of event.getCoalescedEvents?.() ?? [event]) this.extend(this.pointOf(part));
    });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) on(name, () => this.end());
    on("keydown", (event) => this.key(event));
    signal.addEventListener("abort", () => this.pacing.stop());
  }

  /** Open or close the pad; a `fresh` one is blank. */
  show(open, {fresh = false} = {}) {
    this.element.hidden = !open;
    if (fresh) this.strokes = [];
    this.redraw();
    if (open) this.canvas.focus();
    if (open && this.strokes.length) this.pacing.lifted();
    if (!open) this.pacing.stop();
  }

  redraw() {
    drawStrokes(this.pen, this.strokes);
    this.hint.hidden = this.strokes.length > 0;
    this.undo.disabled = this.clear.disabled = this.strokes.length === 0;
  }

  edit(strokes) {
    this.strokes = strokes;
    this.redraw();
    if (strokes.length) this.pacing.lifted();
    else this.pacing.stop();
    this.canvas.focus();
  }

  begin(point) {
    this.drawing = true;
    this.strokes.push([point]);
    this.redraw();
    this.pacing.moved();
  }

  extend(point) {
    this.strokes.at(-1).push(point);
    this.redraw();
    this.pacing.moved();
  }

  end() {
    if (this.drawing) this.pacing.lifted();
    this.drawing = this.keyPen.down = false;
  }

  pointOf(event) {
    const box = this.canvas.getBoundingClientRect();
    return {x: ((event.clientX - box.left) * SIZE) / box.width, y: ((event.clientY - box.top) * SIZE) / box.height};
  }

  /** Draw without a pointer. */
  key(event) {
    const {keyPen} = this;
    if (event.key === " ") {
      if (keyPen.down) this.end();
      else {
        keyPen.down = true;
        this.begin({x: keyPen.x, y: keyPen.y});
      }
    } else if (event.key in MOVES) this.moveKeyPen(...MOVES[event.key]);
    else return;
    this.cursor.hidden = false;
    event.preventDefault();
    event.stopPropagation();
  }

  moveKeyPen(across, down) {
    const {keyPen} = this;
    const within = (value) => Math.max(BRUSH / 2, Math.min(SIZE - BRUSH / 2, value));
    keyPen.x = within(keyPen.x + KEY_STEP * across);
    keyPen.y = within(keyPen.y + KEY_STEP * down);
    Object.assign(this.cursor.style, {left: `${(100 * keyPen.x) / SIZE}%`, top: `${(100 * keyPen.y) / SIZE}%`});
    if (keyPen.down) this.extend({x: keyPen.x, y: keyPen.y});
  }
}
