// The arithmetic of one step as grids and lines of text, every digit as it is.

import {multiply, toText} from "./arithmetic/decimal.js";
import {ACTIVATIONS} from "./arithmetic/operations.js";
import {bracketed, joined} from "./equation_text.js";
import {channelName} from "./workbench_scene.js";

const UNKNOWN = "?";
const piece = (text, kind = "sign") => ({text, kind});

/** Cells of a window as a grid by weight row and column; cells a window lacks are empty. */
function gridOf(cells, [rows, columns], flipped) {
  const grid = Array.from({length: rows}, () => Array(columns).fill(null));
  for (const cell of cells) {
    const row = flipped ? rows - 1 - cell.weightRow : cell.weightRow;
    const column = flipped ? columns - 1 - cell.weightColumn : cell.weightColumn;
    grid[row][column] = cell;
  }
  return grid;
}

/** Cells without a place in a kernel (bilinear): rows and columns as they lie in the input. */
function looseGrid(cells) {
  const rows = [...new Set(cells.map(({row}) => row))];
  return rows.map((row) => cells.filter((cell) => cell.row === row));
}

const boxes = (grid, text, tint = () => 0) => grid.map((line) => line.map((cell) =>
  (cell === null ? {text: "", tint: 0, className: "vz-wb-none"} : {text: text(cell), tint: tint(cell), className: cell.inputRow === null ? "vz-wb-from-padding" : ""})));

const inputText = (cell) => (cell.input === null ? "−∞" : toText(cell.input));
const productText = (cell) => (cell.product === null ? "−∞" : toText(cell.product));

/** One channel's window: texts of inputs, weights and products, the sum, and which padded cells were read. */
function windowOf(terms, {channel, cells, sum}, shape, channels) {
  const loose = cells.length > 0 && cells[0].weightRow === null;
  const flipped = shape.op === "transposed";
  const grid = loose ? looseGrid(cells) : gridOf(cells, shape.kernel, flipped);
  const winner = (cell) => terms.winner !== undefined && cell.row === terms.winner?.row && cell.column === terms.winner?.column;
  const mark = (rows) => rows.map((line, row) => line.map((box, column) => ({...box, winner: grid[row][column] && winner(grid[row][column])})));
  return {
    channel,
    cells,
    read: cells.map(({row, column}) => [row, column]),
    grid,
    patch: mark(boxes(grid, inputText)),
    kernel: cells[0]?.weight ? boxes(grid, ({weight}) => toText(weight)) : null,
    products: mark(boxes(grid, productText)),
    sumText: toText(sum),
    name: channelName(channel, channels, true),
  };
}

/** `4·1 + 9·0 + … = 2`: one channel's terms. */
function sumLine({cells, sumText, name}, {hidden, alone, result = "sum"}) {
  const terms = cells.map((cell, index) => {
    const text = cell.weight ? `${bracketed(toText(cell.input))}·${bracketed(toText(cell.weight))}` : bracketed(toText(cell.input));
    return piece(index ? `+ ${text}` : text, "term");
  });
  const lead = alone ? [] : [piece(`channel ${name}:`, "lead")];
  return [...lead, ...terms, piece("="), piece(hidden ? UNKNOWN : sumText, result)];
}

function lineOf(terms, window, shape, options) {
  const {cells} = window;
  if (terms.combine === "max") {
    const inputs = cells.map((cell, index) => piece(`${index ? "" : "max("}${inputText(cell)}${index < cells.length - 1 ? "," : ")"}`, "term"));
    return [...inputs, piece("="), piece(options.hidden ? UNKNOWN : window.sumText, "result")];
  }
  if (terms.combine === "copy") {
    if (!cells.length) return [piece("no maximum came from here, so it is"), piece(options.hidden ? UNKNOWN : "0", "result")];
    return [piece(`copied from row ${cells[0].row}, column ${cells[0].column}:`, "lead"), piece(options.hidden ? UNKNOWN : window.sumText, "result")];
  }
  return sumLine(window, options);
}

