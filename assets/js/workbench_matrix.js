// A matrix of cells on the page: texts, tints, marks, a window that glides, one cell in the tab order.

import {make} from "./dom.js";

const ARROWS = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]};

const keyOf = ([row, column]) => `${row},${column}`;

export class Matrix {
  /**
   * `name` tells matrices apart in events and tests ("input-0"); `label(row, column, text)` names a cell for
   * screen readers; `onPoint(cell | null)`, `onPress(cell)`, `onType(cell, text)`, `onKey(event, cell)`.
   */
  constructor({name, kind, title = "", focusable = true, ...handlers}) {
    Object.assign(this, {name, kind, focusable, handlers, shape: "", cells: [], marks: new Map(), here: [0, 0]});
    this.windows = make("div", {class: "vz-wb-windows", "aria-hidden": "true"});
    this.grid = make("div", {class: "vz-wb-cells", role: "grid", "aria-label": title});
    this.element = make("div", {class: `vz-wb-matrix vz-wb-${kind}`, "data-matrix": name}, this.grid, this.windows);
    this.listen();
  }

  setTitle(title) {
    this.grid.setAttribute("aria-label", title);
  }

  listen() {
    const at = (event, then) => {
      const cell = this.cellOf(event.target);
      if (cell) then(cell);
    };
    this.grid.addEventListener("pointerover", (event) => event.pointerType !== "touch" && at(event, (cell) => this.handlers.onPoint?.(cell)));
    this.grid.addEventListener("pointerleave", () => this.handlers.onPoint?.(null));
    this.grid.addEventListener("focusin", (event) => at(event, (cell) => {
      this.enter(cell);
      this.handlers.onPoint?.(cell);
    }));
    this.grid.addEventListener("focusout", (event) => !this.grid.contains(event.relatedTarget) && this.handlers.onPoint?.(null));
    let again = false; // a second press on the focused cell opens the editor
    this.grid.addEventListener("pointerdown", (event) => at(event, (cell) => (again = this.node(cell) === document.activeElement)));
    this.grid.addEventListener("click", (event) => at(event, (cell) => {
      if (event.target.tagName === "INPUT") return;
      if (again && this.handlers.onType) this.handlers.onType(cell, null);
      else this.handlers.onPress?.(cell, event);
    }));
    this.grid.addEventListener("keydown", (event) => at(event, (cell) => this.key(event, cell)));
  }

  /** Typing starts the editor; arrows walk from cell to cell. */
  key(event, cell) {
    if (event.target.tagName === "INPUT" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.handlers.onKey?.(event, cell)) return;
    const {onType} = this.handlers;
    if (onType && /^[\d.,+\-−a-zA-Z]$/.test(event.key)) onType(cell, event.key);
    else if (onType && ["Enter", "F2", "Delete", "Backspace"].includes(event.key)) onType(cell, event.key.length > 5 ? "" : null);
    else if (ARROWS[event.key]) this.walk(cell, ARROWS[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  walk([row, column], [down, across]) {
    const next = [row + down, column + across];
    if (this.node(next)) this.focus(next);
  }

  focus(cell) {
    this.enter(cell);
    this.node(cell)?.focus();
  }

  /** The one cell that Tab reaches. */
  enter(cell) {
    if (!this.focusable) return;
    const before = this.node(this.here);
    if (before) before.tabIndex = -1;
    this.here = cell;
    const node = this.node(cell);
    if (node) node.tabIndex = 0;
  }

  cellOf(target) {
    const node = target.closest?.(".vz-wb-cell");
    return node && this.grid.contains(node) ? node.dataset.at.split(",").map(Number) : null;
  }

  /** The cell under a point of the page, or the nearest one. */
  nearest(x, y) {
    const box = this.grid.getBoundingClientRect();
    const [rows, columns] = [this.cells.length, this.cells[0].length];
    const clip = (value, size) => Math.min(size - 1, Math.max(0, Math.floor(value)));
    return [clip(((y - box.top) / box.height) * rows, rows), clip(((x - box.left) / box.width) * columns, columns)];
  }

  node(cell) {
    return this.cells[cell[0]]?.[cell[1]] ?? null;
  }

  /** Fill in `rows` of {text, tint, ground, className, label}; elements are kept while the shape stays. */
  show(rows) {
    const shape = `${rows.length}x${rows[0]?.length ?? 0}`;
    if (shape !== this.shape) this.rebuild(rows, shape);
    rows.forEach((line, row) => line.forEach((cell, column) => this.fill(this.cells[row][column], cell)));
  }

  rebuild(rows, shape) {
    this.shape = shape;
    this.marks.clear();
    this.cells = rows.map((line, row) => line.map((_, column) =>
      make("span", {class: "vz-wb-cell", role: "gridcell", "data-at": keyOf([row, column]), tabindex: this.focusable ? -1 : null})));
    this.grid.replaceChildren(...this.cells.map((line) => make("div", {class: "vz-wb-row", role: "row"}, ...line)));
    this.element.style.setProperty("--rows", rows.length);
    this.element.style.setProperty("--columns", rows[0]?.length ?? 0);
    const [row, column] = this.here;
    this.enter(this.node([row, column]) ? this.here : [0, 0]);
  }

  /** Only what differs from the cell's last state touches the page. */
  fill(node, cell) {
    const last = node.shown;
    if (last && last.text === cell.text && last.tint === cell.tint && last.className === cell.className && last.label === cell.label) return;
    node.shown = cell;
    if (!node.querySelector("input") && node.textContent !== cell.text) node.textContent = cell.text;
    if (last?.tint !== cell.tint) {
      if (cell.tint) node.style.setProperty("--tint", Math.abs(cell.tint).toFixed(3));
      else node.style.removeProperty("--tint");
    }
    if (!last || last.tint < 0 !== cell.tint < 0 || last.className !== cell.className) this.dress(node, cell);
    if (cell.label) node.setAttribute("aria-label", cell.label);
    else if (last?.label) node.removeAttribute("aria-label");
  }

  /** A cell's classes: its own and the marks it carries. */
  dress(node, {tint, className}) {
    const marks = [...this.marks].filter(([, keys]) => keys.has(node.dataset.at)).map(([mark]) => mark);
    node.className = ["vz-wb-cell", tint < 0 ? "vz-wb-minus" : "", className, ...marks].filter(Boolean).join(" ");
  }

  /** Give `mark` (a class) to exactly these cells. */
  mark(mark, cells) {
    const wanted = new Set(cells.map(keyOf));
    const now = this.marks.get(mark) ?? new Set();
    for (const key of now) if (!wanted.has(key)) this.node(key.split(",").map(Number))?.classList.remove(mark);
    for (const key of wanted) if (!now.has(key)) this.node(key.split(",").map(Number))?.classList.add(mark);
    this.marks.set(mark, wanted);
  }

  /** Frames over the cells: {name: {row, column, rows, columns} | null}; each glides to its place. */
  frame(name, place) {
    let frame = this.windows.querySelector(`[data-window="${name}"]`);
    if (!place) {
      if (frame) frame.hidden = true;
      return;
    }
    if (!frame) {
      frame = make("div", {class: `vz-wb-window vz-wb-window-${name}`, "data-window": name});
      this.windows.append(frame);
    }
    if (frame.hidden) frame.hidden = false;
    for (const [key, value] of Object.entries(place)) {
      if (frame.place?.[key] !== value) frame.style.setProperty(`--${key}`, value);
    }
    frame.place = place;
  }
}
