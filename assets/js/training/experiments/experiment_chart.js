// All curves of an experiment in one chart: validation bold, training faint, each labelled where it ends.

import {make} from "../../dom.js";
import {ticks, vertical} from "../curve_math.js";
import {emptied, endLabels, pointed, redrawn, widest} from "../pointed_chart.js";
import {count, figure, percent} from "../tr_says.js";
import {lines, longest, range, valuesAt} from "./experiment_curves.js";

const MARGIN = {left: 3, right: 0.8, top: 0.6, bottom: 2.9}; // em
const DASHES = [[], [0.7, 0.35], [0.18, 0.3], [0.9, 0.3, 0.18, 0.3]]; // em
const ROOMY = 34; // em of width from which labels stand beside their lines
const SAYS = {accuracy: percent, loss: figure};
const TITLES = {accuracy: "Share of right answers", loss: "Loss"};
const KEY_STEPS = 40;

export class ExperimentChart {
  constructor() {
    Object.assign(this, {runs: [], arms: [], shows: "accuracy", cursor: null});
    this.canvas = make("canvas", {class: "vz-te-canvas", "aria-hidden": "true"});
    this.title = make("span", {class: "vz-te-axis"});
    this.where = make("span", {class: "vz-muted vz-number vz-te-where"});
    this.choices = ["accuracy", "loss"].map((name) => make("button", {type: "button", class: "vz-button vz-quiet", "data-shows": name, onclick: () => this.show(name)}, {accuracy: "Accuracy", loss: "Loss"}[name]));
    this.legend = make("ul", {class: "vz-te-legend", id: "vz-te-legend"});
    this.figure = make("div", {class: "vz-te-figure", id: "vz-te-figure", role: "slider", tabindex: "0", "aria-label": "Step of the trainings", "aria-valuemin": "0"}, this.canvas);
    this.element = make("section", {class: "vz-te-chart", "aria-label": "Curves of the trainings"},
      make("div", {class: "vz-te-chart-head"}, this.title, this.where, make("span", {class: "vz-te-choices", role: "group", "aria-label": "What the curves show"}, ...this.choices)),
      this.figure, this.legend);
    this.drawing = redrawn(this.canvas, this.figure, () => this.draw());
    pointed(this.figure, this.canvas, {at: (x) => this.stepAt(x), keys: () => this.keys(), point: (step) => this.point(step)});
  }

  /** Where the keys lead. */
  keys() {
    const most = longest(this.runs);
    const here = this.cursor ?? most;
    const step = Math.max(1, Math.round(most / KEY_STEPS));
    return {ArrowLeft: Math.max(1, here - step), ArrowRight: Math.min(most, here + step), Home: 1, End: most};
  }

  point(step) {
    if (step === this.cursor) return;
    this.cursor = step;
    this.redraw();
  }

  stepAt(x) {
    const share = (x - this.left) / (this.right - this.left || 1);
    return Math.max(1, Math.min(longest(this.runs), Math.round(share * longest(this.runs))));
  }

  /** Take an experiment's arms and its runs so far. */
  take(arms, runs, shows = this.shows) {
    Object.assign(this, {arms, runs});
    this.show(shows);
  }

