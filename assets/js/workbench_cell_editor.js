// Typing into a cell: every legal text takes effect at once; with any other the old value is back, and it says why.

import {make} from "./dom.js";

const COMPLAINT_MS = 6000; // a refused text is gone, the reason stays a while
const NEXT = {Enter: [1, 0], Tab: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]};

/** A place near a cell for one sentence; it follows the page because it lives in the matrix. */
function complaint(matrix, [row, column], text) {
  clearComplaint(matrix);
  if (!text) return;
  const bubble = make("p", {class: "vz-wb-complaint", role: "alert", style: `--row: ${row}; --column: ${column}`}, text);
  matrix.element.append(bubble);
  const over = bubble.getBoundingClientRect().right - document.documentElement.clientWidth + 8;
  if (over > 0) bubble.style.marginLeft = `${-over}px`;
}

function clearComplaint(matrix) {
  matrix.element.querySelector(".vz-wb-complaint")?.remove();
}

class CellEditor {
  constructor({matrix, cell, start, text, label, parse, commit, done}) {
    Object.assign(this, {matrix, cell, text, parse, commit, done, open: true});
    this.node = matrix.node(cell);
    this.before = parse(text);
    this.last = text; // the text of the value in force
    this.field = make("input", {class: "vz-wb-editor", type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false",
      "aria-label": label, value: start ?? text, maxlength: 24});
    this.node.textContent = "";
    this.node.append(this.field);
    this.field.focus();
    if (start === null) this.field.select();
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("blur", () => this.close(null));
    this.field.addEventListener("keydown", (event) => this.key(event));
    if (start !== null) this.typed();
  }

  /** A lone sign or point is a number being begun. */
  typed() {
    if (/^[-+−.,]$/.test(this.field.value.trim())) complaint(this.matrix, this.cell, null);
    else this.read();
  }

  take(answer) {
    if (!answer.ok || answer.text === this.last) return;
    this.last = answer.text;
    this.commit(answer.value);
  }

  read() {
    const answer = this.parse(this.field.value);
    this.field.setAttribute("aria-invalid", String(!answer.ok));
    complaint(this.matrix, this.cell, answer.ok ? null : answer.message);
    this.take(answer.ok ? answer : this.before);
    return answer.ok;
  }

  close(next, keep = true) {
    if (!this.open) return;
    this.open = false;
    const {matrix, node, field} = this;
    if (keep && field.value !== this.text && !this.read()) setTimeout(() => clearComplaint(matrix), COMPLAINT_MS);
    else clearComplaint(matrix);
    if (!keep) this.take(this.before);
    field.remove();
    node.shown = null;
    node.textContent = this.last;
    this.done(next);
  }

  key(event) {
    event.stopPropagation();
    if (event.key === "Escape") this.close(this.cell, false);
    else if (event.key === "Enter" && !this.read()) event.preventDefault();
    else if (NEXT[event.key]) this.leave(event);
  }

  /** To the next cell, as in a table; at the edge Tab leaves the matrix. */
  leave(event) {
    const [down, across] = NEXT[event.key].map((step) => (event.shiftKey ? -step : step));
    const next = [this.cell[0] + down, this.cell[1] + across];
    const there = this.matrix.node(next);
    if (event.key === "Tab" && !there) return;
    event.preventDefault();
    this.close(there ? next : this.cell);
  }
}

/**
 * Open an editor in `cell` of `matrix`; `start` is the first character typed, null keeps the value.
 * `parse(text)` answers {ok, value, text} or {ok: false, message}; `commit(value)` is called at every legal text,
 * `done(cell | null)` at the end, with the neighbour to go to.
 */
export function editCell(options) {
  const node = options.matrix.node(options.cell);
  if (!node || node.querySelector("input")) return;
  clearComplaint(options.matrix);
  new CellEditor(options);
}
