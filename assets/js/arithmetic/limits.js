// For each control, the values it can take while everything else stays: controls stop there.

import {isUpsample, settle} from "./sizes.js";

/** The workbench's own size, chosen so that every digit stays readable; the arithmetic itself has no such limit. */
export const CAPS = {input: 16, channels: 4, filters: 8, kernel: 7, padding: 8, scale: 4};

/** Control -> [field of a settled spec, position in it, first value, last value worth offering]. */
const strideCap = (axis) => (shape) => Math.max(1, shape.padded[axis] - shape.extent[axis]);
const dilationCap = (axis) => (shape) => (shape.kernel[axis] === 1 ? 1 : CAPS.input);
const CONTROLS = {
  inputHeight: ["inputShape", 1, 1, () => CAPS.input],
  inputWidth: ["inputShape", 2, 1, () => CAPS.input],
  kernelHeight: ["kernel", 0, 1, () => CAPS.kernel],
  kernelWidth: ["kernel", 1, 1, () => CAPS.kernel],
  strideRows: ["stride", 0, 1, strideCap(0)],
  strideColumns: ["stride", 1, 1, strideCap(1)],
  paddingTop: ["padding", 0, 0, () => CAPS.padding],
  paddingRight: ["padding", 1, 0, () => CAPS.padding],
  paddingBottom: ["padding", 2, 0, () => CAPS.padding],
  paddingLeft: ["padding", 3, 0, () => CAPS.padding],
  dilationRows: ["dilation", 0, 1, dilationCap(0)],
  dilationColumns: ["dilation", 1, 1, dilationCap(1)],
  outputPaddingRows: ["outputPadding", 0, 0, (shape) => Math.max(shape.stride[0], shape.dilation[0]) - 1],
  outputPaddingColumns: ["outputPadding", 1, 0, (shape) => Math.max(shape.stride[1], shape.dilation[1]) - 1],
  scaleRows: ["scale", 0, 1, () => CAPS.scale],
  scaleColumns: ["scale", 1, 1, () => CAPS.scale],
};
const TRANSPOSED_STRIDE = 4;

/** Whether an operation has the control at all. */
export function hasControl(op, control) {
  if (control.startsWith("input")) return true;
  if (control.startsWith("scale")) return isUpsample(op);
  if (isUpsample(op)) return false;
  if (control.startsWith("outputPadding")) return op === "transposed";
  if (op === "max-unpool") return /^(kernel|stride)/.test(control);
  return !(control.startsWith("dilation") && op === "average-pool");
}

/** The same settings with one control at another value; matrices are left out. */
export function withControl(spec, control, value) {
  const [field, position] = CONTROLS[control];
  const shape = settle(spec);
  const changed = [...shape[field]];
  changed[position] = value;
  const {outputSize, ...rest} = shape; // an unpooled size follows the input
  return {...rest, [field]: changed};
}

function legal(spec) {
  try {
    settle(spec);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function reach(shape, control, least, most) {
  const [field, position] = CONTROLS[control];
  const now = shape[field][position];
  let [low, high] = [now, now];
  while (low > least && legal(withControl(shape, control, low - 1))) low -= 1;
  while (high < most && legal(withControl(shape, control, high + 1))) high += 1;
  return {value: now, min: low, max: high};
}

const divisors = (number) => Array.from({length: number}, (_, index) => index + 1).filter((each) => number % each === 0);

/**
 * {inputHeight: {value, min, max}, …} for every control the operation has, and {choices} for groups, channels and
 * filters. Any value in between is legal; a legal value above a cap stays reachable.
 */
export function limits(spec) {
  const shape = settle(spec);
  const result = {};
  for (const [control, [, , least, cap]] of Object.entries(CONTROLS)) {
    if (!hasControl(shape.op, control)) continue;
    const stamps = shape.op === "transposed" && control.startsWith("stride");
    result[control] = reach(shape, control, least, stamps ? TRANSPOSED_STRIDE : cap(shape));
  }
  const {channels, filters, groups, op} = shape;
  const steps = (most, now) => {
    const last = Math.max(most, now);
    return Array.from({length: Math.floor(last / groups)}, (_, index) => (index + 1) * groups);
  };
  result.channels = {value: channels, choices: steps(CAPS.channels, channels)};
  if (["convolution", "transposed", "depthwise-separable"].includes(op)) {
    result.filters = {value: filters, choices: steps(CAPS.filters, filters)};
  }
  if (op === "convolution" || op === "transposed") {
    result.groups = {value: groups, choices: divisors(channels).filter((each) => filters % each === 0)};
  }
  return result;
}
