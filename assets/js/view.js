// Which network sees which picture: what a choice changes, and what a link may ask for.
// All functions are pure but for the list of own networks: state and catalogue in, a patch of the workspace out.

import {defaultLayer} from "./layers.js";
import {isOwnNetwork, ownNetwork, ownParts} from "./own_networks.js";
import {parseAddress} from "./store.js";

const VIEW_KEYS = ["net", "weights", "picture", "framing"];
const NO_CELL = {channel: null, cell: null, hover: null};
/** What the address bar calls the state's keys, and what they are. */
const LINK_WORDS = [
  ["net", "net", "network"],
  ["weights", "weights", "kind of weights"],
  ["picture", "picture", "sample picture"],
  ["framing", "framing", "framing"],
  ["layer", "layer", "layer"],
  ["ch", "channel", "channel"],
  ["cell", "cell", "cell"],
  ["class", "target", "class"],
  ["panel", "panel", "panel"],
];

const sampleName = (handle) => (handle?.startsWith("sample:") ? handle.slice("sample:".length) : null);

/** A long or odd value of a link, quoted and cut. */
const quoted = (text) => `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;

/** A layer in a sentence: a bare number needs the word. */
const layerWord = (name) => (/^\d+$/.test(name) ? `layer ${name}` : name);

/** The same at a sentence's beginning. */
const layerOpening = (name) => layerWord(name).replace(/^layer /, "Layer ");

/** The entry of a network, of the catalogue or trained on this page; null where there is none. */
export const modelOf = (catalogue, name) => catalogue?.models.find((model) => model.name === name) ?? ownNetwork(name);

export const isUpload = (handle) => Boolean(handle) && !handle.startsWith("sample:");

/** The record of a sample's handle; null for uploads and unknown names. */
export function sampleOf(catalogue, handle) {
  const name = sampleName(handle);
  return catalogue?.samples.find((sample) => sample.name === name) ?? null;
}

/** Whether a sample means something to a network: its own labels, or a photo where it wants colour. */
export function suits(sample, model) {
  return sample.suits === model?.labels || (sample.suits === "imagenet" && model?.input[0] === 3);
}

/** All samples, those that suit the network first. */
export function sortedSamples(catalogue, model) {
  const rank = (sample) => (sample.suits === model?.labels ? 0 : suits(sample, model) ? 1 : 2);
  return [...catalogue.samples].sort((a, b) => rank(a) - rank(b));
}

/** The first `count` suitable samples, the chosen one always among them. */
export function fewSamples(catalogue, model, handle, count) {
  const few = sortedSamples(catalogue, model).filter((sample) => suits(sample, model)).slice(0, count);
  const chosen = sampleOf(catalogue, handle);
  if (chosen && !few.includes(chosen)) few.splice(count - 1, 1, chosen);
  return few;
}

/** The sample shown to a network that has no picture yet. */
export function firstPicture(catalogue, model) {
  const preferred = sampleOf(catalogue, catalogue.default.picture);
  const best = sortedSamples(catalogue, model)[0];
  const sample = preferred && best && suits(preferred, model) && preferred.suits === best.suits ? preferred : best;
  return sample ? `sample:${sample.name}` : null;
}

/** `patch`, and the old run's end where it changes what the network sees. */
export function changedView(state, patch) {
  const changed = VIEW_KEYS.some((key) => key in patch && patch[key] !== state[key]);
  return changed ? {...patch, run: null, busy: true, error: null, hover: null} : patch;
}

/** Choose a network: its layers are its own; class and picture stay where they still mean something. */
export function chosenNetwork(state, name, catalogue, {drawing = null} = {}) {
  const model = modelOf(catalogue, name);
  if (state.net === name) return changedView(state, {weights: null});
  if (isOwnNetwork(name) && ownParts(name).training === ownParts(state.net)?.training) return chosenMoment(state, name);
  const sameLabels = modelOf(catalogue, state.net)?.labels === model.labels;
  const patch = {net: name, weights: null, layer: null, ...NO_CELL};
  if (!sameLabels) {
    patch.target = null;
    const sample = sampleOf(catalogue, state.picture);
    const misfit = sample ? !suits(sample, model) : state.picture === drawing && model.input[0] !== 1;
    if (misfit) patch.picture = firstPicture(catalogue, model);
  }
  return changedView(state, patch);
}

/** Another moment of the same training: the same layers, so everything chosen stays. */
export const chosenMoment = (state, name) => changedView(state, {net: name, weights: null});

/** What a link asked for that cannot even be read, in sentences. */
export function unreadable(search) {
  const query = new URLSearchParams(search);
  const read = parseAddress(search);
  return LINK_WORDS.filter(([parameter, key]) => query.get(parameter) && !(key in read)).map(
    ([parameter, , word]) => askedInVain(word, query.get(parameter)),
  );
}

const askedInVain = (word, text) => `The link asks for the ${word} ${quoted(text)}, which does not exist; it was left out.`;

/** The panel that a link asks for and the page has not, in a sentence. */
export function unknownPanel(search, panels) {
  const {panel} = parseAddress(search);
  return panel && !panels.includes(panel) ? [askedInVain("panel", panel)] : [];
}

/** Fill what a link left open and replace what does not exist: `{patch, sentences}`. */
export function repairedView(state, catalogue) {
  const patch = {};
  const sentences = [];
  let model = modelOf(catalogue, state.net);
  if (!model) {
    model = modelOf(catalogue, catalogue.default.net) ?? catalogue.models[0];
    if (state.net && !isOwnNetwork(state.net)) sentences.push(`There is no network ${quoted(state.net)}; ${model.title} is shown instead.`);
    Object.assign(patch, {net: model.name, weights: null});
    if (state.net) Object.assign(patch, {layer: null, ...NO_CELL});
  }
  if (!isUpload(state.picture) && !sampleOf(catalogue, state.picture)) {
    patch.picture = firstPicture(catalogue, model);
    if (state.picture) {
      const title = sampleOf(catalogue, patch.picture)?.title ?? "another picture";
      sentences.push(`There is no sample picture ${quoted(sampleName(state.picture))}; ${title} is shown instead.`);
    }
  }
  return {patch, sentences};
}

/** What follows when the server no longer keeps the own network at hand: `{patch, sentence}`. */
export function withoutOwnNetwork(state, title, catalogue, {drawing = null} = {}) {
  const instead = modelOf(catalogue, catalogue.default.net) ?? catalogue.models[0];
  const what = title ? `“${title}”` : "The network trained on this page";
  const sentence = `${what} is no longer on the server; ${instead.title} is shown instead. Train it again in the Training tab: the same seed gives the same weights.`;
  return {patch: chosenNetwork(state, instead.name, catalogue, {drawing}), sentence};
}

/** How deep in its network the chosen layer lies, 0 to 1; null while there is none. */
export function depthOf({run, layer}) {
  const index = run?.layers.findIndex(({name}) => name === layer) ?? -1;
  return index < 0 ? null : index / Math.max(1, run.layers.length - 1);
}

/** The layer shown first: at `depth` if given, else the catalogue's for its own network. */
export function firstLayer(run, catalogue, depth = null) {
  const {net, layer} = catalogue?.default ?? {};
  const ownDefault = depth === null && run.net === net && run.layers.some(({name}) => name === layer);
  return ownDefault ? layer : defaultLayer(run.layers, depth);
}

/** Fit layer, channel, cell and class to what the network has: `{patch, sentences}`. */
export function repairedPlace(state, run, catalogue, depth = null) {
  let layer = run.layers.find(({name}) => name === state.layer);
  if (!layer) {
    const name = firstLayer(run, catalogue, depth);
    const missing = state.layer && `${run.title} has no layer ${quoted(state.layer)}; ${layerWord(name)} is shown instead.`;
    layer = run.layers.find((entry) => entry.name === name);
    const rest = repairedTarget(state, run);
    const cells = state.layer ? NO_CELL : repairedCell(state, layer).patch;
    return {patch: {layer: name, ...cells, ...rest.patch}, sentences: [missing, ...rest.sentences].filter(Boolean)};
  }
  const cell = repairedCell(state, layer);
  const target = repairedTarget(state, run);
  return {patch: {...cell.patch, ...target.patch}, sentences: [...cell.sentences, ...target.sentences]};
}

function repairedCell(state, layer) {
  if (!layer) return {patch: NO_CELL, sentences: []};
  const [channels, height, width] = layer.shape;
  const patch = {};
  const sentences = [];
  if (state.channel !== null && state.channel >= channels) {
    patch.channel = null;
    sentences.push(`${layerOpening(layer.name)} has channels 0 to ${channels - 1}; there is no channel ${state.channel}.`);
  }
  if (state.cell && (state.cell[0] >= height || state.cell[1] >= width)) {
    patch.cell = null;
    sentences.push(`${layerOpening(layer.name)} has ${height} × ${width} cells; there is no cell ${state.cell.join(", ")}.`);
  }
  return {patch, sentences};
}

function repairedTarget(state, run) {
  const classes = run.layers.at(-1)?.shape[0] ?? Infinity;
  if (state.target === null || state.target < classes) return {patch: {}, sentences: []};
  const sentence = `${run.title} tells classes 0 to ${classes - 1} apart; there is no class ${state.target}.`;
  return {patch: {target: null}, sentences: [sentence]};
}
