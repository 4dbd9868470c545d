// One filter at length: its kernels with their numbers, the waves they let through, its likes, and the way to the workbench.

import {format} from "../colour.js";
import {make} from "../dom.js";
import {colourPicture, frequencyFigure, kernelTable} from "./kernel_figure.js";
import {inputOf, isNegligible} from "./sheet.js";
import {SheetCanvas} from "./sheet_canvas.js";
import {refusal} from "./workbench_word.js";

const STRONGEST = 12;
const ALIKE = 3;
const COLOURS = ["red", "green", "blue"];

/** A cosine with two decimals; what rounds to 0 has no sign. */
export const cosineText = (cosine) => cosine.toFixed(2).replace(/^-(?=0\.00$)/, "").replace("-", "−");

/** The filters most like `filter`, itself left out: `[{filter, cosine}]`. */
export function mostAlike(alike, filter, count = ALIKE) {
  const others = Array.from(alike, (cosine, index) => ({filter: index, cosine})).filter((other) => other.filter !== filter);
  return others.sort((a, b) => b.cosine - a.cosine || a.filter - b.filter).slice(0, count);
}

/** The largest of a row of single weights by size: `[{column, value}]`. */
export function strongestWeights(values, count = STRONGEST) {
  const all = Array.from(values, (value, column) => ({column, value}));
  return all.sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || a.column - b.column).slice(0, count);
}

