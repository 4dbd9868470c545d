// The workbench's state: a spec, its result, the step, and what a class has not been shown yet. No page in here.

import {parse, toText} from "./arithmetic/decimal.js";
import {evaluate} from "./arithmetic/operations.js";
import {formatBench, parseBench} from "./workbench_link.js";
import {moved} from "./workbench_player.js";
import {arrangement, placeOf, stepOfPlace, stepsOf} from "./workbench_scene.js";

const read = (text) => parse(text.replace("−", "-"));

export class Bench {
  /** `changed(what)`: "spec" (shapes and settings too), "numbers" or "step". */
  constructor({changed}) {
    Object.assign(this, {changed, preset: null, spec: null, result: null, step: 0, predicting: false, revealed: new Set()});
  }

  /** Take `spec`; where it cannot be computed, everything stays and the sentence comes back. */
  load(spec, {preset = null, at = null, keepPlace = false} = {}) {
    let result;
    try {
      result = evaluate(spec);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return error.message;
    }
    const place = keepPlace && this.result ? this.place : null;
    Object.assign(this, {spec, result, preset, arrangement: arrangement(spec)});
    const {count} = stepsOf(result.shape);
    this.count = count;
    this.revealed.clear();
    this.step = Math.min(count - 1, this.stepAt(at ?? (place && [place.filter, place.row, place.column])));
    this.changed("spec");
    return null;
  }

  /** The step that stands for an output cell, 0 where there is none. */
  stepAt(at) {
    if (!at) return 0;
    const {shape} = this.result;
    const [filters, rows, columns] = [shape.filters, stepsOf(shape).rows, stepsOf(shape).columns];
    const [filter, row, column] = at;
    if (filter >= filters || row >= rows || column >= columns) return 0;
    const channel = this.arrangement.stamping ? placeOf(shape, filter * stepsOf(shape).perFilter).channel : null;
    return stepOfPlace(shape, {filter, channel, row, column});
  }

  /** A sentence where a link names a cell that is not there. */
  missing(at) {
    if (!at) return null;
    const {filters} = this.result.shape;
    const {rows, columns} = stepsOf(this.result.shape);
    if (at[0] < filters && at[1] < rows && at[2] < columns) return null;
    return `The link names cell (${at.join(", ")}); channels go to ${filters - 1}, rows to ${rows - 1}, columns to ${columns - 1}. The first cell is shown.`;
  }

  get place() {
    return placeOf(this.result.shape, this.step);
  }

  /** A number changed: same shape, so steps and place stay. */
  edit(spec) {
    const result = evaluate(spec);
    Object.assign(this, {spec, result, preset: null, arrangement: arrangement(spec)});
    this.changed("numbers");
  }

  /** Go `by` cells on, to "first" or to "last"; answers whether the place changed. */
  move(by) {
    return this.go(moved(this.step, this.count, by));
  }

  go(step) {
    if (step === this.step || step < 0 || step >= this.count) return false;
    this.step = step;
    this.changed("step");
    return true;
  }

  /** A row up or down in the output (when stamping, in the input). */
  moveRow(by) {
    const {rows, columns} = stepsOf(this.result.shape);
    const {row} = this.place;
    return row + by >= 0 && row + by < rows ? this.go(this.step + by * columns) : false;
  }

  get hidden() {
    return this.predicting && !this.revealed.has(this.step);
  }

  predict(on) {
    this.predicting = on;
    this.revealed.clear();
    this.changed("step");
  }

  reveal() {
    this.revealed.add(this.step);
    this.changed("step");
  }

  /** The clicker's way: what is hidden is shown first, then it goes on. */
  advance() {
    if (!this.hidden) return this.move(1);
    this.reveal();
    return true;
  }

  /** Whether the output cell of that index in the present filter may be seen, and whether it is written. */
  cellState() {
    const {index, filter} = this.place;
    const {perFilter} = stepsOf(this.result.shape);
    const {predicting, revealed, arrangement: {stamping}} = this;
    return {
      written: (at) => stamping || at <= index,
      hidden: (at) => (stamping ? this.hidden : predicting && !revealed.has(filter * perFilter + at)),
    };
  }

  /** This state as one word of an address. */
  word() {
    const {filter, row, column} = this.place;
    return formatBench({preset: this.preset, spec: this.spec, at: [filter, row, column]}, toText);
  }
}

/** Read an address's word: {preset, at} or {spec, at} or {message}. */
export function readWord(text, presets) {
  const answer = parseBench(text, {presets, read});
  return answer.ok ? answer : {message: answer.message};
}

/** A typed number: {ok, value, text} or {ok: false, message}. */
export function readNumber(text) {
  const answer = parse(text);
  return answer.ok ? {...answer, text: toText(answer.value)} : answer;
}
