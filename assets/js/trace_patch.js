// A patch with too many cells for digits: drawn in colour, one cell's value under the pointer.

import {colourValues} from "./ranges.js";
import {format, lookup} from "./colour.js";
import {make} from "./dom.js";

const SHIFT = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]};

/** The picture of `group` = {layer, channel, rows, columns, inputs}; a click or Enter opens a cell. */
export function drawLargePatch({layer, channel, rows, columns, inputs}, {open, label}) {
  const [height, width] = [inputs.length, inputs[0].length];
  const values = Float32Array.from(inputs.flat(), (value) => value ?? NaN);
  const finite = values.filter(Number.isFinite);
  const limits = finite.reduce(({low, high}, value) => ({low: Math.min(low, value), high: Math.max(high, value)}), {low: Infinity, high: -Infinity});
  const canvas = make("canvas", {class: "vz-trace-patch", id: "vz-trace-patch", width, height, tabindex: "0", role: "application",
    "aria-label": `${label}: arrows with Shift choose one, Enter opens it`});
  const readout = make("p", {class: "vz-number vz-muted", role: "status"}, "Point at a cell to read it; a click opens it.");
  canvas.getContext("2d").putImageData(new ImageData(colourValues(values, limits, lookup("viridis")), width, height), 0, 0);
  let chosen = [Math.floor(height / 2), Math.floor(width / 2)];
  const show = ([row, column]) => {
    chosen = [row, column];
    readout.textContent = `row ${rows[row]}, column ${columns[column]}: ${format(inputs[row][column] ?? NaN)}`;
  };
  const under = (event) => {
    const box = canvas.getBoundingClientRect();
    const at = (position, start, size, count) => Math.max(0, Math.min(count - 1, Math.floor(((position - start) / size) * count)));
    return [at(event.clientY, box.top, box.height, height), at(event.clientX, box.left, box.width, width)];
  };
  const openChosen = () => open({layer, channel, row: rows[chosen[0]], column: columns[chosen[1]]});
  canvas.addEventListener("pointermove", (event) => show(under(event)));
  canvas.addEventListener("click", (event) => {
    show(under(event));
    openChosen();
  });
  canvas.addEventListener("keydown", (event) => {
    const shift = SHIFT[event.key];
    if (event.key === "Enter") openChosen();
    else if (shift && event.shiftKey) show([Math.max(0, Math.min(height - 1, chosen[0] + shift[0])), Math.max(0, Math.min(width - 1, chosen[1] + shift[1]))]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return make("div", {class: "vz-trace-patch-box"}, canvas, readout);
}
