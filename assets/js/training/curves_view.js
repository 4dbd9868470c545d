// The curves of a training: loss, accuracy and learning rate by step, with the values under the pointer.

import {make} from "../dom.js";
import {CurvePlot} from "./curve_plot.js";
import {Condensed, Smoothed, extent, lossRange, span} from "./curve_math.js";
import {count, figure, percent, setting} from "./tr_says.js";

const SMOOTHING = 0.9;
const short = (value) => (Math.abs(value) >= 1e4 ? value.toExponential(0).replace("+", "") : setting(value));
const whole = (share) => `${Math.round(100 * share)} %`;

export class CurvesView {
  constructor({desk}) {
    Object.assign(this, {desk, log: false, weight: SMOOTHING, cursor: null, waiting: false});
    this.plots = [
      new CurvePlot({key: "loss", title: "Loss", text: figure, tick: short}),
      new CurvePlot({key: "accuracy", title: "Accuracy", text: percent, tick: whole}),
      new CurvePlot({key: "rate", title: "Learning rate", text: figure, tick: short}),
    ];
    this.where = make("span", {class: "vz-number vz-muted vz-tn-where"});
    const log = make("input", {type: "checkbox", id: "vz-tn-log", onchange: () => this.set({log: log.checked})});
    const smooth = make("input", {type: "range", id: "vz-tn-smoothing", min: "0", max: "0.99", step: "0.01", value: String(SMOOTHING), oninput: () => this.set({weight: Number(smooth.value)})});
    this.figure = make("div", {class: "vz-tn-plots", id: "vz-tn-plots", role: "slider", tabindex: "0", "aria-label": "Step of the training", "aria-valuemin": "0"}, ...this.plots.map(({element}) => element));
    this.element = make("section", {class: "vz-tn-curves", "aria-label": "Curves"}, this.figure,
      make("div", {class: "vz-tn-curve-tools"}, make("span", {class: "vz-tn-legend", "aria-hidden": "true"}, make("span", {class: "vz-tn-key vz-tn-key-training"}, "training"), make("span", {class: "vz-tn-key vz-tn-key-validation"}, "validation")), this.where, make("label", {class: "vz-tn-tick"}, log, "loss by powers of ten"), make("label", {class: "vz-tn-smooth"}, "smoothing", smooth)));
    this.listen();
    this.reset();
    this.release = desk.onChange((keys) => this.changed(keys));
    this.observer = new ResizeObserver(() => this.redraw());
    this.observer.observe(this.figure);
    this.themes = new MutationObserver(() => this.redraw());
    this.themes.observe(document.body, {attributes: true, attributeFilter: ["class"]});
  }

  listen() {
    this.figure.addEventListener("pointermove", (event) => this.point(this.stepUnder(event)));
    this.figure.addEventListener("pointerleave", () => this.point(null));
    this.figure.addEventListener("blur", () => this.point(null));
    this.figure.addEventListener("click", (event) => this.chooseNear(this.stepUnder(event)));
    this.figure.addEventListener("keydown", (event) => this.key(event));
  }

  /** The step under the pointer, in whichever plot it is; null between them. */
  stepUnder(event) {
    const plot = this.plots.find(({element}) => element.contains(event.target));
    const last = this.desk.history.steps.at(-1);
    if (!plot || !last) return null;
    const step = plot.stepAt(event.clientX - plot.canvas.getBoundingClientRect().left);
    return Math.max(1, Math.min(last, step));
  }

  key(event) {
    const last = this.desk.history.steps.at(-1) ?? 0;
    const each = this.desk.info?.steps_per_epoch ?? 1;
    const here = this.cursor ?? last;
    const to = {ArrowLeft: here - 1, ArrowRight: here + 1, PageDown: here - each, PageUp: here + each, Home: 1, End: last}[event.key];
    if (event.key === "Enter") this.chooseNear(this.cursor);
    else if (to === undefined || !last || event.ctrlKey || event.metaKey || event.altKey) return;
    else this.point(Math.max(1, Math.min(last, to)));
    event.preventDefault();
    event.stopPropagation();
  }

