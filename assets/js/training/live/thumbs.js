// The validation pictures, fetched as they are wanted, a hundred at a time; drawn small from then on.

import {make} from "../../dom.js";

const CHUNK = 100;
const ACROSS = 10;
const DARK = 20; // of 255: no ink
const MEAN_OF_INK = 110; // pictures darker than this on the whole are drawn as ink
const FINE = 48; // pixels: larger pictures are drawn smoothly
const PATIENCE_MS = 4000; // until a failed chunk is asked for again

/** RGBA of one picture of `channels` 1 or 3, written at (left, top) of an image `across` pixels wide. */
export function spreadPixels(data, pixels, {height, width, channels}, from, across, left, top) {
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const source = from + (row * width + column) * channels;
      const to = 4 * ((top + row) * across + left + column);
      for (let part = 0; part < 3; part += 1) data[to + part] = pixels[source + (channels === 1 ? 0 : part)];
      data[to + 3] = 255;
    }
  }
}

/** Pixels as a picture that is quickly drawn again and again. */
function bitmapOf(image) {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext("2d", {willReadFrequently: true}).putImageData(image, 0, 0);
  return canvas.transferToImageBitmap();
}

export class Thumbs {
  /** `desk.pictures(indices)`; `onReady()` hears of pictures that have come. */
  constructor({desk, onReady}) {
    Object.assign(this, {desk, onReady});
    this.clear();
  }

  clear() {
    Object.assign(this, {chunks: new Map(), asked: new Map(), inks: new Map(), shape: null});
  }

  /** Whether pictures are light on dark in one channel, as digits are. */
  get isInk() {
    return this.shape?.channels === 1 && this.shape.height === this.shape.width && this.mean < MEAN_OF_INK;
  }

  /** Fetch the hundred around a picture, unless it is here or on its way. */
  want(index) {
    const chunk = Math.floor(index / CHUNK);
    if (this.chunks.has(chunk)) return true;
    const asked = this.asked.get(chunk) ?? -Infinity;
    if (performance.now() - asked > PATIENCE_MS) this.fetch(chunk);
    return false;
  }

  async fetch(chunk) {
    const {chunks, asked} = this;
    asked.set(chunk, Infinity);
    const last = Math.min((chunk + 1) * CHUNK, this.desk.labels?.length ?? 0);
    const indices = Array.from({length: last - chunk * CHUNK}, (_, at) => chunk * CHUNK + at);
    if (indices.length === 0) return;
    try {
      const answer = await this.desk.pictures(indices);
      if (chunks === this.chunks) chunks.set(chunk, this.drawn(answer, indices.length));
    } catch (error) {
      asked.set(chunk, performance.now());
      if (error.name !== "AbortError") console.warn(error.message);
    }
    if (chunks === this.chunks) this.onReady();
  }

  drawn({height, width, channels, pixels}, count) {
    this.shape = {height, width, channels};
    if (this.mean === undefined || this.chunks.size === 0) this.mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    const across = ACROSS * width;
    const image = new ImageData(across, Math.ceil(count / ACROSS) * height);
    for (let at = 0; at < count; at += 1) {
      spreadPixels(image.data, pixels, this.shape, at * height * width * channels, across, (at % ACROSS) * width, Math.floor(at / ACROSS) * height);
    }
    return {image, sheet: bitmapOf(image)};
  }

  /** Write picture `index` as it is to a canvas of its size; false while it is on its way. */
  write(canvas, context, index) {
    if (!this.want(index)) return false;
    const {height, width} = this.shape;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, {width, height});
    canvas.classList.toggle("vz-tl-fine", Math.max(height, width) > FINE);
    const at = index % CHUNK;
    const [left, top] = [(at % ACROSS) * width, Math.floor(at / ACROSS) * height];
    context.putImageData(this.chunks.get(Math.floor(index / CHUNK)).image, -left, -top, left, top, width, height);
    return true;
  }

  /** Draw picture `index` into a square; false while it is on its way. */
  draw(context, index, x, y, size) {
    return this.want(index) && this.stamp(context, this.chunks.get(Math.floor(index / CHUNK)).sheet, index, x, y, size);
  }

  /** The same as ink in the colour of its class; `colourOf(index) -> [r, g, b]`, `key` tells colours apart. */
  drawInk(context, index, x, y, size, colourOf, key) {
    if (!this.want(index)) return false;
    const chunk = Math.floor(index / CHUNK);
    const name = `${chunk} ${key}`;
    if (!this.inks.has(name)) this.inks.set(name, this.tinted(this.chunks.get(chunk).image, chunk, colourOf));
    return this.stamp(context, this.inks.get(name), index, x, y, size);
  }

  stamp(context, sheet, index, x, y, size) {
    const {height, width} = this.shape;
    const at = index % CHUNK;
    const scale = size / Math.max(height, width);
    const [wide, high] = [width * scale, height * scale];
    context.drawImage(sheet, (at % ACROSS) * width, Math.floor(at / ACROSS) * height, width, height, x + (size - wide) / 2, y + (size - high) / 2, wide, high);
    return true;
  }

  tinted(grey, chunk, colourOf) {
    const {height, width} = this.shape;
    const image = new ImageData(new Uint8ClampedArray(grey.data), grey.width, grey.height);
    const {data} = image;
    for (let pixel = 0; pixel < data.length / 4; pixel += 1) {
      const place = Math.floor(pixel / image.width / height) * ACROSS + Math.floor((pixel % image.width) / width);
      const light = data[4 * pixel];
      const index = chunk * CHUNK + place;
      const ink = index < (this.desk.labels?.length ?? 0) ? colourOf(index) : [0, 0, 0];
      data.set(ink, 4 * pixel);
      data[4 * pixel + 3] = light < DARK ? 0 : Math.min(255, light * 1.15);
    }
    return bitmapOf(image);
  }
}

/** A picture on a canvas of its own, one pixel a pixel; `show(index)` is false while it is on its way. */
export function thumbCanvas(thumbs) {
  const element = make("canvas", {class: "vz-tl-thumb", width: 1, height: 1, "aria-hidden": "true"});
  const context = element.getContext("2d", {willReadFrequently: true}); // many small canvases are quicker without the graphics card
  let shown = null;
  return {
    element,
    show(index) {
      if (index !== shown && thumbs.write(element, context, index)) shown = index;
      return index === shown;
    },
    /** Show other pixels, bytes of (height, width, channels). */
    showPixels({values, shape: [height, width, channels]}) {
      if (values === shown) return;
      shown = values;
      Object.assign(element, {width, height});
      element.classList.toggle("vz-tl-fine", Math.max(height, width) > FINE);
      const image = new ImageData(width, height);
      spreadPixels(image.data, values, {height, width, channels}, 0, width, 0, 0);
      context.putImageData(image, 0, 0);
    },
    forget: () => (shown = null),
  };
}
