// The workbench as one word of an address: a preset's id, or a spec section by section, and the cell.
// `convolution*i:7,2/4,5*w:1,0/0,-1*s:2,2*at:0,1,2`: `*` between sections, `_` between matrices, `/` rows, `,` cells.

const OPERATIONS = ["convolution", "transposed", "max-pool", "average-pool", "max-unpool", "upsample-nearest", "upsample-bilinear", "depthwise-separable"];
const MODES = ["zeros", "reflect", "replicate", "circular"];
const VIEWS = ["stamp", "insert-zeros"];
const ACTIVATIONS = ["none", "relu", "relu6", "sigmoid", "tanh", "gelu", "silu", "hardswish", "leaky-relu"];
const LIMITS = {length: 6000, sections: 20, cells: 1200};

const plain = (value) => value.replaceAll("−", "-");

const wholes = (least, most, count) => (text) => {
  const parts = text.split(",");
  if (parts.length !== count || !parts.every((part) => /^\d{1,3}$/.test(part))) return undefined;
  const numbers = parts.map(Number);
  return numbers.every((number) => number >= least && number <= most) ? numbers : undefined;
};
const word = (known) => (text) => (known.includes(text) ? text : undefined);

/** Plain sections: key in the address, key of the spec, reader, value that may be left out. */
const SECTIONS = [
  ["s", "stride", wholes(1, 99, 2), null],
  ["p", "padding", wholes(0, 99, 4), "0,0,0,0"],
  ["m", "paddingMode", word(MODES), "zeros"],
  ["d", "dilation", wholes(1, 99, 2), "1,1"],
  ["k", "kernel", wholes(1, 99, 2), null],
  ["o", "outputPadding", wholes(0, 99, 2), "0,0"],
  ["x", "scale", wholes(1, 99, 2), null],
  ["a", "activation", word(ACTIVATIONS), "none"],
  ["v", "view", word(VIEWS), null],
];
const NUMBERS = [["g", "groups", 1], ["e", "divisor", 1]];
/** Word in the address -> [key of the spec, value it sets]. */
const SWITCHES = {ceil: ["ceil", true], inside: ["countPadding", false], corners: ["alignCorners", true]};
const MATRICES = [["i", "input"], ["w", "weights"], ["q", "pointwise"], ["n", "indices"], ["r", "remembered"]];

/** Matrices as text: `1,2/3,4_5,6/7,8`. */
export function formatMatrices(matrices, toText) {
  return matrices.map((matrix) => matrix.map((row) => row.map((value) => plain(toText(value))).join(",")).join("/")).join("_");
}

/** Matrices of one size, or a sentence. `read(text)` answers {ok, value} or {ok: false, message}. */
export function parseMatrices(text, read) {
  const matrices = [];
  for (const part of text.split("_")) {
    const rows = part.split("/").map((row) => row.split(","));
    if (rows.some((row) => row.length !== rows[0].length)) return {ok: false, message: "its rows differ in length"};
    const cells = rows.map((row) => row.map((cell) => read(cell)));
    const bad = cells.flat().find((cell) => !cell.ok);
    if (bad) return {ok: false, message: bad.message};
    matrices.push(cells.map((row) => row.map((cell) => cell.value)));
  }
  const size = (matrix) => `${matrix.length}x${matrix[0].length}`;
  if (matrices.some((matrix) => size(matrix) !== size(matrices[0]))) return {ok: false, message: "its matrices differ in size"};
  if (matrices.flat(2).length > LIMITS.cells) return {ok: false, message: `it has more than ${LIMITS.cells} cells`};
  return {ok: true, value: matrices};
}

/** The kernels of all filters as one list of matrices. */
const flatKernels = (weights) => weights.flat();

/** A spec, or a preset's id, and the cell as one word. */
export function formatBench({preset, spec, at}, toText) {
  const sections = preset ? [preset] : specSections(spec, toText);
  if (at && at.some((part) => part > 0)) sections.push(`at:${at.join(",")}`);
  return sections.join("*");
}

function specSections(spec, toText) {
  const sections = [spec.op];
  for (const [key, name] of MATRICES) {
    const value = name === "pointwise" ? spec.weights?.pointwise : name === "weights" ? spec.weights?.depthwise ?? spec.weights : spec[name];
    if (!value) continue;
    const matrices = name === "weights" || name === "pointwise" ? flatKernels(value) : value;
    sections.push(`${key}:${formatMatrices(matrices, name === "indices" ? String : toText)}`);
  }
  if (spec.bias) sections.push(`b:${spec.bias.map((value) => plain(toText(value))).join(",")}`);
  for (const [key, name, , usual] of SECTIONS) {
    if (spec[name] === undefined || spec[name] === null) continue;
    const text = String(spec[name]);
    if (text !== usual) sections.push(`${key}:${text}`);
  }
  for (const [key, name, usual] of NUMBERS) if (spec[name] !== undefined && spec[name] !== usual) sections.push(`${key}:${spec[name]}`);
  for (const [name, [key, value]] of Object.entries(SWITCHES)) if (spec[key] === value) sections.push(name);
  return sections;
}

