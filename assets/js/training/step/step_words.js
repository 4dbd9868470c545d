// What a link tells of an explained step: which picture, which weight. And sentences about the choice.

import {percent} from "../../colour.js";

export const FIRST = {picture: 0, layer: null, weight: null};

/** `p=3;w=0.weight:1.0.2.3` -> {picture, layer, weight: {name, index}}; what cannot be read stays as usual. */
export function parseChoice(text) {
  const choice = {...FIRST};
  for (const word of (text ?? "").split(";")) {
    const [key, value = ""] = word.split("=");
    if (key === "p" && /^\d{1,4}$/.test(value)) choice.picture = Number(value);
    if (key === "l" && /^[\w.]{1,80}$/.test(value)) choice.layer = value;
    const weight = key === "w" && /^([\w.]{1,80}):(\d{1,5}(?:\.\d{1,5}){0,3})$/.exec(value);
    if (weight) choice.weight = {name: weight[1], index: weight[2].split(".").map(Number)};
  }
  return choice;
}

/** The choice as a word of the address; null where all is as usual. */
export function formatChoice({picture, layer, weight}) {
  const words = [];
  if (picture) words.push(`p=${picture}`);
  if (layer) words.push(`l=${layer}`);
  if (weight) words.push(`w=${weight.name}:${weight.index.join(".")}`);
  return words.length ? words.join(";") : null;
}

/** Layers that have weights of their own. */
export const learning = (layers) => layers.filter(({weights}) => weights.length > 0);

/** Whether a weight of that name and index is there. */
export function knownWeight(layers, weight) {
  const found = layers.flatMap(({weights}) => weights).find(({name}) => name === weight?.name);
  return Boolean(found) && found.shape.length === weight.index.length && weight.index.every((at, axis) => at < found.shape[axis]);
}

/** A choice that the step has: a picture of the batch, a layer, a weight of it. */
export function repairedChoice(choice, {layers, pictures}) {
  const able = learning(layers);
  const weight = knownWeight(layers, choice.weight) ? choice.weight : null;
  const home = weight && able.find(({weights}) => weights.some(({name}) => name === weight.name));
  const layer = home ?? able.find(({name}) => name === choice.layer) ?? able[0];
  return {
    picture: choice.picture < pictures ? choice.picture : 0,
    layer: layer.name,
    weight: weight ?? {name: layer.weights[0].name, index: layer.weights[0].largest ?? middle(layer.weights[0].shape)},
  };
}

/** The first filter's middle. */
export const middle = (shape) => shape.map((size, axis) => (axis < 2 && shape.length > 1 ? 0 : Math.floor(size / 2)));

/** What each axis of a weight array counts. */
export function axesOf(shape, op) {
  if (shape.length === 4) return ["filter", "channel", "row", "column"];
  if (shape.length === 2) return ["output", "input"];
  return [op === "linear" ? "output" : "channel"];
}

const lastName = (name) => name.split(".").at(-1);

/** `convolution 0`; a fully connected layer, batch normalisation by their names as well. */
export const layerTitle = ({name, kind}) => `${kind} ${name}`;

/** What an array is to its layer. */
export function arrayTitle({name}, op) {
  const own = lastName(name);
  if (op === "batch_norm") return own === "weight" ? "scale γ" : "shift β";
  return own === "weight" ? "weights" : "biases";
}

/** `filter 1 · channel 0 · row 2 · column 3`. */
export const indexText = (index, shape, op) => axesOf(shape, op).map((axis, place) => `${axis} ${index[place]}`).join(" · ");

/** What a picture's label asks for, one share a class; of a mixed picture more than one is above 0. */
export function labelOf({arrays: {labels, shares}, header: {classes}}, picture) {
  if (shares) return Array.from(shares.subarray(picture * classes.length, (picture + 1) * classes.length));
  return classes.map((_, index) => (index === labels[picture] ? 1 : 0));
}

/** The classes of a label, the largest share first. */
export const ownersOf = (label) => label.map((share, index) => ({share, index})).filter(({share}) => share > 0).sort((one, other) => other.share - one.share).map(({index}) => index);

/** `3`, or of a mixed picture `3 (73 %) and 7 (27 %)`. */
export function labelWords(label, classes) {
  const owners = ownersOf(label);
  return owners.length === 1 ? classes[owners[0]] : listed(owners.map((index) => `${classes[index]} (${percent(label[index])})`));
}

const listed = (words) => [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(" and ");

export const counted = (count, thing) => `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;

/** Shares of exponentials. */
export function softmax(logits) {
  const most = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Index of the largest. */
export const best = (numbers) => numbers.reduce((found, number, index) => (number > numbers[found] ? index : found), 0);

const PLAIN = {sgd: "SGD", momentum: "SGD with momentum", adam: "Adam", adamw: "AdamW"};
export const optimiserTitle = ({name}) => PLAIN[name] ?? name;

/** Where the optimisers' formulas come from. */
export const SOURCES = {
  sgd: "Gradient descent on batches: Robbins & Monro 1951.",
  momentum: "PyTorch’s form of momentum (b′ = μ b + d, w′ = w − rate · b′); Sutskever et al., ICML 2013, multiply the rate into the velocity instead, which differs while the rate changes.",
  adam: "Kingma & Ba, arXiv:1412.6980, algorithm 1.",
  adamw: "Loshchilov & Hutter, arXiv:1711.05101, algorithm 2, with rate · λ as PyTorch has it.",
};

const adaptive = (name) => name.startsWith("adam");

/** What the numbers of a layer's bar say about its gradient. */
export function vanishing(norms, optimiser = "sgd") {
  if (norms.length < 2) return null;
  const [first, last] = [norms[0], norms.at(-1)];
  if (!(first.gradient > 0) || !(last.gradient > 0)) return null;
  const ratio = last.gradient / first.gradient;
  if (ratio >= 20) return `The gradient shrinks ${Math.round(ratio).toLocaleString("en")}-fold on its way from the last layer to the first: it vanishes. ${adaptive(optimiser) ? "Plain gradient descent would hardly move the first layers; Adam divides the size out again, and moves them by noise as by signal." : "The first layers hardly learn."}`;
  if (ratio <= 1 / 20) return `The gradient grows ${Math.round(1 / ratio).toLocaleString("en")}-fold on its way from the last layer to the first.`;
  return "From the last layer to the first the gradient keeps its size to within a factor of twenty.";
}
