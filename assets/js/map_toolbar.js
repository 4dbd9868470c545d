// The grid's controls: order, range, colours and size; the colour bar and the counts.

import {SORT_KEYS, countChannels, isBroken, isDead, isScalar} from "./channel_maps.js";
import {format, lookup} from "./colour.js";
import {icon, labelledSelect, make} from "./dom.js";
import {RANGES} from "./ranges.js";

const COLOUR_TITLES = {viridis: "viridis", grey: "grey", diverging: "diverging"};
const UP = "M8 13V3M4 7l4-4 4 4";
const DOWN = "M8 3v10M4 9l4 4 4-4";

/** A colour table as a CSS gradient. */
export function gradient(table, stops = 16) {
  const colour = (share) => [...table.subarray(4 * Math.round(255 * share), 4 * Math.round(255 * share) + 3)].join(" ");
  const parts = Array.from({length: stops + 1}, (_, stop) => `rgb(${colour(stop / stops)})`);
  return `linear-gradient(to right, ${parts.join(", ")})`;
}

/** The colour bar: what its two ends, and 0 where it lies between, stand for. */
function createColourBar() {
  const low = make("span", {class: "vz-number"});
  const high = make("span", {class: "vz-number"});
  const zero = make("span", {class: "vz-bar-zero", title: "0"});
  const bar = make("span", {class: "vz-bar", "aria-hidden": "true"}, zero);
  let drawn = null;
  return {
    element: make("div", {class: "vz-bar-row", id: "vz-colour-bar"}, low, bar, high),
    show({shared}, colours) {
      if (drawn !== colours) bar.style.backgroundImage = gradient(lookup(colours));
      drawn = colours;
      low.textContent = shared ? format(shared.low) : "channel min";
      high.textContent = shared ? format(shared.high) : "channel max";
      const inside = Boolean(shared) && shared.low < 0 && shared.high > 0;
      zero.hidden = !inside;
      if (inside) zero.style.left = `${(-100 * shared.low) / (shared.high - shared.low)}%`;
    },
  };
}

/** How many channels there are, and how many are dead or broken: `{channels, dead, broken}` as text. */
export function countTexts(maps) {
  const dead = countChannels(maps, isDead);
  const broken = countChannels(maps, isBroken);
  const number = (count) => count.toLocaleString("en");
  return {
    channels: `${number(maps.channels)} ${maps.channels === 1 ? "channel" : "channels"}`,
    dead: `${dead === 0 ? "none" : number(dead)} ${isScalar(maps) ? "at 0" : "dead"}`,
    broken: broken === 0 ? "" : `${number(broken)} with NaN or ∞`,
  };
}

/** The counts in words; the dead ones with the pattern they are drawn in. */
function showCounts(node, maps) {
  const {channels, dead, broken} = countTexts(maps);
  const title = isScalar(maps) ? "channels whose value is 0" : "dead: 0 everywhere on this picture";
  const hatched = !isScalar(maps) && dead !== "none dead";
  const swatch = hatched ? make("span", {class: "vz-swatch-dead", "aria-hidden": "true"}) : null;
  const parts = [make("span", {id: "vz-channel-count"}, channels), make("span", {id: "vz-dead-count", title}, ...[swatch, dead].filter(Boolean))];
  if (broken) parts.push(make("span", {id: "vz-broken-count", class: "vz-broken", title: "not a number, or infinite"}, broken));
  node.replaceChildren(...parts);
}

/** The controls, labelled and in their row: `{row, sort, direction, range, colours, size, fit}`. */
function createControls() {
  const titles = Object.fromEntries(Object.entries(SORT_KEYS).map(([key, {title}]) => [key, title]));
  const sort = labelledSelect("Sort by", titles, {id: "vz-sort"});
  const range = labelledSelect("Range", RANGES, {id: "vz-range"});
  const colours = labelledSelect("Colours", COLOUR_TITLES, {id: "vz-colours"});
  const direction = make("button", {type: "button", class: "vz-button", id: "vz-direction"});
  const size = make("input", {type: "range", id: "vz-size", min: "16", max: "256", step: "1"});
  const fit = make("button", {type: "button", class: "vz-button vz-quiet", id: "vz-fit", title: "As large as fits the view"}, "Fit");
  const sizeControl = make("div", {class: "vz-control vz-control-size"},
    make("span", {class: "vz-control-row"}, make("label", {class: "vz-control-name", for: "vz-size", title: "Size of the tiles"}, "Size"), fit), size);
  const row = make("div", {class: "vz-toolbar", role: "group", "aria-label": "How the channels are drawn"},
    make("div", {class: "vz-control-pair"}, sort.element, direction), range.element, colours.element, sizeControl);
  return {row, sort: sort.select, direction, range: range.select, colours: colours.select, size, fit};
}

/** The toolbar: `onChange({sort, descending, range, colours, size})` with what has changed. */
export function createToolbar({onChange}) {
  const {row, sort, direction, range, colours, size, fit} = createControls();
  const counts = make("p", {class: "vz-counts vz-muted vz-number", id: "vz-counts"});
  const bar = createColourBar();
  const element = make("div", {class: "vz-tools"}, row, make("div", {class: "vz-legend"}, counts, bar.element));

  sort.addEventListener("change", () => onChange({sort: sort.value, descending: sort.value !== "index"}));
  direction.addEventListener("click", () => onChange({descending: direction.dataset.descending !== "true"}));
  range.addEventListener("change", () => onChange({range: range.value}));
  colours.addEventListener("change", () => onChange({colours: colours.value}));
  size.addEventListener("input", () => onChange({size: Number(size.value)}));
  fit.addEventListener("click", () => onChange({size: null}));

  let counted = null; // the layer whose channels were counted last

  return {
    element,
    /** Show the settings in force. */
    show({maps, settings, limits, drawnSize, sizes}) {
      sort.value = settings.sort;
      direction.dataset.descending = String(settings.descending);
      direction.replaceChildren(icon(settings.descending ? DOWN : UP));
      const order = settings.descending ? "descending" : "ascending";
      direction.setAttribute("aria-label", `Order: ${order}`);
      direction.title = `${order}; press to turn round`;
      const scalar = isScalar(maps);
      range.options[0].disabled = scalar; // one value has no range of its own
      range.value = scalar && settings.range === "channel" ? "layer" : settings.range;
      colours.value = settings.colours;
      [size.min, size.max] = sizes.map(String);
      size.value = String(drawnSize);
      size.setAttribute("aria-valuetext", `${Math.round(drawnSize)} pixels`);
      fit.setAttribute("aria-pressed", String(settings.size === null));
      if (counted !== maps) showCounts(counts, maps);
      counted = maps;
      bar.show(limits, settings.colours);
    },
  };
}