/** Channels, divisor, bias, activation, result: `158 + (−14) + 653 + 1 = 798 → max(0, 798) = 798`. */
function chainOf(terms, windows, hidden) {
  const known = (text) => (hidden ? UNKNOWN : text);
  const sums = windows.map(({valueText, sumText}) => valueText ?? sumText);
  const several = sums.length > 1;
  const divided = terms.divisor !== 1;
  const active = terms.activation !== "none";
  if (!several && !divided && !terms.bias && !active) return [];
  const line = sums.map((text, index) => piece(`${several && divided && !index ? "(" : ""}${index ? joined(known(text)) : known(text)}${several && divided && index === sums.length - 1 ? ")" : ""}`, "sum"));
  if (divided) line.push(piece(`÷ ${terms.divisor}`, "rest"));
  if (divided && terms.bias) line.push(piece(terms.exact ? "=" : "≈"), piece(known(toText(terms.quotient)), "sum"), piece("→"), piece(known(toText(terms.quotient)), "sum"));
  if (terms.bias) line.push(piece(`${joined(toText(terms.bias))}\u00a0(bias)`, "bias"));
  const counted = several || divided || terms.bias;
  if (counted) {
    const rounded = divided && !terms.bias && !terms.exact;
    line.push(piece(rounded ? "≈" : "="), piece(known(toText(terms.total)), active ? "total" : "result"));
  }
  if (!active) return line;
  const name = ACTIVATIONS[terms.activation].title;
  const applied = hidden ? `${name}(${UNKNOWN})` : `${name}: ${terms.activationText}`;
  const lead = counted ? [...line, piece("→")] : [];
  return [...lead, piece(applied, "activation"), piece(terms.activationExact ? "=" : "≈"), piece(known(resultText(terms)), "result")];
}

const resultText = (terms) => toText(terms.activated);

/** A separable cell: depthwise windows, each sum times its pointwise weight. */
function separableWindows(result, terms, {row, column}) {
  const [depth] = result.stages;
  return terms.channels.map(({channel, cells: [point]}) => {
    const middle = depth.terms(channel, row, column);
    const window = windowOf(middle, middle.channels[0], depth.shape, depth.shape.channels);
    return {...window, name: channelName(channel, depth.shape.channels, true), factorText: toText(point.weight), valueText: toText(point.product)};
  });
}

/** Everything about one output cell: windows per channel, lines, the chain and the last digits. */
export function cellArithmetic(spec, result, {filter, row, column}, {hidden = false} = {}) {
  const terms = result.terms(filter, row, column);
  const {shape} = result;
  const windows = result.stages
    ? separableWindows(result, terms, {row, column})
    : terms.channels.map((channel) => windowOf(terms, channel, shape, shape.channels));
  const alone = windows.length === 1;
  const chain = chainOf(terms, windows, hidden);
  const lines = windows.map((window) => {
    const line = lineOf(terms, window, shape, {hidden, alone, result: chain.length ? "sum" : "result"});
    if (!window.valueText) return line;
    return [...line, piece("→"), piece(`${bracketed(hidden ? UNKNOWN : window.sumText)}·${bracketed(window.factorText)}`, "term"), piece("="), piece(hidden ? UNKNOWN : window.valueText, "sum")];
  });
  return {terms, windows, lines, chain, tally: tallyOf(terms, windows, hidden), resultText: hidden ? UNKNOWN : resultText(terms)};
}

/** The short column beside the sums: what happens between them and the output. */
function tallyOf(terms, windows, hidden) {
  const known = (text) => (hidden ? UNKNOWN : text);
  const rows = [];
  if (windows.length > 1) rows.push({name: "sum", text: known(toText(terms.sum))});
  if (terms.divisor !== 1) rows.push({name: `÷ ${terms.divisor}`, text: known(toText(terms.quotient)), rounded: !terms.exact});
  if (terms.bias) rows.push({name: "+ bias", text: toText(terms.bias), bias: true}, {name: "total", text: known(toText(terms.total))});
  if (terms.activation !== "none") rows.push({name: ACTIVATIONS[terms.activation].title, text: known(resultText(terms)), rounded: !terms.activationExact});
  return rows;
}

/** One stamp: an input value times every weight, and where each product lands. */
export function stampArithmetic(spec, result, {filter, channel, row, column}, {hidden = false} = {}) {
  const cells = result.stamp(filter, channel, row, column);
  const {shape} = result;
  const grid = gridOf(cells, shape.kernel, false);
  const inside = cells.filter((cell) => cell.row !== null);
  const value = spec.input[channel][row][column];
  const lines = [cells.map((cell, index) => piece(`${bracketed(toText(value))}·${bracketed(toText(cell.weight))} = ${hidden ? UNKNOWN : toText(multiply(value, cell.weight))}${index < cells.length - 1 ? "," : ""}`, "term"))];
  return {
    windows: [{
      channel, cells, grid, read: [[row, column]], patch: null, kernel: boxes(grid, ({weight}) => toText(weight)),
      products: grid.map((line) => line.map((cell) => ({text: toText(cell.product), tint: 0, className: cell.row === null ? "vz-wb-cut" : ""}))), sumText: "",
    }],
    lines: [[piece(`${toText(value)} times every weight:`, "lead"), ...lines[0]]],
    chain: [], tally: [], terms: null,
    landing: inside.map((cell) => [cell.row, cell.column]),
  };
}
