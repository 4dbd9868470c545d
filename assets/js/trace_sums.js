// Drawings of sums: a convolution's patches and kernels, terms as bars, averages.

import {sum, toNumber} from "./arithmetic/decimal.js";
import {renderEquation} from "./cell_equation.js";
import {percent} from "./colour.js";
import {make} from "./dom.js";
import {averageLayout, sumLayout, written} from "./trace_digits.js";
import {approximation, bracketed, cellGrid, equationLine, foldedLine, placeText, spelled, sumPieces} from "./trace_parts.js";
import {drawLargePatch} from "./trace_patch.js";
import {largestTerm, samePlace, termsOf} from "./trace_path.js";

const GRIDS = 8; // channels drawn with patch, kernel and products
const [SMALLEST_DIGITS, LEGIBLE] = [0.78, 0.6]; // of the text's size: on one line, and at all
const BARS_AT_ONCE = 100;
const TERMS_IN_LINE = 40;
const LARGEST_GRID = 144; // cells of a patch that are drawn as digits

const counted = (count, thing) => `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
const strongest = (numbers) => numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 0) || 1;

/** A heading above a part of the drawing, and what may be done there. */
function partHead(text, ...tools) {
  return make("div", {class: "vz-trace-part"}, make("p", {class: "vz-muted"}, text), ...tools);
}

function allButton(answer, call) {
  const {channels} = answer.rest;
  return channels > 0
    ? make("button", {type: "button", class: "vz-button", id: "vz-trace-all", onclick: call.all}, `Show all ${answer.groups.length + channels}`)
    : null;
}

/** A group as cell_equation.js wants it; the line shows the rounded products, whose sum is exact. */
function equationGroup(group, drawn, alone, terms, open, most) {
  const own = terms.filter((term) => term.group === group.index);
  const patch = drawn.inputs.map((line, row) => line.map((cell, column) => {
    const term = own.find((one) => one.row === row && one.column === column);
    const title = term ? placeText(term.place) : "padding, outside the map";
    return {text: cell.text, padding: cell.padding, title, onOpen: term ? () => open(term.place) : undefined,
      tint: toNumber(cell.value) / most.input};
  }));
  const kernel = drawn.weights.map((line) => line.map(({text, value}) => ({text, tint: toNumber(value) / most.weight})));
  const products = drawn.products.map((line) => line.map(({text, value}) => ({text, tint: toNumber(value) / most.product})));
  const title = alone ? `channel ${group.channel}` : `channel ${group.channel}\n${percent(group.share)}`;
  const pieces = sumPieces(drawn.products.flat(), null, drawn.sum, {kind: "sum"});
  const line = [...(alone ? [] : [{text: `channel ${group.channel}:`, kind: "lead"}]), ...spelled(pieces)];
  return {title, patch, kernel, products, sumText: drawn.sum.text, line};
}

/** Patch × kernel for the channels that count most, the others' sums as bars, one line that adds all up. */
export function drawConvolution(box, answer, call) {
  const layout = sumLayout(answer);
  const groups = answer.groups.map((group, index) => ({...group, index}));
  const terms = termsOf(answer);
  const numbers = (key) => strongest(layout.groups.slice(0, GRIDS).flatMap((group) => group[key].flat().map(({value}) => toNumber(value))));
  const most = {input: numbers("inputs"), weight: numbers("weights"), product: numbers("products")};
  const hidden = layout.groups.slice(GRIDS);
  const rest = layout.rest ?? (hidden.length > 0 ? written(sum(hidden.map((group) => group.sum.value)), layout.places) : null);
  const spec = {
    groups: groups.slice(0, GRIDS).map((group, index) =>
      equationGroup(group, layout.groups[index], groups.length === 1 && !rest, terms, call.open, most)),
    chain: spelled(chainPieces(answer, layout, rest)),
    compact: layout.groups.length > 2,
  };
  const parts = partsOf(box, "convolution");
  parts.head.replaceChildren(partHead(convolutionWords(answer), allButton(answer, call)));
  renderEquation(parts.main, spec);
  const extent = extentOf(layout.groups.slice(0, GRIDS));
  if (parts.main.dataset.extent !== extent) fitEquation(parts.main);
  parts.main.dataset.extent = extent;
  markLargest(parts.main, largestTerm(answer));
  parts.foot.replaceChildren(...(hidden.length > 0 ? [groupBars(groups.slice(GRIDS), hidden, call)] : []), roundingNote(layout));
  return layout.total.text;
}

/** What decides how wide a drawing is: measuring it costs more than drawing it. */
function extentOf(groups) {
  const longest = (key) => Math.max(...groups.flatMap((group) => group[key].flat().map(({text}) => text.length)));
  return [groups.length, groups[0].inputs[0].length, ...["inputs", "weights", "products"].map(longest)].join(" ");
}

/** Patches, kernels and products under each other, with smaller digits where room is short; else on more lines. */
export function fitEquation(main) {
  const equation = main.firstElementChild;
  const room = equation.clientWidth;
  main.classList.add("vz-aligned");
  const digits = (size) => main.style.setProperty("--vz-digits", `${size.toFixed(3)}em`);
  let size = 1;
  digits(size);
  for (let pass = 0; pass < 4 && equation.scrollWidth > room && size >= SMALLEST_DIGITS; pass += 1) {
    size *= (0.99 * room) / equation.scrollWidth;
    digits(size);
  }
  if (size >= SMALLEST_DIGITS || room === 0) return;
  main.classList.remove("vz-aligned");
  digits(SMALLEST_DIGITS);
  const widest = [...equation.querySelectorAll(".vz-eq-grid")].reduce((most, grid) => Math.max(most, grid.scrollWidth), 1);
  if (widest > room) digits(Math.max(LEGIBLE, (SMALLEST_DIGITS * room) / widest));
}

/** The channels' sums, the others, bias and rounding: one line whose digits add up. */
function chainPieces({groups, rest: others}, layout, rest) {
  const sums = layout.groups.slice(0, GRIDS).map((group) => ({text: group.sum.text, kind: "sum"}));
  const count = others.channels + Math.max(0, groups.length - GRIDS);
  const added = [
    ...sums, rest && {text: rest.text, kind: "rest", name: counted(count, "other channel")},
    layout.bias && {text: layout.bias.text, kind: "bias", name: "bias"},
  ].filter(Boolean);
  return sumPieces(added, layout.rounding, layout.total);
}

/** Keep the three parts of a drawing, so that what did not change stays where it is. */
function partsOf(box, name) {
  if (box.dataset.drawing !== name) {
    const parts = ["head", "main", "foot"].map((part) => make("div", {class: `vz-trace-layer vz-trace-drawn-${part}`}));
    box.replaceChildren(...parts);
    box.dataset.drawing = name;
  }
  const [head, main, foot] = box.children;
  return {head, main, foot};
}

function markLargest(element, term) {
  element.querySelectorAll("[data-largest]").forEach((cell) => {
    delete cell.dataset.largest;
    cell.classList.remove("vz-largest");
  });
  if (!term) return;
  const cell = element.querySelector(`.vz-eq-group[data-group="${term.group}"] [data-part="patch"][data-at="${term.row},${term.column}"]`);
  cell?.classList.add("vz-largest");
  if (cell) cell.dataset.largest = "";
}

function convolutionWords({groups, rest}) {
  const [{inputs}] = groups;
  const channels = groups.length + rest.channels;
  const products = channels * inputs.length * inputs[0].length;
  const shape = `${inputs.length} × ${inputs[0].length}`;
  if (channels === 1) return `${shape} inputs of one channel × the kernel: ${counted(products, "product")}.`;
  const most = rest.channels > 0 ? `The ${groups.length} channels that count most; ` : "The channels that count most come first; ";
  return `${most}${channels} channels × ${shape} = ${counted(products, "product")} in all.`;
}

const roundingNote = ({inputPlaces, weightPlaces, places}) => make("p", {class: "vz-trace-note vz-muted"},
  `Inputs are rounded to ${inputPlaces} places, weights to ${weightPlaces}, each product to ${places}; sums are exact. “Rounding” is what the network’s own value differs by.`);

/** Channels beyond the grids: their sums as bars; a click opens the channel's largest input. */
function groupBars(groups, drawn, call) {
  const most = strongest(drawn.map((group) => toNumber(group.sum.value)));
  const rows = groups.map((group, index) => {
    const term = largestTerm({...call.answer, groups: [group]});
    return {label: `channel ${group.channel}`, text: drawn[index].sum.text, value: toNumber(drawn[index].sum.value) / most, share: group.share, term};
  });
  return make("div", {class: "vz-trace-others"}, make("h3", {}, `The other ${counted(rows.length, "channel")}`), barList(rows, call));
}

/** Rows of label, arithmetic, number and a bar, from the middle where signs differ; long lists grow on demand. */
export function barList(rows, call) {
  const signed = rows.some(({value}) => value < 0);
  const list = make("ol", {class: `vz-terms${signed ? " vz-signed" : ""}`, id: "vz-trace-terms"});
  let drawn = 0;
  const more = make("button", {type: "button", class: "vz-button", onclick: () => grow()});
  const grow = () => {
    list.append(...rows.slice(drawn, drawn + BARS_AT_ONCE).map((row) => barRow(row, call)));
    drawn = Math.min(rows.length, drawn + BARS_AT_ONCE);
    more.hidden = drawn >= rows.length;
    more.textContent = `Show ${Math.min(BARS_AT_ONCE, rows.length - drawn)} more of ${rows.length}`;
  };
  grow();
  return make("div", {class: "vz-terms-box"}, list, more);
}

function barRow({label, factors = "", text, value, share, term, own = false}, call) {
  const bar = make("span", {class: `vz-term-bar${value < 0 ? " vz-negative" : ""}`, "aria-hidden": "true"}, make("span"));
  bar.firstChild.style.width = `${100 * Math.min(1, Math.abs(value))}%`;
  const parts = [
    make("span", {class: "vz-term-label"}, label), make("span", {class: "vz-term-factors vz-number"}, ...[factors].flat()),
    make("span", {class: "vz-term-value vz-number"}, text), bar,
    make("span", {class: "vz-term-share vz-number vz-muted"}, share === undefined ? "" : percent(share)),
  ];
  const attributes = {class: `vz-term${own ? " vz-own" : ""}`};
  if (!term) return make("li", {}, make("span", attributes, ...parts));
  const button = {...attributes, type: "button", "data-open": "", "data-largest": samePlace(term.place, call.largest?.place), onclick: () => call.open(term.place)};
  return make("li", {}, make("button", button, ...parts));
}

/** A 1 × 1 patch: every channel is one product, the largest first. */
export function drawTerms(box, answer, call) {
  const layout = sumLayout(answer);
  const terms = termsOf(answer);
  const most = strongest(layout.groups.map(({sum: own}) => toNumber(own.value)));
  const largest = largestTerm(answer);
  const rows = answer.groups.map((group, index) => {
    const {inputs: [[input]], weights: [[weight]], sum: product} = layout.groups[index];
    const factors = `${input.text} · ${bracketed(weight.text)}`;
    const term = terms.find((one) => one.group === index);
    return {label: `channel ${group.channel}`, factors, text: product.text, value: toNumber(product.value) / most, share: group.share, term};
  });
  const {channels} = answer.rest;
  const words = answer.groups.length + channels === 1
    ? "One input × its weight."
    : `${counted(answer.groups.length + channels, "input")}, each times its weight; ${channels > 0 ? `the ${answer.groups.length} that count most` : "all of them, those that count most first"}.`;
  const others = [
    layout.rest && {...layout.rest, kind: "rest", name: counted(channels, "other channel")}, layout.bias && {...layout.bias, kind: "bias", name: "bias"},
  ].filter(Boolean);
  const own = layout.groups.map((group) => group.sum);
  const line = own.length > TERMS_IN_LINE
    ? [{...written(sum(own.map(({value}) => value)), layout.places), kind: "sum", name: counted(own.length, "term")}]
    : own;
  const fold = own.length > TERMS_IN_LINE ? foldedLine(`All ${own.length} terms in one line`, () => sumPieces([...own, ...others], layout.rounding, layout.total)) : "";
  box.dataset.drawing = "terms";
  box.replaceChildren(partHead(words, allButton(answer, call)), barList(rows, {...call, largest}), fold,
    equationLine(sumPieces([...line, ...others], layout.rounding, layout.total), {id: "vz-trace-equation"}), roundingNote(layout));
  return layout.total.text;
}

/** All cells added up, divided by how many there are. */
export function drawAverage(box, answer, call) {
  const [group] = answer.groups;
  const divisor = answer.constants.find(({name}) => name === "divisor").value;
  const layout = averageLayout({patch: group.inputs, divisor, value: answer.value});
  const terms = termsOf(answer);
  const most = strongest(group.inputs.flat().map((input) => input ?? 0));
  const size = `${group.inputs.length} × ${group.inputs[0].length}`;
  const tint = ({value}) => toNumber(value) / most;
  const grid = divisor > LARGEST_GRID
    ? drawLargePatch(group, {open: call.open, label: `${size} inputs`})
    : cellGrid(layout.cells, terms, {open: call.open, label: `${size} inputs`, tint, largest: largestTerm(answer)});
  const cells = layout.cells.flat();
  const every = cells.length <= 30 && cells.length > 1 ? equationLine(sumPieces(cells, null, layout.sum, {kind: "sum"})) : null;
  const pieces = approximation(layout.quotient, layout.rounding, layout.total);
  box.dataset.drawing = "average";
  box.replaceChildren(partHead(`The mean of ${counted(divisor, "cell")} (${size}).`), grid, ...[every].filter(Boolean),
    equationLine([{text: layout.sum.text, kind: "sum"}, `/ ${divisor}`, ...pieces], {id: "vz-trace-equation"}),
    make("p", {class: "vz-trace-note vz-muted"}, `Each cell is rounded to ${layout.places} places; their sum, ${layout.sum.text}, is exact.`));
  return layout.total.text;
}
