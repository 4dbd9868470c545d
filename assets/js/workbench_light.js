// Which cells belong together: pointing at an input cell, a weight or an output cell lights the others and says why.

import {toText} from "./arithmetic/decimal.js";
import {channelByChannel, costs} from "./arithmetic/geometry.js";
import {bracketed} from "./equation_text.js";
import {grouped} from "./workbench_facts.js";

const cellsOf = (list) => list.map(({row, column}) => [row, column]);
const plural = (count, word) => `${grouped(count)} ${word}${count === 1 ? "" : "s"}`;
const where = ({row, column}) => `(${row}, ${column})`;

/** Windows of an output cell in padded positions, by input channel. */
function readBy(result, {filter, row, column}) {
  const {channels} = result.stages ? {channels: result.terms(filter, row, column).channels.map(({channel}) => result.stages[0].terms(channel, row, column).channels[0])} : result.terms(filter, row, column);
  return Object.fromEntries(channels.map(({channel, cells}) => [channel, cellsOf(cells)]));
}

/** In the stamping view, an output cell's overlaps: `1·3 + 2·1`. */
function overlaps({result, place}, row, column) {
  const products = result.terms(place.filter, row, column).channels.flatMap(({cells}) => cells).map(({input, weight}) => `${bracketed(toText(input))}·${bracketed(toText(weight))}`);
  return products.length ? ` overlaps add up: ${products.join(" + ")}` : " no stamp reaches it";
}

function fromOutput({result, spec, place, hidden, stamping}, {row, column}) {
  const {filter} = place;
  const input = readBy(result, {filter, row, column});
  const cells = Object.values(input).reduce((count, list) => count + list.length, 0);
  const sign = result.isExact(filter, row, column) ? "=" : "≈";
  const value = hidden(row, column) ? "= ?" : `${sign} ${toText(result.outputs[filter][row][column])}`;
  const verb = spec.op === "max-unpool" || spec.op.startsWith("upsample") ? "comes from" : "reads";
  if (stamping) return {sets: {input, output: [[row, column]]}, text: `Output ${where({row, column})} ${value}:${overlaps({result, place}, row, column)}.`};
  return {sets: {input, ghost: input, output: [[row, column]]}, text: `Output ${where({row, column})} ${value} ${verb} ${plural(cells, "cell")}.`};
}

function fromInput({result, place, shape}, {channel, row, column}, inputs) {
  const {source, text} = inputs[channel][row][column];
  if (!source) return {sets: {input: {[channel]: [[row, column]]}}, text: "Padding: not part of the input."};
  const all = result.readers(channel, source.row, source.column);
  const own = all.filter((cell) => cell.channel === place.filter);
  const filters = channelByChannel(shape.op) || shape.filters === 1 ? "" : ` in this output channel, ${grouped(all.length)} in all`;
  const fed = all.length ? `feeds ${plural(own.length, "output cell")}${filters}` : "is never read";
  const repeated = inputs[channel].flatMap((line, r) => line.map((_, c) => [r, c])).filter(([r, c]) => result.sources[0][r] === source.row && result.sources[1][c] === source.column);
  return {sets: {input: {[channel]: repeated}, output: cellsOf(own)}, text: `Input ${where(source)} = ${text} ${fed}.`};
}

/** Padded places that show an input cell. */
const shownAt = (result, {row, column}) => [result.sources[0].indexOf(row), result.sources[1].indexOf(column)];

function fromWeight({result, spec, place}, {channel, row, column}, kernels) {
  const weight = kernels[channel]?.[row]?.[column];
  if (!weight) return {sets: {}, text: ""};
  const stage = result.stages?.[0] ?? result;
  const uses = stage.uses(result.stages ? channel : place.filter, channel, weight.row, weight.column);
  const input = uses.map((use) => (use.padded ? [use.padded.row, use.padded.column] : shownAt(result, use.input)));
  const {dense, parameters} = costs(spec);
  return {
    sets: {kernel: {[channel]: [[row, column]]}, input: {[channel]: input}, output: cellsOf(uses.map((use) => use.output)), products: {[channel]: [[row, column]]}},
    text: `The weight ${weight.text} is used at ${plural(uses.length, "place")}: one number, shared. This layer has ${plural(parameters, "parameter")}; a fully connected one would have ${grouped(dense.parameters)}.`,
  };
}

function fromProduct(arithmetic, {channel, row, column}) {
  const window = arithmetic.windows.find((each) => each.channel === channel);
  const cell = window?.grid[row]?.[column];
  if (!cell) return {sets: {}, text: ""};
  const input = window.patch ? [[cell.row, cell.column]] : window.read;
  const kernel = window.kernel ? {[channel]: [[row, column]]} : {};
  const output = window.patch || cell.row === null ? [] : [[cell.row, cell.column]];
  const cut = !window.patch && cell.row === null ? "Cut off by the padding." : "";
  return {sets: {input: {[channel]: input}, kernel, products: {[channel]: [[row, column]]}, output}, text: cut};
}

/** Cells to light and a sentence, for a place {kind, channel, row, column}. */
export function lightOf(context, place, {inputs, kernels, arithmetic}) {
  if (place.kind === "output") return fromOutput(context, place);
  if (place.kind === "input") return fromInput(context, place, inputs);
  if (place.kind === "kernel") return fromWeight(context, place, kernels);
  if (place.kind === "products") return fromProduct(arithmetic, place);
  return {sets: {}, text: ""};
}
