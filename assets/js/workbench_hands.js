// Hands on the figure: pointing, pressing, typing, painting and dragging the window.

import {equal, toText} from "./arithmetic/decimal.js";
import {readNumber} from "./workbench_bench.js";
import {editCell} from "./workbench_cell_editor.js";
import {lightOf} from "./workbench_light.js";
import {changeCell, valueAt} from "./workbench_reshape.js";
import {stepOfPlace} from "./workbench_scene.js";

const HINT = "Point at any number: the ones that belong to it light up. Click an input or a weight, then type.";

export class Hands {
  /** `say(text)` shows a sentence; `pause()` stops the player. */
  constructor({bench, say, pause}) {
    Object.assign(this, {bench, say, pause, place: null, arithmetic: null});
  }

  /** Take the figure in hand; `tools` tells whether painting is on, and with what. */
  hold({figure, tools}) {
    Object.assign(this, {figure, tools});
    this.say(HINT);
  }

  /** Handlers for the figure that these hands will hold. */
  get handlers() {
    return {
      point: (place) => this.point(place),
      press: (place) => this.press(place),
      type: (place, start) => this.type(place, start),
      key: (_, {kind}) => kind === "output", // arrows there step
      drag: (place, phase, event) => this.drag(place, phase, event),
    };
  }

  point(place) {
    const {bench, figure} = this;
    this.place = place;
    if (!place) {
      figure.light();
      this.say(HINT);
      return;
    }
    const {hidden} = bench.cellState();
    const {result, spec} = bench;
    const [, , columns] = result.shape.output;
    const context = {result, spec, place: bench.place, shape: result.shape, stamping: bench.arrangement.stamping, hidden: (row, column) => hidden(row * columns + column)};
    const {sets, text} = lightOf(context, place, {inputs: figure.inputs, kernels: figure.kernels, arithmetic: this.arithmetic});
    figure.light(sets);
    this.say(text || HINT);
  }

  /** A step has changed what belongs together. */
  refresh(arithmetic) {
    this.arithmetic = arithmetic;
    if (!this.place) return;
    const {kind, channel, row, column} = this.place;
    const matrix = kind === "output" ? this.figure.output : this.figure.rows[channel]?.[kind];
    this.point(matrix?.node([row, column]) ? this.place : null);
  }

  go(place) {
    this.pause();
    this.bench.go(stepOfPlace(this.bench.result.shape, {filter: this.bench.place.filter, channel: null, ...place}));
  }

  /** A click on an output cell goes there; when stamping, a click on an input cell stamps it. */
  press({kind, channel, row, column}) {
    const {stamping} = this.bench.arrangement;
    if (!stamping && kind === "output") this.go({row, column});
    const source = stamping && kind === "input" ? this.figure.inputs[channel][row][column].source : null;
    if (source) this.go({channel, row: source.row, column: source.column});
  }

  /** Where a matrix's cell lies in the spec; null for padding. */
  target({kind, channel, row, column}) {
    const {figure} = this;
    const {filter} = this.bench.place;
    if (kind === "input") {
      const {source} = figure.inputs[channel][row][column];
      return source && {matrix: "input", at: [source.channel, source.row, source.column], node: figure.rows[channel].input};
    }
    if (kind === "kernel") return figure.kernels[channel] && {...figure.kernels[channel][row][column].place, node: figure.rows[channel].kernel};
    if (kind === "point") return {matrix: "pointwise", at: [filter, channel, 0, 0], node: figure.rows[channel].point};
    return {matrix: "bias", at: [filter], node: figure.bias};
  }

  type(place, start) {
    const target = this.target(place);
    if (!target) {
      this.say("Padding cannot be typed into: it follows from the setting.");
      return;
    }
    this.pause();
    const {node, ...where} = target;
    const cell = [place.row, place.column];
    editCell({
      matrix: node, cell, start, parse: readNumber,
      text: toText(valueAt(this.bench.spec, where)),
      label: `New value for ${node.node(cell).getAttribute("aria-label")}`,
      commit: (value) => this.bench.edit(changeCell(this.bench.spec, where, value)),
      done: (next) => next && node.focus(next),
    });
  }

  /** Painting sets cells; otherwise the window follows the pointer. */
  drag(place, phase, event) {
    const {source} = this.figure.inputs[place.channel][place.row][place.column];
    if (this.tools.painting) {
      event.preventDefault();
      if (phase === "down") [this.brush, this.figure.held] = [null, true];
      if (source) this.paint(source);
      if (phase === "up") this.release();
    } else if (phase === "move") this.slide(place, source);
  }

  /** A stroke from the last cell to this one, however fast the pointer was. */
  paint({channel, row, column}) {
    const last = this.brush ?? [row, column];
    const steps = Math.max(Math.abs(row - last[0]), Math.abs(column - last[1]), 1);
    const places = Array.from({length: steps}, (_, index) => [row, column].map((to, axis) => Math.round(last[axis] + ((to - last[axis]) * (index + 1)) / steps)));
    this.brush = [row, column];
    const same = places.every(([r, c]) => equal(this.bench.spec.input[channel][r][c], this.tools.value));
    if (same) return;
    this.bench.edit(places.reduce((spec, [r, c]) => changeCell(spec, {matrix: "input", at: [channel, r, c]}, this.tools.value), this.bench.spec));
  }

  /** The stroke is done: cells may take the widths they need. */
  release() {
    this.figure.held = false;
    this.bench.changed("numbers");
  }

  slide(place, source) {
    const {shape, stamping} = this.bench.arrangement;
    if (stamping) {
      if (source) this.go({channel: place.channel, row: source.row, column: source.column});
      return;
    }
    const [row, column] = [place.row, place.column].map((at, axis) => {
      const position = Math.round((at - (shape.extent[axis] - 1) / 2) / shape.stride[axis]);
      return Math.min(shape.output[axis + 1] - 1, Math.max(0, position));
    });
    this.go({row, column});
  }
}
