// A pipeline as a list of steps, and its text: `hflip;rotate(degrees=15,p=0.5)`; `-` before a step switches it off.

const SYNTAX = /^(-?)([a-z_]+)(?:\(([^()]*)\))?$/;

/** A step with the menu's defaults: `{id, values, probability, on}`. */
export function fresh(record) {
  return {id: record.id, values: Object.fromEntries(record.parameters.map(({name, default: usual}) => [name, usual])), probability: record.chance, on: true};
}

/** The list with the step at `from` moved to `to`. */
export function moved(steps, from, to) {
  const rest = steps.filter((_, at) => at !== from);
  return [...rest.slice(0, to), steps[from], ...rest.slice(to)];
}

/** The menu's transforms by group, in the menu's order: `[{group, transforms}]`. */
export function grouped(transforms) {
  const groups = new Map();
  for (const transform of transforms) groups.set(transform.group, [...(groups.get(transform.group) ?? []), transform]);
  return [...groups].map(([group, members]) => ({group, transforms: members}));
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function word(value) {
  if (Array.isArray(value)) return value.map(word).join("..");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
}

function stepText(step, record) {
  const settings = record.parameters.filter(({name, default: usual}) => !same(step.values[name], usual)).map(({name}) => `${name}=${word(step.values[name])}`);
  if (step.probability !== record.chance) settings.push(`p=${word(step.probability)}`);
  return `${step.on ? "" : "-"}${step.id}${settings.length ? `(${settings.join(",")})` : ""}`;
}

export const recordOf = (menu, id) => menu.transforms.find((transform) => transform.id === id);

/** The text of a pipeline; settings that have the menu's default are left out. */
export const formatPipeline = (steps, menu) => steps.map((step) => stepText(step, recordOf(menu, step.id))).join(";");

function number(parameter, text) {
  const value = Number(text);
  const whole = parameter.kind === "whole" || (parameter.kind === "range" && parameter.whole);
  if (text.trim() === "" || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
    throw new RangeError(`${parameter.name} is “${text}”; it needs a ${whole ? "whole " : ""}number.`);
  }
  if (value < parameter.minimum || value > parameter.maximum) {
    throw new RangeError(`${parameter.name} is ${value}; choose ${parameter.minimum} to ${parameter.maximum}.`);
  }
  return value;
}

function valueOf(parameter, text) {
  if (parameter.kind === "choice") {
    if (!parameter.choices.includes(text)) throw new RangeError(`${parameter.name} is “${text}”; choose one of ${parameter.choices.join(", ")}.`);
    return text;
  }
  if (parameter.kind === "flag") return text === "yes";
  const parts = text.split("..");
  if (parts.length !== (parameter.kind === "range" ? 2 : 1)) throw new RangeError(`${parameter.name} is “${text}”; it needs ${parameter.kind === "range" ? "two numbers: a..b" : "one number"}.`);
  const values = parts.map((part) => number(parameter, part));
  if (values.length === 1) return values[0];
  if (values[0] > values[1]) throw new RangeError(`${parameter.name} runs from ${values[0]} down to ${values[1]}; swap them.`);
  return values;
}

const CHANCE = {name: "p", kind: "number", minimum: 0, maximum: 1};

function stepOf(piece, menu) {
  const found = SYNTAX.exec(piece);
  const record = found && recordOf(menu, found[2]);
  if (!record) throw new RangeError(`The link's step “${piece.slice(0, 60)}” is not in the menu.`);
  const step = {...fresh(record), on: found[1] === ""};
  for (const setting of (found[3] ?? "").split(",").map((part) => part.trim()).filter(Boolean)) {
    const [name, text] = setting.split("=").map((part) => part.trim());
    const parameter = record.parameters.find((known) => known.name === name);
    if (text === undefined || (!parameter && name !== "p")) throw new RangeError(`${record.id} has no setting “${setting}”.`);
    if (parameter) step.values = {...step.values, [name]: valueOf(parameter, text)};
    else step.probability = valueOf(CHANCE, text);
  }
  return step;
}

/** The steps of a text; a RangeError says what cannot be read. */
export function parsePipeline(text, menu) {
  return text.split(";").map((piece) => piece.trim()).filter(Boolean).map((piece) => stepOf(piece, menu));
}

/** A setting as a reader says it: "15°", "0.35 to 1", "± 0.4". */
export function valueText({unit = "", step = 0.01}, value) {
  const places = Math.min(3, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  const text = (one) => `${Number(one.toFixed(places))}`.replace("-", "−");
  const tail = unit === "px" ? " px" : unit;
  return Array.isArray(value) ? `${value.map(text).join(" – ")}${tail}` : `${text(value)}${tail}`;
}
