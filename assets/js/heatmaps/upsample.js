// Bilinear interpolation of a map to any size, cell centres in their places, as PyTorch's
// interpolate(mode="bilinear", align_corners=False): position (o + 1/2) · size / outputs − 1/2, not below 0.

/** For each output along one axis: the first of its two neighbours, the second, and the second's share. */
export function taps(size, outputs) {
  const first = new Int32Array(outputs);
  const second = new Int32Array(outputs);
  const share = new Float64Array(outputs);
  for (let at = 0; at < outputs; at += 1) {
    const position = Math.max(0, ((at + 0.5) * size) / outputs - 0.5);
    first[at] = Math.min(Math.floor(position), size - 1);
    second[at] = Math.min(first[at] + 1, size - 1);
    share[at] = position - first[at];
  }
  return {first, second, share};
}

/** `values` (height × width, row by row) at `outHeight` × `outWidth`: Float32Array. */
export function bilinear(values, [height, width], [outHeight, outWidth]) {
  if (height === outHeight && width === outWidth) return Float32Array.from(values);
  const rows = stretched(values, height, width, outWidth);
  const {first, second, share} = taps(height, outHeight);
  const result = new Float32Array(outHeight * outWidth);
  for (let row = 0; row < outHeight; row += 1) {
    const [upper, lower, weight, to] = [first[row] * outWidth, second[row] * outWidth, share[row], row * outWidth];
    for (let column = 0; column < outWidth; column += 1) {
      result[to + column] = (1 - weight) * rows[upper + column] + weight * rows[lower + column];
    }
  }
  return result;
}

/** Every row of a map at another width. */
function stretched(values, height, width, outWidth) {
  const {first, second, share} = taps(width, outWidth);
  const rows = new Float64Array(height * outWidth);
  for (let row = 0; row < height; row += 1) {
    const [from, to] = [row * width, row * outWidth];
    for (let column = 0; column < outWidth; column += 1) {
      const weight = share[column];
      rows[to + column] = (1 - weight) * values[from + first[column]] + weight * values[from + second[column]];
    }
  }
  return rows;
}

/** The same size without mixing: every output has the value of the cell that it lies in. */
export function blocks(values, [height, width], [outHeight, outWidth]) {
  const result = new Float32Array(outHeight * outWidth);
  for (let row = 0; row < outHeight; row += 1) {
    const from = Math.floor((row * height) / outHeight) * width;
    for (let column = 0; column < outWidth; column += 1) {
      result[row * outWidth + column] = values[from + Math.floor((column * width) / outWidth)];
    }
  }
  return result;
}
