// An array of weights, gradients or maps as small multiples in signed colours: blue below 0, white, orange above.

import {format, lookup} from "../../colour.js";
import {make} from "../../dom.js";
import {signedIndex} from "../../filters/sheet.js";
import {TileCanvas} from "../live/tile_canvas.js";
import {cornerOf, paintTiles} from "../live/tiles.js";

/** The tiles of an array: kernels (out, in, h, w), a matrix (out, in), a list (n), or maps (C, h, w). */
export function tilesOf(shape) {
  if (shape.length === 4) {
    const [filters, inputs, height, width] = shape;
    const upright = filters > inputs;
    return {count: filters * inputs, height, width, across: inputs === 1 ? null : Math.max(filters, inputs), upright};
  }
  if (shape.length === 3) return {count: shape[0], height: shape[1], width: shape[2], across: null};
  if (shape.length === 2) return {count: 1, height: shape[0], width: shape[1], across: 1};
  return {count: 1, height: 1, width: shape[0], across: 1};
}

/** The index of what lies in a tile. */
export function indexAt(shape, {tile, row, column}) {
  if (shape.length === 4) {
    const [filters, inputs] = shape;
    const upright = filters > inputs && inputs > 1;
    return upright ? [tile % filters, Math.floor(tile / filters), row, column] : [Math.floor(tile / inputs), tile % inputs, row, column];
  }
  if (shape.length === 3) return [tile, row, column];
  return shape.length === 2 ? [row, column] : [column];
}

/** Where an index lies. */
export function placeOf(shape, index) {
  if (shape.length === 4) {
    const [filters, inputs] = shape;
    const upright = filters > inputs && inputs > 1;
    return {tile: upright ? index[1] * filters + index[0] : index[0] * inputs + index[1], row: index[2], column: index[3]};
  }
  if (shape.length === 3) return {tile: index[0], row: index[1], column: index[2]};
  return shape.length === 2 ? {tile: 0, row: index[0], column: index[1]} : {tile: 0, row: 0, column: index[0]};
}

export const flatIndex = (shape, index) => index.reduce((at, own, axis) => at * shape[axis] + own, 0);

/** The values tile by tile: the order in which they are painted. */
export function inTiles(shape, values) {
  const [filters, inputs, height, width] = shape;
  if (shape.length !== 4 || !(filters > inputs && inputs > 1)) return values;
  const size = height * width;
  const turned = new values.constructor(values.length);
  for (let filter = 0; filter < filters; filter += 1) {
    for (let input = 0; input < inputs; input += 1) {
      turned.set(values.subarray((filter * inputs + input) * size, (filter * inputs + input + 1) * size), (input * filters + filter) * size);
    }
  }
  return turned;
}

export class TensorPicture {
  /** `word(index)` names a cell; `onPick(index)` hears of a click or Enter. */
  constructor({title, word, onPick = null}) {
    Object.assign(this, {word, onPick, chosen: null});
    this.tiles = new TileCanvas({label: title, onPoint: () => this.tell()});
    this.mark = make("i", {class: "vz-ts-mark", hidden: true});
    this.tiles.ground.append(this.mark);
    if (onPick) this.tiles.canvas.classList.add("vz-ts-picks");
    this.tiles.canvas.addEventListener("click", () => this.pick());
    this.tiles.canvas.addEventListener("keydown", (event) => event.key === "Enter" && this.pick());
    this.range = make("span", {class: "vz-muted vz-number"});
    this.readout = make("p", {class: "vz-ts-readout vz-number", "aria-live": "polite"});
    this.element = make("figure", {class: "vz-ts-tensor"}, make("figcaption", {}, make("strong", {}, title), " ", this.range), this.tiles.element, this.readout);
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.tiles.element);
  }

  /** Values as the server sends them: an array, and `{most, scale}` where it was cut to levels. */
  show(shape, values, {most, scale}) {
    Object.assign(this, {shape, values, scale, most: most || 0});
    this.painted = inTiles(shape, values);
    this.tiles.plan(tilesOf(shape));
    this.range.textContent = this.most === 0 ? "all exactly 0" : `from ${format(-this.most, 3)} to ${format(this.most, 3)}`;
    this.draw();
    this.tell();
  }

  /** Frame a cell. */
  choose(index) {
    this.chosen = index;
    this.draw();
    this.tell();
  }

  draw() {
    if (!this.values) return;
    this.tiles.measure();
    const colours = new Uint32Array(lookup("diverging").buffer);
    const toUnit = this.scale === null || this.scale === undefined ? 1 / (this.most || 1) : 1 / 127;
    this.tiles.paint((pixels, grid) => paintTiles(pixels, grid, this.painted, colours, (value) => signedIndex(value * toUnit, 1)));
    this.mark.hidden = !this.chosen || !this.tiles.grid;
    if (this.mark.hidden) return;
    const [left, top] = cornerOf(this.tiles.grid, placeOf(this.shape, this.chosen));
    const {size, grid} = this.tiles;
    const side = Math.max(6, grid.scale * size + 4);
    const inset = (side - grid.scale * size) / 2;
    Object.assign(this.mark.style, {left: `${left * size - inset}px`, top: `${top * size - inset}px`, width: `${side}px`, height: `${side}px`});
  }

  get pointed() {
    return this.tiles.place ? indexAt(this.shape, this.tiles.place) : null;
  }

  tell() {
    if (!this.shape) return;
    const index = this.pointed ?? this.chosen;
    if (!index) {
      this.readout.textContent = "";
      return;
    }
    const value = this.values[flatIndex(this.shape, index)];
    const rough = this.scale !== null && this.scale !== undefined;
    this.readout.textContent = `${this.word(index)}: ${rough ? "≈ " : ""}${format(rough ? value * this.scale : value)}`;
  }

  pick() {
    if (this.onPick && this.pointed) this.onPick(this.pointed);
  }

  destroy() {
    this.watcher.disconnect();
  }
}
