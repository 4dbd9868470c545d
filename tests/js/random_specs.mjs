// Random specs of plain numbers for every operation: legal ones, small, never square by design.

import {OPERATIONS, settle} from "../../assets/js/arithmetic/geometry.js";

/** Repeatable numbers from 0 to 1 (mulberry32). */
export function randomness(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const list = (length, each) => Array.from({length}, (_, index) => each(index));

function dice(random) {
  const whole = (least, most) => least + Math.floor(random() * (most - least + 1));
  const places = whole(0, 3);
  const value = () => Math.round((random() * 20 - 10) * 10 ** places) / 10 ** places;
  const block = ([size, ...rest]) => list(size, () => (rest.length ? block(rest) : value()));
  return {whole, block, pick: (choices) => choices[whole(0, choices.length - 1)]};
}

function weightsFor(op, {block}, {channels, filters, groups, kernel}) {
  if (op === "depthwise-separable") return {depthwise: block([channels, 1, ...kernel]), pointwise: block([filters, channels, 1, 1])};
  if (op === "convolution" || op === "transposed") return block([filters, channels / groups, ...kernel]);
  return undefined;
}

function candidate(random) {
  const rolled = dice(random);
  const {whole, block, pick} = rolled;
  const op = pick(OPERATIONS);
  const groups = op === "convolution" || op === "transposed" ? pick([1, 1, 2]) : 1;
  const [channels, filters] = [groups * whole(1, 2), groups * whole(1, 2)];
  const kernel = [whole(1, 3), whole(1, 4)];
  const size = [whole(2, 6), whole(3, 7)];
  const spec = {
    op, input: block([channels, ...size]), weights: weightsFor(op, rolled, {channels, filters, groups, kernel}), groups,
    stride: [whole(1, 3), whole(1, 3)], padding: list(4, () => whole(0, 2)), dilation: [whole(1, 2), whole(1, 2)],
    paddingMode: pick(["zeros", "reflect", "replicate", "circular"]), activation: pick(["none", "relu", "sigmoid", "hardswish", "gelu"]),
    bias: random() < 0.5 && !op.includes("pool") && !op.startsWith("upsample") ? block([filters]) : null,
    divisor: op === "convolution" ? pick([1, 1, 9, 16]) : 1, scale: [whole(1, 3), whole(1, 4)], alignCorners: random() < 0.5,
    ceil: random() < 0.5, countPadding: random() < 0.5, view: pick(["stamp", "insert-zeros"]),
  };
  if (!spec.weights) spec.kernel = kernel;
  if (op === "max-unpool") {
    spec.stride = kernel;
    spec.remembered = block([channels, ...size.map((side, axis) => side * kernel[axis])]);
  }
  return spec;
}

/** One legal spec. */
export function randomSpec(random) {
  for (;;) {
    const spec = candidate(random);
    try {
      settle(spec);
      return spec;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
}
