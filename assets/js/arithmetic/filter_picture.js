// A kernel over a whole photo, quickly: doubles instead of Decimals, border cells repeated.

/** How signed results become brightness. */
export const DISPLAYS = {
  clip: {title: "cut off at black and white", show: (value) => value},
  absolute: {title: "size without sign", show: Math.abs},
  middle: {title: "0 as middle grey", show: (value) => 127.5 + value / 2},
};

/** The display that suits a kernel: weights that add to nothing give edges, of either sign. */
export const displayFor = (weights) => (weights.flat().reduce((total, weight) => total + weight, 0) > 0 ? "clip" : "absolute");

/** RGBA as planes of doubles: three of them, or one of brightness (ITU-R BT.601). */
function planes({data, width, height}, grey) {
  const list = Array.from({length: grey ? 1 : 3}, () => new Float32Array(width * height));
  for (let cell = 0, at = 0; cell < width * height; cell += 1, at += 4) {
    if (grey) list[0][cell] = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
    else for (let plane = 0; plane < 3; plane += 1) list[plane][cell] = data[at + plane];
  }
  return list;
}

/** `plane` with its border cells repeated outwards. */
function extend(plane, width, height, [top, left], [rows, columns]) {
  const extended = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const from = Math.min(Math.max(row - top, 0), height - 1) * width;
    for (let column = 0; column < columns; column += 1) {
      extended[row * columns + column] = plane[from + Math.min(Math.max(column - left, 0), width - 1)];
    }
  }
  return extended;
}

/** One plane's sums of products, as large as the plane: the kernel's middle cell lies on the cell it writes. */
export function response(plane, width, height, weights, divisor = 1) {
  const [tall, wide] = [weights.length, weights[0].length];
  const margin = [Math.floor((tall - 1) / 2), Math.floor((wide - 1) / 2)];
  const columns = width + wide - 1;
  const extended = extend(plane, width, height, margin, [height + tall - 1, columns]);
  const sums = new Float32Array(width * height);
  for (let y = 0; y < tall; y += 1) {
    for (let x = 0; x < wide; x += 1) {
      const weight = weights[y][x] / divisor;
      if (weight === 0) continue;
      for (let row = 0; row < height; row += 1) {
        const from = (row + y) * columns + x;
        const to = row * width;
        for (let column = 0; column < width; column += 1) sums[to + column] += weight * extended[from + column];
      }
    }
  }
  return sums;
}

/**
 * The filtered picture. `picture` is {data: RGBA bytes, width, height}, as ImageData; `weights` plain numbers by row and
 * column. -> {data: Uint8ClampedArray, width, height, minimum, maximum}: opacity stays, minimum and maximum are those of
 * the sums before they became brightness.
 */
export function filterPicture(picture, weights, {divisor = 1, grey = false, display = displayFor(weights)} = {}) {
  if (!Object.hasOwn(DISPLAYS, display)) throw new RangeError(`There is no display “${display}”; there are ${Object.keys(DISPLAYS).join(", ")}.`);
  const {data, width, height} = picture;
  const {show} = DISPLAYS[display];
  const filtered = planes(picture, grey).map((plane) => response(plane, width, height, weights, divisor));
  const out = new Uint8ClampedArray(data.length);
  let [minimum, maximum] = [Infinity, -Infinity];
  for (let plane = 0; plane < 3; plane += 1) {
    const sums = filtered[grey ? 0 : plane];
    for (let cell = 0, at = plane; cell < sums.length; cell += 1, at += 4) {
      const value = sums[cell];
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
      out[at] = show(value);
    }
  }
  for (let at = 3; at < data.length; at += 4) out[at] = data[at];
  return {data: out, width, height, minimum, maximum};
}
