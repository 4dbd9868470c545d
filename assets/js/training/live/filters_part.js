// The filters of the chosen layer, of the network that is being trained: one range for the layer, moving.

import {format, lookup} from "../../colour.js";
import {make} from "../../dom.js";
import {colourPart, signedIndex} from "../../filters/sheet.js";
import {Follower} from "./display.js";
import {colourBar} from "./colour_bar.js";
import {layerWord, weightText} from "./live_words.js";
import {partFrame} from "./part_frame.js";
import {TileCanvas} from "./tile_canvas.js";
import {paintColours, paintTiles} from "./tiles.js";

const NARROW_EM = 28; // of the view: weights are kept large enough for a finger, and scroll
const FINGER = 4; // CSS pixels of a weight there
const MOVED_MOST = 40_000; // weights that move smoothly; more are at once where they belong
const HINT = "Point at a weight, or walk with the arrow keys, to read it.";
const largest = (values) => values.reduce((most, value) => (Math.abs(value) > most ? Math.abs(value) : most), 0);

/** How filters are laid out: "colour" and "single" are one tile each, "matrix" is one tile for all, "rows" a tile for every input channel. */
export function formOf([, inputs, height, width]) {
  if (inputs === 1) return "single";
  if (height * width === 1) return "matrix";
  return inputs === 3 ? "colour" : "rows";
}

/** The tiles of filters (out, in, kH, kW); the longer side of rows of kernels lies across, in a `narrow` place the shorter. */
export function tilesOf([filters, inputs, height, width], narrow = false) {
  const form = formOf([filters, inputs, height, width]);
  if (form === "matrix") return {count: 1, height: filters, width: inputs, across: 1, columnwise: false};
  if (form !== "rows") return {count: filters, height, width, across: null, columnwise: false};
  const columnwise = filters > inputs !== narrow;
  return {count: filters * inputs, height, width, across: columnwise ? filters : inputs, columnwise};
}

/** What rows and columns are; `of` counts all filters where only the first are shown. */
export function layoutText(shape, of = shape[0], narrow = false) {
  const [filters, inputs, height, width] = shape;
  const form = formOf(shape);
  const unit = height * width > 1 ? "filter" : "unit";
  const first = of > filters ? `The first ${filters.toLocaleString("en")} of ${of.toLocaleString("en")} ${unit}s. ` : "";
  if (form === "colour") return `${first || `${filters.toLocaleString("en")} filters, `}red, green and blue as they weigh them: grey is 0.`;
  if (form === "single") return first ? `${first}All in one range.` : `${filters.toLocaleString("en")} filters, all in one range.`;
  const [one, other] = tilesOf(shape, narrow).columnwise ? ["column", "row"] : ["row", "column"];
  return `${first}${filters.toLocaleString("en")} ${one}s, one a ${unit}; ${inputs.toLocaleString("en")} ${other}s, one an input; all in one range.`;
}

export class FiltersPart {
  constructor({desk}) {
    Object.assign(this, {desk, shape: null, follower: new Follower(), reaches: new Map(), dirty: true});
    this.badge = make("span", {class: "vz-badge vz-tl-badge"});
    this.tiles = new TileCanvas({label: "Filters of the chosen layer", line: "edge", onPoint: () => this.tell()});
    this.bar = colourBar("diverging");
    this.note = make("p", {class: "vz-muted vz-tl-note"});
    this.other = make("button", {class: "vz-button vz-tl-other", type: "button", hidden: true, onclick: () => this.desk.look({layer: this.nearest})});
    this.readout = make("p", {class: "vz-number vz-tl-readout", "aria-live": "polite"}, HINT);
    this.frame = partFrame({name: "filters", title: "Filters", beside: [this.badge]}, this.note, this.other, this.tiles.element, this.bar.element, this.readout);
    this.element = this.frame.element;
  }

  /** Another training. */
  open() {
    this.reaches.clear();
    this.shape = null;
    this.follower = new Follower();
  }

  take(display, {badge, layer}) {
    this.badge.textContent = badge;
    this.frame.title(`Filters of ${layerWord(layer.name)}`);
    const filters = layer.filters ? display.filters : null;
    this.tiles.element.hidden = this.readout.hidden = !filters;
    if (!filters) this.bar.element.hidden = true;
    this.filters = filters;
    this.explain(layer);
    if (!filters) return;
    this.shape = filters.shape;
    const key = `${layer.name} ${this.shape}`;
    const fresh = key !== this.key;
    this.key = key;
    if (fresh || filters.values !== this.follower.target) this.reaches.set(key, Math.max(this.reaches.get(key) ?? 0, largest(filters.values)));
    this.lay();
    this.follower.aim(filters.values, {still: (fresh || filters.values.length > MOVED_MOST) && filters.values !== this.follower.target});
    this.dirty = true;
    if (this.tiles.place) this.tell();
  }

  /** Whether the view is as narrow as on a phone. */
  get narrow() {
    return Boolean(this.tiles.space) && this.tiles.space.room < NARROW_EM * this.tiles.space.em;
  }

  lay() {
    this.tiles.plan(tilesOf(this.shape, this.narrow));
    this.tiles.least = this.narrow ? FINGER : 1;
  }

  explain(layer) {
    const layers = this.desk.info.layers;
    const at = layers.findIndex(({name}) => name === layer.name);
    this.nearest = (layers.slice(0, at).findLast(({filters}) => filters) ?? layers.find(({filters}) => filters))?.name ?? null;
    this.other.hidden = layer.filters || this.nearest === null;
    this.other.textContent = `Show ${layerWord(this.nearest ?? "")}`;
    if (!layer.filters) this.note.textContent = `${layerWord(layer.name).replace(/^l/, "L")} has no weights of its own.`;
    else if (!this.filters) this.note.textContent = "On their way …";
    else this.tellLayout();
  }

  tellLayout() {
    const words = layoutText(this.filters.shape, this.filters.of, this.narrow) + (this.tiles.wide ? " Sideways there is more." : "");
    if (this.note.textContent !== words) this.note.textContent = words;
  }

  tell() {
    const {place} = this.tiles;
    this.readout.textContent = place && this.filters ? weightText(this.shape, place, this.filters.values, formOf(this.shape)) : HINT;
  }

  measure() {
    this.tiles.measure();
    if (this.shape) this.lay();
  }

  step(ms) {
    const moving = this.follower.step(ms);
    if (!this.shape || !this.filters || !(moving || this.dirty)) return false;
    this.dirty = false;
    const reach = this.reaches.get(this.key);
    const colours = new Uint32Array(lookup("diverging").buffer);
    const {values} = this.follower;
    this.tiles.paint((pixels, grid) => {
      if (formOf(this.shape) === "colour") paintColours(pixels, grid, values, (value) => colourPart(value, reach));
      else paintTiles(pixels, grid, values, colours, (value) => signedIndex(value, reach));
    });
    this.tellLayout();
    this.bar.element.hidden = formOf(this.shape) === "colour";
    this.bar.show(`−${format(reach, 3)}`, "0", format(reach, 3));
    return moving;
  }
}
