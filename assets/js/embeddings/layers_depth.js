// Maps through the depth of a network: which layers, their points in one square, one turning into the next.

import {marker} from "../layers.js";

export const USUAL_LAYERS = 6;
export const MOST_LAYERS = 12;

const ENDS = ["activation", "pooling", "joining", "connected"];
const CHANGES = ["activation", "pooling", "normalisation"];

/**
 * Layers whose output is worth a map: what a step of the network hands on, not what is about to be rectified or pooled; the
 * input only where all its cells are kept (`flat`).
 */
export function worthwhile(layers, flat = false) {
  return layers.filter((layer, at) => {
    const {family} = marker(layer.kind);
    if (family === "input") return flat;
    const next = layers[at + 1];
    const goesOn = next && CHANGES.includes(marker(next.kind).family) && (next.inputs?.includes(layer.name) ?? true);
    return ENDS.includes(family) && !goesOn;
  });
}

/** Names of at most `most` layers, evenly spread from the first to the last. */
export function spread(layers, most = USUAL_LAYERS, flat = false) {
  const found = worthwhile(layers, flat);
  const names = (found.length > 1 ? found : layers).map(({name}) => name);
  const count = Math.min(most, names.length);
  const picked = Array.from({length: count}, (_, at) => names[count === 1 ? 0 : Math.round((at * (names.length - 1)) / (count - 1))]);
  return [...new Set(picked)];
}

/** The chosen names in the network's order, those it does not have left out. */
export const inOrder = (names, layers) => layers.map(({name}) => name).filter((name) => names.includes(name));

/** Points (x, y, x, y, …) moved and resized, the same both ways, to fill a square from −1 to 1. */
export function squared(points) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let at = 0; at < points.length; at += 1) {
    low[at % 2] = Math.min(low[at % 2], points[at]);
    high[at % 2] = Math.max(high[at % 2], points[at]);
  }
  const middle = low.map((value, axis) => (value + high[axis]) / 2);
  const reach = Math.max(high[0] - low[0], high[1] - low[1]) / 2;
  return Float32Array.from(points, (value, at) => (reach > 0 ? (value - middle[at % 2]) / reach : 0));
}

const eased = (part) => part * part * (3 - 2 * part);

/** The points of `maps` at `depth` (0 is the first map, 1 the second, 0.5 between), written into `into`. */
export function between(maps, depth, into) {
  const from = Math.max(0, Math.min(Math.floor(depth), maps.length - 1));
  const to = Math.min(from + 1, maps.length - 1);
  const part = eased(Math.max(0, Math.min(1, depth - from)));
  const [one, other] = [maps[from].points, maps[to].points];
  for (let at = 0; at < into.length; at += 1) into[at] = one[at] + part * (other[at] - one[at]);
  return into;
}

/** Coordinates of 16-bit levels between bounds [x0, y0, x1, y1]. */
export function placed(levels, [left, top, right, bottom]) {
  const points = new Float32Array(levels.length);
  for (let at = 0; at < levels.length; at += 2) {
    points[at] = left + (levels[at] / 65535) * (right - left);
    points[at + 1] = top + (levels[at + 1] / 65535) * (bottom - top);
  }
  return points;
}

const DIRECTIONS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

/** The next point that an arrow key leads to from `place`: near, and more that way than aside; null for none. */
export function steppedPoint(points, place, key) {
  const direction = DIRECTIONS[key];
  if (!direction) return null;
  let [best, found] = [Infinity, null];
  for (let other = 0; other < points.length / 2; other += 1) {
    const across = points[2 * other] - points[2 * place];
    const down = points[2 * other + 1] - points[2 * place + 1];
    const along = across * direction[0] + down * direction[1];
    const aside = Math.abs(across * direction[1]) + Math.abs(down * direction[0]);
    if (along <= 0 || aside > along) continue;
    const far = along + 2 * aside;
    if (far < best) [best, found] = [far, other];
  }
  return found;
}

/** The depth after `time_s` of playing from map `start`: a rest on every map, a move to the next; null at the end. */
export function playedDepth(time_s, start, count, {rest_s = 0.9, move_s = 1.3} = {}) {
  const steps = Math.floor(time_s / (rest_s + move_s));
  if (start + steps >= count - 1) return null;
  const inside = time_s - steps * (rest_s + move_s);
  return start + steps + Math.max(0, (inside - rest_s) / move_s);
}
