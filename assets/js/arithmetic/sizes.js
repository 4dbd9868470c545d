// How large the result is, along each axis, and which settings are legal. Height before width.

export const OPERATIONS = [
  "convolution", "depthwise-separable", "transposed", "max-pool", "average-pool",
  "max-unpool", "upsample-nearest", "upsample-bilinear",
];
export const PADDING_MODES = ["zeros", "reflect", "replicate", "circular"];

const DEFAULTS = {
  stride: [1, 1], padding: [0, 0, 0, 0], paddingMode: "zeros", dilation: [1, 1], outputPadding: [0, 0], groups: 1,
  scale: [2, 2], ceil: false, countPadding: true, alignCorners: false, divisor: 1, activation: "none", view: "stamp",
  bias: null,
};
const AXES = ["rows", "columns"];

export const isPool = (op) => op === "max-pool" || op === "average-pool";
export const isUpsample = (op) => op.startsWith("upsample");
/** Whether every channel is worked on by itself, so that there are as many filters as channels. */
export const channelByChannel = (op) => isPool(op) || isUpsample(op) || op === "max-unpool";

/** Cells that a dilated kernel spans: d (k − 1) + 1. */
export const extentOf = (kernel, dilation = 1) => dilation * (kernel - 1) + 1;

/** A kernel's positions along one axis (arXiv:1603.07285, relationship 15), padding given per side. */
export function outputSize({input, kernel, stride = 1, padBefore = 0, padAfter = 0, dilation = 1, ceil = false}) {
  const extent = extentOf(kernel, dilation);
  const padded = input + padBefore + padAfter;
  if (extent > padded) {
    throw new RangeError(
      `A kernel spanning ${extent} cells does not fit ${padded} (input ${input}, padding ${padBefore} + ${padAfter}). ` +
      `Shrink the kernel or raise the padding by ${extent - padded}.`,
    );
  }
  if (!ceil) return Math.floor((padded - extent) / stride) + 1;
  const size = Math.ceil((padded - extent) / stride) + 1;
  // PyTorch: the last window must begin inside the input or the padding before it.
  return (size - 1) * stride >= input + padBefore ? size - 1 : size;
}

/** Cells that a transposed convolution fills along one axis (arXiv:1603.07285, relationship 14). */
export function transposedSize({input, kernel, stride = 1, padBefore = 0, padAfter = 0, dilation = 1, outputPadding = 0}) {
  const size = (input - 1) * stride + extentOf(kernel, dilation) - padBefore - padAfter + outputPadding;
  if (size >= 1) return size;
  throw new RangeError(
    `Padding ${padBefore} + ${padAfter} cuts away all ${size + padBefore + padAfter} cells of the result. ` +
    `Lower it by ${1 - size}.`,
  );
}

/** Padding [top, right, bottom, left] that keeps ceil(input / stride) cells; an odd cell goes to the end. */
export function samePadding(spec) {
  const {input, kernel, stride, dilation} = shapeOf(spec);
  const [rows, columns] = [0, 1].map((axis) => {
    const steps = Math.ceil(input[axis] / stride[axis]) - 1;
    const total = Math.max(0, steps * stride[axis] + extentOf(kernel[axis], dilation[axis]) - input[axis]);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
  return [rows[0], columns[1], rows[1], columns[0]];
}

/** The shape of nested lists: [channels, height, width] and so on. */
export const dimensions = (nested) => (Array.isArray(nested) ? [nested.length, ...dimensions(nested[0])] : []);

/** Settings that an operation does not have stay at rest, whatever the spec says. */
function atRest(op) {
  const idle = {};
  if (!isPool(op)) Object.assign(idle, {ceil: false, countPadding: true});
  if (op !== "transposed") idle.outputPadding = [0, 0];
  else idle.paddingMode = "zeros";
  if (op !== "convolution") idle.divisor = 1;
  if (op !== "convolution" && op !== "transposed") idle.groups = 1;
  if (op === "average-pool") idle.dilation = [1, 1];
  if (isPool(op)) idle.paddingMode = "zeros";
  if (channelByChannel(op) && !isPool(op)) Object.assign(idle, {padding: [0, 0, 0, 0], dilation: [1, 1], paddingMode: "zeros"});
  if (isUpsample(op)) Object.assign(idle, {kernel: [1, 1], stride: [1, 1]});
  if (channelByChannel(op)) idle.bias = false;
  return idle;
}

function kernelOf(spec) {
  if (spec.kernel) return spec.kernel;
  const weights = spec.weights?.depthwise ?? spec.weights;
  return weights ? dimensions(weights).slice(2, 4) : [1, 1];
}

function filtersOf(spec, channels) {
  if (channelByChannel(spec.op)) return channels;
  return spec.filters ?? (spec.weights?.pointwise ?? spec.weights)?.length ?? 1;
}

/** A spec without its numbers: defaults filled in, shapes read off the matrices. Nothing is checked. */
function shapeOf(spec) {
  const given = Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined && value !== null));
  const [channels, height, width] = spec.inputShape ?? dimensions(spec.input);
  const kernel = kernelOf(spec);
  const shape = {...DEFAULTS, ...given, channels, input: [height, width], inputShape: [channels, height, width], kernel};
  // A pooling window moves by its own size unless a stride is given.
  if (!given.stride && (isPool(spec.op) || spec.op === "max-unpool")) shape.stride = kernel;
  shape.filters = filtersOf(spec, channels);
  shape.bias = Boolean(spec.bias);
  const {weights, indices, remembered, output, ...light} = {...shape, ...atRest(spec.op)};
  if (remembered) light.outputSize = dimensions(remembered).slice(1);
  return light;
}

