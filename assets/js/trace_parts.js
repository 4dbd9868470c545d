// Small parts of trace drawings: cells that open, operands, lines of an equation.

import {make} from "./dom.js";
import {splitName} from "./layers.js";
import {samePlace} from "./trace_path.js";

/** A factor that starts with a minus sign stands in brackets. */
export const bracketed = (text) => (text.startsWith("−") ? `(${text})` : text);

/** `+ 5` or `− 5`: a number joined to a sum, its own sign used as the operator. */
export const joined = (text) => (text.startsWith("−") ? `− ${text.slice(1)}` : `+ ${text}`);

/** `conv2 · channel 17 · row 3, column 5`, without the cell where the map has only one. */
export function placeText({layer, channel, row, column}, scalar = false) {
  const cell = scalar ? "" : ` · row ${row}, column ${column}`;
  return `${splitName(layer).own} · channel ${channel}${cell}`;
}

const spoken = ({layer, channel, row, column}) => `${layer}, channel ${channel}, row ${row}, column ${column}`;

/** A number that opens its own arithmetic: its text, and below it where it comes from. */
export function operand(text, term, {open, caption = "", largest = false}) {
  const parts = [make("span", {class: "vz-operand-number vz-number"}, text)];
  if (caption) parts.push(make("span", {class: "vz-operand-from"}, caption));
  return make("button", {
    type: "button",
    class: `vz-operand${largest ? " vz-largest" : ""}`,
    "data-open": "",
    "data-largest": largest,
    title: `Open ${spoken(term.place)}`,
    "aria-label": `${text}, ${spoken(term.place)}: open`,
    onclick: () => open(term.place),
  }, ...parts);
}

/** A number that nothing lies behind: a weight, a constant. */
export const constantBox = (text, caption) =>
  make("span", {class: "vz-operand vz-constant"}, make("span", {class: "vz-operand-number vz-number"}, text), make("span", {class: "vz-operand-from"}, caption));

export const signText = (text) => make("span", {class: "vz-trace-sign"}, text);

/** Pieces that are only texts as cell_equation.js wants them. */
export const spelled = (pieces) => pieces.map((piece) => (typeof piece === "string" ? {text: piece, kind: "sign"} : piece));

/** One line of an equation; pieces are texts or {text, kind} with kind result, sum, bias, rest, rounding or term. */
export function equationLine(pieces, attributes = {}) {
  const parts = spelled(pieces).flatMap(({text, kind}) => [make("span", {class: `vz-eq-${kind}`}, text), " "]);
  return make("p", {class: "vz-eq-chain vz-number vz-trace-line", ...attributes}, ...parts);
}

/** Numbers added up, each with its name, then the rounding and the result. */
export function sumPieces(terms, rounding, total, {kind = "result"} = {}) {
  const named = [...terms, ...(rounding?.text ? [{text: rounding.text, name: "rounding", kind: "rounding"}] : [])];
  const pieces = named.map(({text, name, kind: own = "term"}, index) => {
    const lead = index === 0 ? text : joined(text);
    return {text: name ? `${lead}\u00a0(${name})` : lead, kind: own};
  });
  return [...pieces, "=", {text: total.text, kind}];
}

/** A long line behind its summary, built when it is first opened. */
export function foldedLine(summary, pieces) {
  const fold = make("details", {class: "vz-eq-fold"}, make("summary", {}, summary));
  fold.addEventListener("toggle", () => fold.append(equationLine(pieces())), {once: true});
  return fold;
}

/** `≈ 0.1234`, and where the network's value ends in other digits, what is between. */
export function approximation(computed, rounding, total, sign = "≈") {
  if (!rounding.text) return [sign, {text: total.text, kind: "result"}];
  return [sign, {text: computed.text, kind: "term"}, {text: `${joined(rounding.text)}\u00a0(rounding)`, kind: "rounding"}, "=",
    {text: total.text, kind: "result"}];
}

/** A matrix of cells that open: `cells[row][column]` = {text, padding, winner}, `terms` as of an answer. */
export function cellGrid(cells, terms, {open, label, tint = () => undefined, largest = null}) {
  const grid = make("div", {class: "vz-eq-grid vz-eq-patch vz-trace-grid", role: "group", "aria-label": label, style: `--columns: ${cells[0].length}`});
  cells.forEach((line, row) => line.forEach((cell, column) => {
    const term = terms.find((one) => one.row === row && one.column === column);
    const name = ["vz-eq-cell", cell.padding && "vz-eq-padding", cell.winner && "vz-eq-winner", term && "vz-eq-opens"].filter(Boolean).join(" ");
    const node = make("button", {type: "button", class: name, disabled: !term, "data-open": term ? "" : null,
      "data-largest": Boolean(term) && samePlace(term.place, largest?.place),
      title: term ? `Open ${spoken(term.place)}` : "Padding, outside the map"}, cell.text);
    if (term) node.setAttribute("aria-label", `${cell.text}${cell.winner ? ", the largest" : ""}, ${spoken(term.place)}: open`);
    if (term) node.addEventListener("click", () => open(term.place));
    const strength = tint(cell);
    if (strength !== undefined) node.style.setProperty("--tint", strength);
    node.classList.toggle("vz-eq-negative", strength < 0);
    grid.append(node);
  }));
  return grid;
}
