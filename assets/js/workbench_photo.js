// The kernel on the visitor's own picture: drag it, read the cells under it, see the filtered picture beside.

import {address} from "./api.js";
import {DISPLAYS, displayFor, filterPicture} from "./arithmetic/filter_picture.js";
import {renderEquation} from "./cell_equation.js";
import {labelledSelect, make} from "./dom.js";

const LONGER_SIDE = 160; // cells: coarse enough to see single ones
const KEYS = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]};
const NO_PICTURE = "Choose or drop a picture: it appears here.";
const minus = (value) => String(value).replace("-", "−");

/** Whole brightness values in place of colours, so that the sums on screen are exact. */
export function toGrey(picture) {
  const data = new Uint8ClampedArray(picture.data.length);
  for (let at = 0; at < data.length; at += 4) {
    const grey = Math.round(0.299 * picture.data[at] + 0.587 * picture.data[at + 1] + 0.114 * picture.data[at + 2]);
    data.fill(grey, at, at + 3);
    data[at + 3] = 255;
  }
  return {data, width: picture.width, height: picture.height};
}

/** The cells below a kernel in its middle position; border cells repeat outwards. */
export function patchAt({data, width, height}, [row, column], [rows, columns]) {
  const clip = (value, size) => Math.min(size - 1, Math.max(0, value));
  return Array.from({length: rows}, (_, y) => Array.from({length: columns}, (__, x) => {
    const r = clip(row + y - Math.floor((rows - 1) / 2), height);
    const c = clip(column + x - Math.floor((columns - 1) / 2), width);
    return data[4 * (r * width + c)];
  }));
}

/** Numbers of a float sum without the noise of binary fractions. */
const tidy = (value) => Number(value.toFixed(3));

export class Photo {
  /** `take(rows)` receives a patch for the workbench's input; `patchSize()` says how large. */
  constructor({take, patchSize}) {
    Object.assign(this, {take, patchSize, picture: null, handle: undefined, at: [0, 0], weights: [[1]], divisor: 1, display: null});
    this.build();
  }

  build() {
    this.source = make("canvas", {class: "vz-wb-canvas", tabindex: 0, role: "application", "aria-label": "Your picture: drag the kernel, or move it with the arrow keys"});
    this.filtered = make("canvas", {class: "vz-wb-canvas", role: "img", "aria-label": "The filtered picture"});
    this.frames = [0, 1].map(() => make("div", {class: "vz-wb-photo-window", "aria-hidden": "true"}));
    this.message = make("p", {class: "vz-muted vz-wb-photo-message"}, NO_PICTURE);
    this.caption = make("figcaption", {class: "vz-muted"});
    this.equation = make("div", {class: "vz-wb-photo-equation"});
    this.place = make("p", {class: "vz-muted vz-number", "aria-live": "polite"});
    const titles = Object.fromEntries(Object.entries(DISPLAYS).map(([name, {title}]) => [name, title]));
    const {element, select} = labelledSelect("Shown with", {"": "what suits the kernel", ...titles}, {onchange: () => this.choose(select.value)});
    const take = make("button", {class: "vz-button", type: "button", "data-action": "take-patch", onclick: () => this.send()}, "Put these cells on the workbench");
    const holder = (canvas, frame, caption) => make("figure", {class: "vz-wb-photo-figure"}, make("div", {class: "vz-wb-photo-box"}, canvas, frame), caption);
    this.area = make("div", {class: "vz-wb-photo-area", hidden: true},
      make("div", {class: "vz-wb-photo-pair"}, holder(this.source, this.frames[0], make("figcaption", {class: "vz-muted"}, "Your picture, as brightness")), holder(this.filtered, this.frames[1], this.caption)),
      make("div", {class: "vz-wb-photo-side"}, this.place, this.equation, element, take));
    this.element = make("section", {class: "vz-wb-photo", "aria-label": "The kernel on your own picture"}, make("h3", {}, "The kernel on your own picture"), this.message, this.area);
    this.listen();
  }

  listen() {
    for (const canvas of [this.source, this.filtered]) {
      const follow = (event) => event.buttons > 0 && this.point(canvas, event);
      canvas.addEventListener("pointerdown", (event) => {
        canvas.setPointerCapture(event.pointerId);
        this.point(canvas, event);
      });
      canvas.addEventListener("pointermove", follow);
    }
    this.source.addEventListener("keydown", (event) => {
      const step = KEYS[event.key];
      if (!step || !this.picture) return;
      event.preventDefault();
      event.stopPropagation();
      const by = event.shiftKey ? 10 : 1;
      this.moveTo([this.at[0] + by * step[0], this.at[1] + by * step[1]]);
    });
  }