  /** A click brings all views to the epoch's end next to it; the newest is the live one. */
  chooseNear(step) {
    const {moments} = this.desk.history;
    if (step === null || moments.length < 2) return;
    const near = moments.reduce((best, one) => (Math.abs(one.step - step) < Math.abs(best.step - step) ? one : best));
    this.desk.chooseMoment(near === moments.at(-1) ? null : near.moment);
  }

  point(step) {
    if (step === this.cursor) return;
    this.cursor = step;
    this.redraw();
  }

  set(patch) {
    Object.assign(this, patch);
    if ("weight" in patch) this.reset();
    this.redraw();
  }

  reset() {
    const follower = () => ({average: new Smoothed(this.weight), smooth: new Condensed(), spans: new Condensed()});
    this.followers = {losses: follower(), accuracies: follower(), rates: follower()};
  }

  /** What is drawn of one list of the history: as it is, in spans of steps, and smoothed. */
  line(key, smoothed = this.weight > 0) {
    const raw = this.desk.history[key];
    if (this.followers[key].spans.count > raw.length) this.reset(); // another history
    const {average, smooth, spans} = this.followers[key];
    return {raw, spans: spans.extend(raw), smooth: smoothed ? smooth.extend(average.extend(raw)) : null};
  }

  changed(keys) {
    if (keys.includes("opened")) {
      this.reset();
      this.cursor = null;
    }
    if (keys.some((key) => ["opened", "frame", "moment"].includes(key))) this.redraw();
  }

  redraw() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  /** What each plot shows. */
  data() {
    const {history, info, moment} = this.desk;
    const chosen = moment === null ? null : (history.moments.find((one) => one.moment === moment)?.step ?? null);
    const shared = {steps: history.steps, total: span(Math.max(history.steps.length, chosen ?? 0), info?.steps ?? 0), perEpoch: info?.steps_per_epoch, cursor: this.cursor, moment: chosen, log: false};
    const records = (key) => history.validation.map(({step, [key]: value}) => ({step, value}));
    const losses = records("loss");
    const [loss, accuracy, rate] = [this.line("losses"), this.line("accuracies"), this.line("rates", false)];
    const drawn = loss.smooth ?? loss.spans;
    const shown = extent(drawn.lows, drawn.highs, losses.map(({value}) => value));
    return {
      loss: {...shared, ...loss, validation: losses, range: lossRange(shown, this.log), log: this.log},
      accuracy: {...shared, ...accuracy, validation: records("accuracy"), range: [0, 1]},
      rate: {...shared, ...rate, validation: null, range: [0, (extent(rate.spans.highs)?.[1] ?? 0.001) * 1.06]},
    };
  }

  draw() {
    if (!this.element.isConnected || this.element.offsetParent === null) return;
    const data = this.data();
    this.plots.forEach((plot) => plot.measure());
    this.plots.forEach((plot) => plot.draw(data[plot.key]));
    const spoken = this.plots.map((plot) => plot.say(data[plot.key]));
    const {steps} = this.desk.history;
    const step = this.cursor ?? steps.at(-1) ?? 0;
    const each = this.desk.info?.steps_per_epoch ?? 1;
    const smoothing = this.desk.info?.setup?.smoothing;
    const remark = smoothing ? ` · label smoothing ${smoothing}` : "";
    this.where.textContent = step ? `step ${count(step)}, epoch ${(step / each).toFixed(step % each ? (each > 20 ? 2 : 1) : 0)}${remark}` : "";
    this.where.title = this.where.textContent;
    this.figure.setAttribute("aria-valuemax", steps.at(-1) ?? 0);
    this.figure.setAttribute("aria-valuenow", step);
    this.figure.setAttribute("aria-valuetext", `Step ${step}: ${spoken.filter(Boolean).join("; ")}`);
  }

  destroy() {
    this.release();
    this.observer.disconnect();
    this.themes.disconnect();
  }
}
