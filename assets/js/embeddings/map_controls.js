// How a map is made: method, perplexity, and the settings one changes less often.

import {labelledSelect, make} from "../dom.js";

const METHOD_TITLES = {"t-sne": "t-SNE", pca: "PCA", umap: "UMAP"};
const PARTS = [1000, 2000, 5000];
const KEYS = ["method", "perplexity", "exaggeration", "metric", "dimensions", "seed", "limit"];

/** The largest perplexity for so many pictures, as the server has it. */
export const largestPerplexity = (count) => Math.max(1, Math.floor((count - 1) / 3));

/** Numbers of pictures to choose from: parts that are smaller than the whole, and the whole. */
export const partsOf = (count) => Object.fromEntries([...PARTS.filter((part) => part < count).map((part) => [part, part.toLocaleString("en")]), ["", `all ${count.toLocaleString("en")}`]]);

/** What a request asks beside the source. */
export function mapParameters(state) {
  const {method, perplexity, exaggeration, metric, dimensions, seed, limit} = state;
  const tsne = method === "t-sne" ? {perplexity, exaggeration} : {};
  return {method, dimensions, metric, seed, ...tsne, limit};
}

function numberField(label, attributes, onChange) {
  const input = make("input", {class: "vz-field vz-em-number vz-number", type: "number", ...attributes, onchange: () => input.reportValidity() && onChange(Number(input.value))});
  return {element: make("label", {class: "vz-control"}, make("span", {class: "vz-control-name"}, label), input), input};
}

export class MapControls {
  constructor({state, onStart, onStop}) {
    Object.assign(this, {state, count: 0});
    const set = (key, read = (text) => text) => (event) => state.set({[key]: read(event.target.value)});
    this.method = labelledSelect("Method", METHOD_TITLES, {id: "vz-mp-method", onchange: set("method")});
    this.perplexity = numberField("Perplexity", {id: "vz-mp-perplexity", min: "1", step: "any", required: true, title: "About how many neighbours each picture keeps near"}, (perplexity) => state.set({perplexity}));
    this.limit = labelledSelect("Pictures", {}, {id: "vz-mp-limit", title: "A part is drawn by chance, evenly from the classes", onchange: set("limit", (text) => (text ? Number(text) : null))});
    this.exaggeration = numberField("Early exaggeration", {id: "vz-mp-exaggeration", min: "1", max: "100", step: "any", required: true}, (exaggeration) => state.set({exaggeration}));
    this.metric = labelledSelect("Distance", {l2: "Euclidean (L2)", cosine: "cosine"}, {id: "vz-mp-metric", onchange: set("metric")});
    this.dimensions = labelledSelect("Dimensions", {2: "2", 3: "3"}, {id: "vz-mp-dimensions", onchange: set("dimensions", Number)});
    this.seed = numberField("Seed", {id: "vz-mp-seed", min: "0", max: "4294967295", step: "1", required: true, title: "The same seed gives the same map"}, (seed) => state.set({seed}));
    this.start = make("button", {type: "button", class: "vz-button vz-primary", id: "vz-mp-start", onclick: onStart}, "Make the map");
    this.stop = make("button", {type: "button", class: "vz-button", id: "vz-mp-stop", hidden: true, onclick: onStop}, "Cancel");
    this.more = make("details", {class: "vz-mp-more"}, make("summary", {}, "More settings"),
      make("div", {class: "vz-mp-row"}, this.exaggeration.element, this.metric.element, this.dimensions.element, this.seed.element));
    this.element = make("div", {class: "vz-mp-controls"},
      make("div", {class: "vz-mp-row"}, this.method.element, this.perplexity.element, this.limit.element, this.start, this.stop, this.more));
    this.release = state.subscribe((_, keys) => keys.some((key) => KEYS.includes(key)) && this.draw());
    const {metric, dimensions, seed, exaggeration} = state.get();
    this.more.open = metric !== "l2" || dimensions !== 2 || seed !== 0 || exaggeration !== 12;
    this.draw();
  }

  /** The collection has so many pictures. */
  size(count) {
    this.count = count;
    this.draw();
  }

  /** Methods that cannot run on the server, with the reason. */
  offer(methods) {
    for (const {id, reason} of methods) {
      const option = [...this.method.select.options].find(({value}) => value === id);
      if (!option || !reason) continue;
      option.disabled = true;
      option.textContent = `${METHOD_TITLES[id]} (not installed)`;
      option.title = reason;
    }
  }

  draw() {
    const state = this.state.get();
    this.method.select.value = state.method;
    const isTsne = state.method === "t-sne";
    this.perplexity.element.hidden = this.exaggeration.element.hidden = !isTsne;
    this.perplexity.input.value = state.perplexity;
    this.exaggeration.input.value = state.exaggeration;
    this.metric.select.value = state.metric;
    this.dimensions.select.value = String(state.dimensions);
    this.seed.input.value = state.seed;
    if (!this.count) return;
    const parts = partsOf(this.count);
    const limit = state.limit && state.limit < this.count ? String(state.limit) : "";
    if (limit && !(limit in parts)) parts[limit] = Number(limit).toLocaleString("en");
    this.limit.select.replaceChildren(...Object.entries(parts).map(([value, title]) => make("option", {value}, title)));
    this.limit.select.value = limit;
    this.limit.element.hidden = Object.keys(parts).length < 2;
    this.perplexity.input.max = largestPerplexity(limit ? Number(limit) : this.count);
  }

  /** Whether a map is being made, and whether the one shown is of other settings. */
  show({running, stale, made}) {
    this.start.hidden = running;
    this.stop.hidden = !running;
    this.start.textContent = made ? (stale ? "Update the map" : "Make it again") : "Make the map";
    this.start.classList.toggle("vz-primary", !made || stale);
  }

  destroy() {
    this.release();
  }
}
