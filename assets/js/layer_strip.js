// The strip of all layers, from input to softmax: a list box with a filter, walked by keyboard.

import {percent} from "./colour.js";
import {icon, make} from "./dom.js";
import {filterLayers, marker, shapeText, splitName, stages} from "./layers.js";

const PAGE = 10;
const STEPS = {ArrowUp: -1, k: -1, ArrowDown: 1, j: 1, PageUp: -PAGE, PageDown: PAGE, Home: -Infinity, End: Infinity};

/** How many layers a key walks, or null for another key. */
export const stepOf = ({key, ctrlKey, metaKey, altKey}) => (ctrlKey || metaKey || altKey ? null : STEPS[key] ?? null);

/** The place, among the ascending `shown`, after a step from `selected`, which need not be shown. */
export function stepAmong(shown, selected, step) {
  const after = shown.findIndex((index) => index >= selected);
  const here = after < 0 ? shown.length : after;
  const between = shown[here] !== selected && step > 0 ? 1 : 0; // `here` is already one further
  return Math.max(0, Math.min(shown.length - 1, here + step - between));
}

/** The marker of a kind of layer: a letter on the family's colour. */
export function kindMark(kind) {
  const {family, letter} = marker(kind);
  return make("span", {class: `vz-kind vz-kind-${family}`, title: kind, "aria-hidden": "true"}, letter);
}

/** A layer's name, its own part outlasting its path where room is short. */
export function nameOf(name) {
  const {path, own} = splitName(name);
  const start = path ? make("span", {class: "vz-layer-path"}, make("bdi", {}, path)) : null; // cut at its beginning
  return make("span", {class: "vz-layer-name", title: name}, start, make("span", {class: "vz-layer-own"}, own));
}

function zerosBar(share) {
  const bar = make("span", {class: "vz-zeros-bar", "aria-hidden": "true"}, make("span"));
  bar.firstChild.style.width = `${Number.isFinite(share) ? 100 * share : 0}%`;
  const text = Number.isFinite(share) ? percent(share) : "NaN";
  return make("span", {class: "vz-zeros vz-number", title: `${percent(share)} of all values are 0`}, text, bar);
}

function row(layer, index) {
  const {name, kind, shape, zeros, parameters} = layer;
  const description = `${name}, ${kind}, ${shapeText(shape)}, ${percent(zeros)} zeros`;
  return make(
    "div",
    {
      class: "vz-layer",
      role: "option",
      id: `vz-layer-${index}`,
      "aria-selected": "false",
      "aria-label": description,
      "data-layer": name,
      title: `${name}\n${kind}, ${shapeText(shape)}\n${(parameters ?? 0).toLocaleString("en")} parameters`,
    },
    kindMark(kind),
    nameOf(name),
    make("span", {class: "vz-layer-shape vz-number"}, shapeText(shape)),
    make("span", {class: "vz-layer-kind"}, kind),
    zerosBar(zeros),
  );
}

/** Rows in groups of equal resolution; a square beside the title shows the area. */
function groups(layers, rows) {
  const largest = Math.max(...layers.map(({shape}) => Math.max(shape[1], shape[2])));
  return stages(layers).map(({label, side, first, last}) => {
    const square = make("span", {class: "vz-stage-square", "aria-hidden": "true"});
    square.style.width = square.style.height = `${(1.2 * Math.sqrt(side / largest)).toFixed(2)}em`;
    const title = make("div", {class: "vz-strip-stage vz-number", "aria-hidden": "true"}, make("span", {class: "vz-stage-slot"}, square), label);
    const group = make("div", {class: "vz-strip-group", role: "group", "aria-label": `Maps of ${label}`}, title);
    group.append(...rows.slice(first, last + 1));
    return group;
  });
}

/** The strip; `onSelect(name)` when the visitor walks to a layer. */
export class LayerStrip {
  constructor({onSelect}) {
    this.onSelect = onSelect;
    this.layers = [];
    this.rows = [];
    this.shown = []; // indices that pass the filter
    this.selected = -1;
    this.build();
    this.listen();
  }