const refuse = (message) => ({ok: false, message: `The link's workbench could not be read: ${message.replace(/\.$/, "")}. The usual example is shown instead.`});

/**
 * Read one word of an address: {ok, preset, at} or {ok, spec, at} or {ok: false, message}.
 * `presets` lists the ids there are; `read(text)` reads one decimal.
 */
export function parseBench(text, {presets, read}) {
  if (text.length > LIMITS.length) return refuse(`it is ${text.length} characters long, at most ${LIMITS.length} are read`);
  const [head, ...sections] = text.split("*");
  if (sections.length > LIMITS.sections) return refuse("it has too many sections");
  const known = presets.includes(head) && sections.every((section) => section.startsWith("at:")); // an example may be named as an operation
  if (!known && !OPERATIONS.includes(head)) return refuse(`there is no preset or operation “${head.slice(0, 40)}”`);
  const spec = {op: head};
  let at = null;
  for (const section of sections) {
    const answer = readSection(section, spec, read);
    if (answer.message) return refuse(answer.message);
    at = answer.at ?? at;
  }
  if (known) return {ok: true, preset: head, at};
  if (!spec.input) return refuse("it has no input");
  const problem = nestKernels(spec);
  return problem ? refuse(problem) : {ok: true, spec: withUsual(spec), at};
}

function readSection(section, spec, read) {
  if (Object.hasOwn(SWITCHES, section)) {
    const [name, value] = SWITCHES[section];
    spec[name] = value;
    return {};
  }
  const [, key, text] = /^([a-z]{1,2}):(.*)$/.exec(section) ?? [];
  const shown = `“${section.slice(0, 24)}”`;
  if (key === "at") {
    const at = wholes(0, 999, 3)(text);
    return at ? {at} : {message: `${shown} names no cell`};
  }
  const matrices = MATRICES.find(([letter]) => letter === key);
  if (matrices) {
    const answer = parseMatrices(text, key === "n" ? readIndex : read);
    if (answer.ok) spec[matrices[1]] = answer.value;
    return answer.ok ? {} : {message: `${shown}: ${answer.message}`};
  }
  if (key === "b") return readBias(text, spec, read, shown);
  return readPlain(key, text, spec, shown);
}

function readBias(text, spec, read, shown) {
  const cells = text.split(",").map(read);
  const bad = cells.find((cell) => !cell.ok);
  if (bad) return {message: `${shown}: ${bad.message}`};
  spec.bias = cells.map((cell) => cell.value);
  return {};
}

function readPlain(key, text, spec, shown) {
  const number = NUMBERS.find(([letter]) => letter === key);
  const section = SECTIONS.find(([letter]) => letter === key);
  const value = number ? wholes(1, 999, 1)(text)?.[0] : section?.[2](text);
  if (value === undefined) return {message: `${shown} is not understood`};
  spec[(number ?? section)[1]] = value;
  return {};
}

function readIndex(text) {
  return /^\d{1,4}$/.test(text) ? {ok: true, value: Number(text)} : {ok: false, message: `“${text.slice(0, 12)}” is no place`};
}

/** Lists of kernels become filters of kernels; answers what does not fit. */
function nestKernels(spec) {
  const channels = spec.input.length;
  const nest = (matrices, perFilter) => {
    const filters = [];
    for (let at = 0; at < matrices.length; at += perFilter) filters.push(matrices.slice(at, at + perFilter));
    return filters;
  };
  const groups = spec.groups ?? 1;
  if (channels % groups) return `${channels} channels do not divide into ${groups} groups`;
  if (spec.weights) {
    const {op} = spec;
    const perFilter = op === "depthwise-separable" ? 1 : channels / groups;
    if (!Number.isInteger(perFilter) || spec.weights.length % perFilter) return `${spec.weights.length} kernels do not divide among ${channels} channels`;
    spec.weights = nest(spec.weights, perFilter);
  }
  if (spec.pointwise) {
    if (spec.pointwise.length % channels) return `${spec.pointwise.length} pointwise weights do not divide among ${channels} channels`;
    spec.weights = {depthwise: spec.weights, pointwise: nest(spec.pointwise, channels)};
    delete spec.pointwise;
  }
  return null;
}

function withUsual(spec) {
  return {padding: [0, 0, 0, 0], paddingMode: "zeros", dilation: [1, 1], groups: 1, activation: "none", bias: null, ...spec};
}
