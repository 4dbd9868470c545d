// What the workbench shows: a spec and its result as texts, tints and places. No page in here.

import {toNumber, toText} from "./arithmetic/decimal.js";
import {channelByChannel, isPool, neverRead, settle} from "./arithmetic/geometry.js";

const BLANK = {max: "−∞", none: ""};
const COLOURS = ["R", "G", "B"];

const range = (length) => Array.from({length}, (_, index) => index);

/** "R", "G", "B" for a picture's three channels, numbers otherwise, nothing for a single one. */
export function channelName(channel, channels, coloured = false) {
  if (channels === 1) return "";
  return coloured && channels === 3 ? COLOURS[channel] : String(channel);
}

/** Steps of a spec: every output cell filter by filter; when stamping, every input cell of every channel read. */
export function stepsOf(shape) {
  const [filters, rows, columns] = shape.output;
  if (!isStamping(shape)) return {count: filters * rows * columns, perFilter: rows * columns, rows, columns};
  const [height, width] = shape.input;
  const perFilter = (shape.channels / shape.groups) * height * width;
  return {count: filters * perFilter, perFilter, rows: height, columns: width};
}

export const isStamping = (shape) => shape.op === "transposed" && shape.view === "stamp";

/** The place that a step writes: {filter, channel (when stamping), row, column, index in the filter}. */
export function placeOf(shape, step) {
  const {perFilter, rows, columns} = stepsOf(shape);
  const [filter, index] = [Math.floor(step / perFilter), step % perFilter];
  const nth = Math.floor(index / (rows * columns));
  const cell = index % (rows * columns);
  const first = Math.floor(filter / (shape.filters / shape.groups)) * (shape.channels / shape.groups);
  return {filter, channel: isStamping(shape) ? first + nth : null, row: Math.floor(cell / columns), column: cell % columns, index};
}

/** The step at which an output cell (when stamping: an input cell) is written. */
export function stepOfPlace(shape, {filter, channel, row, column}) {
  const {perFilter, rows, columns} = stepsOf(shape);
  const first = Math.floor(filter / (shape.filters / shape.groups)) * (shape.channels / shape.groups);
  const nth = isStamping(shape) ? channel - first : 0;
  return filter * perFilter + nth * rows * columns + row * columns + column;
}

/** A step's place in words. */
export function placeText(shape, {filter, channel, row, column}) {
  const parts = [`${isStamping(shape) ? "input row" : "row"} ${row}, column ${column}`];
  if (shape.filters > 1) parts.push(`output ${filter}`);
  if (channel !== null && shape.channels > 1) parts.push(`channel ${channel}`);
  return parts.join(", ");
}

/** How far a number lies from 0, −1 to 1, against the largest of its matrices. */
function signedTint(numbers) {
  const most = Math.max(...numbers.map(Math.abs), 0);
  return (number) => (most > 0 ? number / most : 0);
}

/** Inputs: signed ones around 0, others between the smallest and the largest. */
function inputTint(numbers) {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  if (low < 0) return signedTint(numbers);
  return (number) => (high > low ? (number - low) / (high - low) : 0);
}

/** The padded input of every channel: rows of {text, tint, className, label, source}. */
export function inputRows(spec, result) {
  const tint = inputTint(spec.input.flat(2).map(toNumber));
  const unread = neverRead(spec);
  const [skippedRows, skippedColumns] = [unread.rows, unread.columns].map((list) => new Set(list));
  const [rowSources, columnSources] = result.sources;
  const stuffed = spec.op === "transposed";
  const blank = isPool(spec.op) && spec.op === "max-pool" ? BLANK.max : BLANK.none;
  const {shape} = result;
  const inside = (source, pads, size, at) => source >= 0 && at >= pads && at < pads + size;
  return result.padded.map((matrix, channel) => matrix.map((line, row) => line.map((value, column) => {
    const [r, c] = [rowSources[row], columnSources[column]];
    const own = stuffed ? r >= 0 && c >= 0 : inside(r, shape.padding[0], shape.input[0], row) && inside(c, shape.padding[3], shape.input[1], column);
    const usual = own || ["max-unpool", "upsample-nearest", "upsample-bilinear"].includes(spec.op);
    const skipped = usual && (skippedRows.has(r) || skippedColumns.has(c));
    const text = value === null ? blank : toText(value);
    const kind = usual ? "" : stuffed ? "vz-wb-padded vz-wb-zero" : "vz-wb-padded";
    return {
      text,
      tint: usual && value !== null ? tint(toNumber(value)) : 0,
      className: [kind, skipped ? "vz-wb-unread" : ""].filter(Boolean).join(" "),
      source: usual ? {channel, row: r, column: c} : null,
      label: cellLabel(usual, {channel, r, c, row, column, text, skipped, channels: shape.channels}),
    };
  })));
}

