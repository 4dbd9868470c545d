// An optimised picture in words: what was asked, how far it is, what it reached. Nothing here touches the page.

import {format} from "../colour.js";
import {loadCall} from "../own_networks.js";

export const KINDS = {
  channel: "A channel: its mean",
  cell: "A channel: its middle cell",
  layer: "The whole layer (DeepDream)",
  class: "A class: its logit",
};

/** What the server is asked for; `asked` is {kind, layer, channel, negative, count, steps, seed, size}. */
export function parameters(asked, view) {
  const wanted = {...view, kind: asked.kind, steps: asked.steps, count: asked.count, seed: asked.seed, size: asked.size};
  if (asked.kind !== "class") wanted.layer = asked.layer;
  if (asked.kind !== "layer") wanted.channel = asked.channel;
  if (asked.negative && asked.kind !== "layer") wanted.negative = 1;
  return wanted;
}

const layerWord = (name) => (/^\d+$/.test(name) ? `layer ${name}` : name);

/** What a picture is made for: “channel 3 of blocks.3.2.add”. */
export function subject({kind, layer, channel, label}) {
  if (kind === "class") return `class “${label}”`;
  if (kind === "layer") return `all of ${layerWord(layer)}`;
  return kind === "cell" ? `the middle cell of channel ${channel} of ${layerWord(layer)}` : `channel ${channel} of ${layerWord(layer)}`;
}

/** The number that climbs. */
export function measure({kind}) {
  return {channel: "mean of the channel", cell: "value of the cell", layer: "mean square of the layer", class: "logit"}[kind];
}

const seconds = (time) => (time < 1 ? "less than a second" : `about ${Math.round(time)} s`);

/** How far it is; after the last step the plain picture, seen without any change, is still measured. */
export function progressText({step, steps, remaining, reached = null}) {
  if (step === 0) return "Starting from noise";
  if (step >= steps) return reached === null ? `Step ${steps} of ${steps}, measuring what it reaches` : `All ${steps} steps taken`;
  return `Step ${step} of ${steps}, ${seconds(remaining)} left`;
}

/** The best of several pictures' numbers, in the direction asked for; null where there is none. */
export function best(values, negative) {
  const numbers = values.filter((value) => value !== null);
  if (numbers.length === 0) return null;
  return negative ? Math.min(...numbers) : Math.max(...numbers);
}

/** The numbers side by side: `[{name, value}]`, what is not known left out. */
export function comparison({asked, start, now, strongest, picture}) {
  const rows = [
    ["This pattern", now],
    ["Its start, noise on the mean colour", start],
    [strongest ? `${asked.negative ? "Lowest" : "Highest"} sample: ${strongest.title}` : "", strongest?.value],
    ["Your picture", picture],
  ];
  return rows.filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => ({name, value: format(value)}));
}

/** What to be careful about, for this question; null where there is nothing. */
export function caution(asked, run) {
  if (!run.trained) return "The weights are untrained: this is what a random filter is driven by.";
  const layer = run.layers.find(({name}) => name === asked.layer);
  const first = layer?.inputs.length === 1 && layer.inputs[0] === "input" && /convolution/i.test(layer.kind);
  if (asked.kind === "channel" && first) {
    return "This layer is linear in the picture: edges cancel out in its mean and only a plain colour drives it. Choose its middle cell, or the layer behind its ReLU.";
  }
  return null;
}

const quoted = (text) => JSON.stringify(text);

/** The line of Python that makes the picture again. */
export function pythonLine(asked, {net, weights}) {
  const layer = asked.kind === "class" ? "model.logits" : quoted(asked.layer);
  const options = [`steps=${asked.steps}`, `seed=${asked.seed}`];
  if (asked.negative && asked.kind !== "layer") options.push("negative=True");
  if (asked.kind === "cell") options.push('cell="centre"');
  if (asked.size) options.push(`size=(${asked.size}, ${asked.size})`);
  const channel = asked.kind === "layer" ? "None" : asked.channel;
  const network = loadCall(net, {weights});
  const alone = asked.count > 1 ? "  # one alone, with no others to differ from" : "";
  const call = (model) => `vz.visualize_filter(${model}, ${layer}, ${channel}, ${options.join(", ")})${alone}`;
  return asked.kind === "class" ? `model = ${network}; ${call("model")}` : call(network);
}