/** One axis of a settled spec (0 rows, 1 columns), in the names of outputSize. */
export function axisOf(shape, axis) {
  const [top, right, bottom, left] = shape.padding;
  return {
    input: shape.input[axis], kernel: shape.kernel[axis], stride: shape.stride[axis], dilation: shape.dilation[axis],
    padBefore: axis ? left : top, padAfter: axis ? right : bottom, ceil: shape.ceil,
    outputPadding: shape.outputPadding[axis], scale: shape.scale[axis],
  };
}

const LEAST = {inputShape: 1, kernel: 1, stride: 1, padding: 0, dilation: 1, outputPadding: 0, scale: 1};

function checkNumbers(shape) {
  for (const [name, least] of Object.entries(LEAST)) {
    for (const value of shape[name]) {
      if (Number.isInteger(value) && value >= least) continue;
      throw new RangeError(`${name} ${value} must be a whole number of at least ${least}.`);
    }
  }
  const {op, channels, filters, groups, paddingMode, divisor} = shape;
  if (!OPERATIONS.includes(op)) throw new RangeError(`There is no operation “${op}”; there are ${OPERATIONS.join(", ")}.`);
  if (!PADDING_MODES.includes(paddingMode)) throw new RangeError(`There is no padding “${paddingMode}”; there are ${PADDING_MODES.join(", ")}.`);
  if (!(Number.isInteger(divisor) && divisor >= 1)) throw new RangeError(`divisor ${divisor} must be a whole number of at least 1.`);
  if (!(Number.isInteger(groups) && groups >= 1) || channels % groups || filters % groups) {
    throw new RangeError(`${groups} groups must divide both ${channels} channels and ${filters} filters.`);
  }
}

/** Reflected cells repeat at most once: PyTorch's rule, checked where cells are made up from the input. */
function checkMode({paddingMode}, {input, padBefore, padAfter}, name) {
  const most = {reflect: input - 1, circular: input}[paddingMode] ?? Infinity;
  const pad = Math.max(padBefore, padAfter);
  if (pad > most) throw new RangeError(`Padding ${pad} is too much for ${input} ${name}: ${paddingMode} allows at most ${most}.`);
}

function checkPool({kernel, padBefore, padAfter}, name) {
  const most = Math.floor(kernel / 2); // PyTorch's rule
  const pad = Math.max(padBefore, padAfter);
  if (pad > most) throw new RangeError(`Padding ${pad} is too much for a window of ${kernel} ${name}: at most half of it, ${most}.`);
}

/** At least one cell of every pooling window lies in the input, so that there is a largest one. */
function checkWindows({op}, {input, kernel, stride, dilation, padBefore}, size, name) {
  if (op !== "max-pool") return;
  for (let at = 0; at < size; at += 1) {
    const cells = Array.from({length: kernel}, (_, tap) => at * stride - padBefore + tap * dilation);
    if (!cells.some((cell) => cell >= 0 && cell < input)) throw new RangeError(`Window ${at} along the ${name} reads padding only. Lower padding or dilation.`);
  }
}

function axisSize(shape, axis) {
  const one = axisOf(shape, axis);
  if (isUpsample(shape.op)) return one.input * one.scale;
  if (shape.op === "max-unpool") return shape.outputSize?.[axis] ?? transposedSize(one);
  if (isPool(shape.op)) checkPool(one, AXES[axis]);
  else checkMode(shape, one, AXES[axis]);
  if (shape.op === "transposed") {
    if (one.outputPadding && one.outputPadding >= Math.max(one.stride, one.dilation)) {
      throw new RangeError(`Output padding ${one.outputPadding} must be smaller than stride ${one.stride} or dilation ${one.dilation}.`);
    }
    return transposedSize(one);
  }
  const size = outputSize(one);
  checkWindows(shape, one, size, AXES[axis]);
  return size;
}

/**
 * A spec's shapes and settings with defaults filled in: {op, channels, input: [h, w], kernel, filters, groups, stride,
 * padding, …, output: [filters, h, w], extent, padded}. Shapes come from the matrices, or from `inputShape`, `kernel`
 * and `filters` when there are none. Throws a RangeError with one sentence when a setting is illegal.
 */
export function settle(spec) {
  const shape = shapeOf(spec);
  checkNumbers(shape);
  const axes = [0, 1].map((axis) => axisOf(shape, axis));
  const pads = isPool(shape.op) || shape.op === "convolution" || shape.op === "depthwise-separable";
  const size = [0, 1].map((axis) => axisSize(shape, axis));
  return {
    ...shape,
    output: [shape.filters, ...size],
    extent: axes.map(({kernel, dilation}) => extentOf(kernel, dilation)),
    padded: axes.map(({input, padBefore, padAfter}) => (pads ? input + padBefore + padAfter : input)),
  };
}
