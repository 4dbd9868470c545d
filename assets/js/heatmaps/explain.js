// The arithmetic of one cell: channel weights, the strongest channels as maps, their weighted sum.

import {newestOnly, Recent} from "../answers.js";
import {getArrays, getJSON} from "../api.js";
import {renderEquation} from "../cell_equation.js";
import {lookup} from "../colour.js";
import {make} from "../dom.js";
import {colourValues} from "../ranges.js";
import {finiteRange} from "./heat_range.js";
import {explainLayout, sumLine} from "./explain_sum.js";
import {formulaNode} from "./about.js";
import {heatBenchWord, isConvolution} from "./heat_bench.js";

const PAUSE_MS = 120;

/** A channel's map on a canvas of one pixel per cell, a cell outlined. */
function drawMap(canvas, values, [rows, columns], cell) {
  Object.assign(canvas, {width: columns, height: rows});
  const range = finiteRange(values) ?? {low: 0, high: 0};
  canvas.getContext("2d").putImageData(new ImageData(colourValues(values, range, lookup("viridis")), columns, rows), 0, 0);
  const mark = canvas.nextElementSibling;
  Object.assign(mark.style, {left: `${(100 * cell[1]) / columns}%`, top: `${(100 * cell[0]) / rows}%`, width: `${100 / columns}%`, height: `${100 / rows}%`});
}

function channelRow(entry, largest, open) {
  const {channel, weight, activation, product, share} = entry;
  const canvas = make("canvas", {class: "vz-he-map-canvas", "aria-hidden": "true"});
  const bar = make("span", {class: `vz-he-term-bar${share < 0 ? " vz-he-negative" : ""}`, "aria-hidden": "true"}, make("span"));
  bar.firstChild.style.width = `${largest > 0 ? (100 * Math.abs(share)) / largest : 0}%`;
  const map = make("span", {class: "vz-he-map"}, canvas, make("span", {class: "vz-he-map-cell"}));
  const sign = (text) => make("span", {class: "vz-he-sign"}, text);
  return make("button", {type: "button", class: "vz-he-term", "data-channel": channel, title: `How channel ${channel} came to this value here, down to the pixels`, onclick: () => open(channel)},
    map, make("span", {class: "vz-he-channel"}, `channel ${channel}`),
    make("span", {class: "vz-he-product vz-number"}, weight, sign(" · "), activation, sign(" = "), make("b", {}, product)), bar);
}

/** `{element, show({parameters, heat, cell, view}), clear()}`; `openChannel(channel)` follows one. */
export class Explanation {
  constructor({openChannel, openBench}) {
    Object.assign(this, {openChannel, answers: new Recent(60), maps: new Recent(200), load: newestOnly(), shown: null});
    this.title = make("h3", {class: "vz-he-subtitle"}, "The chosen cell");
    this.sentence = make("p", {class: "vz-he-explained"});
    this.formula = formulaNode("");
    this.terms = make("div", {class: "vz-he-terms"});
    this.equation = make("div", {class: "vz-he-equation"});
    this.scale = make("p", {class: "vz-he-scale vz-muted vz-number"});
    this.bench = make("button", {type: "button", class: "vz-button vz-he-bench", id: "vz-he-bench", hidden: true, onclick: () => openBench(this.benchWord),
      title: "A 1 × 1 convolution over the strongest channels, their weights times 100"}, "Step through the strongest four");
    this.element = make("section", {class: "vz-he-explain", "aria-label": "The arithmetic of the chosen cell", "aria-live": "polite", hidden: true},
      this.title, this.sentence, this.formula, this.terms, this.equation, this.scale, this.bench);
  }

  clear() {
    clearTimeout(this.timer);
    this.load.cancel();
    this.element.hidden = true;
    this.shown = null;
  }

  /** Explain a cell; asked for a moment after the pointer rests. */
  show({parameters, method, heat, cell, view}) {
    const key = JSON.stringify([parameters, cell]);
    if (this.shown?.key === key) return;
    clearTimeout(this.timer);
    const asked = {key, parameters, method, heat, cell, view};
    const kept = this.answers.get(key);
    if (kept) this.fill(asked, kept);
    else this.timer = setTimeout(() => this.ask(asked), this.shown ? PAUSE_MS : 0);
  }

  async ask(asked) {
    const {parameters, cell: [row, column], key} = asked;
    this.element.classList.add("vz-he-stale");
    const answer = await this.load.run((signal) => getJSON("heat/explain", {...parameters, row, column}, {signal}));
    if (!answer) return;
    if (answer.value) this.answers.set(key, answer.value);
    if (answer.value) this.fill(asked, answer.value);
    else this.fail(answer.error.message);
  }

  fail(message) {
    this.shown = null;
    this.element.hidden = false;
    this.element.classList.remove("vz-he-stale");
    this.sentence.textContent = message;
    this.terms.replaceChildren();
    [this.formula, this.equation, this.scale, this.bench].forEach((node) => (node.hidden = true));
  }

  fill(asked, answer) {
    const layout = explainLayout(answer);
    this.shown = {...asked, answer};
    this.element.hidden = false;
    this.element.classList.remove("vz-he-stale");
    this.title.textContent = `Cell row ${asked.cell[0]}, column ${asked.cell[1]}`;
    this.sentence.textContent = answer.sentence;
    this.formula.textContent = answer.formula ?? "";
    this.formula.hidden = !answer.formula || answer.formula === asked.method.formula;
    if (!layout) return this.fail("Some of this cell’s numbers are not numbers; there is no sum to write.");
    const largest = Math.max(...answer.channels.map(({product}) => Math.abs(product)));
    this.terms.replaceChildren(...layout.channels.map((entry, at) => channelRow({...entry, share: answer.channels[at].product}, largest, this.openChannel)));
    this.equation.hidden = this.scale.hidden = false;
    renderEquation(this.equation, {groups: [{patch: [[]], line: []}], chain: sumLine(layout, answer), linesOnly: true});
    this.scale.textContent = scaleText(answer);
    this.bench.hidden = true;
    return this.drawMaps(this.shown, layout);
  }

  async drawMaps({view, method, parameters: {layer}, heat, cell, key, answer}, layout) {
    const maps = await Promise.all(layout.channels.map(async ({channel}, at) => {
      const values = await this.mapOf({...view, layer, channel}).catch(() => null);
      const canvas = this.terms.children[at]?.querySelector("canvas");
      if (values && this.shown?.key === key && canvas) drawMap(canvas, values, heat.shape, cell);
      return values; // without it the numbers stand alone
    }));
    if (this.shown?.key !== key || !isConvolution(method) || maps.includes(null)) return;
    const rectified = answer.after_relu !== null;
    this.benchWord = heatBenchWord({channels: answer.channels, maps, shape: heat.shape, cell, rectified});
    this.bench.hidden = false;
  }

  async mapOf(parameters) {
    const name = JSON.stringify(parameters);
    const known = this.maps.get(name);
    if (known) return known;
    const {arrays} = await getArrays("values", parameters);
    this.maps.set(name, arrays.values);
    return arrays.values;
  }
}

/** How the cell's heat becomes a colour. */
function scaleText({scale, value, after_relu, sum}) {
  if (!scale || !Number.isFinite(value)) return "";
  const digits = (number) => String(Number(number.toPrecision(4))).replace("-", "−");
  return `Drawn at ${digits(100 * value)} % of the colour map, which runs from ${digits(scale.minimum)} to ${digits(scale.maximum)}; this cell has ${digits(after_relu ?? sum)}.`;
}
