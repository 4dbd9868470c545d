// One cell's arithmetic: patch × kernel → products → sum for every group, then one line with all terms.

import {make} from "./dom.js";
import {chainLine, groupLine, lineText} from "./equation_text.js";

const OPEN_TERMS = 30; // longer sums start folded

/** What is on screen per container, so that a step changes text instead of building anew. */
const drawn = new WeakMap();

const asCell = (cell) => (typeof cell === "object" && cell !== null ? cell : {text: cell});
const shapeOf = (grid) => (grid ? `${grid.length}x${grid[0]?.length ?? 0}` : "-");

/** All that decides which elements there are; equal keys may be updated in place. */
function structure(spec) {
  const groups = spec.groups.map((group) => [group.title ?? "", shapeOf(group.patch), shapeOf(group.kernel), shapeOf(group.products)]);
  return JSON.stringify([groups, Boolean(spec.linesOnly), Boolean(spec.compact)]);
}

function makeCell(part, row, column) {
  return make("span", {class: "vz-eq-cell", "data-part": part, "data-at": `${row},${column}`});
}

/** A matrix of small boxes; `part` is patch, kernel or products. */
function makeGrid(part, grid, label) {
  const cells = grid.map((line, row) => line.map((_, column) => makeCell(part, row, column)));
  const element = make("span", {class: `vz-eq-grid vz-eq-${part}`, role: "group", "aria-label": label,
    style: `--columns: ${grid[0]?.length ?? 1}`}, ...cells.flat());
  return {element, cells};
}

const sign = (text, name) => make("span", {class: "vz-eq-sign", "aria-label": name}, text);

function makeGroup(group, index) {
  const parts = {};
  const row = make("div", {class: "vz-eq-group", "data-group": index});
  if (group.title) row.append(make("span", {class: "vz-eq-title"}, group.title));
  const add = (part, lead, name, label) => {
    if (!group[part]) return;
    if (lead) row.append(sign(lead, name));
    parts[part] = makeGrid(part, group[part], `${label}${group.title ? `, ${group.title}` : ""}`);
    row.append(parts[part].element);
  };
  add("patch", null, "", "Patch");
  add("kernel", "×", "times", "Kernel");
  add("products", "=", "gives", "Products");
  const sum = make("output", {class: "vz-eq-sum vz-number"});
  row.append(sign("→", "adds up to"), sum);
  return {row, parts, sum};
}

function build(container, spec) {
  const groups = spec.linesOnly ? [] : spec.groups.map(makeGroup);
  const lines = make("div", {class: "vz-eq-lines vz-number"});
  const fold = make("details", {class: "vz-eq-fold"}, make("summary"), make("div", {class: "vz-eq-terms vz-number"}));
  const total = make("p", {class: "vz-eq-chain vz-number"});
  const element = make("div", {class: `vz-equation${spec.compact ? " vz-compact" : ""}`},
    ...groups.map(({row}) => row), lines, fold, total);
  container.replaceChildren(element);
  const view = {element, groups, lines, fold, total, key: structure(spec), spec, terms: -1};
  listen(view);
  return view;
}

/** Pointing at one cell lights its partners; a click or Enter opens a patch cell. */
function listen(view) {
  const {element} = view;
  const light = (target) => {
    element.querySelectorAll(".vz-eq-lit").forEach((cell) => cell.classList.remove("vz-eq-lit"));
    const cell = target?.closest?.(".vz-eq-cell");
    if (!cell) return;
    const row = cell.closest(".vz-eq-group");
    row.querySelectorAll(`[data-at="${cell.dataset.at}"]`).forEach((partner) => partner.classList.add("vz-eq-lit"));
  };
  const cellOf = (target) => {
    const node = target.closest?.('.vz-eq-cell[data-part="patch"]');
    if (!node) return null;
    const [row, column] = node.dataset.at.split(",").map(Number);
    return asCell(view.spec.groups[Number(node.closest(".vz-eq-group").dataset.group)].patch[row][column]);
  };
  const open = (event) => cellOf(event.target)?.onOpen?.(event);
  element.addEventListener("pointerover", (event) => light(event.target));
  element.addEventListener("pointerleave", () => light(null));
  element.addEventListener("focusin", (event) => light(event.target));
  element.addEventListener("click", open);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    if (!cellOf(event.target)?.onOpen) return;
    event.preventDefault();
    event.stopPropagation();
    open(event);
  });
}

