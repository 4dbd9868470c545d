// Maps through the depth in words. Nothing here touches the page.

import {loadCall} from "../own_networks.js";

export const MEASURES = [
  {key: "accuracy", title: "10-nearest-neighbour accuracy", short: "Neighbours alike", note: "how often a picture’s 10 nearest on the map name its class"},
  {key: "trustworthiness", title: "Trustworthiness", short: "Trustworthiness", note: "1: whoever is near on the map is near among the features, too"},
  {key: "silhouette", title: "Silhouette", short: "Silhouette", note: "1: classes far apart, 0: touching, below 0: mixed"},
];

export const CAPTION =
  "Each map is made for itself and laid on the one before, turned and mirrored, never bent, and drawn in the same square. " +
  "Believe who is near whom. Do not believe gaps, sizes or densities: t-SNE evens them out, and a gap twice as wide means nothing. " +
  "The numbers judge each map: the first and the last ask for the labels, the second does not.";

export const layerWord = (name) => (/^\d+$/.test(name) ? `layer ${name}` : name);

const known = (value) => value !== null && value !== undefined && Number.isFinite(value);

/** A number of a map: three digits, a true minus; a dash where it is not known. */
export function score(value, digits = 3) {
  return known(value) ? value.toFixed(digits).replace("-", "−") : "–";
}

export const seconds = (time) => (time < 1 ? "less than a second left" : time < 90 ? `about ${Math.round(time)} s left` : `about ${Math.round(time / 60)} min left`);

/** How far the computation is: of the pictures, then of the maps. */
export function progressWords({stage, step, steps, layer, position, of, iteration, iterations, remaining_s: left}) {
  const rest = known(left) ? `, ${seconds(left)}` : "";
  if (stage === "features") return steps ? `Pictures through the network: ${step.toLocaleString("en")} of ${steps.toLocaleString("en")}${rest}` : "Pictures through the network …";
  if (stage === "map") return `Map ${position + 1} of ${of}, ${layerWord(layer)}: iteration ${iteration} of ${iterations}${rest}`;
  if (stage === "layer") return position + 1 < of ? `${position + 1} of ${of} maps are done${rest}` : `All ${of} maps are done`;
  if (stage === "measuring") return "Measuring the map …";
  return stage === "points" ? "Who is near whom? …" : "Starting …";
}

/** The share of the whole that is done, 0 to 1; the pictures' way through the network is the first fifth; null where it stays as it was. */
export function progressShare({stage, step, steps, position, of, iteration, iterations}) {
  if (stage === "features") return steps ? (0.2 * step) / steps : 0;
  if (stage === "map") return 0.2 + (0.8 * (position + (iterations ? iteration / iterations : 0))) / of;
  if (stage === "layer") return 0.2 + (0.8 * (position + 1)) / of;
  if (stage === "measuring") return null;
  return stage === "points" ? 0.2 : 0;
}

/** What the numbers say about the way from the first map to the last, or to the best. */
export function verdict(maps) {
  const scored = maps.filter(({quality}) => known(quality?.accuracy));
  if (scored.length < 2) return scored.length === 0 && maps.length > 0 ? "These pictures have no classes to come apart: only trustworthiness can be told." : "";
  const [first, last] = [scored[0], scored.at(-1)];
  const best = scored.reduce((one, other) => (other.quality.accuracy > one.quality.accuracy ? other : one));
  const [before, after] = [first.quality.accuracy, last.quality.accuracy];
  const way = Math.abs(after - before) < 0.005 ? "stays at" : after > before ? "rises" : "falls";
  const numbers = way === "stays at" ? score(after) : `from ${score(before)} to ${score(after)}`;
  const top = best !== last && best.quality.accuracy - after >= 0.005 ? ` It is highest at ${layerWord(best.layer)}: ${score(best.quality.accuracy)}.` : "";
  return `From ${layerWord(first.layer)} to ${layerWord(last.layer)} the 10-nearest-neighbour accuracy ${way} ${numbers}.${top}`;
}

/** Where the slider stands. */
export function depthWords(maps, depth) {
  const near = Math.round(depth);
  if (Math.abs(near - depth) < 0.02) {
    const {layer, kind} = maps[near];
    return `${layerWord(layer)}${kind ? ` · ${kind}` : ""}`;
  }
  return `between ${layerWord(maps[Math.floor(depth)].layer)} and ${layerWord(maps[Math.floor(depth) + 1].layer)}`;
}


export const percent = (part) => (part > 0.995 && part < 1 ? "> 99 %" : `${Math.round(100 * part)} %`);

const PARTS = [300, 1000, 2000, 5000, 10000];
const USUAL_PART = 2000;

/** How many pictures may take part: `{options: [{value, title}], usual}`; the empty value is all. */
export function partsOf(count) {
  const fewer = PARTS.filter((part) => part < count).map((part) => ({value: String(part), title: part.toLocaleString("en")}));
  const all = count <= PARTS.at(-1) ? [{value: "", title: `all ${count.toLocaleString("en")}`}] : [];
  return {options: [...fewer, ...all], usual: count <= USUAL_PART ? "" : String(USUAL_PART)};
}

/** The same numbers in a notebook. */
export function pythonLines({net, weights, collection, own, layers, pool, power, method, metric, seed, perplexity, limit}) {
  const pictures = own ? 'vz.collection("your.zip")' : `vz.collection("${collection}")`;
  const pooled = pool === "average" ? "" : `, pool="${pool}"${power ? `, power=${power}` : ""}`;
  const settings = [method === "t-sne" ? "" : `method="${method}"`, metric === "l2" ? "" : `metric="${metric}"`, perplexity === undefined || perplexity === 30 ? "" : `perplexity=${perplexity}`, seed ? `seed=${seed}` : ""].filter(Boolean);
  return [
    `model = ${loadCall(net, {weights})}`,
    `pictures = ${pictures}${limit ? `  # the page took ${Number(limit).toLocaleString("en")} of them` : ""}`,
    `for layer in [${layers.split(",").map((name) => `"${name}"`).join(", ")}]:`,
    `    features = vz.extract_features(model, pictures, layer=layer${pooled})`,
    `    points = vz.embed(${["features", ...settings].join(", ")})`,
  ].join("\n");
}
