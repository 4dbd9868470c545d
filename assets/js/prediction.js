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

/** The same with four significant digits. */
export function exactPercentage(probability) {
  return Number.isFinite(probability) ? `${format(100 * probability)} %` : "not a number";
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

function predictionRow(choose, signal) {
  const label = make("span", {class: "vz-prediction-label"});
  const value = make("span", {class: "vz-prediction-value vz-number"});
  const bar = make("span", {class: "vz-prediction-bar", "aria-hidden": "true"}, make("span"));
  const mark = make("span", {class: "vz-prediction-mark", "aria-hidden": "true"}, icon(ICONS.tick));
  const button = make("button", {class: "vz-prediction-class", type: "button", "aria-pressed": "false"}, mark, label, value, bar);
  let entry = null;
  button.addEventListener("click", () => choose(entry.index), {signal});
  return {
    element: make("li", {}, button),
    draw(next, target) {
      entry = next;
      const chosen = target === entry.index;
      const share = Number.isFinite(entry.probability) ? entry.probability : 0;
      label.textContent = entry.label;
      value.textContent = percentage(entry.probability);
      value.title = exactPercentage(entry.probability);
      button.title = `${entry.label}: ${exactPercentage(entry.probability)}, class ${entry.index}`;
      button.dataset.index = entry.index;
      button.setAttribute("aria-pressed", String(chosen));
      bar.firstChild.style.transform = `scaleX(${share})`;
    },
  };
}

/** The prediction's element and `draw(state)`. */
export function predictionView({store, retry, signal}) {
  const badge = make("span", {class: "vz-badge vz-run-badge vz-number", hidden: true});
  const warning = make("p", {class: "vz-prediction-untrained", hidden: true}, NOTHING_YET);
  const list = make("ol", {class: "vz-prediction-list"});
  const elsewhere = make("p", {class: "vz-prediction-target vz-muted", hidden: true});
  const absent = make("p", {class: "vz-muted", hidden: true}, "There is no prediction without weights.");
  const failure = make("span");
  const again = make("button", {class: "vz-button", type: "button", onclick: retry}, "Try again");
  const error = make("div", {class: "vz-message vz-prediction-error", role: "alert", hidden: true}, failure, again);
  const heading = make("h2", {class: "vz-section-title", id: "vz-prediction-title"}, "Prediction");
  const hint = make("p", {class: "vz-muted vz-prediction-hint"}, "Choose a class to make it the target.");
  const element = make(
    "section",
    {class: "vz-prediction", "aria-labelledby": "vz-prediction-title"},
    make("div", {class: "vz-section-head"}, heading, badge),
    warning, list, hint, elsewhere, absent, error,
  );
  const choose = (index) => store.set({target: store.get().target === index ? null : index});
  const rows = Array.from({length: 5}, () => predictionRow(choose, signal));
  const labels = new Map(); // class -> name, of the classes seen so far in this network's labels
  let run = null; // the last one, which stays in view while the next is on its way

  function drawTarget(target) {
    const listed = run.top.some(({index}) => index === target);
    elsewhere.hidden = target === null || listed;
    hint.hidden = target !== null;
    if (elsewhere.hidden) return;
    const name = labels.get(`${run.net} ${target}`) ?? `class ${target}`;
    const clear = make("button", {class: "vz-button vz-quiet", type: "button", onclick: () => store.set({target: null})}, "Clear");
    elsewhere.replaceChildren(`Target: ${name}, not among these five. `, clear);
  }

  function drawRun(target) {
    run.top.forEach(({index, label}) => labels.set(`${run.net} ${index}`, label));
    badge.textContent = badgeText(run);
    badge.hidden = false;
    warning.hidden = run.trained;
    run.top.forEach((entry, place) => rows[place]?.draw(entry, target));
    list.replaceChildren(...rows.slice(0, run.top.length).map((row) => row.element));
    drawTarget(target);
  }

  return {
    element,
    draw(state, {missing = false} = {}) {
      if (state.run) run = state.run;
      element.classList.toggle("vz-stale", !state.run);
      element.setAttribute("aria-busy", String(state.busy));
      const failed = Boolean(state.error) && !missing;
      error.hidden = !failed;
      absent.hidden = !missing;
      failure.textContent = failed ? state.error : "";
      list.hidden = !run || failed || missing;
      if (run) drawRun(state.target);
      if (list.hidden) [warning, badge, elsewhere, hint].forEach((part) => (part.hidden = true));
    },
  };
}
