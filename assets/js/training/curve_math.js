// The arithmetic of the curves: smoothing, axes, and how thousands of steps become a few hundred columns of pixels.

/** A moving average that forgets by `weight` each step, free of its start's bias; grows with its values. */
export class Smoothed {
  constructor(weight) {
    this.weight = weight;
    this.values = [];
    this.mean = 0;
    this.seen = 0; // sum of all weights so far, which divides
  }

  /** Take in what of `raw` is new. */
  extend(raw) {
    const {weight, values} = this;
    for (let at = values.length; at < raw.length; at += 1) {
      if (Number.isFinite(raw[at])) {
        this.mean = weight * this.mean + (1 - weight) * raw[at];
        this.seen = weight * this.seen + (1 - weight);
      }
      values.push(this.seen > 0 ? this.mean / this.seen : NaN);
    }
    return values;
  }
}

/** Round numbers that divide `low` to `high` into about `wanted` parts. */
export function ticks(low, high, wanted = 4) {
  if (!(high > low)) return [low];
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999);
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high * (1 + 1e-9); at += 1) found.push(Number((at * step).toPrecision(8)) || 0);
  return found;
}

const MOST_POWERS = 5;

/** Powers of ten from `low` to `high`, with 2 and 5 between them where there are few, some left out where many. */
export function logTicks(low, high) {
  const decades = Math.log10(high / low);
  const factors = decades < 2 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / MOST_POWERS));
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    if (power % every === 0) for (const factor of factors) found.push(Number((factor * 10 ** power).toPrecision(3)));
  }
  return found.filter((value) => value >= low * 0.999 && value <= high * 1.001);
}

const ZOOM = 8;
const LEAST_SPAN = 10;

/** How many steps the axis shows: all, or an eighth or less while the training has only begun. */
export function span(done, total) {
  let shown = total;
  while (done <= shown / ZOOM && shown / ZOOM >= LEAST_SPAN) shown /= ZOOM;
  return Math.max(1, Math.round(shown));
}

/** Marks below the axis of `shown` steps, by epochs or, where there is hardly one, by steps: `{unit, places: [{step, text}]}`. */
export function acrossTicks(shown, perEpoch, wanted) {
  if (perEpoch && shown >= 1.5 * perEpoch) {
    return {unit: "epoch", places: epochTicks(Math.floor(shown / perEpoch), wanted).map((epoch) => ({step: epoch * perEpoch, text: String(epoch)}))};
  }
  return {unit: "step", places: ticks(0, shown, wanted).filter(Number.isInteger).map((step) => ({step, text: step.toLocaleString("en")}))};
}

/** Whole epochs that get a mark: all of few, round ones of many. */
export function epochTicks(epochs, wanted = 6) {
  const step = [1, 2, 5, 10, 20, 25, 50, 100].find((size) => epochs / size <= wanted) ?? epochs;
  return Array.from({length: Math.floor(epochs / step) + 1}, (_, at) => at * step);
}

/** Least and greatest finite value of several lists; null where there is none. */
export function extent(...lists) {
  let [low, high] = [Infinity, -Infinity];
  for (const list of lists) {
    for (const value of list) {
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : null;
}

/** The ends of the loss axis: from 0, or, by powers of ten, from the least value above 0. */
export function lossRange(found, log) {
  if (!found) return log ? [0.01, 5] : [0, 2.5];
  const [low, high] = found;
  if (!log) return [0, Math.max(1e-3, high * 1.04)];
  const least = Math.max(1e-8, low > 0 ? low : high / 1e4);
  return [least * 0.8, Math.max(least * 4, high * 1.2)];
}

/** From values to places: `down(value)` in [top, bottom]; values outside end at the edge. */
export function vertical([low, high], log, top, bottom) {
  const scale = log ? (value) => Math.log(Math.max(value, low)) : (value) => value;
  const [from, to] = [scale(low), scale(high)];
  return (value) => bottom - Math.min(1, Math.max(0, (scale(value) - from) / (to - from || 1))) * (bottom - top);
}

/**
 * A growing list of values, one a step from step 1 on, as a few thousand spans of steps: least, greatest and last value.
 * When there are too many spans, two become one: a step costs the same however many came before.
 */
export class Condensed {
  constructor(most = 2048) {
    Object.assign(this, {most, stride: 1, count: 0, lows: [], highs: [], lasts: []});
  }

  /** Take in what of `values` is new. */
  extend(values) {
    for (; this.count < values.length; this.count += 1) this.add(values[this.count]);
    return this;
  }

  add(value) {
    if (this.count % this.stride === 0) {
      if (this.lasts.length === this.most) this.halve();
      if (this.count % this.stride === 0) for (const list of [this.lows, this.highs, this.lasts]) list.push(NaN);
    }
    if (!Number.isFinite(value)) return;
    const at = this.lasts.length - 1;
    if (!(this.lows[at] <= value)) this.lows[at] = value;
    if (!(this.highs[at] >= value)) this.highs[at] = value;
    this.lasts[at] = value;
  }

  halve() {
    const pairs = (list, choose) => Array.from({length: Math.ceil(list.length / 2)}, (_, at) => choose(list[2 * at], list[2 * at + 1]));
    const either = (choose) => (one, other) => (Number.isNaN(one) ? other : Number.isNaN(other) ? one : choose(one, other));
    this.lows = pairs(this.lows, either(Math.min));
    this.highs = pairs(this.highs, either(Math.max));
    this.lasts = pairs(this.lasts, either((_, other) => other));
    this.stride *= 2;
  }

  /** The last step of span `at`. */
  step(at) {
    return Math.min(this.count, (at + 1) * this.stride);
  }
}

/**
 * Spans of steps as columns of pixels: `[{x, low, high, last}]`, one entry a column that has values.
 * `across(step)` places a step; several in one column keep their least and greatest value.
 */
export function columns(condensed, across) {
  const found = [];
  let current = null;
  condensed.lasts.forEach((last, at) => {
    if (!Number.isFinite(last)) return;
    const x = Math.round(across(condensed.step(at)));
    const [low, high] = [condensed.lows[at], condensed.highs[at]];
    if (current?.x === x) Object.assign(current, {low: Math.min(low, current.low), high: Math.max(high, current.high), last});
    else found.push((current = {x, low, high, last}));
  });
  return found;
}

/** The place in sorted `steps` nearest to `step`; -1 where there is none. */
export function nearest(steps, step) {
  if (steps.length === 0) return -1;
  let [low, high] = [0, steps.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= step) low = middle;
    else high = middle;
  }
  return Math.abs(steps[high] - step) < Math.abs(steps[low] - step) ? high : low;
}

/** The last record at or before `step`; null where there is none. */
export function before(records, step) {
  let found = null;
  for (const record of records) if (record.step <= step) found = record;
  return found;
}