  build() {
    this.filter = make("input", {type: "search", class: "vz-field vz-strip-filter", id: "vz-layer-filter",
      placeholder: "Filter, e.g. conv", "aria-label": "Filter the layers", autocomplete: "off", spellcheck: "false"});
    this.list = make("div", {class: "vz-strip-list", id: "vz-layers", role: "listbox", tabindex: "0",
      "aria-label": "Layers, from input to softmax"});
    this.count = make("p", {class: "vz-strip-count vz-muted vz-number", role: "status"});
    this.current = make("span", {class: "vz-strip-current"}, "Layers");
    this.drawer = make("button", {type: "button", class: "vz-button vz-strip-drawer", id: "vz-layer-drawer",
      "aria-expanded": "false", "aria-controls": "vz-strip-body"}, this.current, icon("M4 6l4 4 4-4"));
    const step = (label, path, by, id) => make("button", {type: "button", class: "vz-button vz-quiet", id, "aria-label": label, title: label,
      onclick: () => this.step(by)}, icon(path));
    const steps = make("div", {class: "vz-strip-steps"}, step("Previous layer", "M3 10l5-5 5 5", -1, "vz-layer-previous"),
      step("Next layer", "M3 6l5 5 5-5", 1, "vz-layer-next"));
    const body = make("div", {class: "vz-strip-body", id: "vz-strip-body"}, this.filter, this.list, this.count);
    this.element = make("nav", {class: "vz-strip", "aria-label": "Layers"}, this.drawer, steps, body);
  }

  listen() {
    this.observer = new ResizeObserver(() => this.reveal()); // as when its tab shows again
    this.observer.observe(this.list);
    this.filter.addEventListener("input", () => this.applyFilter());
    this.filter.addEventListener("keydown", (event) => this.filterKey(event));
    this.drawer.addEventListener("click", () => this.expand(!this.element.classList.contains("vz-open")));
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.element.classList.contains("vz-open")) return;
      this.expand(false);
      this.drawer.focus();
    });
    this.list.addEventListener("click", (event) => {
      const node = event.target.closest(".vz-layer");
      if (!node) return;
      this.choose(this.rows.indexOf(node));
      this.expand(false);
    });
  }

  filterKey(event) {
    event.stopPropagation(); // letters typed here are no shortcuts
    if (event.key === "Enter" && this.shown.length > 0) this.choose(this.shown[0]);
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    this.list.focus();
    event.preventDefault();
  }

  /** Fill the strip with a run's layers. */
  show(run) {
    this.layers = run.layers;
    this.rows = this.layers.map(row);
    const {scrollTop} = this.list;
    this.list.replaceChildren(...groups(this.layers, this.rows));
    this.list.scrollTop = scrollTop; // the same network on another picture stays where it was
    this.selected = -1;
    this.applyFilter();
  }

  applyFilter() {
    this.shown = filterLayers(this.layers, this.filter.value);
    const visible = new Set(this.shown);
    this.rows.forEach((node, index) => node.toggleAttribute("hidden", !visible.has(index)));
    for (const group of this.list.children) {
      group.toggleAttribute("hidden", !group.querySelector(".vz-layer:not([hidden])"));
    }
    if (this.shown.length === this.layers.length) this.count.textContent = `${this.layers.length} layers`;
    else if (this.shown.length === 0) this.count.textContent = "No layer fits. Try “conv”, “pool” or “14 × 14”.";
    else this.count.textContent = `${this.shown.length} of ${this.layers.length} layers`;
  }

  /** Highlight a layer and bring it into view. */
  select(name) {
    this.rows[this.selected]?.setAttribute("aria-selected", "false");
    this.selected = this.layers.findIndex((layer) => layer.name === name);
    const node = this.rows[this.selected];
    if (!node) {
      this.list.removeAttribute("aria-activedescendant");
      return;
    }
    const {kind, shape} = this.layers[this.selected];
    node.setAttribute("aria-selected", "true");
    this.list.setAttribute("aria-activedescendant", node.id);
    const facts = make("span", {class: "vz-layer-shape vz-number"}, `${kind} · ${shapeText(shape)}`);
    this.current.replaceChildren(kindMark(kind), make("span", {class: "vz-strip-words"}, nameOf(name), facts));
    this.reveal();
  }

  reveal() {
    const node = this.rows[this.selected];
    if (!node || node.hidden) return;
    const box = node.getBoundingClientRect();
    const view = this.list.getBoundingClientRect();
    const margin = 1.2 * box.height; // a neighbour stays in view, and so does the group's title
    if (box.top - margin < view.top) this.list.scrollTop += box.top - margin - view.top;
    else if (box.bottom + margin > view.bottom) this.list.scrollTop += box.bottom + margin - view.bottom;
  }

  choose(index) {
    if (index === undefined || index === this.selected) return;
    const {name} = this.layers[index];
    this.select(name);
    this.onSelect(name);
  }

  /** Walk `amount` layers through the depth, over those that pass the filter. */
  step(amount) {
    if (this.shown.length > 0) this.choose(this.shown[stepAmong(this.shown, this.selected, amount)]);
  }

  /** Open or close the drawer that holds the list on a narrow screen. */
  expand(open) {
    this.element.classList.toggle("vz-open", open);
    this.drawer.setAttribute("aria-expanded", String(open));
    if (open) this.reveal();
  }
}
