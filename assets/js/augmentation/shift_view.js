// Convolution follows a shift: the input moves by one cell of a layer, and so do the layer's maps; measured.

import {getJSON} from "../api.js";
import {make} from "../dom.js";
import {retryMessage} from "../retry_message.js";

const MOST = 7;
const FORGIVING_MOST = 12;

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

const pools = (layer) => /pool/i.test(layer?.kind ?? "");
const SILENT = /input|flatten|dropout|padding|normali/i; // layers that only rearrange or rescale

/** Layers whose change under one pixel is told, from shallow to deep: every pooling with the one before it, of the others some, evenly. */
export function forgivingLayers(layers, most = FORGIVING_MOST) {
  const wanted = layers.filter(({kind}) => !SILENT.test(kind));
  const kept = wanted.filter((layer, at) => pools(layer) || pools(wanted[at + 1])).slice(0, most - 2);
  const others = wanted.filter((layer) => !kept.includes(layer));
  const count = Math.min(others.length, most - kept.length);
  const chosen = others.filter((_, at) => Array.from({length: count}, (__, place) => Math.round((place * (others.length - 1)) / Math.max(1, count - 1))).includes(at));
  return wanted.filter((layer) => kept.includes(layer) || chosen.includes(layer));
}

/** A bar for each layer's change: `{layer, change}` and the layer's kind. */
function changeRow({layer, change}, kind) {
  const percent = Math.round(100 * change);
  return make("li", {class: "vz-au-forgiven-row"}, make("span", {class: "vz-au-shift-layer"}, make("strong", {}, layer), make("span", {class: "vz-muted"}, ` ${kind}`)),
    make("span", {class: "vz-au-bar", "aria-hidden": "true", style: `--vz-au-part: ${Math.min(100, percent)}%`}), make("span", {class: "vz-number"}, `${percent} %`));
}

export class ShiftView {
  constructor(page, {desk, workspace, onShow}) {
    Object.assign(this, {desk, workspace, key: null});
    this.rows = make("ol", {class: "vz-au-shifts", id: "vz-au-shifts"});
    this.message = retryMessage("au-shift", {onRetry: () => this.ask()});
    this.bars = make("ol", {class: "vz-au-forgiven", id: "vz-au-forgiven"});
    const words = make("p", {class: "vz-au-promise"}, "The picture moves down and right, by exactly one cell of a layer. If the layer follows, its maps hold the same numbers one cell further down and right. Compared are the cells whose receptive field meets no border; a difference is a share of the maps’ own size.");
    const forgiving = make("p", {class: "vz-au-promise"}, "The picture moves by one single pixel, and maps are compared where they are. Pooling lets less of the change through than reaches it from the layer before.");
    page.replaceChildren(make("div", {class: "vz-au-shift"}, this.message.element, make("h3", {}, "Do maps follow?"), words, this.rows, make("h3", {class: "vz-au-shift-next"}, "Is it forgiven?"), forgiving, this.bars));
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
    try {
      await this.forgiven(run.layers, view, work.signal);
      await this.follow(entries, view, work.signal);
    } catch (error) {
      if (work.signal.aborted) return;
      this.key = null;
      this.message.show(error.message);
    }
  }

  /** How much each layer changes when the picture moves by a pixel. */
  async forgiven(layers, view, signal) {
    this.bars.replaceChildren();
    const asked = forgivingLayers(layers);
    const {layers: told} = await getJSON("augment/forgiven", {...view, layers: asked.map(({name}) => name).join(",")}, {signal});
    this.bars.replaceChildren(...told.map((entry, at) => changeRow(entry, asked[at].kind)));
  }

  /** Layer by layer, whether its maps follow, as far as there are cells to compare. */
  async follow(entries, view, signal) {
    for (const [layer, row] of entries) {
      const found = await getJSON("augment/equivariance", {...view, layer: layer.name}, {signal});
      row.lastElementChild.replaceChildren(...(found.reason ? ["Every cell sees the border, here and in all layers behind: nothing is left to compare."] : this.told(found)));
      if (!found.reason) continue;
      row.classList.add("vz-au-beyond");
      while (row.nextElementSibling) row.nextElementSibling.remove(); // deeper cells see even more
      return;
    }
  }

  row({name, kind, shape}) {
    const title = make("span", {class: "vz-au-shift-layer"}, make("strong", {}, name), make("span", {class: "vz-muted vz-number"}, ` ${kind}, ${shape[1]}\u00a0×\u00a0${shape[2]}`));
    return make("li", {class: "vz-au-shift-row"}, title, make("span", {class: "vz-au-shift-said vz-number"}, "…"));
  }

  told({shift_px: [down], error, still, compared}) {
    return [make("strong", {}, differenceText(error)), ` after a shift by ${down} pixel${down === 1 ? "" : "s"}. Had the maps stayed where they were, it would be ${Math.round(100 * still)} %. ${compared.toLocaleString("en")} cells of each channel.`];
  }

  destroy() {
    this.release.forEach((release) => release());
    this.stop();
  }
}