  show(shows) {
    this.shows = shows;
    this.choices.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.shows === shows)));
    this.redraw();
  }

  redraw() {
    this.drawing.redraw();
  }

  draw() {
    const {context, width, height, ink, em} = emptied(this.canvas);
    const roomy = width > ROOMY * em;
    const beside = roomy ? widest(context, this.arms.map(({title}) => title)) + 1.2 * em : 0;
    Object.assign(this, {left: MARGIN.left * em, right: width - MARGIN.right * em - beside});
    const frame = {top: MARGIN.top * em, bottom: height - MARGIN.bottom * em};
    const scale = {down: vertical(range(this.runs, this.shows), false, frame.top, frame.bottom), across: (step) => this.left + (step / longest(this.runs)) * (this.right - this.left)};
    this.axes(context, {ink, em, frame, ...scale});
    context.save();
    context.beginPath();
    context.rect(this.left - 1, frame.top - 2, this.right - this.left + 4, frame.bottom - frame.top + 4);
    context.clip();
    for (const run of this.runs) this.curve(context, run, {ink, em, ...scale});
    context.restore();
    if (roomy) this.labels(context, {ink, em, frame, ...scale});
    this.say({em});
    if (this.cursor !== null && this.runs.length) this.upright(context, {ink, frame, ...scale});
  }

  axes(context, {ink, em, frame, down, across}) {
    const shown = range(this.runs, this.shows);
    context.lineWidth = 1;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const value of ticks(...shown, Math.max(2, Math.round((frame.bottom - frame.top) / (3.4 * em))))) {
      const y = Math.round(down(value)) + 0.5;
      context.strokeStyle = ink.line;
      context.beginPath();
      context.moveTo(this.left, y);
      context.lineTo(this.right, y);
      context.stroke();
      context.fillStyle = ink.muted;
      context.fillText(this.shows === "accuracy" ? `${Math.round(100 * value)} %` : String(value), this.left - 0.4 * em, y);
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    const most = longest(this.runs);
    const marks = this.runs.length ? ticks(0, most, Math.max(2, Math.floor((this.right - this.left) / (5 * em)))) : [];
    for (const step of marks.filter(Number.isInteger)) context.fillText(count(step), across(step), frame.bottom + 0.4 * em);
    if (marks.length) context.fillText("step", (this.left + this.right) / 2, frame.bottom + 1.6 * em);
  }

  curve(context, run, {ink, em, down, across}) {
    const {validation, training} = lines(run, this.shows);
    const first = run.run === 0;
    context.strokeStyle = context.fillStyle = this.colour(run.arm);
    context.lineJoin = "round";
    const stroke = (places, width, alpha, dash) => {
      context.lineWidth = width;
      context.globalAlpha = alpha;
      context.setLineDash(dash.map((part) => part * em));
      context.beginPath();
      places.forEach(([x, y], at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.stroke();
      context.setLineDash([]);
    };
    if (first) stroke(training.steps.map((step, at) => [across(step), down(training.values[at])]).filter(([, y]) => Number.isFinite(y)), Math.max(1, 0.07 * em), 0.5, []);
    const places = validation.steps.map((step, at) => [across(step), down(validation.values[at])]);
    stroke(places, Math.max(1.5, (first ? 0.17 : 0.1) * em), first ? 1 : 0.55, DASHES[run.arm % DASHES.length]);
    context.globalAlpha = 1;
    if (run.why && run.steps.length) this.broken(context, [across(run.steps.length), down(valuesAt(run, this.shows).training ?? 0)], {ink, em});
  }

  /** Where a training broke off. */
  broken(context, [x, y], {em}) {
    const arm = 0.4 * em;
    context.lineWidth = 0.16 * em;
    context.beginPath();
    context.moveTo(x - arm, y - arm);
    context.lineTo(x + arm, y + arm);
    context.moveTo(x - arm, y + arm);
    context.lineTo(x + arm, y - arm);
    context.stroke();
  }

  labels(context, {em, frame, down}) {
    const ends = this.arms.map((_, arm) => {
      const run = this.runs.find((one) => one.arm === arm && one.run === 0);
      const value = run && valuesAt(run, this.shows);
      return value ? (value.validation ?? value.training) : null;
    });
    const shown = ends.map((value, arm) => ({y: down(value), text: this.arms[arm].title, colour: this.colour(arm)})).filter((_, arm) => Number.isFinite(ends[arm]));
    endLabels(context, shown, {x: this.right + 0.6 * em, gap: 1.2 * em, ...frame});
  }

  upright(context, {ink, frame, across}) {
    const x = Math.round(across(this.cursor)) + 0.5;
    context.strokeStyle = ink.muted;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, frame.top);
    context.lineTo(x, frame.bottom);
    context.stroke();
  }

  /** The values where the pointer is, or the newest. */
  say() {
    const says = SAYS[this.shows];
    const spoken = [];
    this.title.textContent = TITLES[this.shows];
    this.legend.replaceChildren(...this.arms.map(({title}, arm) => {
      const run = this.runs.find((one) => one.arm === arm && one.run === 0);
      const {validation, training} = run ? valuesAt(run, this.shows, this.cursor ?? Infinity) : {};
      if (run) spoken.push(`${title}: validation ${says(validation)}, training ${says(training)}`);
      const key = make("span", {class: `vz-te-key vz-te-key-${arm % DASHES.length}`, "aria-hidden": "true"});
      return make("li", {}, key, make("span", {class: "vz-te-name"}, title), make("span", {class: "vz-number vz-te-values"}, make("strong", {}, says(validation)), make("span", {class: "vz-muted"}, ` training ${says(training)}`)));
    }));
    const most = longest(this.runs);
    this.where.textContent = this.runs.length ? `validation bold, training faint${this.cursor === null ? "" : ` · step ${count(this.cursor)}`}` : "";
    this.figure.setAttribute("aria-valuemax", most);
    this.figure.setAttribute("aria-valuenow", this.cursor ?? most);
    this.figure.setAttribute("aria-valuetext", spoken.join("; ") || "No curves yet");
  }

  colour(arm) {
    return getComputedStyle(this.canvas).getPropertyValue(`--vz-te-${arm % DASHES.length}`).trim();
  }

  destroy() {
    this.drawing.destroy();
  }
}
