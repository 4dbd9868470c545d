// Masks of the draws: read from the sheet's grey PNG, traced to smooth outlines.

const COARSE = 2;
const ROUNDS = 4; // of smoothing along an outline: steps of a pixel or two go, corners stay

/** The masks of a sheet: 0 where nothing is, 1 + the place in `boxes` of the object there. */
export class Masks {
  constructor(bitmap) {
    Object.assign(this, {bitmap, sheet: null});
  }

  /** One picture's masks in full: `{width, numbers, place, stride}`, `place` [left, top, width, height] within them. */
  fine([left, top, across, down]) {
    return {...read(this.bitmap, [left, top, across, down], 1), place: [0, 0, across, down], stride: 1};
  }

  /** The same from every second pixel: enough for a tile, and the whole sheet is read only once. */
  coarse(place) {
    const {width, height} = this.bitmap;
    this.sheet ??= read(this.bitmap, [0, 0, width, height], COARSE);
    return {...this.sheet, place: place.map((value) => Math.floor(value / COARSE)), stride: COARSE};
  }
}

function read(bitmap, [left, top, across, down], stride) {
  const [width, height] = [across, down].map((side) => Math.max(1, Math.floor(side / stride)));
  const context = new OffscreenCanvas(width, height).getContext("2d", {willReadFrequently: true});
  context.imageSmoothingEnabled = false; // numbers must not be mixed
  context.drawImage(bitmap, left, top, across, down, 0, 0, width, height);
  const {data} = context.getImageData(0, 0, width, height);
  const numbers = new Uint8Array(width * height);
  for (let at = 0; at < numbers.length; at += 1) numbers[at] = data[4 * at];
  return {width, numbers};
}

/** The masks of a sheet from the bytes of a grey PNG. */
export async function masksOf(bytes) {
  const exact = {colorSpaceConversion: "none", premultiplyAlpha: "none"};
  return new Masks(await createImageBitmap(new Blob([bytes], {type: "image/png"}), exact));
}

/** How often each number comes in a place [left, top, width, height] of the sheet. */
export function countedPixels({width, numbers}, [left, top, across, down]) {
  const counts = [];
  for (let row = top; row < top + down; row += 1) {
    for (let at = row * width + left; at < row * width + left + across; at += 1) {
      const number = numbers[at];
      if (number) counts[number] = (counts[number] ?? 0) + 1;
    }
  }
  return counts;
}

// Between four pixels (1 left above, 2 right above, 4 right below, 8 left below) an outline runs from one
// side's middle to another's, the object on its right: in half pixels from the middle of the one left above.
const [UP, RIGHT, DOWN, LEFT] = [[1, 0], [2, 1], [1, 2], [0, 1]];
const RUNS = [[], [[UP, LEFT]], [[RIGHT, UP]], [[RIGHT, LEFT]], [[DOWN, RIGHT]], [[UP, LEFT], [DOWN, RIGHT]], [[DOWN, UP]], [[DOWN, LEFT]],
  [[LEFT, DOWN]], [[UP, DOWN]], [[RIGHT, UP], [LEFT, DOWN]], [[RIGHT, DOWN]], [[LEFT, RIGHT]], [[UP, RIGHT]], [[LEFT, UP]], []];

/** The pixels of one object as 1, with a border of 0 around them: `{pixels, across, down}`. */
function framed({width, numbers}, [left, top, across, down], number) {
  const pixels = new Uint8Array((across + 2) * (down + 2));
  for (let row = 0; row < down; row += 1) {
    const from = (top + row) * width + left;
    const to = (row + 1) * (across + 2) + 1;
    for (let column = 0; column < across; column += 1) if (numbers[from + column] === number) pixels[to + column] = 1;
  }
  return {pixels, across, down};
}

/** Where every run along an object's edge leads: from point to point, keys in half pixels; 0 for nowhere. */
function runs({pixels, across, down}) {
  const wide = across + 2;
  const span = 2 * wide;
  const next = new Int32Array(span * 2 * (down + 2));
  const starts = [];
  for (let row = 0; row <= down; row += 1) {
    const above = row * wide;
    for (let column = 0; column <= across; column += 1) {
      const at = above + column;
      const code = pixels[at] + 2 * pixels[at + 1] + 8 * pixels[at + wide] + 4 * pixels[at + wide + 1];
      if (code === 0 || code === 15) continue;
      const corner = 2 * row * span + 2 * column;
      for (const [from, to] of RUNS[code]) {
        starts.push(corner + from[1] * span + from[0]);
        next[starts.at(-1)] = corner + to[1] * span + to[0];
      }
    }
  }
  return {next, starts, span};
}

/** A closed line with every point moved to the middle of five; those on the frame stay. */
function smoothed(ring, across, down) {
  const last = ring.length;
  return ring.map((point, at) => {
    const [x, y] = point;
    if (x <= 0 || y <= 0 || x >= across || y >= down) return point;
    const [a, b, c, d] = [ring[(at + last - 2) % last], ring[(at + last - 1) % last], ring[(at + 1) % last], ring[(at + 2) % last]];
    return [(a[0] + b[0] + x + c[0] + d[0]) / 5, (a[1] + b[1] + y + c[1] + d[1]) / 5];
  });
}

/** The outlines of an object in one place of the masks: closed lines of [x, y] in pixels from its corner. */
export function outlines(masks, place, number, rounds = ROUNDS) {
  const object = framed(masks, place, number);
  const {next, starts, span} = runs(object);
  const rings = [];
  for (const start of starts) {
    let ring = [];
    for (let at = start; next[at];) {
      ring.push([(at % span) / 2 - 0.5, Math.floor(at / span) / 2 - 0.5]);
      const to = next[at];
      next[at] = 0;
      at = to;
    }
    if (ring.length === 0) continue; // part of an outline that is known
    for (let round = 0; round < rounds && ring.length > 8; round += 1) ring = smoothed(ring, object.across, object.down);
    rings.push(ring);
  }
  return rings;
}

const tenth = (value) => Math.round(10 * value) / 10;

/** The outlines, enlarged, as the `d` of an SVG path. */
export const pathOf = (rings, scale = 1) => rings.map((ring) => `M${ring.map(([x, y]) => `${tenth(x * scale)} ${tenth(y * scale)}`).join("L")}Z`).join("");

/** The path around object `number` of masks as `fine` or `coarse` give them, in the sheet's pixels from the picture's corner. */
export const pathAround = (masks, number) => pathOf(outlines(masks, masks.place, number, ROUNDS / masks.stride), masks.stride);