/** A filter's kernels as a sheet of their own, one tile each. */
export function kernelSheet(sheet, {values, norms}) {
  const scale = Float32Array.from({length: sheet.inputs}, () => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
  return {...sheet, form: "single", filters: sheet.inputs, inputs: 1, columns: 1, row: sheet.height * sheet.width, tileHeight: sheet.height, tileWidth: sheet.width,
    pool: 1, exact: true, values, cells: null, scale, norm: norms};
}

export class FilterDetail {
  constructor({onChoose, onColumn, onOpen}) {
    this.call = {onChoose, onColumn, onOpen};
    this.heading = make("h3", {class: "vz-fi-detail-title"});
    this.facts = make("p", {class: "vz-number vz-muted vz-fi-small"});
    this.alike = make("p", {class: "vz-fi-alike vz-number"});
    this.pictures = make("div", {class: "vz-fi-pictures"});
    this.kernels = new SheetCanvas({onPoint: () => {}, onChoose: ({filter}) => onColumn(filter), onOpen: ({filter}) => onOpen(filter)});
    this.kernels.element.classList.add("vz-fi-kernels");
    this.byNorm = make("button", {type: "button", class: "vz-button vz-quiet", "aria-pressed": "false", onclick: () => this.sortKernels()}, "Largest norm first");
    this.kernelHead = make("div", {class: "vz-control-row"}, make("span", {class: "vz-control-name"}, "One kernel per input channel"), this.byNorm);
    this.waves = make("div", {class: "vz-fi-wave-row"});
    this.open = make("button", {type: "button", class: "vz-button vz-primary", onclick: () => onOpen(this.scene.column)}, "Open in the workbench");
    this.reason = make("p", {class: "vz-muted vz-fi-small"});
    this.python = make("code", {class: "vz-fi-python"});
    this.element = make("aside", {class: "vz-fi-detail", "aria-label": "The chosen filter"},
      this.heading, this.facts, this.alike, this.kernelHead, this.kernels.element, this.pictures, make("div", {class: "vz-fi-open"}, this.open, this.reason), this.waves, this.python);
    this.sorted = false;
  }

  destroy() {
    this.kernels.destroy();
  }

  sortKernels() {
    this.sorted = !this.sorted;
    this.byNorm.setAttribute("aria-pressed", String(this.sorted));
    this.showKernels();
  }

  /** Show `{sheet, filter, column, exact: {values, norms, alike}, limit, python}`; `column` is an input of the filter. */
  show(scene) {
    this.scene = scene;
    const {sheet, filter, exact} = scene;
    this.heading.textContent = sheet.kind === "fully connected" ? `Unit ${filter}` : `Filter ${filter}`;
    const bias = sheet.bias ? ` · bias ${format(sheet.bias[filter], 3)}` : "";
    const norm = Math.hypot(...exact.norms);
    const faint = isNegligible(sheet, filter) ? " · all but zero: less than a thousandth of the layer’s largest weight" : "";
    this.facts.textContent = `norm ${format(norm, 3)} · ${this.ends()}${bias}${faint}`;
    this.showAlike();
    this.showKernels();
    this.showPictures();
    const why = this.flat() ? null : refusal(sheet);
    this.open.disabled = Boolean(why);
    this.open.textContent = this.flat() ? "Open the sum as arithmetic" : "Open in the workbench";
    this.reason.textContent = why ?? (this.flat() ? "A kernel of one number: the trace shows its products with all inputs." : "With the inputs that it meets on your picture.");
    this.python.textContent = scene.python;
  }

  flat() {
    return this.scene.sheet.height * this.scene.sheet.width === 1;
  }

  ends() {
    const {values} = this.scene.exact;
    let [low, high] = [Infinity, -Infinity];
    for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
    return `${format(low, 3)} to ${format(high, 3)}`;
  }

  showAlike() {
    const {exact, filter} = this.scene;
    this.alike.hidden = !exact.alike || exact.alike.length < 2;
    if (this.alike.hidden) return;
    const links = mostAlike(exact.alike, filter).map((other) =>
      make("button", {type: "button", class: "vz-button vz-quiet", title: `Cosine ${format(other.cosine, 4)}`, onclick: () => this.call.onChoose(other.filter)}, `${other.filter} (${cosineText(other.cosine)})`));
    this.alike.replaceChildren(make("span", {class: "vz-muted"}, "Most like it: "), ...links);
  }

  showKernels() {
    const {sheet, exact, column, limit} = this.scene;
    const many = ["kernels", "norms"].includes(sheet.form);
    this.kernels.element.hidden = this.kernelHead.hidden = !many;
    if (!many) return;
    const order = Int32Array.from({length: sheet.inputs}, (_, index) => index);
    if (this.sorted) order.sort((a, b) => exact.norms[b] - exact.norms[a] || a - b);
    this.kernels.show({sheet: kernelSheet(sheet, exact), order, limits: {of: () => limit}, part: "colour", size: sheet.inputs > 128 ? 22 : null});
    this.kernels.choose(column, null);
  }

  kernel(column) {
    const size = this.scene.sheet.height * this.scene.sheet.width;
    return this.scene.exact.values.subarray(column * size, (column + 1) * size);
  }

  showPictures() {
    const {sheet, exact, filter, column, limit} = this.scene;
    if (sheet.form === "matrix") {
      this.pictures.replaceChildren(this.bars());
      this.waves.replaceChildren();
      return;
    }
    const table = (input) => {
      const name = sheet.form === "colour" ? COLOURS[input] : `input channel ${inputOf(sheet, filter, input)}`;
      const norm = sheet.form === "single" ? "" : ` · norm ${format(exact.norms[input], 3)}`;
      return make("figure", {}, make("figcaption", {class: "vz-control-name"}, `${name}${norm}`), kernelTable(this.kernel(input), sheet, limit, name));
    };
    const inputs = sheet.form === "colour" ? [0, 1, 2] : [column];
    const mixed = sheet.form === "colour" ? make("figure", {}, make("figcaption", {class: "vz-control-name"}, "in colour, 0 is grey"), colourPicture(exact.values, sheet, limit)) : null;
    this.pictures.replaceChildren(...[mixed, ...inputs.map(table)].filter(Boolean));
    const own = frequencyFigure(inputs.map((input) => this.kernel(input)), sheet, inputs.length > 1 ? "Frequency response, all three channels" : "Frequency response of this kernel");
    this.waves.replaceChildren(...(own && !isNegligible(sheet, filter) ? [own] : [])); // of noise it would say nothing
  }

  /** The strongest single weights as bars from 0. */
  bars() {
    const {sheet, exact, filter} = this.scene;
    const strongest = strongestWeights(exact.values);
    const most = Math.abs(strongest[0]?.value ?? 0) || 1;
    const row = ({column, value}) => make("li", {class: "vz-fi-bar-row"},
      make("button", {type: "button", class: "vz-button vz-quiet", title: "Mark it in the matrix", onclick: () => this.call.onColumn(column)}, String(inputOf(sheet, filter, column))),
      make("span", {class: `vz-fi-bar ${value < 0 ? "vz-fi-minus" : ""}`, "aria-hidden": "true"}, make("i", {style: `width: ${(50 * Math.abs(value)) / most}%`})),
      make("span", {class: "vz-number"}, format(value, 3)));
    const title = `The ${strongest.length} strongest of ${sheet.inputs.toLocaleString("en")} inputs`;
    return make("figure", {class: "vz-fi-bars"}, make("figcaption", {class: "vz-control-name"}, title), make("ol", {}, ...strongest.map(row)));
  }
}
