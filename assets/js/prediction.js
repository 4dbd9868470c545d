// The five likeliest classes, the target class, and what computed them.

import {format} from "./colour.js";
import {icon, make} from "./dom.js";
import {ICONS} from "./icons.js";

const DEVICES = {cpu: "CPU", cuda: "CUDA", mps: "MPS"};
const BACKENDS = {onnx: "ONNX Runtime", torch: "PyTorch"};
const NOTHING_YET = "untrained weights: these numbers mean nothing yet";

/** A probability in percent, one decimal; never rounded to certainty or to nothing. */
export function percentage(probability) {
  if (!Number.isFinite(probability)) return "not a number";
  if (probability > 0 && probability < 0.0005) return "< 0.1 %";
  if (probability < 1 && probability >= 0.9995) return "> 99.9 %";
  return `${(100 * probability).toFixed(1)} %`;
}

/** The same with four significant digits, or as many as it takes not to round to certainty. */
export function exactPercentage(probability) {
  if (!Number.isFinite(probability)) return "not a number";
  const percent = 100 * probability;
  let digits = 4;
  while (probability < 1 && digits < 17 && Number(percent.toPrecision(digits)) === 100) digits += 1;
  return `${format(percent, digits)} %`;
}

/** "CPU · ONNX Runtime · 23 ms", or "from cache" for a picture seen before. */
export function badgeText(run) {
  const time = run.time_ms < 10 ? run.time_ms.toFixed(1) : Math.round(run.time_ms);
  const device = DEVICES[run.device] ?? String(run.device).toUpperCase();
  return [device, BACKENDS[run.backend] ?? run.backend, run.cached ? "from cache" : `${time} ms`].join(" · ");
}

/** One sentence for screen readers. */
export function spokenPrediction(run) {
  const [first, second] = run.top.map(({label, probability}) => `${label}, ${percentage(probability)}`);
  const warning = run.trained ? "" : ` With ${NOTHING_YET}.`;
  return `${run.title} predicts ${first}${second ? `; then ${second}` : ""}.${warning}`;
}

/** One class: name, probability, bar; pressed while it is the target. */
class Row {
  constructor(choose) {
    this.label = make("span", {class: "vz-prediction-label"});
    this.value = make("span", {class: "vz-prediction-value vz-number"});
    this.bar = make("span", {});
    const mark = make("span", {class: "vz-prediction-mark", "aria-hidden": "true"}, icon(ICONS.tick));
    const track = make("span", {class: "vz-prediction-bar", "aria-hidden": "true"}, this.bar);
    const attributes = {class: "vz-prediction-class", type: "button", onclick: () => choose(this.index)};
    this.button = make("button", attributes, mark, this.label, this.value, track);
    this.element = make("li", {}, this.button);
  }

  draw({index, label, probability}, target) {
    this.index = index;
    this.label.textContent = label;
    this.value.textContent = percentage(probability);
    this.button.title = `${label}: ${exactPercentage(probability)}, class ${index}`;
    this.button.dataset.index = index;
    this.button.setAttribute("aria-pressed", String(target === index));
    this.bar.style.transform = `scaleX(${Number.isFinite(probability) ? probability : 0})`;
  }
}

/** The prediction on the page; `retry()` asks for it again after a failure. */
export class PredictionView {
  constructor({store, retry}) {
    this.store = store;
    this.run = null; // the last one, which stays in view while the next is on its way
    this.labels = new Map(); // class -> name, of the classes seen so far in each network
    const choose = (index) => store.set({target: store.get().target === index ? null : index});
    this.rows = Array.from({length: 5}, () => new Row(choose));
    this.build(retry);
  }

  build(retry) {
    const muted = (name, ...content) => make("p", {class: `${name} vz-muted`, hidden: true}, ...content);
    this.badge = make("span", {class: "vz-badge vz-run-badge vz-number", hidden: true});
    this.warning = make("p", {class: "vz-prediction-untrained", hidden: true}, NOTHING_YET);
    this.list = make("ol", {class: "vz-prediction-list", hidden: true});
    this.hint = muted("vz-prediction-hint", "Choose a class to make it the target.");
    this.elsewhere = muted("vz-prediction-target");
    this.absent = muted("vz-prediction-absent", "There is no prediction without weights.");
    this.failure = make("span");
    const again = make("button", {class: "vz-button", type: "button", onclick: retry}, "Try again");
    this.error = make("div", {class: "vz-message vz-prediction-error", role: "alert", hidden: true}, this.failure, again);
    const heading = make("h2", {class: "vz-section-title", id: "vz-prediction-title"}, "Prediction");
    const head = make("div", {class: "vz-section-head"}, heading, this.badge);
    const parts = [head, this.warning, this.list, this.hint, this.elsewhere, this.absent, this.error];
    this.element = make("section", {class: "vz-prediction", "aria-labelledby": "vz-prediction-title"}, ...parts);
  }

  /** Follow the workspace; `missing`: the network has no weights on this machine. */
  draw(state, {missing = false} = {}) {
    if (state.run) this.run = state.run;
    this.element.classList.toggle("vz-stale", !state.run);
    this.element.setAttribute("aria-busy", String(state.busy));
    const failed = Boolean(state.error) && !missing;
    this.error.hidden = !failed;
    this.failure.textContent = failed ? state.error : "";
    this.absent.hidden = !missing;
    const visible = Boolean(this.run) && !failed && !missing;
    this.list.hidden = this.badge.hidden = !visible;
    this.warning.hidden = !visible || this.run.trained;
    this.hint.hidden = !visible || state.target !== null;
    this.elsewhere.hidden = true;
    if (visible) this.drawRun(state.target);
  }

  drawRun(target) {
    const {run} = this;
    run.top.forEach(({index, label}) => this.labels.set(`${run.net} ${index}`, label));
    this.badge.textContent = badgeText(run);
    run.top.forEach((entry, place) => this.rows[place]?.draw(entry, target));
    const rows = this.rows.slice(0, run.top.length).map((row) => row.element);
    if (this.list.children.length !== rows.length) this.list.replaceChildren(...rows);
    if (target !== null && !run.top.some(({index}) => index === target)) this.drawElsewhere(target);
  }

  /** The target is not among the five. */
  drawElsewhere(target) {
    const name = this.labels.get(`${this.run.net} ${target}`) ?? `class ${target}`;
    const forget = () => this.store.set({target: null});
    const clear = make("button", {class: "vz-button vz-quiet", type: "button", onclick: forget}, "Clear");
    this.elsewhere.replaceChildren(`Target: ${name}, not among these five. `, clear);
    this.elsewhere.hidden = false;
  }
}
