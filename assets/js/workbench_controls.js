// The workbench's settings: each stops at its last legal value, those an operation lacks are not there.

import {limits, samePadding, settle} from "./arithmetic/geometry.js";
import {labelledSelect, make} from "./dom.js";
import {stepper} from "./workbench_stepper.js";

export const KINDS = {
  convolution: "Convolution",
  depthwise: "Depthwise convolution",
  pointwise: "Pointwise (1 × 1) convolution",
  "depthwise-separable": "Depthwise-separable",
  transposed: "Transposed convolution",
  "max-pool": "Max pooling",
  "average-pool": "Average pooling",
  "max-unpool": "Max unpooling",
  "upsample-nearest": "Upsampling, nearest",
  "upsample-bilinear": "Upsampling, bilinear",
};

export const ACTIVATIONS = {none: "none", relu: "ReLU", relu6: "ReLU6", "leaky-relu": "Leaky ReLU", sigmoid: "Sigmoid", tanh: "Tanh", gelu: "GELU", silu: "SiLU", hardswish: "Hardswish"};
const MODES = {zeros: "zeros", reflect: "reflect", replicate: "replicate", circular: "circular"};
const PADDINGS = {valid: "valid (none)", same: "same", custom: "own, per side"};
const VIEWS = {stamp: "stamp and add", "insert-zeros": "insert zeros, then convolve"};

/** Title of a group -> its steppers: control of `limits`, sign before it, words for screen readers. */
const GROUPS = [
  ["Input", [["inputHeight", "", "Input rows"], ["inputWidth", "×", "Input columns"], ["channels", "×", "Input channels"]]],
  ["Kernel", [["kernelHeight", "", "Kernel rows"], ["kernelWidth", "×", "Kernel columns"]]],
  ["Filters", [["filters", "", "Filters"]]],
  ["Stride", [["strideRows", "", "Stride down"], ["strideColumns", "×", "Stride across"]]],
  ["Dilation", [["dilationRows", "", "Dilation down"], ["dilationColumns", "×", "Dilation across"]]],
  ["Groups", [["groups", "", "Groups"]]],
  ["Output padding", [["outputPaddingRows", "", "Output padding, rows"], ["outputPaddingColumns", "×", "Output padding, columns"]]],
  ["Scale", [["scaleRows", "", "Scale down"], ["scaleColumns", "×", "Scale across"]]],
];
const SIDES = [["paddingTop", "top", "Padding, top"], ["paddingRight", "right", "Padding, right"], ["paddingBottom", "bottom", "Padding, bottom"], ["paddingLeft", "left", "Padding, left"]];

const isConvolution = (op) => ["convolution", "depthwise-separable", "transposed"].includes(op);
const sameNumbers = (one, other) => one.every((value, index) => value === other[index]);

/** The menu's entry that fits a spec: a convolution of one channel per group is called depthwise. */
export function kindOf(spec) {
  const {op, channels, groups, filters, kernel} = settle(spec);
  if (op !== "convolution") return op;
  if (groups > 1 && groups === channels && filters === channels) return "depthwise";
  return kernel[0] === 1 && kernel[1] === 1 ? "pointwise" : "convolution";
}

/** Which of valid, same and custom a padding is. */
export function paddingKind(spec) {
  const {padding} = settle(spec);
  if (padding.every((side) => side === 0)) return "valid";
  return sameNumbers(padding, samePadding(spec)) ? "same" : "custom";
}

/** Handlers: kind(name), control(name, value), set(patch). */
export class Controls {
  constructor(handlers) {
    this.handlers = handlers;
    this.steppers = {};
    this.groups = {};
    this.ownSides = false;
    this.element = make("div", {class: "vz-wb-controls", role: "group", "aria-label": "Settings"});
    this.build();
  }

  group(name, title, ...children) {
    const element = make("div", {class: "vz-wb-setting", role: "group", "aria-label": title, "data-setting": name},
      make("span", {class: "vz-wb-setting-name"}, title), make("span", {class: "vz-wb-setting-row"}, ...children));
    this.groups[name] = element;
    return element;
  }

  step([name, lead, label]) {
    this.steppers[name] = stepper({name, label, change: (value) => this.handlers.control(name, value)});
    return [lead ? make("span", {class: "vz-wb-times"}, lead) : null, this.steppers[name].element];
  }

