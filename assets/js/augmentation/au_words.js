// What the augmentation panel keeps in the page's address: pipeline, seed, draw, view, curve, networks.

import {readWord, withWord} from "../page_words.js";

export const VIEWS = ["predictions", "curve", "inside", "shift", "python"];
export const LARGEST_SEED = 2 ** 31 - 1;
export const COUNT = 16; // draws on one sheet

export const INITIAL = {
  pipeline: null, // the text of the pipeline; null: the preset one starts with
  seed: 0,
  draw: 0, // the draw shown large
  objects: true, // whether boxes and masks are drawn
  partner: null, // handle of the second picture of MixUp and CutMix; null: the one that the server chooses
  view: "predictions",
  curve: null, // {transform, parameter}; null: the first one that fits
  nets: null, // names of the networks whose curves are drawn; null: the workspace's
};

const whole = (text, most) => (/^\d{1,10}$/.test(text ?? "") && Number(text) <= most ? Number(text) : undefined);

function curveOf(text) {
  const found = /^([a-z0-9_]{1,40})\.([a-z0-9_]{1,40})$/.exec(text ?? "");
  return found ? {transform: found[1], parameter: found[2]} : null;
}

function netsOf(text) {
  const nets = (text ?? "").split(",").filter((name) => /^[a-z0-9_]{1,48}$/.test(name));
  return nets.length ? [...new Set(nets)] : null;
}

const partnerOf = (text) => (/^[\w.-]{1,64}$/.test(text ?? "") ? `sample:${text}` : null);

/** The panel's state as far as an address tells it; what cannot be read stays as usual. */
export function parseWords(search) {
  const word = (name) => readWord(search, name);
  return {
    pipeline: readWord(search, "au", (text) => text.length <= 2000),
    seed: whole(word("au-seed"), LARGEST_SEED) ?? INITIAL.seed,
    draw: whole(word("au-draw"), COUNT - 1) ?? INITIAL.draw,
    objects: word("au-objects") !== "off",
    partner: partnerOf(word("au-partner")),
    view: readWord(search, "au-view", (text) => VIEWS.includes(text)) ?? INITIAL.view,
    curve: curveOf(word("au-curve")),
    nets: netsOf(word("au-nets")),
  };
}

/** The address's query with the panel's words in it; what is as usual needs no word. */
export function formatWords(state, search) {
  const words = {
    au: state.pipeline,
    "au-seed": state.seed || null,
    "au-draw": state.draw || null,
    "au-objects": state.objects ? null : "off",
    "au-partner": state.partner?.startsWith("sample:") ? state.partner.slice("sample:".length) : null, // an own picture is nobody else's
    "au-view": state.view === INITIAL.view ? null : state.view,
    "au-curve": state.curve ? `${state.curve.transform}.${state.curve.parameter}` : null,
    "au-nets": state.nets?.join(",") || null,
  };
  return Object.entries(words).reduce((query, [name, text]) => withWord(query, name, text), search);
}
