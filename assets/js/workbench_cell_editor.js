// Typing into a cell: every legal text takes effect at once; with any other the old value is back, and it says why.

import {make} from "./dom.js";

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

/**
 * Open an editor in `cell` of `matrix`; `start` is the first character typed, null keeps the value.
 * `parse(text)` answers {ok, value} or {ok: false, message}; `commit(value)` is called at every legal text,
 * `done(cell | null)` at the end, with the neighbour to go to.
 */
export function editCell({matrix, cell, start, text, label, parse, commit, done}) {
  const node = matrix.node(cell);
  if (!node || node.querySelector("input")) return;
  clearComplaint(matrix);
  const field = make("input", {class: "vz-wb-editor", type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false",
    "aria-label": label, value: start ?? text, maxlength: 24});
  node.textContent = "";
  node.append(field);
  field.focus();
  if (start === null) field.select();
  const before = parse(text);
  let last = text; // the text of the value in force
  let open = true;

  function take(answer) {
    if (!answer.ok || answer.text === last) return;
    last = answer.text;
    commit(answer.value);
  }

  function read() {
    const answer = parse(field.value);
    field.setAttribute("aria-invalid", String(!answer.ok));
    complaint(matrix, cell, answer.ok ? null : answer.message);
    take(answer.ok ? answer : before);
    return answer.ok;
  }

  function close(next, keep = true) {
    if (!open) return;
    open = false;
    if (keep && field.value !== text && !read()) setTimeout(() => clearComplaint(matrix), 6000); // says why, then goes
    else clearComplaint(matrix);
    if (!keep) take(before);
    field.remove();
    node.shown = null;
    node.textContent = last;
    done(next);
  }

  field.addEventListener("input", () => (/^[-+−.,]?$/.test(field.value.trim()) && field.value.trim() !== "" ? complaint(matrix, cell, null) : read()));
  field.addEventListener("blur", () => close(null));
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") close(cell, false);
    else if (event.key === "Enter" && !read()) event.preventDefault();
    else if (NEXT[event.key]) {
      const [down, across] = NEXT[event.key].map((step) => (event.shiftKey ? -step : step));
      const next = [cell[0] + down, cell[1] + across];
      if (event.key === "Tab" && !matrix.node(next)) return;
      event.preventDefault();
      close(matrix.node(next) ? next : cell);
    }
  });
  if (start !== null) field.dispatchEvent(new Event("input"));
}
