// A canvas of small multiples that is drawn anew at every frame; the number under the pointer is told.

import {inks, make} from "../../dom.js";
import {rgb} from "../../embeddings/palette.js";
import {cornerOf, fittingGrid, paintFrames, pixelSize, tileUnder} from "./tiles.js";

const MOST_EM = 26; // of the canvas's height
const LARGEST_EM = 1.6; // of a number
const TALL_EM = 40; // where weights are kept large and scroll

const STEPS = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]};

/** `plan(shape)`, and `least`, CSS pixels of a number; then `paint(fill)` as often as wanted; `onPoint({tile, row, column} | null)`; `line` is the token of the lines' colour. */
export class TileCanvas {
  constructor({label, onPoint, line = "line"}) {
    Object.assign(this, {onPoint, line, least: 1, shape: null, grid: null, place: null});
    this.canvas = make("canvas", {class: "vz-tl-tiles", tabindex: "0", role: "img", "aria-label": label});
    this.mark = make("i", {class: "vz-tl-mark", hidden: true});
    this.ground = make("div", {class: "vz-tl-ground"}, this.canvas, this.mark);
    this.element = make("div", {class: "vz-tl-scroll"}, this.ground);
    this.canvas.addEventListener("pointermove", (event) => this.over(event));
    this.canvas.addEventListener("pointerdown", (event) => this.over(event));
    this.canvas.addEventListener("pointerleave", () => this.point(null));
    this.canvas.addEventListener("blur", () => this.point(null));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** Tiles to come: `{count, height, width, across}`, `across` null where any number suits. */
  plan(shape) {
    const same = this.shape && Object.keys(shape).every((key) => shape[key] === this.shape[key]);
    if (same) return;
    [this.shape, this.grid] = [shape, null];
    this.point(null);
  }

  /** Look at the page: size, colours. */
  measure() {
    const ink = inks(this.element);
    this.space = {room: this.element.clientWidth - 4, em: ink.text, ratio: globalThis.devicePixelRatio || 1, strong: ink[this.line], faint: ink.line};
    const key = JSON.stringify(this.space);
    if (key !== this.measured) [this.measured, this.grid] = [key, null];
  }

  /** Lay the tiles out for the room there is; whether anything can be drawn. */
  fit() {
    if (!(this.space?.room > 0) || !this.shape) return false;
    if (this.grid) return true;
    const {em} = this.space;
    const space = {...this.space, least: this.least, most: (this.least > 1 ? TALL_EM : MOST_EM) * em, largest: LARGEST_EM * em};
    this.grid = fittingGrid(this.shape, space);
    this.size = pixelSize(this.grid, space);
    const {columns, rows} = this.grid;
    Object.assign(this.canvas, {width: columns, height: rows});
    Object.assign(this.canvas.style, {width: `${columns * this.size}px`, height: `${rows * this.size}px`});
    this.image = new ImageData(columns, rows);
    this.pixels = new Uint32Array(this.image.data.buffer);
    const [red, green, blue] = rgb(this.grid.scale > 1 ? space.strong : space.faint); // among small numbers strong lines would be all one sees
    paintFrames(this.pixels, this.grid, ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0);
    return true;
  }

  /** Whether there is more than fits across. */
  get wide() {
    return Boolean(this.grid) && this.grid.columns * this.size > this.space.room + 1;
  }

  /** `fill(pixels, grid)` writes the colours. */
  paint(fill) {
    if (!this.fit()) return;
    fill(this.pixels, this.grid);
    this.canvas.getContext("2d", {willReadFrequently: true}).putImageData(this.image, 0, 0);
  }

  over(event) {
    if (!this.grid) return;
    const box = this.canvas.getBoundingClientRect();
    this.point(tileUnder(this.grid, (event.clientX - box.left) / this.size, (event.clientY - box.top) / this.size));
  }

  key(event) {
    const step = STEPS[event.key];
    if (!step || !this.grid || event.altKey || event.ctrlKey || event.metaKey) return;
    this.point(this.place ? this.beside(step) : {tile: 0, row: 0, column: 0});
    event.preventDefault();
    event.stopPropagation();
  }

  /** The next cell; past the edge of a tile comes the next tile. */
  beside([below, aside]) {
    const {count, height, width, across, down, columnwise} = this.grid;
    let {tile, row, column} = this.place;
    [row, column] = [row + below, column + aside];
    if (column < 0 || column >= width) [tile, column] = [tile + aside * (columnwise ? down : 1), column < 0 ? width - 1 : 0];
    if (row < 0 || row >= height) [tile, row] = [tile + below * (columnwise ? 1 : across), row < 0 ? height - 1 : 0];
    return tile < 0 || tile >= count ? this.place : {tile, row, column};
  }

  point(place) {
    this.place = place;
    this.mark.hidden = !place;
    if (place) {
      const [left, top] = cornerOf(this.grid, place);
      const side = this.grid.scale * this.size + 4;
      Object.assign(this.mark.style, {left: `${left * this.size - 2}px`, top: `${top * this.size - 2}px`, width: `${side}px`, height: `${side}px`});
    }
    this.onPoint(place);
  }
}
