// A map of features found in steps: the same features give the same map.

import {Descent, affinities, beginning, descend, divergence, perplexityFor} from "./tsne.js";

const FIRST = [{steps: 100, exaggeration: 4, momentum: 0.5}, {steps: 300, exaggeration: 1, momentum: 0.8}];
const NEXT = [{steps: 20, exaggeration: 2, momentum: 0.8}, {steps: 100, exaggeration: 1, momentum: 0.8}]; // groups may come together that were apart
const RATE = 50; // the least that scikit-learn takes, for few points

/**
 * A generator to be run in slices: yields the points as they are (x, y, x, y, …), returns `{points, betas, loss}`.
 *
 * `features` are bytes of shape [count, size]. Points begin where they are on the map `before`, without one in a small cloud,
 * the same each time.
 */
export function* mapping({values, shape: [count, size]}, before = null, phases = before ? NEXT : FIRST) {
  const points = before ? Float64Array.from(before.points) : beginning(count);
  const rows = affinities(values, count, size, perplexityFor(count), before?.betas);
  let row = rows.next();
  for (; !row.done; row = rows.next()) yield points;
  const {joint, betas} = row.value;
  const [descent, gradient, weights] = [new Descent(2 * count), new Float64Array(2 * count), new Float64Array(count * count)];
  for (const {steps, exaggeration, momentum} of phases) {
    for (let step = 0; step < steps; step += 1) {
      descend(joint, points, gradient, weights, exaggeration);
      descent.step(points, gradient, {rate: RATE, momentum});
      yield points;
    }
  }
  return {points, betas, loss: divergence(joint, points)};
}
