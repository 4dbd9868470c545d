// Changing a spec: another size, another operation, another number. Matrices keep the cells they have.

import {decimal} from "./arithmetic/decimal.js";
import {channelByChannel, isPool, isUpsample, settle, withControl} from "./arithmetic/geometry.js";

// Where a matrix grows, it is filled with digits of π, kernels with a few small weights.
const DIGITS = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4, 3, 3, 8, 3, 2, 7, 9, 5, 0, 2, 8, 8, 4];
const WEIGHTS = [1, 0, -1, 2, 0, -1, 1, 1, 0, -2, 1, 0];
const SETTINGS = ["op", "stride", "padding", "paddingMode", "dilation", "outputPadding", "groups", "scale", "ceil", "countPadding",
  "alignCorners", "divisor", "activation", "view"];

const range = (length) => Array.from({length}, (_, index) => index);
const whole = (number) => decimal(BigInt(number));
const digit = (channel, row, column) => whole(DIGITS[(channel * 11 + row * 5 + column * 3) % DIGITS.length]);
const weight = (filter, channel, row, column) => whole(WEIGHTS[(filter * 5 + channel * 3 + row * 3 + column) % WEIGHTS.length]);

const cube = ([channels, rows, columns], value) =>
  range(channels).map((channel) => range(rows).map((row) => range(columns).map((column) => value(channel, row, column))));

const kernels = ([filters, channels, rows, columns], old, fill = weight) =>
  range(filters).map((filter) => cube([channels, rows, columns], (channel, row, column) =>
    old?.[filter]?.[channel]?.[row]?.[column] ?? fill(filter, channel, row, column)));

/** Each value goes back into its own window, at places that differ. */
function scattered({inputShape, kernel, stride, output}) {
  return cube(inputShape, (channel, row, column) =>
    (row * stride[0] + ((row + column + channel) % kernel[0])) * output[2] + column * stride[1] + ((2 * row + column) % kernel[1]));
}

const isBare = (spec) => !spec.input; // sizes without numbers

/** The spec of a settled shape, its matrices cut or filled from those of `old`. */
function fitted(shape, old) {
  const spec = Object.fromEntries(SETTINGS.map((name) => [name, shape[name]]));
  if (isPool(shape.op) || shape.op === "max-unpool") spec.kernel = shape.kernel;
  if (isBare(old)) return {...spec, inputShape: shape.inputShape, kernel: shape.kernel, filters: shape.filters, bias: shape.bias};
  spec.input = cube(shape.inputShape, (channel, row, column) => old.input[channel]?.[row]?.[column] ?? digit(channel, row, column));
  const {filters, channels, groups, kernel} = shape;
  if (shape.op === "depthwise-separable") {
    const depthwise = old.weights?.depthwise ?? old.weights?.[0].map((kernel) => [kernel]);
    spec.weights = {
      depthwise: kernels([channels, 1, ...kernel], depthwise),
      pointwise: kernels([filters, channels, 1, 1], old.weights?.pointwise, (filter, channel) => whole(filter === channel ? 2 : 1)),
    };
  } else if (!channelByChannel(shape.op)) {
    spec.weights = kernels([filters, channels / groups, ...kernel], old.weights?.depthwise ?? old.weights);
  }
  if (shape.op === "max-unpool") spec.indices = scattered(shape);
  spec.bias = shape.bias ? range(filters).map((filter) => old.bias?.[filter] ?? whole(filter === 0 ? 1 : 0)) : null;
  return spec;
}

/** A control of `limits` at another legal value. */
export function changeControl(spec, control, value) {
  const shape = settle(spec);
  let changed;
  if (control === "channels") {
    const each = channelByChannel(shape.op) || (shape.groups > 1 && shape.groups === shape.channels);
    const groups = shape.groups > 1 && shape.groups === shape.channels && value % shape.groups ? value : shape.groups;
    changed = {...shape, inputShape: [value, ...shape.input], filters: each && shape.filters === shape.channels ? value : shape.filters, groups};
  } else if (control === "filters" || control === "groups") changed = {...shape, [control]: value};
  else changed = withControl(spec, control, value);
  if (shape.op === "max-unpool") delete changed.outputSize;
  return fitted(settle(changed), spec);
}

