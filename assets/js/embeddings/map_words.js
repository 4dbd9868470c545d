// Sentences about a map: what it shows, how far it is, what it is worth.

import {format} from "../colour.js";
import {loadCall} from "../own_networks.js";

const whole = (number) => number.toLocaleString("en");
export const percent = (share, digits = 1) => (share < 1 && share > 0.9995 ? "> 99.9 %" : `${(100 * share).toFixed(digits)} %`);

/** "3 s", "1 min 20 s": time left, in words. */
export function leftText(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "";
  const rest = Math.max(1, Math.round(seconds));
  return rest < 60 ? ` · about ${rest} s left` : ` · about ${Math.floor(rest / 60)} min ${rest % 60} s left`;
}

/** How far the map is; null once it has settled. */
export function progressText(header) {
  if (!header) return "Asking the server …";
  const {stage, step, steps, iteration, iterations, phase} = header;
  if (stage === "features") return `Reading features: ${whole(step)} of ${whole(steps)} pictures${leftText(header.remaining_s)}`;
  if (stage === "points") return `${whole(header.count)} pictures read; looking for neighbours …`;
  if (stage === "map" && phase === "neighbours") return `Looking for each picture’s neighbours: ${percent(header.share ?? 0, 0)}`;
  if (stage === "map") return `${phase === "early exaggeration" ? "Early exaggeration" : "Optimising"}: iteration ${iteration} of ${iterations}${leftText(header.remaining_s)}`;
  if (stage === "measuring") return "Measuring the map …";
  return null;
}

/** The share done, 0 to 1, or null where nobody knows. */
export function progressShare(header) {
  if (header?.stage === "features") return header.steps ? header.step / header.steps : 0;
  if (header?.stage === "map") return header.phase === "neighbours" ? null : header.iteration / Math.max(1, header.iterations);
  return null;
}

/** Names of a pooling in the menu. */
export const POOL_TITLES = {average: "average", sum: "sum", max: "maximum", "generalised-mean": "generalised mean", flatten: "nothing (flatten)"};

/** What may and may not be read from a map. */
export const CAUTIONS = {
  "t-sne": "Read a t-SNE map by its neighbourhoods: pictures side by side have similar features. How far two groups lie apart, how large a group is and how dense it looks mean little, and the axes mean nothing. Another perplexity or seed arranges the groups anew.",
  pca: "PCA is a shadow along the two directions of largest variance: what is far apart here is far apart in the features, but what lies together may be apart along the directions not shown.",
  umap: "Read a UMAP map by its neighbourhoods: pictures side by side have similar features. Distances between groups, their size and their density mean little.",
};

/** The numbers of a settled map: `[{name, value, note}]`. */
export function qualityRows({quality, kl, time_s: seconds, method}) {
  const share = (value) => (value === null || value === undefined ? "–" : percent(value));
  const number = (value) => (value === null || value === undefined ? "–" : value.toFixed(3));
  const rows = [
    {name: "10-NN accuracy", value: share(quality.accuracy), note: `Share of pictures whose ten nearest on the map outvote for their own label.${quality.accuracy_features === null || quality.accuracy_features === undefined ? "" : ` By features: ${share(quality.accuracy_features)}.`}`},
    {name: "Trustworthiness", value: number(quality.trustworthiness), note: "1: whoever is near on the map is near by features. 0.5: by chance."},
    {name: "Silhouette", value: number(quality.silhouette), note: "1: labels form tight, separate groups on the map. 0: they mix."},
  ];
  if (kl !== null && kl !== undefined && method === "t-sne") rows.push({name: "KL divergence", value: format(kl, 3), note: "What t-SNE makes small: how much the neighbourhoods of map and features differ."});
  rows.push({name: "Time", value: `${seconds.toFixed(1)} s`, note: "From the question to the settled map, features included unless they were kept."});
  return rows;
}

/** The Python lines that make the same map. */
export function pythonLines({net, weights, collection, own, layer, usual, pool, power, settings}) {
  const layered = layer === usual ? "" : `, layer=${JSON.stringify(layer)}`;
  const pooled = pool === "average" ? "" : `, pool=${JSON.stringify(pool)}${pool === "generalised-mean" ? `, power=${power}` : ""}`;
  const usuals = {perplexity: 30, seed: 0, dimensions: 2, metric: "l2", exaggeration: 12};
  const words = Object.entries(settings).filter(([name, value]) => name in usuals && value !== usuals[name]).map(([name, value]) => `, ${name}=${JSON.stringify(value)}`);
  const method = settings.method === "t-sne" ? "" : `, method=${JSON.stringify(settings.method)}`;
  return [
    "import visualizer as vz", "",
    `pictures = vz.collection(${own ? '"my_pictures.zip"' : JSON.stringify(collection)})`,
    `model = ${loadCall(net, {weights})}`,
    `features = vz.extract_features(model, pictures${layered}${pooled})`,
    `points = vz.embed(features${method}${words.join("")})`,
  ].join("\n");
}
