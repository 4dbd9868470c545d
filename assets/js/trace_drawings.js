// The fitting drawing for every kind of step: which one an answer gets, and the steps that are no sums.

import {toNumber} from "./arithmetic/decimal.js";
import {format} from "./colour.js";
import {make} from "./dom.js";
import {functionCurve} from "./trace_curve.js";
import {additionLayout, copyLayout, isWritable, maximumLayout, multiplicationLayout} from "./trace_digits.js";
import {functionOf} from "./trace_functions.js";
import {drawNorm, drawPixel, drawSoftmax} from "./trace_chains.js";
import {approximation, bracketed, cellGrid, constantBox, equationLine, operand, placeText, signText, sumPieces} from "./trace_parts.js";
import {largestTerm, samePlace, termsOf} from "./trace_path.js";
import {functionLayout} from "./trace_steps.js";
import {drawAverage, drawConvolution, drawTerms, fitEquation} from "./trace_sums.js";

const AVERAGES = ["avg_pool", "adaptive_avg_pool"];
const EQUATION = {id: "vz-trace-equation"};

const words = (text) => make("p", {class: "vz-muted vz-trace-words"}, text);

/** Fill `box` and mark it as a drawing of its kind. */
function fill(box, name, ...parts) {
  box.dataset.drawing = name;
  box.replaceChildren(...parts.filter(Boolean));
}

const scalarIn = (call, layer) => {
  const [, height, width] = call.run.layers.find(({name}) => name === layer)?.shape ?? [1, 2, 2];
  return height * width === 1;
};
const captionOf = (call, {place}) => placeText(place, scalarIn(call, place.layer));

function drawMaximum(box, answer, call) {
  const [group] = answer.groups;
  const layout = maximumLayout({patch: group.inputs, value: answer.value});
  const terms = termsOf(answer);
  const grid = cellGrid(layout.cells, terms, {open: call.open, label: "Cells of the window", largest: largestTerm(answer)});
  const listed = layout.cells.flat().filter(({padding}) => !padding).map(({text}) => text).join(", ");
  const ties = layout.ties > 1 ? ` ${layout.ties} cells share it; the first passes it on.` : "";
  fill(box, "maximum", words(`The largest of ${layout.cells.length} × ${layout.cells[0].length} cells passes, the others do not count.${ties}`),
    grid, equationLine([{text: `max(${listed})`, kind: "term"}, "=", {text: layout.total.text, kind: "result"}], EQUATION));
  return layout.total.text;
}

function drawFunction(box, answer, call) {
  const step = functionOf(answer);
  const [term] = termsOf(answer);
  const layout = functionLayout({input: term.value, value: answer.value, step});
  const sign = layout.exact ? "=" : "≈";
  fill(box, "function",
    words(`${step.name}(x) = ${step.formula}`),
    make("div", {class: "vz-trace-flow"}, operand(layout.x.text, term, {open: call.open, caption: captionOf(call, term), largest: true}),
      signText(`→ ${step.name} →`), constantBox(layout.total.text, "this number")),
    functionCurve(step, toNumber(layout.x.value), toNumber(layout.total.value), layout),
    equationLine([{text: layout.text, kind: "term"}, ...approximation(layout.applied, layout.rounding, layout.total, sign)], EQUATION));
  return layout.total.text;
}

/** Add and multiply: the operands side by side. */
function drawJoin(box, answer, call) {
  const terms = termsOf(answer);
  const largest = largestTerm(answer);
  const adds = answer.op === "add";
  const values = {operands: terms.map(({value}) => value), value: answer.value};
  const layout = adds ? additionLayout(values) : multiplicationLayout(values);
  const numbers = adds ? layout.terms : layout.factors;
  const flow = terms.flatMap((term, index) => [
    index > 0 ? signText(adds ? "+" : "×") : null,
    operand(numbers[index].text, term, {open: call.open, caption: captionOf(call, term), largest: samePlace(term.place, largest.place)}),
  ]).filter(Boolean);
  const line = adds
    ? sumPieces(numbers, layout.rounding, layout.total)
    : [{text: numbers.map(({text}, index) => (index > 0 ? bracketed(text) : text)).join(" · "), kind: "term"},
      ...approximation(layout.product, layout.rounding, layout.total)];
  fill(box, adds ? "add" : "multiply", words(adds ? "The same cell of two layers, added." : "A cell of one layer times its factor from another."),
    make("div", {class: "vz-trace-flow"}, ...flow), equationLine(line, EQUATION));
  return layout.total.text;
}

