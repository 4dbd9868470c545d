// A pad for digits: white strokes on black, read by the network while they are drawn.

import {digitPlacement, inkOf} from "./digit.js";
import {icon, make} from "./dom.js";
import {ICONS} from "./icons.js";

const SIZE = 280; // pixels a side: ten per cell of MNIST
const BRUSH = 24;
const AFTER_STROKE_MS = 300;
const WHILE_DRAWING_MS = 350;
const KEY_STEP = 10;

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
export async function digitPicture(canvas) {
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

/** Send what is drawn: soon after a stroke, at most every 350 ms within one, one at a time. */
export function sendingSchedule({send, isBusy}) {
  let timer = null;
  let sending = false;
  let dirty = false;

  function plan(delay) {
    clearTimeout(timer);
    timer = setTimeout(go, delay);
  }

  async function go() {
    timer = null;
    if (!dirty) return;
    if (sending || isBusy()) return plan(AFTER_STROKE_MS / 3);
    [sending, dirty] = [true, false];
    await send();
    sending = false;
    if (dirty && timer === null) plan(WHILE_DRAWING_MS);
  }

  return {
    moved() {
      dirty = true;
      if (timer === null) plan(WHILE_DRAWING_MS);
    },
    lifted() {
      dirty = true;
      plan(AFTER_STROKE_MS);
    },
    stop() {
      clearTimeout(timer);
      [timer, dirty] = [null, false];
    },
  };
}

function keyboardPen(canvas, {begin, extend, end}, signal) {
  const pen = {x: SIZE / 2, y: SIZE / 4, down: false};
  const moves = {ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0]};
  canvas.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      pen.down = !pen.down;
      if (pen.down) begin({x: pen.x, y: pen.y});
      else end();
    } else if (event.key in moves) {
      const [across, down] = moves[event.key];
      pen.x = Math.max(BRUSH / 2, Math.min(SIZE - BRUSH / 2, pen.x + KEY_STEP * across));
      pen.y = Math.max(BRUSH / 2, Math.min(SIZE - BRUSH / 2, pen.y + KEY_STEP * down));
      extend({x: pen.x, y: pen.y}, pen.down);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }, {signal});
  canvas.addEventListener("blur", () => pen.down && ((pen.down = false), end()), {signal});
}

/** The pad's element; `send(file)` uploads, `isBusy()` tells of a run under way, `close()` ends it. */
export function drawingPad({send, isBusy, close, signal}) {
  const canvas = make("canvas", {class: "vz-pad-canvas", width: SIZE, height: SIZE, tabindex: "0", role: "application",
    "aria-label": "Drawing pad. Arrow keys move the pen, the space bar sets it down and lifts it."});
  const cursor = make("div", {class: "vz-pad-cursor", "aria-hidden": "true", hidden: true});
  const hint = make("p", {class: "vz-pad-hint", "aria-hidden": "true"}, "Draw here");
  const tool = (name, text, onclick) => make("button", {class: "vz-button", type: "button", "data-pad": name, onclick}, icon(ICONS[name]), text);
  const undo = tool("undo", "Undo", () => edit(strokes.slice(0, -1)));
  const clear = tool("clear", "Clear", () => edit([]));
  const done = tool("tick", "Done", close);
  const tools = make("div", {class: "vz-pad-tools"}, undo, clear, done);
  const element = make("div", {class: "vz-pad", hidden: true}, make("div", {class: "vz-pad-sheet"}, canvas, cursor, hint), tools);
  const pen = canvas.getContext("2d", {willReadFrequently: true});
  const schedule = sendingSchedule({
    isBusy,
    async send() {
      const file = await digitPicture(canvas);
      if (file) await send(file);
    },
  });
  let strokes = [];
  let drawing = false;

  function redraw() {
    drawStrokes(pen, strokes);
    hint.hidden = strokes.length > 0;
    undo.disabled = clear.disabled = strokes.length === 0;
  }

  function edit(next) {
    strokes = next;
    redraw();
    if (strokes.length) schedule.lifted();
    else schedule.stop();
    canvas.focus();
  }

  function begin(point) {
    drawing = true;
    strokes.push([point]);
    redraw();
    schedule.moved();
  }

  function extend(point) {
    strokes.at(-1).push(point);
    redraw();
    schedule.moved();
  }

  function end() {
    if (drawing) schedule.lifted();
    drawing = false;
  }

  function pointOf(event) {
    const box = canvas.getBoundingClientRect();
    return {x: ((event.clientX - box.left) * SIZE) / box.width, y: ((event.clientY - box.top) * SIZE) / box.height};
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    canvas.setPointerCapture(event.pointerId);
    cursor.hidden = true;
    begin(pointOf(event));
  }, {signal});
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing || !canvas.hasPointerCapture(event.pointerId)) return;
    for (const part of event.getCoalescedEvents?.() ?? [event]) extend(pointOf(part));
  }, {signal});
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(name, end, {signal});
  keyboardPen(canvas, {
    begin,
    end,
    extend(point, down) {
      cursor.hidden = false;
      Object.assign(cursor.style, {left: `${(100 * point.x) / SIZE}%`, top: `${(100 * point.y) / SIZE}%`});
      if (down) extend(point);
    },
  }, signal);
  signal.addEventListener("abort", () => schedule.stop());
  redraw();

  return {
    element,
    /** Open or close the pad; a `fresh` one is blank. */
    show(open, {fresh = false} = {}) {
      element.hidden = !open;
      if (fresh) strokes = [];
      redraw();
      if (open) canvas.focus();
      else schedule.stop();
      if (open && strokes.length) schedule.lifted();
    },
  };
}