const setText = (node, text) => node.textContent !== text && (node.textContent = text);

function fillCell(node, value, hidden) {
  const cell = asCell(value);
  setText(node, hidden ? "?" : cell.text ?? "");
  node.classList.toggle("vz-eq-padding", Boolean(cell.padding));
  node.classList.toggle("vz-eq-winner", Boolean(cell.winner) && !hidden);
  if (cell.tint !== undefined && !hidden) node.style.setProperty("--tint", cell.tint);
  else node.style.removeProperty("--tint");
  node.classList.toggle("vz-eq-negative", cell.tint < 0);
  node.classList.toggle("vz-eq-dark", cell.shade < 128);
  node.classList.toggle("vz-eq-bright", cell.shade >= 128);
  if (cell.shade !== undefined) node.style.setProperty("--shade", cell.shade);
  if (node.dataset.part !== "patch") return;
  const opens = Boolean(cell.onOpen);
  node.classList.toggle("vz-eq-opens", opens);
  if (opens) {
    node.setAttribute("role", "button");
    node.tabIndex = 0;
    node.setAttribute("aria-label", `${cell.text}${cell.title ? `, ${cell.title}` : ""}: open`);
  } else {
    node.removeAttribute("role");
    node.removeAttribute("tabindex");
    node.removeAttribute("aria-label");
  }
  if (cell.title) node.title = cell.title;
  else node.removeAttribute("title");
}

function fillGroup(view, group, hidden) {
  for (const [part, {cells}] of Object.entries(view.parts)) {
    const conceal = hidden && part === "products";
    cells.forEach((line, row) => line.forEach((node, column) => fillCell(node, group[part][row][column], conceal)));
  }
  setText(view.sum, hidden ? "?" : group.sumText ?? "");
}

/** Terms as elements, so that a line breaks between terms and results stand out. */
function fillLine(node, pieces) {
  const text = lineText(pieces);
  if (node.dataset.text === text) return;
  node.dataset.text = text;
  while (node.childElementCount > pieces.length) node.lastElementChild.remove();
  while (node.childElementCount < pieces.length) node.append(make("span"), " ");
  pieces.forEach(({text: piece, kind}, index) => {
    const span = node.children[index];
    setText(span, piece);
    if (span.className !== `vz-eq-${kind}`) span.className = `vz-eq-${kind}`;
  });
}

function fillLines(parent, lines) {
  while (parent.childElementCount > lines.length) parent.lastElementChild.remove();
  while (parent.childElementCount < lines.length) parent.append(make("p", {class: "vz-eq-line"}));
  lines.forEach((line, index) => fillLine(parent.children[index], line));
}

function fill(view, spec) {
  view.spec = spec;
  const hidden = Boolean(spec.hidden);
  view.groups.forEach((group, index) => fillGroup(group, spec.groups[index], hidden));
  const lines = spec.groups.map((group) => groupLine(group, {hidden, alone: spec.groups.length === 1})).filter((line) => line.length);
  const terms = lines.reduce((count, line) => count + line.filter(({kind}) => kind === "term").length, 0);
  const folded = terms > OPEN_TERMS;
  if (terms !== view.terms) setText(view.fold.firstElementChild, `All ${terms} terms`);
  view.terms = terms;
  view.fold.hidden = !folded;
  view.lines.hidden = folded;
  if (!folded) fillLines(view.lines, lines);
  else fillLines(view.fold.lastElementChild, lines);
  const chain = chainLine(spec);
  view.total.hidden = chain.length === 0;
  fillLine(view.total, chain);
}

/**
 * Draw one cell's arithmetic into `container`; called again, it changes what differs.
 *
 * spec = {groups: [{title, patch, kernel, products, sumText}], restText, biasText, roundingText, totalText,
 * activation: {name, text} | null, resultText, hidden, compact}; a cell is a text or {text, padding, onOpen,
 * title, winner, tint (−1 to 1), shade (0 to 255)}. `kernel` and `products` may be absent; `linesOnly` leaves out the grids;
 * a group's `line` replaces its line of terms, `chain` the line of sums: lists of {text, kind}.
 */
export function renderEquation(container, spec) {
  let view = drawn.get(container);
  if (!view || view.key !== structure(spec) || view.element.parentNode !== container) {
    view = build(container, spec);
    drawn.set(container, view);
  }
  fill(view, spec);
  return view.element;
}
