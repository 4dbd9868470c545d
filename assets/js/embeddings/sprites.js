// Thumbnails of a collection, cut out of one sheet: fetched once, then nothing is asked of the server.

import {address} from "../api.js";

const SMALL = 28; // grey sets of 28 × 28
const USUAL = 32;
const LARGE = 64; // photos, where they are few enough
const MOST_LARGE = 4000;
const SMALL_SETS = ["mnist", "fashion_mnist"];
const DARK = 20; // of 255: what JPEG makes of black

const known = new Map();

/** The side of a thumbnail in pixels that a collection is worth. */
export function sideFor({suits, count}) {
  if (SMALL_SETS.includes(suits)) return SMALL;
  return suits === "cifar10" || count > MOST_LARGE ? USUAL : LARGE;
}

/** The place of picture `index` in a sheet: left and top in pixels. */
export const tilePlace = (index, columns, side) => [(index % columns) * side, Math.floor(index / columns) * side];

/** Whether pixels (RGBA) are all grey. */
export function isGrey(data, step = 997) {
  for (let at = 0; at < data.length; at += 4 * step) {
    if (Math.abs(data[at] - data[at + 1]) > 6 || Math.abs(data[at] - data[at + 2]) > 6) return false;
  }
  return true;
}

/** Write light as ink: each tile in its own colour `[r, g, b]`, opaque where the picture is white. */
export function tint(data, {columns, side, width, colourOf, count}) {
  for (let index = 0; index < count; index += 1) {
    const [left, top] = tilePlace(index, columns, side);
    const [red, green, blue] = colourOf(index);
    for (let row = top; row < top + side; row += 1) {
      for (let at = 4 * (row * width + left), end = at + 4 * side; at < end; at += 4) {
        const light = data[at];
        data[at] = red;
        data[at + 1] = green;
        data[at + 2] = blue;
        data[at + 3] = light < DARK ? 0 : Math.min(255, light * 1.15);
      }
    }
  }
}

class Sprites {
  constructor(sheet, columns, side, count) {
    Object.assign(this, {sheet, columns, side, count, tinted: null, grey: null});
  }

  /** White on black, as a digit: such pictures can be drawn as ink in the colour of their class. */
  get isInk() {
    this.grey ??= this.side === SMALL && isGrey(this.pixels().data);
    return this.grey;
  }

  pixels() {
    const canvas = new OffscreenCanvas(this.sheet.width, this.sheet.height);
    const context = canvas.getContext("2d", {willReadFrequently: true});
    context.drawImage(this.sheet, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  }

  /** Give the tiles their colours; `colourOf(index) -> [r, g, b]`. */
  colour(colourOf) {
    const pixels = this.pixels();
    tint(pixels.data, {columns: this.columns, side: this.side, width: pixels.width, colourOf, count: this.count});
    this.tinted = new OffscreenCanvas(pixels.width, pixels.height);
    this.tinted.getContext("2d").putImageData(pixels, 0, 0);
  }

  draw(context, index, x, y, size, ink = false) {
    const [left, top] = tilePlace(index, this.columns, this.side);
    context.drawImage(ink && this.tinted ? this.tinted : this.sheet, left, top, this.side, this.side, x, y, size, size);
  }
}

async function fetched(record) {
  const side = sideFor(record);
  const response = await fetch(address(`collections/${record.name}/sheet`, {side, first: 0, count: record.count}));
  if (!response.ok) throw new Error((await response.json().catch(() => null))?.error ?? "The thumbnails could not be fetched. Try again.");
  const columns = Number(response.headers.get("X-Columns"));
  return new Sprites(await createImageBitmap(await response.blob()), columns, side, record.count);
}

/** The thumbnails of a collection, `record` as the picker's; asked for once. */
export function sprites(record) {
  if (!known.has(record.name)) {
    known.set(record.name, fetched(record).catch((error) => {
      known.delete(record.name);
      throw error;
    }));
    if (known.size > 3) known.delete(known.keys().next().value);
  }
  return known.get(record.name);
}

/** A canvas with one picture, `size` CSS pixels wide. */
export function thumbnail(sheet, index, size, title) {
  const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
  const canvas = Object.assign(document.createElement("canvas"), {width: size * ratio, height: size * ratio, className: "vz-em-thumb", title: title ?? ""});
  canvas.style.width = canvas.style.height = `${size}px`;
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = sheet.side * 2 > size;
  sheet.draw(context, index, 0, 0, canvas.width);
  return canvas;
}
