// Weights that are not on the server's machine: fetch the official file, or go on untrained.

import {make} from "./dom.js";
import {sizeText} from "./network_menu.js";

/** "12 of 98 MB", or what has come so far where the whole size is not known. */
export function progressText(received, total) {
  if (!(total > 0)) return `${sizeText(received)} so far`;
  const unit = sizeText(total).split(" ")[1];
  const [part, partUnit] = sizeText(received).split(" ");
  return `${partUnit === unit ? part : `${part} ${partUnit}`} of ${sizeText(total)}`;
}

/** The offer's element and `draw(state, {missing})`; `fetchWeights(net, onLine, signal)` downloads. */
export function weightsOffer({context, fetchWeights, ready, useWeights, announce, signal}) {
  const sentence = make("p", {});
  const start = make("button", {class: "vz-button vz-primary", type: "button"});
  const untrained = make("button", {class: "vz-button", type: "button"}, "Use untrained weights");
  const trained = make("button", {class: "vz-button", type: "button"}, "Use the trained weights");
  const cancel = make("button", {class: "vz-button", type: "button"}, "Cancel");
  const bar = make("progress", {class: "vz-download-bar", "aria-label": "Download", max: "1"});
  const count = make("span", {class: "vz-number vz-muted"});
  const running = make("div", {class: "vz-download"}, bar, make("div", {class: "vz-download-row"}, count, cancel));
  const buttons = make("div", {class: "vz-offer-buttons"}, start, trained, untrained);
  const element = make("section", {class: "vz-offer", "aria-label": "Weights", hidden: true}, sentence, running, buttons);

  let download = null; // {net, controller, received, total}: the one that runs
  let failure = null; // {net, message}: the last one that did not end well
  let last = null;

  function words(state, model, missing) {
    if (failure?.net === model.name) return failure.message;
    if (download?.net === model.name) return `Fetching the official weights of ${model.title}.`;
    if (!missing) return `${model.title} has untrained weights: real arithmetic, but nothing learned.`;
    return model.download
      ? `The weights of ${model.title} are not on this machine yet (${model.licence}).`
      : state.error ?? `The weights of ${model.title} are missing.`;
  }

  function draw(state, {missing}) {
    last = {state, missing};
    const model = context.catalogue?.models.find(({name}) => name === state.net);
    const isUntrained = state.weights === "untrained";
    element.hidden = !model || !(missing || isUntrained);
    if (element.hidden) return;
    const mine = download?.net === model.name;
    sentence.textContent = words(state, model, missing);
    running.hidden = !mine;
    buttons.hidden = mine;
    const size = sizeText(model.size_bytes);
    start.hidden = model.ready || !model.download;
    start.textContent = failure?.net === model.name ? `Try the download again (${size})` : `Download the official weights (${size})`;
    trained.hidden = !(isUntrained && model.ready);
    untrained.hidden = isUntrained;
    element.classList.toggle("vz-failed", failure?.net === model.name);
    if (mine) drawProgress();
  }

  function drawProgress() {
    const {received, total} = download;
    if (total > 0) bar.value = received / total;
    else bar.removeAttribute("value");
    count.textContent = progressText(received, total);
  }

  function onLine(mine, line) {
    if (line.error) throw new Error(line.error);
    if (line.done) mine.done = true;
    if (download !== mine || line.done) return;
    Object.assign(mine, {received: line.received ?? mine.received, total: line.total ?? mine.total});
    if (context.state.net === mine.net) drawProgress();
  }

  async function begin() {
    const {name, title, size_bytes: size} = context.catalogue.models.find((model) => model.name === context.state.net);
    download?.controller.abort();
    const mine = {net: name, controller: new AbortController(), received: 0, total: size, done: false};
    [download, failure] = [mine, null];
    draw(last.state, last);
    cancel.focus();
    try {
      await fetchWeights(name, (line) => onLine(mine, line), mine.controller.signal);
      if (!mine.done) throw new Error("The download ended early. Try it again.");
      announce(`The weights of ${title} have arrived.`);
      if (download === mine) download = null;
      await ready(name);
    } catch (error) {
      if (error.name !== "AbortError") failure = {net: name, message: error.message};
      if (failure) announce(failure.message);
    } finally {
      if (download === mine) download = null;
      draw(last.state, last);
    }
  }

  start.addEventListener("click", begin, {signal});
  cancel.addEventListener("click", () => {
    download?.controller.abort();
    download = null;
    draw(last.state, last);
    start.focus();
  }, {signal});
  untrained.addEventListener("click", () => {
    failure = null;
    useWeights("untrained");
  }, {signal});
  trained.addEventListener("click", () => useWeights(null), {signal});
  signal.addEventListener("abort", () => download?.controller.abort());
  return {element, draw};
}
