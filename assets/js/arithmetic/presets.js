// Lecture examples: read from the file that the tests of both languages read, and made ready to play.

import {exactly} from "./decimal.js";
import {CAPS, costs, formula, settle} from "./geometry.js";

const ADDRESS = new URL("../../presets/worked_examples.json", import.meta.url);
const MATRICES = ["input", "weights", "bias", "remembered"];

/** Nested numbers as Decimals, every digit kept; objects keep their names, null stays. */
export function decimals(nested) {
  if (Array.isArray(nested)) return nested.map(decimals);
  if (nested === null || nested === undefined || typeof nested === "boolean") return nested;
  if (typeof nested === "object") return Object.fromEntries(Object.entries(nested).map(([name, value]) => [name, decimals(value)]));
  return exactly(nested);
}

/** A spec of plain numbers as `evaluate` wants it. */
export function toSpec(plain) {
  const entries = Object.entries(plain).map(([name, value]) => [name, MATRICES.includes(name) ? decimals(value) : value]);
  return Object.fromEntries(entries);
}

const grid = (rows, columns, value) => Array.from({length: rows}, (_, row) => Array.from({length: columns}, (__, column) => value(row, column)));
const list = (length, value) => Array.from({length}, (_, index) => value(index));

/** Whether a spec is small enough to show every digit. */
export function isSmall(spec) {
  const {channels, input, filters, kernel} = settle(spec);
  return Math.max(...input) <= CAPS.input && channels <= CAPS.channels && filters <= CAPS.filters && Math.max(...kernel) <= CAPS.kernel;
}

/** Digits for a spec that gives shapes only: small whole numbers, the same ones every time. */
export function withNumbers(spec) {
  const {channels, filters, groups, input, kernel} = settle(spec);
  const digits = list(channels, (channel) => grid(...input, (row, column) => (3 * row * row + 5 * column + row * column + 2 * channel) % 10));
  const weight = (filter, channel) => grid(...kernel, (row, column) => ((row + 2 * column + filter + channel) % 3) - 1);
  const weights = (many, each) => list(many, (filter) => list(each, (channel) => weight(filter, channel)));
  const {inputShape, filters: _, ...rest} = spec;
  const numbers = {...rest, input: digits};
  if (spec.op === "depthwise-separable") {
    numbers.weights = {depthwise: weights(channels, 1), pointwise: list(filters, (filter) => list(channels, (channel) => [[((filter + channel) % 3) - 1]]))};
  } else if (spec.op === "convolution" || spec.op === "transposed") numbers.weights = weights(filters, channels / groups);
  if (spec.bias === true) numbers.bias = list(filters, (filter) => filter % 2);
  return numbers;
}

/** What the workbench can step through: a spec of Decimals, or null for examples of shapes too large or other kinds. */
export function playable(preset) {
  if (!preset.spec || !isSmall(preset.spec)) return null;
  return toSpec(preset.spec.input ? preset.spec : withNumbers(preset.spec));
}

function denseRow({name, dense: {inputs, units, bias = true}}) {
  return {name, output: [units], parameters: inputs * units + (bias ? units : 0), multiplications: inputs * units, formula: null};
}

/** A chain of layers, one row each: {name, output, parameters, multiplications, formula: [rows, columns] or null}. */
export function chainRows(layers) {
  let shape = null;
  return layers.map((layer) => {
    if (layer.dense) return denseRow(layer);
    const spec = {...layer.spec, inputShape: layer.spec.inputShape ?? shape};
    shape = settle(spec).output;
    const {parameters, multiplications} = costs(spec);
    return {name: layer.name, output: shape, parameters, multiplications, formula: [0, 1].map((axis) => formula(spec, axis).text)};
  });
}

/** L1 distance, cell by cell: {differences, distance}. */
export function l1Distance(one, other) {
  const differences = one.map((line, row) => line.map((value, column) => Math.abs(value - other[row][column])));
  return {differences, distance: differences.flat().reduce((total, value) => total + value, 0)};
}

/** All presets in menu order. */
export async function loadPresets(address = ADDRESS) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`The examples could not be read (${answer.status}). Reload the page.`);
  return answer.json();
}
