// From raw heat to the share of the colour map it takes, and how a map without any heat is told.

/** The least and greatest finite value. */
export function finiteRange(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? {low, high} : null;
}

/**
 * The values that the two ends of the colour map stand for: from 0, or the least where that is below, to the
 * greatest; where the map has a sign, as far below 0 as above, so that the middle is 0. Null for a map of zeros.
 */
export function heatLimits(values, signed) {
  const range = finiteRange(values);
  if (!range) return null;
  const reach = Math.max(Math.abs(range.low), Math.abs(range.high));
  const limits = signed ? {low: -reach, high: reach} : {low: Math.min(0, range.low), high: range.high};
  return limits.high > limits.low ? limits : null;
}

/** Values rescaled to 0…1 (signed: to −1…1), not beyond: what threshold and contour are measured in. */
export function rescaled(values, limits, signed) {
  const shares = new Float32Array(values.length);
  if (!limits) return shares;
  const {low, high} = limits;
  const [least, start, scale] = [signed ? -1 : 0, signed ? 1 : 0, (signed ? 2 : 1) / (high - low)];
  for (let at = 0; at < values.length; at += 1) {
    const share = (values[at] - low) * scale - start;
    shares[at] = share < least ? least : share > 1 ? 1 : share;
  }
  return shares;
}

/** The place of the greatest value (signed: of the greatest size): [row, column]; null without one. */
export function hottest(values, [, width], signed) {
  let [best, place] = [-Infinity, -1];
  values.forEach((value, at) => {
    const size = signed ? Math.abs(value) : value;
    if (size > best) [best, place] = [size, at];
  });
  return place < 0 ? null : [Math.floor(place / width), place % width];
}

const GRAINY = 0.25; // neighbours differ by this share of a typical value: single pixels, not areas
const STRONGEST = 0.995; // of single pixels, of which a few would otherwise take the whole range

/** Whether a map's neighbours have little to do with each other, as in gradients by single pixels. */
export function isGrainy(values, [height, width]) {
  let [steps, sizes] = [0, 0];
  for (let row = 0; row < height; row += 1) {
    for (let at = row * width; at + 1 < (row + 1) * width; at += 1) {
      steps += Math.abs(values[at + 1] - values[at]);
      sizes += Math.abs(values[at]);
    }
  }
  return steps > GRAINY * sizes;
}

/** The size that a share of all values does not exceed. */
function quantile(values, share) {
  const sizes = Float32Array.from(values, Math.abs).filter(Number.isFinite).sort();
  return sizes[Math.min(sizes.length - 1, Math.floor(share * sizes.length))] ?? 0;
}

/**
 * Limits for maps of the input's pixels, whose zero means nothing where they have no sign: from the least to the
 * greatest. Of single pixels the strongest half percent share the ends; `cut` says so.
 */
export function pixelLimits(values, signed, grainy) {
  const limits = heatLimits(values, signed);
  if (!limits) return null;
  const high = grainy ? quantile(values, STRONGEST) : limits.high;
  const low = signed ? -high : finiteRange(values).low;
  return high > low ? {low, high, cut: high < limits.high} : limits;
}
