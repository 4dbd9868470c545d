// A kernel of the network as a word of the workbench's address: its weights, and the inputs it meets on the picture.

import {CAPS} from "../arithmetic/geometry.js";
import {formatBench} from "../workbench_link.js";

const PLACES = 3; // decimals the workbench takes
const AROUND = 4; // input cells beyond the kernel's own

/** A number with the workbench's decimals, without zeros at the end. */
export const decimalText = (value) => String(Number(value.toFixed(PLACES)));

/** Why a kernel cannot be opened there, or null. */
export function refusal({height, width}) {
  if (Math.max(height, width) <= CAPS.kernel) return null;
  return `The workbench holds kernels up to ${CAPS.kernel} × ${CAPS.kernel}; this one is ${height} × ${width}.`;
}

/** How many of a filter's kernels fit the workbench together: all of up to four, else the chosen one. */
export const kernelsTogether = (inputs) => (inputs <= CAPS.channels ? inputs : 1);

/**
 * The window of the input round an output cell, one axis: `{start, length, at}`; `at` is the cell's own place among the window's
 * outputs, null where padding is part of its sum: the workbench holds what lies inside.
 */
export function windowAt({cell, stride, padding, kernel, dilation, input}) {
  const span = dilation * (kernel - 1) + 1;
  const length = Math.min(input, CAPS.input, span + AROUND);
  const first = cell * stride - padding;
  const before = Math.floor((length - span) / 2 / stride) * stride; // whole steps, so that the outputs are the network's own
  const start = Math.max(0, Math.min(input - length, first - before));
  const steps = (first - start) / stride;
  const inside = Number.isInteger(steps) && steps >= 0 && first + span <= start + length;
  return {start, length, at: inside ? steps : null};
}

/** Ten or a hundred where the weights are too small for the workbench's decimals. */
export function divisorFor(weights) {
  const most = weights.flat(2).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  if (most >= 0.1 || most === 0) return 1;
  return most >= 0.01 ? 10 : 100;
}

/** The word: `patches` and `kernels` are [channel][row][column]; `bias` a number or null. */
export function workbenchWord({patches, kernels, bias = null, stride = [1, 1], dilation = [1, 1], at = null}) {
  const divisor = divisorFor(kernels);
  const spec = {
    op: "convolution", input: patches, weights: [kernels.map((kernel) => kernel.map((row) => row.map((value) => value * divisor)))],
    bias: divisor === 1 && bias !== null ? [bias] : null, stride, dilation, groups: 1, divisor,
  };
  return formatBench({preset: null, spec, at}, decimalText);
}
