// Retrieval in words and numbers. Nothing here touches the page.

import {loadCall} from "../own_networks.js";

export const METRICS = {cosine: "cosine", l2: "L2 (Euclidean)", l1: "L1 (city block)"};
export const CUTS = [1, 5, 10, 20];

/** How many of the first `k` answers are of the query's class: `{k, right, share}`; null where that cannot be told. */
export function precision(answers, k) {
  const first = answers.slice(0, k);
  if (first.length < k || first.some(({same}) => same === null || same === undefined)) return null;
  const right = first.filter(({same}) => same).length;
  return {k, right, share: right / k};
}

/** The answers with `same` as it is when the query counts as `label`; as they are for null. */
export const judged = (answers, label) => (label === null ? answers : answers.map((answer) => ({...answer, same: answer.label === label})));

/** "9 of the first 10 are of its class"; empty where that cannot be told. */
export function foundWords(answers, k = 10) {
  const found = precision(answers, Math.min(k, answers.length));
  if (!found || !found.k) return "";
  const all = found.right === found.k ? "all" : found.right === 0 ? "none" : String(found.right);
  return `${all} of the first ${found.k} ${found.right <= 1 ? "is" : "are"} of its class`;
}

/** What the two rows say together. */
export function lesson(deep, pixels, k = 10) {
  const [one, other] = [precision(deep, Math.min(k, deep.length)), precision(pixels, Math.min(k, pixels.length))];
  if (!one?.k || !other?.k) return "";
  const together = `Of the first ${one.k}, ${one.right} by the network and ${other.right} by the pixels are of the same class`;
  const twice = deep.slice(0, k).filter(({index}) => pixels.slice(0, k).some((answer) => answer.index === index)).length;
  return `${together}; ${twice === 0 ? "no picture is" : twice === 1 ? "1 picture is" : `${twice} pictures are`} in both rows.`;
}

/** Whether an own picture is itself in the collection: both rankings begin with it, at no distance. */
export const isItself = ([deep], [pixels]) => Boolean(deep && pixels && deep.index === pixels.index && pixels.distance === 0);

/** A distance for the screen: three significant digits. */
export function distanceText(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (Math.abs(value) < 5e-7) return "0";
  const text = Math.abs(value) < 1e-3 ? value.toExponential(1) : Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
  return text.replace("-", "−");
}

export const shareText = (share) => (share === null || share === undefined || !Number.isFinite(share) ? "–" : share.toFixed(3));

/** Numbers 0 to `total` − 1, `count` of them, as many of each class as there are; another `seed`, others. */
export function offered(total, labels, count, seed) {
  let state = (Math.imul(seed + 1, 2654435761) ^ 0x9e3779b9) >>> 0;
  const random = (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const wanted = Math.min(count, total);
  if (!labels) return distinct(wanted, () => random(total));
  const members = new Map();
  labels.forEach((label, index) => (members.has(label) ? members.get(label).push(index) : members.set(label, [index])));
  const classes = [...members.keys()].sort((a, b) => a - b).map((label) => members.get(label));
  const start = classes.length > wanted ? random(classes.length) : 0; // more classes than places: another part each time
  const found = [];
  for (let round = 0; found.length < wanted; round += 1) {
    for (let turn = 0; turn < classes.length && found.length < wanted; turn += 1) {
      const own = classes[(start + turn) % classes.length];
      if (round >= own.length) continue;
      const swap = round + random(own.length - round);
      [own[round], own[swap]] = [own[swap], own[round]];
      found.push(own[round]);
    }
  }
  return found;
}

function distinct(count, next) {
  const found = new Set();
  while (found.size < count) found.add(next());
  return [...found];
}

/** The same answers in a notebook. */
export function pythonLines({net, weights, collection, own, layer, pool, power, metric, index}) {
  const pooled = pool === "average" ? "" : `, pool="${pool}"${power ? `, power=${power}` : ""}`;
  const query = index === null ? `vz.extract_features(model, ["your.jpg"], layer="${layer}"${pooled})[0]` : `features[${index}]`;
  return [
    `model = ${loadCall(net, {weights})}`,
    `pictures = vz.collection("${own ? "your.zip" : collection}")`,
    `features = vz.extract_features(model, pictures, layer="${layer}"${pooled})`,
    `vz.nearest(features, ${query}, k=20, metric="${metric}")`,
    `vz.retrieval_scores(features, pictures.labels, metric="${metric}")`,
  ].join("\n");
}
