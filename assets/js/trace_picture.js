// The picture as the network sees it, with the receptive field of every number on the way.

import {fitCanvas, make} from "./dom.js";
import {drawCrop, receptiveBox} from "./picture_crop.js";
import {reachesPadding} from "./picture_geometry.js";
import {outline} from "./tile_drawing.js";

const SMALLEST = 4; // a pixel's box, in CSS pixels
const LOUPE_CELLS = 15;
const LOUPE_SIDE = 15 * 16;

/** Grow a box to at least `SMALLEST`, around its middle. */
function visible({x, y, width, height}) {
  const [wide, high] = [Math.max(SMALLEST, width), Math.max(SMALLEST, height)];
  return {x: x - (wide - width) / 2, y: y - (high - height) / 2, width: wide, height: high};
}

/** `Receptive field 7 × 7 of 224 × 224 pixels`. */
export function fieldText({top, left, bottom, right}, input) {
  const [height, width] = [bottom - top + 1, right - left + 1];
  if (height * width === 1) return "A single pixel";
  const padding = reachesPadding({top, left, bottom, right}, input) ? ", partly padding" : "";
  return `Receptive field ${height} × ${width} of ${input[1]} × ${input[2]} pixels${padding}`;
}

export class TracePicture {
  constructor() {
    this.canvas = make("canvas", {class: "vz-trace-canvas", role: "img", "aria-label": "The picture and the receptive fields on the way"});
    this.words = make("p", {class: "vz-trace-sees vz-number vz-muted", id: "vz-trace-sees"});
    this.element = make("div", {class: "vz-trace-picture"}, this.canvas);
    this.scene = null;
    this.width = 0;
    this.observer = new ResizeObserver(([{contentRect}]) => {
      this.width = contentRect.width;
      this.draw();
    });
    this.observer.observe(this.element);
  }

  /** `fields` = receptive fields of the places on the way, the present one last. */
  show(scene) {
    this.scene = scene;
    const {fields, run, steps} = scene;
    const own = fields.at(-1);
    const deeper = steps === 0 ? "" : ` · ${steps === 1 ? "one step" : `at least ${steps} steps`} to the pixels`;
    this.words.textContent = own ? fieldText(own, run.input) + deeper : "";
    this.draw();
  }

  draw() {
    const {width} = this;
    if (!this.scene || !width) return;
    const {fields, run, image} = this.scene;
    const [, inputHeight, inputWidth] = run.input;
    const size = {width, height: Math.round((width * inputHeight) / inputWidth)};
    const context = fitCanvas(this.canvas, size.width, size.height);
    drawCrop(context, image, run, size);
    if (run.input[0] === 1 && image) greyen(context, this.canvas);
    const boxes = fields.map((field) => visible(receptiveBox(field, run.input, size)));
    context.lineWidth = 1;
    context.strokeStyle = "rgb(255 255 255 / 75%)";
    boxes.slice(0, -1).forEach(({x, y, width: across, height: down}) => context.strokeRect(x, y, across, down));
    if (boxes.length > 0) outline(context, boxes.at(-1), "#ffd23e", 2.5);
  }

  /** A pixel among its neighbours, enlarged. */
  loupe({row, column}) {
    const {run, image} = this.scene;
    const [, height, width] = run.input;
    const whole = Object.assign(document.createElement("canvas"), {height, width});
    const pen = whole.getContext("2d");
    drawCrop(pen, image, run, {height, width});
    if (run.input[0] === 1 && image) greyen(pen, whole);
    const canvas = make("canvas", {class: "vz-trace-loupe", role: "img", "aria-label": `Row ${row}, column ${column} of the network’s input and the pixels around it`});
    const context = fitCanvas(canvas, LOUPE_SIDE, LOUPE_SIDE);
    const cell = LOUPE_SIDE / LOUPE_CELLS;
    const reach = (LOUPE_CELLS - 1) / 2;
    context.imageSmoothingEnabled = false;
    context.drawImage(whole, column - reach, row - reach, LOUPE_CELLS, LOUPE_CELLS, 0, 0, LOUPE_SIDE, LOUPE_SIDE);
    outline(context, {x: reach * cell, y: reach * cell, width: cell, height: cell}, "#ffd23e", 2.5);
    return canvas;
  }

  destroy() {
    this.observer.disconnect();
  }
}

function greyen(context, canvas) {
  context.save();
  context.resetTransform();
  context.globalCompositeOperation = "saturation";
  context.fillStyle = "#808080";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.restore();
}
