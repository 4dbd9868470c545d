// Weights that are not on the server's machine: fetch the official file, or go on untrained.

import {make} from "./dom.js";
import {sizeText} from "./network_menu.js";
import {modelOf} from "./view.js";

/** "12 of 98 MB", or what has come so far where the whole size is not known. */
export function progressText(received, total) {
  if (!(total > 0)) return `${sizeText(received)} so far`;
  const unit = sizeText(total).split(" ")[1];
  const [part, partUnit] = sizeText(received).split(" ");
  return `${partUnit === unit ? part : `${part} ${partUnit}`} of ${sizeText(total)}`;
}

const button = (text, onclick, primary = "") => make("button", {class: `vz-button ${primary}`, type: "button", onclick}, text);

/**
 * The offer on the page.
 *
 * `fetchWeights(net, onLine, signal)` downloads; `ready(net)` is called when they are there;
 * `useWeights(null or "untrained")` goes on with what there is; `announce(text)` speaks.
 */
export class WeightsOffer {
  constructor({context, fetchWeights, ready, useWeights, announce, signal}) {
    Object.assign(this, {context, fetchWeights, ready, useWeights, announce});
    this.download = null; // {net, controller, received, total, done}: the one that runs
    this.failure = null; // {net, message}: the last one that did not end well
    this.missing = false;
    this.build();
    signal.addEventListener("abort", () => this.download?.controller.abort());
  }

  build() {
    this.sentence = make("p", {});
    this.start = button("", () => this.begin(), "vz-primary");
    this.trained = button("Use the trained weights", () => this.useWeights(null));
    this.untrained = button("Use untrained weights", () => this.goOnUntrained());
    this.stop = button("Cancel", () => this.cancel());
    this.bar = make("progress", {class: "vz-download-bar", "aria-label": "Download", max: "1"});
    this.count = make("span", {class: "vz-number vz-muted"});
    this.running = make("div", {class: "vz-download"}, this.bar, make("div", {class: "vz-download-row"}, this.count, this.stop));
    this.buttons = make("div", {class: "vz-offer-buttons"}, this.start, this.trained, this.untrained);
    const parts = [this.sentence, this.running, this.buttons];
    this.element = make("section", {class: "vz-offer", "aria-label": "Weights", hidden: true}, ...parts);
  }

  /** Follow the workspace; `missing`: the network has no weights on this machine. */
  draw(state, {missing}) {
    this.missing = missing;
    const model = modelOf(this.context.catalogue, state.net);
    const untrained = state.weights === "untrained";
    this.element.hidden = !model || !(missing || untrained);
    if (this.element.hidden) return;
    const running = this.download?.net === model.name;
    const failed = !running && this.failure?.net === model.name;
    const size = sizeText(model.size_bytes);
    this.sentence.textContent = running ? `Fetching the official weights of ${model.title}.` : failed ? this.failure.message : this.words(model, state);
    this.running.hidden = !running;
    this.buttons.hidden = running;
    this.start.hidden = model.ready || !model.download;
    this.start.textContent = failed ? `Try the download again (${size})` : `Download the official weights (${size})`;
    this.trained.hidden = !(untrained && model.ready);
    this.untrained.hidden = untrained;
    this.element.classList.toggle("vz-failed", failed);
    if (running) this.drawProgress();
  }

  words(model, {error}) {
    if (!this.missing) return `${model.title} has untrained weights: real arithmetic, but nothing learned.`;
    if (model.download) return `The weights of ${model.title} are not on this machine yet. Licence: ${model.licence}.`;
    return error ?? `The weights of ${model.title} are missing.`;
  }

  redraw() {
    this.draw(this.context.state, {missing: this.missing});
  }

  drawProgress() {
    const {received, total} = this.download;
    if (total > 0) this.bar.value = received / total;
    else this.bar.removeAttribute("value");
    this.count.textContent = progressText(received, total);
  }

  async begin() {
    const model = modelOf(this.context.catalogue, this.context.state.net);
    this.download?.controller.abort();
    const mine = {net: model.name, controller: new AbortController(), received: 0, total: model.size_bytes, done: false};
    [this.download, this.failure] = [mine, null];
    this.redraw();
    this.stop.focus();
    try {
      await this.fetchWeights(mine.net, (line) => this.read(mine, line), mine.controller.signal);
      if (!mine.done) throw new Error("The download ended early. Try it again.");
      this.announce(`The weights of ${model.title} have arrived.`);
    } catch (error) {
      if (error.name !== "AbortError") this.fail(mine, error.message);
    }
    if (this.download === mine) this.download = null;
    if (mine.done) await this.ready(mine.net);
    this.redraw();
  }

  read(mine, line) {
    if (line.error) throw new Error(line.error);
    mine.done ||= Boolean(line.done);
    mine.received = line.received ?? mine.received;
    mine.total = line.total ?? mine.total;
    if (this.download === mine && this.context.state.net === mine.net) this.drawProgress();
  }

  fail({net}, message) {
    this.failure = {net, message};
    this.announce(message);
  }

  cancel() {
    this.download?.controller.abort();
    this.download = null;
    this.redraw();
    this.start.focus();
  }

  goOnUntrained() {
    this.failure = null;
    this.useWeights("untrained");
  }
}