/** Steps that hand a value on: where it comes from, and for a concatenation, out of which block. */
function drawCopy(box, answer, call) {
  const [term] = termsOf(answer);
  const {total} = copyLayout(answer);
  if (!term) {
    fill(box, "copy", words("This cell lies outside the map that is padded."), equationLine([{text: "padding", kind: "term"}, "=", {text: total.text, kind: "result"}], EQUATION));
    return total.text;
  }
  const source = operand(total.text, term, {open: call.open, caption: captionOf(call, term), largest: true});
  fill(box, "copy", words(answer.op === "concatenate" ? "The channels of several layers, one after the other: this one is taken over." : "The value passes unchanged."),
    answer.op === "concatenate" ? concatenationBlocks(answer, term, call) : null,
    make("div", {class: "vz-trace-flow"}, source, signText("="), constantBox(total.text, "this number")),
    answer.note ? words(answer.note) : null,
    equationLine([{text: total.text, kind: "term"}, "=", {text: total.text, kind: "result"}], EQUATION));
  return total.text;
}

function concatenationBlocks(answer, term, call) {
  const layer = call.run.layers.find(({name}) => name === answer.layer);
  let first = 0;
  const blocks = layer.inputs.map((name) => {
    const [count] = call.run.layers.find((one) => one.name === name).shape;
    const range = `${first} to ${first + count - 1}`;
    const own = name === term.place.layer && answer.channel >= first && answer.channel < first + count;
    first += count;
    return make("li", {class: own ? "vz-own" : null, style: `flex-grow: ${count}`, title: `${name}: channels ${range}`},
      make("span", {}, name), make("span", {class: "vz-number vz-muted"}, range));
  });
  return make("ol", {class: "vz-trace-blocks", "aria-label": "Layers in order"}, ...blocks);
}

/** Numbers that cannot be written down, or a step without a drawing: the server's own words. */
function drawWords(box, answer, call) {
  const broken = !isWritable(answer);
  const terms = termsOf(answer).slice(0, 12);
  fill(box, "words", broken ? make("p", {class: "vz-message"}, "Some of these numbers are not a number (NaN or infinite), so no digits add up here.") : null,
    equationLine([{text: answer.formula, kind: "term"}], EQUATION),
    make("div", {class: "vz-trace-flow"}, ...terms.map((term) =>
      operand(Number.isFinite(term.value) ? String(term.value) : "not a number", term, {open: call.open, caption: captionOf(call, term)}))));
  return Number.isFinite(answer.value) ? format(answer.value) : "not a number";
}

const JOINS = ["add", "multiply"];

/** The drawing an answer gets. */
export function drawingOf(answer) {
  if (!isWritable(answer)) return drawWords;
  const {family, op, groups, inputs} = answer;
  if (family === "sum" && AVERAGES.includes(op)) return drawAverage;
  if (family === "sum") return groups[0].inputs.length * groups[0].inputs[0].length === 1 ? drawTerms : drawConvolution;
  if (family === "max") return drawMaximum;
  if (family === "norm") return drawNorm;
  if (family === "softmax") return drawSoftmax;
  if (family === "input") return drawPixel;
  if (family === "unary" && functionOf(answer)) return drawFunction;
  if (family === "join" && JOINS.includes(op) && inputs.length === 2) return drawJoin;
  return family === "join" && inputs.length <= 1 ? drawCopy : drawWords;
}

/** Draw an answer's arithmetic into `box`; the result's digits come back.
 *
 * `call` = {run, labels: class -> name, open(place), all(), loupe(place) -> element}. */
export function drawArithmetic(box, answer, call) {
  return drawingOf(answer)(box, answer, {...call, answer});
}

/** The view has another width. */
export function refitArithmetic(box) {
  if (box.dataset.drawing === "convolution") fitEquation(box.children[1]);
}
