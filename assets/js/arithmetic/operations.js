// Every operation on a small matrix, with the arithmetic behind each cell. Numbers are Decimals, in and out.

import {ACTIVATIONS, ROUNDED_PLACES, activationOf} from "./activations.js";
import {add, decimal, divide, sum, toText} from "./decimal.js";
import {averagePool, maxPool} from "./pooling.js";
import {maxUnpool, upsampleBilinear, upsampleNearest} from "./resampling.js";
import {dimensions, settle} from "./sizes.js";
import {transpose} from "./transposed.js";
import {convolve} from "./windows.js";

export {ACTIVATIONS, ROUNDED_PLACES};

const RUN = {
  convolution: convolve,
  transposed: transpose,
  "max-pool": maxPool,
  "average-pool": averagePool,
  "max-unpool": maxUnpool,
  "upsample-nearest": upsampleNearest,
  "upsample-bilinear": upsampleBilinear,
};

const full = (nested, [size, ...rest]) =>
  Array.isArray(nested) && nested.length === size && (rest.length === 0 || nested.every((inner) => full(inner, rest)));

function checkMatrix(name, nested, expected) {
  if (full(nested, expected)) return;
  throw new RangeError(`The ${name} must be ${expected.join(" × ")} without gaps; given ${dimensions(nested).join(" × ") || "nothing"}.`);
}

function checkMatrices(spec, shape) {
  const {channels, filters, groups, kernel} = shape;
  checkMatrix("input", spec.input, shape.inputShape);
  if (spec.op === "depthwise-separable") {
    checkMatrix("depthwise weights", spec.weights?.depthwise, [channels, 1, ...kernel]);
    checkMatrix("pointwise weights", spec.weights?.pointwise, [filters, channels, 1, 1]);
  } else if (spec.op === "convolution" || spec.op === "transposed") {
    checkMatrix("weights", spec.weights, [filters, channels / groups, ...kernel]);
  }
  if (shape.bias) checkMatrix("bias", spec.bias, [filters]);
}

/** The steps from a cell's sum to its output: `divided` and `added` per cell, `activation`; null where nothing is done. */
function stepsOf(spec, raw, shape) {
  const divisor = raw.divisor ?? (shape.divisor > 1 ? () => shape.divisor : null);
  const divided = (total, ...place) => {
    const by = divisor?.(...place) ?? 1;
    return {by, ...(by === 1 ? {value: total, exact: true} : divide(total, decimal(BigInt(by)), ROUNDED_PLACES))};
  };
  const added = (value, filter) => (spec.bias ? add(value, spec.bias[filter]) : value);
  return {divided, added, activation: activationOf(spec.activation), changesSum: Boolean(divisor || spec.bias)};
}

const eachCell = (channels, change) => channels.map((channel, filter) =>
  channel.map((line, row) => line.map((value, column) => change(value, filter, row, column))));

/** "7 ÷ 9 + 1": the exact value that a rounded total stands for. */
function unrounded(total, divisor, bias) {
  const added = bias ? ` ${bias.units < 0n ? "−" : "+"} ${toText(bias).replace("−", "")}` : "";
  return `${toText(total)} ÷ ${divisor}${added}`;
}

function termsOf(spec, raw, steps, check) {
  return (filter, row, column) => {
    check(filter, row, column);
    const patch = raw.patch(filter, row, column);
    const total = sum(patch.channels.map((channel) => channel.sum));
    const {by, value: quotient, exact} = steps.divided(total, filter, row, column);
    const before = steps.added(quotient, filter);
    const after = steps.activation.apply(before);
    const bias = spec.bias?.[filter] ?? null;
    return {
      ...patch, sum: total, divisor: by, quotient, bias, total: before, exact,
      expression: exact ? null : unrounded(total, by, bias),
      activation: spec.activation, activated: after.value, activationExact: after.exact,
      activationText: steps.activation.expression(before),
    };
  };
}

function cellCheck([filters, rows, columns]) {
  return (...place) => {
    const sizes = [filters, rows, columns];
    if (place.every((at, axis) => Number.isInteger(at) && at >= 0 && at < sizes[axis])) return;
    throw new RangeError(`There is no output cell (${place.join(", ")}); channels go to ${filters - 1}, rows to ${rows - 1}, columns to ${columns - 1}.`);
  };
}

function evaluateOne(spec, shape) {
  const raw = RUN[spec.op](spec, shape);
  const steps = stepsOf(spec, raw, shape);
  const {sums, patch, divisor, ...rest} = raw;
  const before = steps.changesSum
    ? eachCell(sums, (total, filter, ...place) => steps.added(steps.divided(total, filter, ...place).value, filter))
    : sums;
  const outputs = spec.activation === "none" ? before : eachCell(before, (value) => steps.activation.apply(value).value);
  const check = cellCheck(shape.output);
  return {
    ...rest,
    shape,
    outputs,
    before,
    isExact(filter, row, column) {
      check(filter, row, column);
      const divides = steps.divided(sums[filter][row][column], filter, row, column).exact;
      return divides && steps.activation.apply(before[filter][row][column]).exact;
    },
    terms: termsOf(spec, raw, steps, check),
  };
}

/** Depthwise, then pointwise: `stages` holds both results, everything else speaks of the two together. */
function evaluateSeparable(spec, shape) {
  const {depthwise, pointwise} = spec.weights;
  const first = {...spec, op: "convolution", weights: depthwise, groups: shape.channels, bias: null, activation: "none"};
  const depth = evaluateOne(first, settle(first));
  const second = {op: "convolution", input: depth.outputs, weights: pointwise, bias: spec.bias, activation: spec.activation};
  const point = evaluateOne(second, settle(second));
  return {
    ...point,
    shape,
    padded: depth.padded,
    sources: depth.sources,
    middle: depth.outputs,
    stages: [depth, point],
    readers: (channel, row, column) => depth.readers(channel, row, column).flatMap((cell) => point.readers(cell.channel, cell.row, cell.column)),
  };
}

/**
 * The result of `spec` and the arithmetic behind it.
 *
 * spec: op, input [C][H][W], weights [K][C / groups][kH][kW] (depthwise-separable: {depthwise [C][1][kH][kW],
 * pointwise [K][C][1][1]}), bias [K] or null, stride [rows, columns], padding [top, right, bottom, left], paddingMode,
 * dilation, groups, divisor (a whole number the sum is divided by), activation; pooling: kernel, ceil, countPadding;
 * transposed: outputPadding, view; unpooling: kernel, indices or remembered (the picture that was pooled); upsampling:
 * scale, alignCorners.
 *
 * result: shape (settled), padded (null cells: padding of max pooling), sources (per axis, the input index of every
 * padded position, −1 in the padding), outputs, before (the activation), isExact(k, row, column),
 * terms(k, row, column) -> {channels: [{channel, cells, sum}], combine: "sum" | "max" | "copy", winner, sum, divisor,
 * quotient, bias, total, exact, expression, activation, activationText, activated, activationExact},
 * readers(channel, row, column), uses(k, channel, weightRow, weightColumn), indices (max pooling and unpooling),
 * stamp and stamped (transposed), middle and stages (depthwise-separable). Throws a RangeError with one sentence.
 */
export function evaluate(spec) {
  const shape = settle(spec);
  checkMatrices(spec, shape);
  const given = {...spec, activation: spec.activation ?? "none", bias: shape.bias ? spec.bias : null};
  return spec.op === "depthwise-separable" ? evaluateSeparable(given, shape) : evaluateOne(given, shape);
}
