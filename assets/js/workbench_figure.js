// The drawing: per channel input × kernel = products → sum, then what is added, then the output.

import {toText} from "./arithmetic/decimal.js";
import {make} from "./dom.js";
import {Matrix} from "./workbench_matrix.js";
import {breadth, fit} from "./workbench_fit.js";
import {channelName, inputRows, kernelRows, outputRows, productWidth, widest} from "./workbench_scene.js";

const sign = (text, name) => make("span", {class: "vz-wb-sign", role: "img", "aria-label": name}, text);

function block(part, title, ...content) {
  const heading = make("h4", {class: "vz-wb-title"}, title);
  return {element: make("div", {class: `vz-wb-block vz-wb-block-${part}`}, heading, ...content), heading};
}

/** The smallest frame around cells. */
export function around(cells) {
  if (!cells.length) return null;
  const [rows, columns] = [cells.map(([row]) => row), cells.map(([, column]) => column)];
  const [row, column] = [Math.min(...rows), Math.min(...columns)];
  return {row, column, rows: Math.max(...rows) - row + 1, columns: Math.max(...columns) - column + 1};
}

/** Handlers: point(where | null), press(where), type(where, start), key(event, where), drag(where, phase). */
export class Figure {
  constructor(handlers) {
    this.handlers = handlers;
    this.key = "";
    this.rows = [];
    this.element = make("div", {class: "vz-wb-figure"});
  }

  matrix(kind, channel, {editable = false, focusable = true} = {}) {
    const where = (cell) => cell && {kind, channel, row: cell[0], column: cell[1]};
    const {point, press, type, key} = this.handlers;
    const matrix = new Matrix({
      name: `${kind}${channel === null ? "" : `-${channel}`}`, kind, focusable,
      onPoint: (cell) => point(where(cell)),
      onPress: (cell, event) => press(where(cell), event),
      onType: editable ? (cell, start) => type(where(cell), start) : null,
      onKey: (event, cell) => key(event, where(cell)),
    });
    if (kind === "input") this.listenDrag(matrix, channel);
    return matrix;
  }