  point(canvas, event) {
    if (!this.picture) return;
    const box = canvas.getBoundingClientRect();
    this.moveTo([Math.floor(((event.clientY - box.top) / box.height) * this.picture.height), Math.floor(((event.clientX - box.left) / box.width) * this.picture.width)]);
  }

  moveTo([row, column]) {
    const clip = (value, size) => Math.min(size - 1, Math.max(0, value));
    this.at = [clip(row, this.picture.height), clip(column, this.picture.width)];
    if (!this.planned) this.planned = requestAnimationFrame(() => this.showPlace());
  }

  choose(display) {
    this.display = display || null;
    this.filter();
  }

  /** Another kernel: plain numbers and a divisor; null while the operation has none. */
  setKernel(weights, divisor) {
    const key = JSON.stringify([weights, divisor]);
    if (key === this.key) return;
    this.key = key;
    this.weights = weights;
    this.divisor = divisor;
    this.element.hidden = !weights;
    if (weights) this.filter();
  }

  /** Load the picture when it is first looked at, and whenever the workspace has another. */
  load(handle) {
    if (handle === this.handle) return;
    this.handle = handle;
    if (!handle) {
      this.message.textContent = NO_PICTURE;
      return;
    }
    const image = new Image();
    image.onload = () => handle === this.handle && this.accept(image);
    image.onerror = () => handle === this.handle && this.refuse();
    image.src = address(`pictures/${encodeURIComponent(handle)}`);
  }

  refuse() {
    this.handle = undefined; // the next visit tries again
    this.message.hidden = false;
    this.message.textContent = "The picture could not be loaded. Choose it again.";
  }

  accept(image) {
    const scale = Math.min(1, LONGER_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
    const [width, height] = [image.naturalWidth, image.naturalHeight].map((side) => Math.max(1, Math.round(side * scale)));
    for (const canvas of [this.source, this.filtered]) Object.assign(canvas, {width, height});
    const context = this.source.getContext("2d", {willReadFrequently: true});
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, width, height);
    this.picture = toGrey(context.getImageData(0, 0, width, height));
    context.putImageData(new ImageData(this.picture.data, width, height), 0, 0);
    this.at = [Math.floor(height / 2), Math.floor(width / 2)];
    this.message.hidden = true;
    this.area.hidden = false;
    this.filter();
  }

  filter() {
    if (!this.picture || !this.weights) return;
    const display = this.display ?? displayFor(this.weights);
    const {data, width, height} = filterPicture(this.picture, this.weights, {divisor: this.divisor, grey: true, display});
    this.caption.textContent = `Filtered: ${DISPLAYS[display].title}`;
    this.filtered.getContext("2d").putImageData(new ImageData(data, width, height), 0, 0);
    this.showPlace();
  }

  showPlace() {
    this.planned = null;
    if (!this.picture || !this.weights) return;
    const {width, height} = this.picture;
    const [rows, columns] = [this.weights.length, this.weights[0].length];
    const [top, left] = [this.at[0] - Math.floor((rows - 1) / 2), this.at[1] - Math.floor((columns - 1) / 2)];
    const place = (frame, y, x, tall, wide) => Object.assign(frame.style, {top: `${(100 * y) / height}%`, left: `${(100 * x) / width}%`, height: `${(100 * tall) / height}%`, width: `${(100 * wide) / width}%`});
    place(this.frames[0], top, left, rows, columns);
    place(this.frames[1], this.at[0], this.at[1], 1, 1);
    this.place.textContent = `Row ${this.at[0]}, column ${this.at[1]} of ${height} × ${width}`;
    this.showEquation(patchAt(this.picture, this.at, [rows, columns]));
  }

  showEquation(patch) {
    const products = patch.map((line, row) => line.map((value, column) => tidy(value * this.weights[row][column])));
    const sum = tidy(products.flat().reduce((total, value) => total + value, 0));
    const mean = sum / this.divisor;
    const rounded = Number(mean.toFixed(4));
    const chain = this.divisor === 1 ? [] : [
      {text: `${minus(sum)} ÷ ${this.divisor}`, kind: "sum"}, {text: rounded === mean ? "=" : "≈", kind: "sign"}, {text: minus(rounded), kind: "result"}];
    const shade = (value) => ({text: minus(value), shade: value});
    renderEquation(this.equation, {
      compact: true,
      groups: [{patch: patch.map((line) => line.map(shade)), kernel: this.weights.map((line) => line.map(minus)), products: products.map((line) => line.map(minus)), sumText: minus(sum), line: []}],
      chain,
    });
  }

  send() {
    if (this.picture) this.take(patchAt(this.picture, this.at, this.patchSize()));
  }
}
