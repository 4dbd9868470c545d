// Convolution follows a shift: the input moves by one cell of a layer, and so do the layer's maps; measured.

import {getJSON} from "../api.js";
import {make} from "../dom.js";
import {retryMessage} from "../retry_message.js";

const MOST = 7;

/** Layers to measure, from shallow to deep: the first convolution and the last layer of each resolution. */
export function shiftLayers(layers) {
  const spatial = layers.filter(({name, kind, shape}) => name !== "input" && shape.length === 3 && shape[1] > 1 && !/padding/.test(kind));
  const first = spatial.find(({kind}) => /conv/i.test(kind));
  const ends = spatial.filter(({shape}, at) => shape[1] !== spatial[at + 1]?.shape[1]);
  return [...new Set([first, ...ends].filter(Boolean))].sort((one, other) => layers.indexOf(one) - layers.indexOf(other)).slice(0, MOST);
}

/** A share of difference as text: exactly nothing is said as such. */
export function differenceText(share) {
  if (share === 0) return "no difference at all";
  const percent = 100 * share;
  return `${percent < 0.001 ? "< 0.001" : Number(percent.toPrecision(2))} % difference`;
}

export class ShiftView {
  constructor(page, {desk, workspace, onShow}) {
    Object.assign(this, {desk, workspace, key: null});
    this.rows = make("ol", {class: "vz-au-shifts", id: "vz-au-shifts"});
    this.message = retryMessage("au-shift", {onRetry: () => this.ask()});
    const words = make("p", {class: "vz-au-promise"}, "The picture moves down and right by exactly one cell of a layer. Do the layer’s maps move along? Compared are the cells whose receptive field meets no border.");
    page.replaceChildren(make("div", {class: "vz-au-shift"}, words, this.message.element, this.rows));
    this.release = [workspace.subscribe((_, keys) => keys.includes("run") && this.ask()), onShow((shown) => this.toggle(shown))];
  }

  toggle(shown) {
    this.shown = shown;
    if (shown) this.ask();
    else this.stop();
  }

  stop() {
    this.work?.abort();
    this.key = null;
  }

  async ask() {
    const {run} = this.workspace.get();
    if (!this.shown || !run) return;
    const view = this.desk.view();
    const key = JSON.stringify(view);
    if (key === this.key) return;
    this.stop();
    const work = new AbortController();
    Object.assign(this, {key, work});
    this.message.show(null);
    const entries = shiftLayers(run.layers).map((layer) => [layer, this.row(layer)]);
    this.rows.replaceChildren(...entries.map(([, row]) => row));
    for (const [layer, row] of entries) {
      try {
        const found = await getJSON("augment/equivariance", {...view, layer: layer.name}, {signal: work.signal});
        row.lastElementChild.replaceChildren(...(found.reason ? [found.reason] : this.told(found)));
        if (!found.reason) continue;
        row.classList.add("vz-au-beyond");
        while (row.nextElementSibling) row.nextElementSibling.remove(); // deeper cells see even more
        return;
      } catch (error) {
        if (work.signal.aborted) return;
        this.key = null;
        this.message.show(error.message);
        return;
      }
    }
  }

  row({name, kind, shape}) {
    const title = make("span", {class: "vz-au-shift-layer"}, make("strong", {}, name), make("span", {class: "vz-muted vz-number"}, ` ${kind}, ${shape[1]} × ${shape[2]}`));
    return make("li", {class: "vz-au-shift-row"}, title, make("span", {class: "vz-au-shift-said vz-number"}, "…"));
  }

  told({shift_px: [down], error, still, compared}) {
    return [make("strong", {}, differenceText(error)),
      ` after a shift by ${down} pixel${down === 1 ? "" : "s"}; had the maps stayed where they were: ${Math.round(100 * still)} %. ${compared.toLocaleString("en")} cells a channel.`];
  }

  destroy() {
    this.release.forEach((release) => release());
    this.stop();
  }
}
