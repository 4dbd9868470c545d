// Moments of a training: a scrubber over recorded checkpoints, and the chosen filter at each of them.

import {make} from "../dom.js";
import {lookup} from "../colour.js";
import {signedIndex} from "./sheet.js";

const PLAY_MS = 450;

/** A moment in words: `step 30 (epoch 0.06): test accuracy 24.9 %`. */
export function momentText({steps, epochs, accuracy, split = "test"}, at) {
  const epoch = epochs[at] === Math.round(epochs[at]) ? String(epochs[at]) : epochs[at].toFixed(2);
  return `step ${steps[at].toLocaleString("en")} (epoch ${epoch}): ${split} accuracy ${(100 * accuracy[at]).toFixed(1)} %`;
}

/** The numbers of one filter at every moment: `values` is [moment][filter][row]. */
export function filterOverTime(values, {moments, filters, row}, filter) {
  return Array.from({length: moments}, (_, moment) => values.subarray((moment * filters + filter) * row, (moment * filters + filter + 1) * row));
}

/** The scrubber: `show({steps, epochs, accuracy, values}, sheet, filter, column)`; `onMoment(index)`. */
export class Moments {
  constructor({onMoment}) {
    this.onMoment = onMoment;
    this.play = make("button", {type: "button", class: "vz-button", onclick: () => this.toggle()}, "Play");
    this.slider = make("input", {type: "range", min: "0", step: "1", "aria-label": "Moment of the training", oninput: () => this.go(Number(this.slider.value))});
    this.text = make("p", {class: "vz-number", "aria-live": "polite"});
    this.strip = make("div", {class: "vz-fi-moment-strip", role: "group", "aria-label": "The chosen filter at each moment"});
    this.element = make("section", {class: "vz-fi-moments", "aria-label": "Training", hidden: true}, make("div", {class: "vz-fi-moment-bar"}, this.play, this.slider), this.text, this.strip);
    this.timer = null;
  }

  show(record, sheet, filter, column) {
    const fresh = this.record !== record;
    Object.assign(this, {record, sheet, filter, column});
    this.slider.max = record.steps.length - 1;
    if (fresh) this.at = record.steps.length - 1;
    this.drawStrip();
    this.mark();
  }

  /** The whole layer at the present moment. */
  values() {
    const size = this.sheet.filters * this.sheet.row;
    return this.record.values.subarray(this.at * size, (this.at + 1) * size);
  }

  go(at) {
    if (at === this.at) return;
    this.at = at;
    this.mark();
    this.onMoment(at);
  }

  mark() {
    this.slider.value = this.at;
    const words = momentText(this.record, this.at);
    this.slider.setAttribute("aria-valuetext", words);
    this.text.textContent = words[0].toUpperCase() + words.slice(1);
    [...this.strip.children].forEach((tile, at) => tile.setAttribute("aria-pressed", String(at === this.at)));
  }

  toggle() {
    if (this.timer) {
      this.stop();
      return;
    }
    if (this.at === this.record.steps.length - 1) this.go(0);
    this.play.textContent = "Pause";
    this.timer = setInterval(() => {
      this.go(this.at + 1);
      if (this.at >= this.record.steps.length - 1) this.stop();
    }, PLAY_MS);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.play.textContent = "Play";
  }

  /** The chosen kernel at every moment, in one range. */
  drawStrip() {
    const {height, width, filters, row} = this.sheet;
    const size = height * width;
    const series = filterOverTime(this.record.values, {moments: this.record.steps.length, filters, row}, this.filter).map((values) => values.subarray(this.column * size, (this.column + 1) * size));
    const limit = Math.max(...series.map((values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
    const table = lookup("diverging");
    this.strip.replaceChildren(...series.map((values, at) => {
      const canvas = make("canvas", {width, height});
      const pixels = new Uint8ClampedArray(4 * size);
      values.forEach((value, cell) => pixels.set(table.subarray(4 * signedIndex(value, limit), 4 * signedIndex(value, limit) + 4), 4 * cell));
      canvas.getContext("2d").putImageData(new ImageData(pixels, width, height), 0, 0);
      const words = momentText(this.record, at);
      return make("button", {type: "button", class: "vz-fi-moment", title: words, "aria-label": words, onclick: () => this.go(at)}, canvas, make("span", {class: "vz-number"}, this.record.steps[at].toLocaleString("en")));
    }));
  }
}
