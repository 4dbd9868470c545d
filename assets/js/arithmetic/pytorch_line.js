// The PyTorch code that computes the same, complete and ready to run.

import {toText} from "./decimal.js";
import {settle} from "./sizes.js";

const number = (value) => toText(value).replace("−", "-");
const nested = (values) => (Array.isArray(values) ? `[${values.map(nested).join(", ")}]` : number(values));
const pair = ([one, other]) => (one === other ? String(one) : `(${one}, ${other})`);
const tensor = (values) => `torch.tensor(${nested(values)}, dtype=torch.float64)`;
/** Whole numbers only: places in the output. */
const places = (values) => `torch.tensor(${JSON.stringify(values)})`;

const ACTIVATION = {
  relu: "F.relu(y)", relu6: "F.relu6(y)", "leaky-relu": "F.leaky_relu(y, 0.01)", sigmoid: "torch.sigmoid(y)",
  tanh: "torch.tanh(y)", gelu: "F.gelu(y)", silu: "F.silu(y)", hardswish: "F.hardswish(y)",
};

const isEven = ([top, right, bottom, left]) => top === bottom && left === right;
const isNone = (padding) => padding.every((side) => side === 0);

/** Python keyword arguments, those at their defaults left out. */
const keywords = (given) => given.filter(([, value, usual]) => value !== usual).map(([name, value]) => `, ${name}=${value}`).join("");

function padded({padding: [top, right, bottom, left]}, how) {
  return `F.pad(x, (${left}, ${right}, ${top}, ${bottom})${how})`;
}

/** The padded input as PyTorch wants it: [expression for x, padding argument]. */
function padArguments(shape, how, canPad) {
  if (isNone(shape.padding)) return ["x", "0"];
  if (canPad && isEven(shape.padding)) return ["x", pair([shape.padding[0], shape.padding[3]])];
  return [padded(shape, how), "0"];
}

function convolution(spec, shape) {
  const zeros = shape.paddingMode === "zeros";
  const [x, padding] = padArguments(shape, zeros ? "" : `, mode="${shape.paddingMode}"`, zeros);
  const shared = keywords([["stride", pair(shape.stride), "1"], ["padding", padding, "0"], ["dilation", pair(shape.dilation), "1"]]);
  if (spec.op === "depthwise-separable") {
    return [
      `depthwise = ${tensor(spec.weights.depthwise)}`, `pointwise = ${tensor(spec.weights.pointwise)}`, ...biasLine(spec),
      `y = F.conv2d(${x}, depthwise${shared}, groups=${shape.channels})`, `y = F.conv2d(y, pointwise${biasArgument(spec)})`,
    ];
  }
  const divided = shape.divisor > 1 ? ` / ${shape.divisor}` : "";
  return [
    `w = ${tensor(spec.weights)}${divided}`, ...biasLine(spec),
    `y = F.conv2d(${x}, w${biasArgument(spec)}${shared}${keywords([["groups", shape.groups, 1]])})`,
  ];
}

const biasLine = ({bias}) => (bias ? [`b = ${tensor(bias)}`] : []);
const biasArgument = ({bias}) => (bias ? ", b" : "");

/** PyTorch keeps these weights as (channels, filters / groups, kH, kW). */
function transposedWeights({weights}, {channels, filters, groups}) {
  const [perGroup, filtersPerGroup] = [channels / groups, filters / groups];
  return Array.from({length: channels}, (_, channel) => Array.from({length: filtersPerGroup}, (__, index) => {
    const filter = Math.floor(channel / perGroup) * filtersPerGroup + index;
    return weights[filter][channel % perGroup];
  }));
}

/** The part of a stamped canvas that padding leaves: `[..., 1:4, 0:5]`. */
function crop(shape) {
  const [top, , , left] = shape.padding;
  const [, rows, columns] = shape.output;
  return `[..., ${top}:${top + rows}, ${left}:${left + columns}]`;
}

