// Which layers stand for a network's depth, from shallow to deep; nothing here touches the page.

import {marker, stages} from "../layers.js";

const WORTH = ["activation", "joining", "convolution"];

/** Layers in groups of equal resolution, with their titles: `[{label, layers}]`. */
export const grouped = (layers) => stages(layers).map(({label, first, last}) => ({label, layers: layers.slice(first, last + 1)}));

/** The middle of the largest gap between chosen places, moved to a layer worth seeing where one is near. */
function between(layers, chosen) {
  const places = [-1, ...[...chosen].sort((a, b) => a - b), layers.length];
  let [best, width] = [null, 1];
  places.slice(1).forEach((place, at) => {
    if (place - places[at] > width) [best, width] = [[places[at], place], place - places[at]];
  });
  if (!best) return null;
  const middle = (best[0] + best[1]) / 2;
  const inside = layers.map((_, at) => at).filter((at) => at > best[0] && at < best[1]);
  const cost = (at) => Math.abs(at - middle) + (WORTH.indexOf(marker(layers[at].kind).family) === 0 ? 0 : width / 4);
  return inside.reduce((found, at) => (cost(at) < cost(found) ? at : found));
}

/** About `count` layers from shallow to deep: the last of each resolution, those in `always`, and some between. */
export function depthLayers(layers, always = [], count = 8) {
  if (layers.length <= count) return layers;
  const ends = stages(layers).map(({last}) => last);
  const chosen = new Set(ends.slice(-count));
  for (const name of always) {
    const place = layers.findIndex((layer) => layer.name === name);
    if (place >= 0) chosen.add(place);
  }
  while (chosen.size < count) {
    const place = between(layers, chosen);
    if (place === null) break;
    chosen.add(place);
  }
  return [...chosen].sort((a, b) => a - b).map((place) => layers[place]);
}
