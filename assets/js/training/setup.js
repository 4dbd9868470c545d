// The setup of a training: what is chosen and, where nothing is, what is usual for network and data.

import {RECIPE_WORDS} from "./tr_words.js";

const OWN_TITLE = "Your own stack";

export const networkOf = (menu, name) => menu.networks.find((network) => network.name === name) ?? null;
export const dataOf = (menu, name) => menu.data.find((data) => data.name === name) ?? null;

/** What a list by network and data says; on a visitor's pictures what it calls `recipe`. */
const listed = (list, network, data) => list?.[network]?.[data] ?? list?.[network]?.recipe ?? {};

/** The usual recipe of a network on data, with the learning rate that is usual for an optimiser. */
export function usualRecipe({defaults, rates}, network, data, optimiser = null) {
  const usual = listed(defaults, network, data);
  const rate = listed(rates, network, data)[optimiser];
  return rate === undefined ? usual : {...usual, rate};
}

/** What is chosen, complete: `{network, stack, own, title, data, dataTitle, side, seed, recipe, usual}`. */
export function setupOf(state, menu) {
  const network = networkOf(menu, state.network) ?? menu.networks[0];
  const own = state.stack !== null && state.stack !== network.stack;
  const usual = usualRecipe(menu, network.name, state.data, state.recipe.optimiser);
  const data = dataOf(menu, state.data);
  return {
    network: network.name,
    stack: state.stack ?? network.stack,
    own,
    title: own ? OWN_TITLE : network.title,
    data: state.data,
    dataTitle: data?.title ?? "Your pictures",
    side: state.side,
    seed: state.seed,
    usual,
    recipe: {...usual, ...state.recipe},
  };
}

/** Which network: by name, or by its text. */
export const namedNetwork = ({own, stack, network}) => (own ? {stack} : {network});

/** The query parameters of `training/open`: the recipe as a whole, so that what is shown is what is trained. */
export function openParameters(setup) {
  const {recipe} = setup;
  const chosen = Object.fromEntries(Object.keys(RECIPE_WORDS).map((key) => [key, recipe[key] ?? null]));
  return {...namedNetwork(setup), data: setup.data, side: setup.side, seed: setup.seed, ...chosen, shuffled: recipe.shuffled ? "yes" : null};
}

const titles = (list) => list.map(({title}) => title).join(", ");

/** What of a link's setup the menu has not: `{patch, sentences}`, the usual in its place. */
export function repairedSetup(state, menu) {
  const patch = {};
  const sentences = [];
  if (state.stack === null && !networkOf(menu, state.network)) {
    patch.network = menu.networks[0].name;
    sentences.push(`There is no network “${state.network}”; ${menu.networks[0].title} is used instead. There are ${titles(menu.networks)}.`);
  }
  const recipe = {...state.recipe};
  for (const [name, range] of Object.entries(menu.ranges ?? {})) {
    const value = recipe[name];
    if (typeof value !== "number" || (value >= range.low && value <= range.high)) continue;
    delete recipe[name];
    sentences.push(`${range.title ?? name} is ${value} in the link; it goes from ${range.low} to ${range.high}. The usual one is used instead.`);
  }
  for (const [name, known] of [["optimiser", menu.optimisers], ["schedule", menu.schedules]]) {
    if (!(name in recipe) || known.some((one) => (one.name ?? one) === recipe[name])) continue;
    sentences.push(`There is no ${name} “${recipe[name]}”; the usual one is used instead.`);
    delete recipe[name];
  }
  if (Object.keys(recipe).length < Object.keys(state.recipe).length) patch.recipe = recipe;
  return {patch, sentences};
}