/** Settings at other values: padding, paddingMode, activation, view, bias (on or off), ceil … */
export function changeSettings(spec, patch) {
  const shape = {...settle(spec), ...patch};
  if (spec.op !== "max-unpool") return fitted(settle(shape), spec);
  return {...spec, ...patch};
}

export function isLegal(spec, patch) {
  try {
    settle({...settle(spec), ...patch});
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const KIND_SHAPES = {
  depthwise: (shape) => ({op: "convolution", ...several(shape), filters: several(shape).inputShape[0], groups: several(shape).inputShape[0]}),
  pointwise: (shape) => ({op: "convolution", ...several(shape), kernel: [1, 1], filters: 2}),
  "depthwise-separable": (shape) => ({op: "depthwise-separable", ...several(shape), filters: 2}),
};

/** At least two channels, so that there is something to mix. */
const several = ({inputShape}) => ({inputShape: [Math.max(2, inputShape[0]), inputShape[1], inputShape[2]]});

/** The same input under another operation, with the settings that it usually has. */
export function changeKind(spec, kind) {
  const shape = settle(spec);
  const side = (axis, most) => Math.min(most, shape.input[axis]);
  const weighted = !channelByChannel(shape.op) && !(shape.kernel[0] === 1 && shape.kernel[1] === 1);
  const kernel = weighted ? shape.kernel.map((size, axis) => side(axis, size)) : [side(0, 3), side(1, 3)];
  const window = [side(0, 2), side(1, 2)];
  const usual = {inputShape: shape.inputShape, kernel, filters: 1, groups: 1, bias: shape.bias, activation: shape.activation, padding: [0, 0, 0, 0], stride: [1, 1]};
  if (isPool(kind) || kind === "max-unpool") Object.assign(usual, {kernel: window, stride: window, bias: false, activation: "none"});
  if (isUpsample(kind)) Object.assign(usual, {kernel: [1, 1], scale: [2, 2], bias: false, activation: "none"});
  if (kind === "transposed") usual.stride = [2, 2];
  const changed = {op: kind, ...usual, ...KIND_SHAPES[kind]?.(shape)};
  return fitted(settle(changed), spec);
}

const replaced = (list, at, value) => list.map((item, index) => (index === at ? value : item));

/** A copy of nested lists with one entry at `path` replaced. */
export function put(nested, [at, ...rest], value) {
  return replaced(nested, at, rest.length ? put(nested[at], rest, value) : value);
}

/** One number changed: place is {matrix: "input" | "weights" | "depthwise" | "pointwise" | "bias", at: [indices]}. */
export function changeCell(spec, {matrix, at}, value) {
  if (matrix === "depthwise" || matrix === "pointwise") return {...spec, weights: {...spec.weights, [matrix]: put(spec.weights[matrix], at, value)}};
  return {...spec, [matrix]: put(spec[matrix], at, value)};
}

/** The number at a place. */
export function valueAt(spec, {matrix, at}) {
  const nested = matrix === "depthwise" || matrix === "pointwise" ? spec.weights[matrix] : spec[matrix];
  return at.reduce((list, index) => list[index], nested);
}

/** Every input cell from a function of channel, row, column. */
export const fillInput = (spec, value) => ({...spec, input: spec.input.map((channel, c) => channel.map((line, r) => line.map((_, x) => value(c, r, x))))});

/** A gallery kernel (of Decimals) in every channel of every filter; null where its size does not fit. */
export function withKernel(spec, {weights, divisor = 1}) {
  const shape = settle(spec);
  if (channelByChannel(shape.op)) return null;
  const kernel = [weights.length, weights[0].length];
  if (!isLegal(spec, {kernel})) return null;
  const next = fitted(settle({...shape, kernel, divisor}), spec);
  const all = (list) => list.map((channels) => channels.map(() => weights));
  const filled = spec.op === "depthwise-separable" ? {...next.weights, depthwise: all(next.weights.depthwise)} : all(next.weights);
  return {...next, weights: filled};
}
