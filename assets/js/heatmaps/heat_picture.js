// The picture as the network sees it, with heat over it: drawn in the browser, pointed at cell by cell.

import {fitCanvas, make} from "../dom.js";
import {drawCrop, receptiveBox} from "../picture_crop.js";
import {heatPixels} from "./heat_pixels.js";
import {PreparedHeat} from "./prepared_heat.js";
import {cellAt, cellBox, steppedCell} from "./regions.js";

const MOST_PX = 720; // of a side of the heat's own pixels; the browser smooths the rest
const COARSE = 2; // screen pixels per input pixel from which a small input shows its pixels

/** A stroke with a dark edge, to be seen on any picture. */
function outlined(context, path, colour, width) {
  for (const [style, line] of [["rgb(10 14 20 / 75%)", width + 2], [colour, width]]) {
    context.strokeStyle = style;
    context.lineWidth = line;
    context.beginPath();
    path();
    context.stroke();
  }
}

const framed = (context, {x, y, width, height}, colour, line) => outlined(context, () =>
  context.rect(x + 1, y + 1, Math.max(3, width - 2), Math.max(3, height - 2)), colour, line);

/** Under coloured points the picture is grey: light where white means 0, dark where black does. */
function groundTone({input: [channels]}, heat, grainy) {
  if (heat && grainy) return heat.signed ? "grayscale(1) contrast(0.5) brightness(1.35)" : "grayscale(1) brightness(0.6)";
  return channels === 1 ? "grayscale(1)" : "none";
}

export class HeatPicture {
  /** `onHover(cell | null)`, `onSelect(cell)`; without them the picture only shows. */
  constructor({label = "", onHover = null, onSelect = null} = {}) {
    Object.assign(this, {onHover, onSelect, scene: null, prepared: null, size: null, marked: {}});
    this.layers = ["base", "heat", "marks"].map((name) => make("canvas", {class: `vz-he-canvas vz-he-${name}`, "aria-hidden": "true"}));
    [this.base, this.over, this.marks] = this.layers;
    this.element = make("div", {class: "vz-he-picture", role: "img", "aria-label": label, tabindex: onSelect ? "0" : null}, ...this.layers);
    if (onSelect) this.element.setAttribute("role", "application");
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.element);
    if (onHover || onSelect) this.listen();
  }

  listen() {
    const at = (event) => {
      const box = this.element.getBoundingClientRect();
      return this.scene?.heat ? cellAt({x: event.clientX - box.left, y: event.clientY - box.top}, box, this.scene.heat.shape) : null;
    };
    this.element.addEventListener("pointermove", (event) => this.onHover?.(at(event)));
    this.element.addEventListener("pointerleave", () => this.onHover?.(null));
    if (!this.onSelect) return;
    this.element.addEventListener("click", (event) => {
      const cell = at(event);
      if (cell) this.onSelect(cell);
    });
    this.element.addEventListener("keydown", (event) => {
      const {heat} = this.scene ?? {};
      const next = heat && !event.ctrlKey && !event.metaKey && !event.altKey && steppedCell(event.key, this.marked.cell ?? [0, 0], heat.shape);
      if (!next) return;
      this.onSelect(next);
      event.preventDefault();
      event.stopPropagation();
    });
  }

  /** `scene`: {image, run {picture, frame, input}, heat | null, blend, label}; drawn anew where it differs. */
  show(scene) {
    const before = this.scene;
    this.scene = scene;
    if (scene.label) this.element.setAttribute("aria-label", scene.label);
    const [, height, width] = scene.run.input;
    this.element.style.aspectRatio = `${width} / ${height}`;
    if (before?.heat !== scene.heat) this.prepared = scene.heat && new PreparedHeat(scene.heat);
    this.draw();
  }

  draw() {
    const width = this.element.clientWidth;
    if (!this.scene || width === 0) return;
    const [, inputHeight, inputWidth] = this.scene.run.input;
    this.size = {width, height: (width * inputHeight) / inputWidth};
    this.drawBase();
    this.drawHeat();
    this.mark(this.marked);
  }

  /** The crop, once for each picture, size and tone; a small input shows its pixels. */
  drawBase() {
    const {image, run, heat} = this.scene;
    const tone = groundTone(run, heat, this.prepared?.grainy);
    const key = [image, run.frame, run.input, this.size.width, devicePixelRatio, tone];
    if (this.drawn && key.every((part, at) => part === this.drawn[at])) return;
    this.drawn = key;
    const context = fitCanvas(this.base, this.size.width, this.size.height);
    const [, height, width] = run.input;
    context.filter = tone;
    if (run.frame.width * COARSE >= this.size.width) return drawCrop(context, image, run, this.size);
    const small = document.createElement("canvas");
    Object.assign(small, {height, width});
    drawCrop(small.getContext("2d"), image, run, {height, width});
    context.imageSmoothingEnabled = false;
    return context.drawImage(small, 0, 0, this.size.width, this.size.height);
  }

  drawHeat() {
    const {heat, blend} = this.scene;
    const context = fitCanvas(this.over, this.size.width, this.size.height);
    context.clearRect(0, 0, this.size.width, this.size.height);
    if (!heat || !this.prepared.limits) return;
    const scale = Math.min(devicePixelRatio, MOST_PX / Math.max(this.size.width, this.size.height));
    const [rows, columns] = [Math.round(this.size.height * scale), Math.round(this.size.width * scale)];
    const shares = this.prepared.shares([rows, columns], blend.smooth);
    const pixels = heatPixels(shares, heat.signed, {...blend, fine: this.prepared.grainy, opacity: blend.opacity / 100, threshold: blend.threshold / 100});
    const sheet = document.createElement("canvas");
    Object.assign(sheet, {width: columns, height: rows});
    sheet.getContext("2d").putImageData(new ImageData(pixels, columns, rows), 0, 0);
    context.drawImage(sheet, 0, 0, this.size.width, this.size.height);
    if (blend.contour) this.drawLines(context, this.prepared.lines(blend.threshold / 100));
  }

  drawLines(context, lines) {
    const {width, height} = this.size;
    const path = () => {
      for (const [x0, y0, x1, y1] of lines) {
        context.moveTo(x0 * width, y0 * height);
        context.lineTo(x1 * width, y1 * height);
      }
    };
    context.lineCap = "round";
    outlined(context, path, "#ffffff", width > 300 ? 1.5 : 1);
  }

  /** Outline the chosen cell, the cell pointed at and what it depends on. */
  mark({cell = null, pointed = null, receptive = null} = {}) {
    this.marked = {cell, pointed, receptive};
    if (!this.size || !this.scene) return;
    const {heat, run} = this.scene;
    const context = fitCanvas(this.marks, this.size.width, this.size.height);
    context.clearRect(0, 0, this.size.width, this.size.height);
    if (!heat) return;
    if (receptive) {
      context.setLineDash([7, 5]);
      framed(context, receptiveBox(receptive, run.input, this.size), "#ffc233", 2);
      context.setLineDash([]);
    }
    if (cell) framed(context, cellBox(cell, this.size, heat.shape), "#ffffff", 1.5);
    if (pointed) framed(context, cellBox(pointed, this.size, heat.shape), "#ffc233", 2);
  }

  destroy() {
    this.observer.disconnect();
  }
}