function transposed(spec, shape) {
  const even = isEven(shape.padding);
  const padding = even ? pair([shape.padding[0], shape.padding[3]]) : "0";
  const settings = keywords([
    ["stride", pair(shape.stride), "1"], ["padding", padding, "0"], ["output_padding", pair(shape.outputPadding), "0"],
    ["groups", shape.groups, 1], ["dilation", pair(shape.dilation), "1"],
  ]);
  const cut = even ? [] : [`y = y${crop(shape)}  # padding cuts cells off`];
  return [`w = ${tensor(transposedWeights(spec, shape))}`, ...biasLine(spec), `y = F.conv_transpose2d(x, w${biasArgument(spec)}${settings})`, ...cut];
}

/** With uneven padding the rounding up could begin a window in the padding behind: cut to the same size. */
function overhang(shape) {
  const [, rows, columns] = shape.output;
  return shape.ceil && !isEven(shape.padding) ? [`y = y[..., :${rows}, :${columns}]`] : [];
}

function maxPool(spec, shape) {
  const [x, padding] = padArguments(shape, ", value=-torch.inf", true);
  const settings = keywords([["stride", pair(shape.stride), pair(shape.kernel)], ["padding", padding, "0"], ["dilation", pair(shape.dilation), "1"], ["ceil_mode", shape.ceil ? "True" : "False", "False"]]);
  return [`y = F.max_pool2d(${x}, ${pair(shape.kernel)}${settings})`, ...overhang(shape)];
}

function averagePool(spec, shape) {
  const [x, padding] = padArguments(shape, "", true);
  const shared = `${pair(shape.kernel)}${keywords([["stride", pair(shape.stride), pair(shape.kernel)], ["padding", padding, "0"], ["ceil_mode", shape.ceil ? "True" : "False", "False"]])}`;
  if (shape.countPadding) return [`y = F.avg_pool2d(${x}, ${shared})`, ...overhang(shape)];
  if (isEven(shape.padding)) return [`y = F.avg_pool2d(${x}, ${shared}, count_include_pad=False)`];
  const ones = x.replace("F.pad(x", "F.pad(torch.ones_like(x)");
  return [`y = F.avg_pool2d(${x}, ${shared}) / F.avg_pool2d(${ones}, ${shared})`, ...overhang(shape)];
}

function maxUnpool(spec, shape) {
  const window = `${pair(shape.kernel)}, stride=${pair(shape.stride)}`;
  const [, rows, columns] = shape.output;
  const remembered = spec.indices
    ? [`places = ${places(spec.indices)}.unsqueeze(0)`]
    : [`pooled = ${tensor(spec.remembered)}.unsqueeze(0)`, `_, places = F.max_pool2d(pooled, ${window}, return_indices=True)`];
  return [...remembered, `y = F.max_unpool2d(x, places, ${window}, output_size=(${rows}, ${columns}))`];
}

const interpolate = (mode) => (spec, shape) => [
  `y = F.interpolate(x, scale_factor=(${shape.scale.join(", ")}), mode="${mode}"${mode === "bilinear" ? `, align_corners=${shape.alignCorners ? "True" : "False"}` : ""})`,
];

const CODE = {
  convolution, "depthwise-separable": convolution, transposed, "max-pool": maxPool, "average-pool": averagePool,
  "max-unpool": maxUnpool, "upsample-nearest": interpolate("nearest"), "upsample-bilinear": interpolate("bilinear"),
};

/** Python code with the numbers of `spec` (as for `evaluate`) in it; it prints the result. */
export function pytorchLine(spec) {
  const shape = settle(spec);
  const given = {...spec, bias: shape.bias ? spec.bias : null};
  const activation = ACTIVATION[spec.activation ?? "none"];
  return [
    "import torch", "import torch.nn.functional as F", "",
    `x = ${tensor(spec.input)}.unsqueeze(0)  # (1, ${shape.inputShape.join(", ")})`,
    ...CODE[spec.op](given, shape),
    ...(activation ? [`y = ${activation}`] : []),
    "print(y[0])", "",
  ].join("\n");
}
