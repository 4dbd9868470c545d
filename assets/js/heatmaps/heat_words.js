// What the heatmaps panel keeps in the page's address: method, layer, second class, view, cell and blend.

import {readWord, withWord} from "../page_words.js";
import {HEAT_COLOURS} from "./heat_colours.js";

export const VIEWS = ["one", "all", "row", "trust"];

/** How heat is laid over the picture; `opacity` and `threshold` in percent. */
export const BLEND = {opacity: 80, colours: "inferno", threshold: 0, contour: false, even: false, smooth: true};
const SWITCHES = {contour: ["contour", true], even: ["even", true], cells: ["smooth", false]};

export const INITIAL = {method: null, layer: null, against: null, view: "one", cell: null, blend: BLEND};

/** `80.inferno.0.contour`: opacity, colours, threshold, switches; null where all is as usual. */
export function formatBlend(blend) {
  const on = Object.entries(SWITCHES).filter(([, [key, value]]) => blend[key] === value).map(([name]) => name);
  const word = [blend.opacity, blend.colours, blend.threshold, ...on].join(".");
  return word === [BLEND.opacity, BLEND.colours, BLEND.threshold].join(".") ? null : word;
}

/** The blend that a word means; what cannot be read stays as usual. */
export function parseBlend(word) {
  const [opacity, colours, threshold, ...on] = (word ?? "").split(".");
  const share = (text, usual) => (/^\d{1,3}$/.test(text ?? "") && Number(text) <= 100 ? Number(text) : usual);
  const blend = {...BLEND, opacity: share(opacity, BLEND.opacity), threshold: share(threshold, BLEND.threshold)};
  if (Object.hasOwn(HEAT_COLOURS, colours ?? "")) blend.colours = colours;
  for (const name of on) {
    if (Object.hasOwn(SWITCHES, name)) blend[SWITCHES[name][0]] = SWITCHES[name][1];
  }
  return blend;
}

const asked = (search, name, pattern) => readWord(search, name, (text) => pattern.test(text));

/** The panel's state as far as an address tells it. */
export function parseWords(search) {
  const against = asked(search, "heat-against", /^\d{1,6}$/);
  const cell = asked(search, "heat-cell", /^\d{1,5},\d{1,5}$/);
  return {
    method: asked(search, "heat", /^[a-z0-9_+-]{1,48}$/),
    layer: asked(search, "heat-layer", /^[\w.:/+-]{1,160}$/),
    against: against === null ? null : Number(against),
    view: readWord(search, "heat-view", (text) => VIEWS.includes(text)) ?? "one",
    cell: cell === null ? null : cell.split(",").map(Number),
    blend: parseBlend(readWord(search, "heat-blend")),
  };
}

/** The address's query with the panel's words in it; what is as usual needs no word. */
export function formatWords(state, search) {
  const words = {
    heat: state.method,
    "heat-layer": state.layer,
    "heat-against": state.against,
    "heat-view": state.view === "one" ? null : state.view,
    "heat-cell": state.cell?.join(",") ?? null,
    "heat-blend": formatBlend(state.blend),
  };
  return Object.entries(words).reduce((query, [name, text]) => withWord(query, name, text), search);
}