  select(name, label, options, change) {
    const {element, select} = labelledSelect(label, options, {"data-control": name, onchange: () => change(select.value)});
    element.classList.add("vz-wb-setting");
    element.firstElementChild.className = "vz-wb-setting-name";
    this.groups[name] = element;
    this[name] = select;
    return element;
  }

  check(name, label, change) {
    this[name] = make("input", {type: "checkbox", "data-control": name, onchange: () => change(this[name].checked)});
    this.groups[name] = make("label", {class: "vz-wb-check"}, this[name], label);
    return this.groups[name];
  }

  build() {
    const {kind, set} = this.handlers;
    const numbers = GROUPS.map(([title, controls]) => this.group(title, title, ...controls.flatMap((control) => this.step(control)).filter(Boolean)));
    const sides = SIDES.flatMap(([name, word, label]) => [make("span", {class: "vz-wb-side"}, word), ...this.step([name, "", label])]).filter(Boolean);
    this.element.append(
      this.select("kind", "Operation", KINDS, kind),
      ...numbers.slice(0, 4),
      this.select("paddingKind", "Padding", PADDINGS, (value) => {
        this.ownSides = value === "custom";
        if (this.ownSides) this.show(this.spec);
        else set({padding: value === "same" ? samePadding(this.spec) : [0, 0, 0, 0]});
      }),
      this.group("sides", "Padding per side", ...sides),
      this.select("paddingMode", "Padded with", MODES, (paddingMode) => set({paddingMode})),
      ...numbers.slice(4),
      this.select("activation", "Activation", ACTIVATIONS, (activation) => set({activation})),
      this.select("view", "Seen as", VIEWS, (view) => set({view})),
      make("div", {class: "vz-wb-checks"},
        this.check("bias", "bias", (bias) => set({bias})),
        this.check("ceil", "round sizes up", (ceil) => set({ceil})),
        this.check("countPadding", "count padding", (countPadding) => set({countPadding})),
        this.check("alignCorners", "align corners", (alignCorners) => set({alignCorners}))),
    );
  }

  /** `allowed(patch)` says whether the spec stays legal with it; what it refuses cannot be chosen. */
  show(spec, allowed = this.allowed) {
    Object.assign(this, {spec, allowed});
    const shape = settle(spec);
    const range = limits(spec);
    for (const [name, control] of Object.entries(this.steppers)) if (range[name]) control.show(range[name]);
    for (const [title, controls] of GROUPS) this.groups[title].hidden = !controls.some(([name]) => range[name]);
    this.showPadding(spec, shape, range);
    this.kind.value = kindOf(spec);
    this.activation.value = shape.activation;
    this.view.value = shape.view;
    const pool = shape.op.endsWith("-pool");
    const shown = {activation: isConvolution(shape.op), view: shape.op === "transposed", bias: isConvolution(shape.op), ceil: pool,
      countPadding: shape.op === "average-pool", alignCorners: shape.op === "upsample-bilinear"};
    for (const [name, visible] of Object.entries(shown)) this.groups[name].hidden = !visible;
    for (const name of ["bias", "ceil", "countPadding", "alignCorners"]) {
      this[name].checked = shape[name];
      this[name].disabled = shown[name] && !allowed({[name]: !shape[name]});
    }
  }

  showPadding(spec, shape, range) {
    const kind = paddingKind(spec);
    if (kind === "custom") this.ownSides = true;
    const pads = Boolean(range.paddingTop);
    this.groups.paddingKind.hidden = !pads;
    this.groups.sides.hidden = !pads || !this.ownSides;
    this.groups.paddingMode.hidden = !["convolution", "depthwise-separable"].includes(shape.op);
    this.paddingKind.value = this.ownSides ? "custom" : kind;
    this.paddingMode.value = shape.paddingMode;
    if (!pads) return;
    for (const option of this.paddingKind.options) {
      if (option.value === "valid") option.disabled = !this.allowed({padding: [0, 0, 0, 0]});
      if (option.value === "same") option.disabled = shape.op === "transposed" || !this.allowed({padding: samePadding(spec)});
    }
    for (const option of this.paddingMode.options) option.disabled = !this.allowed({paddingMode: option.value});
  }
}
