// Dots by the ten thousand, written as pixels: a stamp per colour, blended into one image.

import {rgb} from "./palette.js";

const STEPS = 4; // stamps per axis between two pixels, so that slow movements stay smooth
export const LEVELS = 16; // of opacity
const MOST_STAMPS = 30_000;
const LINE = 0.7; // CSS pixels of the outline
const CROSS = 2.2; // CSS pixels of a cross's strokes

const share = (value) => Math.min(1, Math.max(0, value));

/** How much of the pixel `across`, `down` from a dot's middle is fill and outline, 0 to 1 each. */
function discCover(across, down, radius, line) {
  const distance = Math.hypot(across, down);
  return [share(radius - distance + 0.5), share(Math.min(line, line / 2 + 0.5 - Math.abs(distance - radius)))];
}

function crossCover(across, down, reach, width) {
  const [along, aside] = [Math.abs(across + down) * Math.SQRT1_2, Math.abs(across - down) * Math.SQRT1_2];
  const distance = (from, off) => Math.hypot(Math.max(0, from - reach * Math.SQRT2), off);
  return [share(width / 2 + 0.5 - Math.min(distance(along, aside), distance(aside, along))), 0];
}

const packed = (red, green, blue, alpha) => ((Math.round(255 * alpha) << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red));

/**
 * Pixels of one dot: `{side, middle, pixels, spans}`, each pixel 0xAABBGGRR, its middle at `middle` + (dx, dy).
 * `look` = {fill: [r, g, b], outline: [r, g, b, alpha], radius, ratio, isCross}.
 */
export function dotStamp({fill, outline, radius, ratio, isCross}, dx, dy, opacity) {
  const middle = Math.ceil((radius + 1.5) * ratio);
  const side = 2 * middle + 1;
  const pixels = new Int32Array(side * side);
  const spans = new Uint8Array(2 * side).fill(side, 0, side); // from and to of each row
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const [across, down] = [column - middle - dx, row - middle - dy];
      const [inside, edge] = isCross ? crossCover(across, down, radius * ratio, CROSS * ratio) : discCover(across, down, radius * ratio, LINE * ratio);
      const over = edge * outline[3];
      const alpha = over + inside * (1 - over);
      if (alpha * opacity < 0.004) continue;
      const mixed = fill.map((value, at) => (outline[at] * over + value * inside * (1 - over)) / alpha);
      pixels[row * side + column] = packed(...mixed, alpha * opacity);
      spans[row] = Math.min(spans[row], column);
      spans[side + row] = column + 1;
    }
  }
  return {side, middle, pixels, spans};
}

/** `above` over `below`, both 0xAABBGGRR as signed integers, colours not multiplied by their opacity. */
export function blended(above, below) {
  const strong = above >>> 24;
  const under = below >>> 24;
  if (strong === 255 || under === 0) return above;
  const whole = 255 * strong + under * (255 - strong); // 255 times the new opacity
  const part = ((65280 * strong + (whole >> 1)) / whole) | 0; // of 256
  const rest = 256 - part;
  const outer = ((Math.imul(below & 0xff00ff, rest) + Math.imul(above & 0xff00ff, part) + 0x800080) >>> 8) & 0xff00ff;
  const green = (Math.imul((below >>> 8) & 255, rest) + Math.imul((above >>> 8) & 255, part) + 128) & 0xff00;
  return (((whole + 127) / 255) << 24) | outer | green;
}

/** The layer of dots below the pictures; `looks` are set by kind, see `dotStamp`. */
export class DotLayer {
  constructor() {
    Object.assign(this, {image: null, pixels: null, stamps: new Map(), looks: [], key: ""});
  }

  /** Other colours, another size: stamps are made anew. */
  dress(looks, key) {
    if (key === this.key) return;
    Object.assign(this, {looks, key});
    this.stamps.clear();
  }

  begin(width, height) {
    if (this.image?.width !== width || this.image.height !== height) {
      this.image = new ImageData(width, height);
      this.pixels = new Int32Array(this.image.data.buffer);
    }
    this.pixels.fill(0);
  }

  stamp(kind, level, right, below) {
    const key = ((kind * (LEVELS + 1) + level) * STEPS + below) * STEPS + right;
    let found = this.stamps.get(key);
    if (!found) {
      if (this.stamps.size > MOST_STAMPS) this.stamps.clear();
      found = dotStamp(this.looks[kind], right / STEPS, below / STEPS, level / LEVELS);
      this.stamps.set(key, found);
    }
    return found;
  }

  /** One dot of a kind; (x, y) in pixels of the image, `opacity` 0 to 1. */
  dot(kind, x, y, opacity) {
    const [column, row] = [Math.floor(x - 0.5), Math.floor(y - 0.5)]; // the middle of a pixel is at one half
    const right = Math.floor((x - 0.5 - column) * STEPS);
    const below = Math.floor((y - 0.5 - row) * STEPS);
    const {side, middle, pixels, spans} = this.stamp(kind, Math.max(1, Math.round(opacity * LEVELS)), right, below);
    const {pixels: into, image: {width, height}} = this;
    const [left, top] = [column - middle, row - middle];
    for (let down = Math.max(0, -top), end = Math.min(side, height - top); down < end; down += 1) {
      const from = Math.max(spans[down], -left);
      const last = down * side + Math.min(spans[side + down], width - left);
      let at = (top + down) * width + left + from;
      for (let source = down * side + from; source < last; source += 1, at += 1) {
        const above = pixels[source];
        if (above !== 0) into[at] = blended(above, into[at]);
      }
    }
  }

  /** Write the layer; what the canvas showed before is gone. */
  end(context) {
    context.putImageData(this.image, 0, 0);
  }
}