function cellLabel(own, {channel, r, c, row, column, text, skipped, channels}) {
  const where = channels > 1 ? `channel ${channel}, ` : "";
  if (!own) return `padding, ${where}padded row ${row}, column ${column}: ${text || "nothing"}`;
  return `input ${where}row ${r}, column ${c}: ${text}${skipped ? ", never read" : ""}`;
}

/** Where the input itself lies within the padded one: {row, column, rows, columns}, null without padding. */
export function inputPlace(result) {
  const {shape} = result;
  const [top, right, bottom, left] = shape.padding;
  if (shape.op === "transposed" || !(top + right + bottom + left)) return null;
  return {row: top, column: left, rows: shape.input[0], columns: shape.input[1]};
}

/** Kernels as texts and tints: of one filter, by input channel (null where a group leaves it out). */
export function kernelRows(spec, shape, filter) {
  if (channelByChannel(spec.op)) return range(shape.channels).map(() => null);
  const all = spec.weights.depthwise ?? spec.weights;
  const tint = signedTint(all.flat(3).map(toNumber));
  const flipped = spec.op === "transposed" && shape.view === "insert-zeros";
  const perGroup = shape.channels / shape.groups;
  const first = Math.floor(filter / (shape.filters / shape.groups)) * perGroup;
  return range(shape.channels).map((channel) => {
    const separable = spec.op === "depthwise-separable";
    const inner = separable ? 0 : channel - first;
    const kernel = separable ? all[channel][0] : all[filter][inner];
    if (inner < 0 || !kernel) return null;
    const place = (row, column) => (separable ? {matrix: "depthwise", at: [channel, 0, row, column]} : {matrix: "weights", at: [filter, inner, row, column]});
    const rows = kernel.map((line, row) => line.map((value, column) => {
      const text = toText(value);
      return {text, tint: tint(toNumber(value)), className: "", label: `weight row ${row}, column ${column}: ${text}`, place: place(row, column), channel, row, column};
    }));
    return flipped ? rows.map((line) => [...line].reverse()).reverse() : rows;
  });
}

const tints = new WeakMap(); // every step asks anew

function outputTint(result) {
  if (!tints.has(result)) tints.set(result, signedTint(result.outputs.flat(2).map(toNumber)));
  return tints.get(result);
}

/** The output of one filter; `written` cells are solid, later ones faint, hidden ones a question mark. */
export function outputRows(result, filter, {written, hidden, values = result.outputs[filter], exact = true}) {
  const tint = outputTint(result);
  const [, , columns] = result.shape.output;
  return values.map((line, row) => line.map((value, column) => {
    const index = row * columns + column;
    const secret = hidden(index);
    const text = secret ? "?" : toText(value);
    const rounded = !secret && exact && !result.isExact(filter, row, column);
    return {
      text, tint: secret || !written(index) ? 0 : tint(toNumber(value)),
      className: [secret ? "vz-wb-secret" : "", written(index) ? "" : "vz-wb-later", rounded ? "vz-wb-rounded" : ""].filter(Boolean).join(" "),
      label: `output${result.shape.filters > 1 ? ` channel ${filter},` : ""} row ${row}, column ${column}: ${secret ? "hidden" : text}`,
    };
  }));
}

/** The longest text that products can have: enough to keep cells one width while playing. */
export function productWidth(spec) {
  const weights = spec.weights?.depthwise ?? spec.weights;
  if (!weights) return 1;
  const [inputs, factors] = [spec.input.flat(2), weights.flat(3)];
  const most = (values) => Math.max(...values.map((value) => Math.abs(toNumber(value))), 0);
  const places = (values) => Math.max(...values.map((value) => value.places), 0);
  const digits = String(Math.floor(most(inputs) * most(factors))).length;
  const fraction = places(inputs) + places(factors);
  const negative = [...inputs, ...factors].some(({units}) => units < 0n);
  return digits + (fraction ? fraction + 1 : 0) + (negative ? 1 : 0);
}

export const widest = (rows) => Math.max(1, ...rows.flat().map(({text}) => text.length));

/** Facts of a settled spec that decide how the figure is arranged. */
export function arrangement(spec) {
  const shape = settle(spec);
  return {
    shape,
    weighted: !channelByChannel(spec.op),
    stamping: isStamping(shape),
    separable: spec.op === "depthwise-separable",
    pooling: isPool(spec.op),
    mixing: spec.op === "upsample-bilinear", // weights that follow from the place
  };
}