  /** Dragging over an input moves the window, or paints. */
  listenDrag(matrix, channel) {
    let start = null;
    const send = (event, phase) => {
      const [row, column] = matrix.nearest(event.clientX, event.clientY);
      this.handlers.drag({channel, row, column}, phase, event);
    };
    matrix.grid.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.target.tagName === "INPUT") return;
      start = {x: event.clientX, y: event.clientY, moved: false};
      send(event, "down");
    });
    matrix.grid.addEventListener("pointermove", (event) => {
      if (!start) return;
      if (!start.moved && Math.hypot(event.clientX - start.x, event.clientY - start.y) < 5) return;
      if (!start.moved) matrix.grid.setPointerCapture(event.pointerId);
      start.moved = true;
      send(event, "move");
    });
    for (const end of ["pointerup", "pointercancel"]) {
      matrix.grid.addEventListener(end, (event) => {
        if (start) send(event, "up");
        start = null;
      });
    }
  }

  /** New elements only when the parts themselves change. */
  arrange(arrangement, hasBias) {
    const {shape, stamping} = arrangement;
    const key = JSON.stringify([shape.channels, stamping, shape.op, shape.filters > 1, hasBias]);
    if (key === this.key) return;
    this.key = key;
    this.rows = Array.from({length: shape.channels}, (_, channel) => this.buildRow(channel, arrangement));
    this.tally = make("div", {class: "vz-wb-tally vz-number"});
    this.bias = this.matrix("bias", null, {editable: true});
    this.output = this.matrix("output", null);
    this.filters = make("div", {class: "vz-wb-filters", role: "group", "aria-label": "Output channel"});
    this.outputBlock = block("output", "Output", this.output.element, this.filters);
    this.result = make("div", {class: "vz-wb-result"}, this.tally, sign("→", "gives"), this.outputBlock.element);
    this.element.replaceChildren(make("div", {class: "vz-wb-channels"}, ...this.rows.map(({element}) => element)), this.result);
    this.element.dataset.op = shape.op;
    this.element.classList.toggle("vz-wb-several", shape.channels > 1);
  }

  buildRow(channel, {shape, weighted, stamping, separable, pooling, mixing}) {
    const name = channelName(channel, shape.channels, true);
    const input = this.matrix("input", channel, {editable: true});
    const products = this.matrix("products", channel, {focusable: false});
    const sum = make("output", {class: "vz-wb-sum vz-number", "data-sum": channel});
    const inputBlock = block("input", `Input ${name}`.trim(), input.element);
    const row = {input, products, sum, inputBlock, kernel: null};
    const parts = [];
    if (weighted || mixing) {
      row.kernel = this.matrix("kernel", channel, {editable: weighted, focusable: weighted});
      row.kernelBlock = block("kernel", weighted ? `Kernel ${name}`.trim() : "Shares", row.kernel.element);
      parts.push(sign("×", "times"), row.kernelBlock.element, sign("=", "gives"));
    } else parts.push(sign(pooling && shape.op === "max-pool" ? "max of" : pooling ? "mean of" : "from", "reads"));
    row.productsBlock = block("products", stamping ? "Stamp" : row.kernel ? "Products" : "Window", products.element);
    parts.push(row.productsBlock.element);
    if (!stamping) parts.push(make("div", {class: "vz-wb-sum-group"}, sign("→", "adds up to"), make("div", {class: "vz-wb-block"}, make("h4", {class: "vz-wb-title"}, row.kernel ? "Sum" : "Value"), sum)));
    if (separable) {
      row.point = this.matrix("point", channel, {editable: true});
      row.value = make("output", {class: "vz-wb-sum vz-number", "data-value": channel});
      parts.push(sign("×", "times"), block("point", "1 × 1", row.point.element).element, sign("=", "gives"), row.value);
    }
    row.arithmetic = make("div", {class: "vz-wb-arithmetic"}, ...parts);
    row.element = make("div", {class: "vz-wb-channel", "data-channel": channel}, inputBlock.element, row.arithmetic);
    return row;
  }

  /** Texts that hold for every step of one filter. */
  showSpec(spec, result, arrangement, filter) {
    const {shape, separable} = arrangement;
    this.arrange(arrangement, Boolean(spec.bias));
    this.inputs = inputRows(spec, result);
    this.kernels = kernelRows(spec, shape, filter);
    const inputWidth = breadth(Math.max(...this.inputs.map(widest)));
    const kernelWidth = breadth(Math.max(...this.kernels.map((rows) => (rows ? widest(rows) : 1))));
    this.rows.forEach((row, channel) => {
      row.input.show(this.inputs[channel]);
      if (row.kernel && this.kernels[channel]) row.kernel.show(this.kernels[channel]);
      row.element.classList.toggle("vz-wb-idle", arrangement.weighted ? !this.kernels[channel] : channel !== filter);
      if (separable) row.point.show([[this.pointCell(spec, filter, channel)]]);
    });
    if (!this.held || !this.widths) this.showWidths(spec, result, inputWidth, kernelWidth);
    this.shapeKey = `${result.padded[0].length}x${result.padded[0][0].length}-${result.shape.output}-${shape.kernel}`;
    this.outputBlock.heading.textContent = shape.filters > 1 ? `Output ${filter}` : "Output";
  }

  /** How wide cells are for their texts; while a stroke is painted nothing moves below the pointer. */
  showWidths(spec, result, inputWidth, kernelWidth) {
    this.widths = {input: inputWidth, kernel: kernelWidth, products: breadth(Math.max(productWidth(spec), row0(this.inputs))), output: breadth(outputChars(result))};
    this.rows.forEach(({products}) => products.element.style.setProperty("--w", this.widths.products));
    this.output.element.style.setProperty("--w", this.widths.output);
    for (const {input, kernel} of this.rows) {
      input.element.style.setProperty("--w", inputWidth);
      kernel?.element.style.setProperty("--w", kernelWidth);
    }
  }

  pointCell(spec, filter, channel) {
    const [[value]] = spec.weights.pointwise[filter][channel];
    const text = toText(value);
    return {text, tint: 0, className: "", label: `pointwise weight, channel ${channel}: ${text}`};
  }

  showOutput(result, filter, options) {
    this.output.show(outputRows(result, filter, options));
  }

  /** One step: windows glide, products and sums change. */
  showStep({windows, tally, landing}, place, {hidden, stamping}) {
    for (const [channel, row] of this.rows.entries()) {
      const window = windows.find((each) => each.channel === channel);
      const frame = window && around(window.read);
      const gaps = frame && frame.rows * frame.columns > window.read.length; // dilated: the frame alone would say too much
      row.input.mark("vz-wb-read", gaps ? window.read : []);
      row.input.frame("now", frame);
      row.input.element.classList.toggle("vz-wb-gaps", Boolean(gaps));
      row.arithmetic.classList.toggle("vz-wb-without", !window);
      if (!window) continue;
      row.products.show(window.products.map((line) => line.map((box) => ({...box, text: hidden && box.text ? "?" : box.text, className: `${box.className ?? ""}${box.winner && !hidden ? " vz-wb-winner" : ""}`}))));
      setText(row.sum, hidden ? "?" : window.sumText);
      if (row.kernel && !this.kernels[channel]) row.kernel.show(window.kernel);
      if (row.value) setText(row.value, hidden ? "?" : window.valueText);
    }
    this.showTally(tally);
    this.output.frame("now", stamping ? around(landing) : {row: place.row, column: place.column, rows: 1, columns: 1});
    this.output.mark("vz-wb-now", stamping ? landing : [[place.row, place.column]]);
  }

  showTally(tally) {
    const key = tally.map(({name}) => name).join();
    if (key !== this.tallyKey || !this.tally.childElementCount) {
      this.tallyKey = key;
      this.tally.replaceChildren(...tally.map(({name, bias}) =>
        make("div", {class: "vz-wb-tally-row"}, make("span", {class: "vz-wb-tally-name"}, name), bias ? this.bias.element : make("output", {class: "vz-wb-tally-value"}))));
      this.tally.hidden = tally.length === 0;
    }
    tally.forEach(({text, bias, rounded}, index) => {
      if (bias) this.bias.show([[{text, tint: 0, className: "", label: `bias: ${text}`}]]);
      else setText(this.tally.children[index].lastElementChild, `${rounded ? "≈ " : ""}${text}`);
    });
  }

  showFilters(count, filter, choose) {
    this.filters.hidden = count < 2;
    if (count < 2) return;
    if (this.filters.childElementCount !== count) {
      this.filters.replaceChildren(...Array.from({length: count}, (_, index) =>
        make("button", {class: "vz-wb-filter", type: "button", "data-filter": index, onclick: () => choose(index)}, String(index))));
    }
    [...this.filters.children].forEach((button, index) => button.setAttribute("aria-pressed", String(index === filter)));
  }

  /** Light cells of any matrix: {input: {channel: cells}, kernel: {channel: cells}, output: cells}. */
  light({input = {}, kernel = {}, products = {}, output = [], ghost = {}} = {}) {
    this.rows.forEach((row, channel) => {
      row.input.mark("vz-wb-lit", input[channel] ?? []);
      row.input.frame("ghost", ghost[channel] ? around(ghost[channel]) : null);
      row.kernel?.mark("vz-wb-lit", kernel[channel] ?? []);
      row.products.mark("vz-wb-lit", products[channel] ?? []);
    });
    this.output?.mark("vz-wb-lit", output);
  }

  /** Choose cell size and arrangement for a space in pixels. */
  fit(space, {most, least} = {}) {
    const [first] = this.rows;
    if (!first || !this.widths) return;
    const part = (matrix, width) => (matrix ? {rows: matrix.cells.length, columns: matrix.cells[0]?.length ?? 0, width} : null);
    const {layout, cell} = fit({
      input: part(first.input, this.widths.input), kernel: part(first.kernel, this.widths.kernel),
      products: part(first.products, this.widths.products), output: part(this.output, this.widths.output),
      channels: this.rows.length, tally: this.tally.childElementCount > 0, separable: Boolean(first.point),
    }, space, {most, least});
    this.element.dataset.layout = layout;
    this.element.style.setProperty("--cell", `${cell}px`);
    this.shrink(cell, space.width, least);
  }

  /** Titles and signs have widths of their own: what is still too wide becomes smaller. */
  shrink(start, width, least = 17) {
    let cell = start;
    for (let tries = 0; tries < 4 && this.element.offsetWidth > width && cell > least; tries += 1) {
      cell = Math.max(least, Math.min(cell - 1, Math.floor((cell * width) / this.element.offsetWidth)));
      this.element.style.setProperty("--cell", `${cell}px`);
    }
  }
}

const setText = (node, text) => node.textContent !== text && (node.textContent = text);
const row0 = (inputs) => (inputs.length ? Math.max(...inputs.map(widest)) : 1);

/** The longest output, with its ≈ where it is rounded. */
const outputChars = ({outputs, isExact}) => Math.max(1, ...outputs.flatMap((channel, k) =>
  channel.flatMap((line, row) => line.map((value, column) => toText(value).length + (isExact(k, row, column) ? 0 : 1)))));
