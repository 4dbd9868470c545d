// What a link tells of the training panel: the setup, which view is open, what its live view looks at.

import {readWord, withWord} from "../page_words.js";

export const VIEWS = ["live", "step", "experiments", "transfer"];
export const LARGEST_SEED = 2 ** 31 - 1;
const LONGEST_STACK = 2000;

/** The recipe's fields by their names in the panel's state: the address's word, how it is read. */
const number = (text) => (/^\d{0,9}(\.\d{1,9})?(e-?\d{1,2})?$/i.test(text) && text !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined);
const whole = (text) => (/^\d{1,7}$/.test(text) ? Number(text) : undefined);
const name = (text) => (/^[a-z0-9-]{1,24}$/.test(text) ? text : undefined);
const yes = (text) => (text === "yes" ? true : undefined);
const pipeline = (text) => (text.length <= LONGEST_STACK ? text : undefined);

export const RECIPE_WORDS = {
  epochs: ["tr-epochs", whole],
  rate: ["tr-rate", number],
  batch: ["tr-batch", whole],
  optimiser: ["tr-optimiser", name],
  schedule: ["tr-schedule", name],
  decay: ["tr-decay", number],
  momentum: ["tr-momentum", number],
  smoothing: ["tr-smoothing", number],
  augment: ["tr-augment", pipeline],
  pictures: ["tr-pictures", whole],
  shuffled: ["tr-shuffled", yes],
  precision: ["tr-precision", name],
};

export const INITIAL = {
  network: "lenet5",
  stack: null, // the text of a network of one's own; null: the one called `network`
  data: "digits", // or the handle of a visitor's collection, which no link carries
  side: null, // pictures are trained at side × side; null: as the network and the data suggest
  recipe: {}, // only what differs from the usual recipe of network and data, by the names of RECIPE_WORDS
  seed: 0,
  view: "live",
  layer: null, // whose filters and maps the live view shows; null: the first with filters
  example: 0, // the validation picture whose maps are shown
  own: false, // whether that of the workspace takes its place
  step: null, // words of the views' own, one for each view
  experiment: null,
  transfer: null,
};

const OWN = /^[0-9a-f]{32}$/; // a visitor's collection or training: a secret, never in a link
const ownWord = (text) => /^[\w.,:;=+-]{1,200}$/.test(text);

export const isSecret = (text) => OWN.test(text);

function recipeOf(search) {
  const recipe = {};
  for (const [key, [word, read]] of Object.entries(RECIPE_WORDS)) {
    const text = readWord(search, word);
    const value = text === null ? undefined : read(text);
    if (value !== undefined) recipe[key] = value;
  }
  return recipe;
}

/** The panel's state as far as an address tells it; what cannot be read stays as usual. */
export function parseWords(search) {
  const word = (key, allowed) => readWord(search, key, allowed);
  const count = (key, most) => {
    const value = whole(word(key) ?? "");
    return value === undefined || value > most ? null : value;
  };
  return {
    network: word("tr-net", (text) => /^[a-z0-9_]{1,48}$/.test(text)) ?? INITIAL.network,
    stack: word("tr-stack", (text) => text.length <= LONGEST_STACK),
    data: word("tr-data", (text) => /^[a-z0-9_]{1,48}$/.test(text) && !isSecret(text)) ?? INITIAL.data,
    side: count("tr-side", 512),
    recipe: recipeOf(search),
    seed: Number(word("tr-seed", (text) => /^\d{1,10}$/.test(text) && Number(text) <= LARGEST_SEED) ?? INITIAL.seed),
    view: word("tr-view", (text) => VIEWS.includes(text)) ?? INITIAL.view,
    layer: word("tr-layer", (text) => /^[\w.]{1,80}$/.test(text)),
    example: count("tr-example", 99_999) ?? INITIAL.example,
    own: word("tr-own") === "yes",
    step: word("tr-step", ownWord),
    experiment: word("tr-experiment", ownWord),
    transfer: word("tr-transfer", ownWord),
  };
}

const usual = (value, initial) => (value === initial ? null : value);

/** The address's query with the panel's words in it; what is as usual needs no word. */
export function formatWords(state, search) {
  const words = {
    "tr-net": state.stack === null ? usual(state.network, INITIAL.network) : null,
    "tr-stack": state.stack,
    "tr-data": isSecret(state.data) ? null : usual(state.data, INITIAL.data),
    "tr-side": state.side,
    "tr-seed": state.seed || null,
    "tr-view": usual(state.view, INITIAL.view),
    "tr-layer": state.layer,
    "tr-example": state.example || null,
    "tr-own": state.own ? "yes" : null,
    "tr-step": state.step,
    "tr-experiment": state.experiment,
    "tr-transfer": state.transfer,
  };
  for (const [key, [word]] of Object.entries(RECIPE_WORDS)) {
    const value = state.recipe[key];
    words[word] = value === undefined || value === null || value === false ? null : value === true ? "yes" : String(value);
  }
  return Object.entries(words).reduce((query, [word, text]) => withWord(query, word, text), search);
}
