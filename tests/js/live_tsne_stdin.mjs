// Features and maps as JSON on the input; the browser's affinities, divergence and gradient as JSON on the output.
// tests/js/test_live_tsne.py compares them with scikit-learn and with visualizer/maths/tsne.py.

import {readFileSync} from "node:fs";
import {affinities, descend, divergence, Descent} from "../../assets/js/training/live/tsne.js";

function ended(rows) {
  let row = rows.next();
  while (!row.done) row = rows.next();
  return row.value;
}

/** Where the points are after `steps` of the descent. */
function descended(joint, start, {steps, rate, momentum, exaggeration}) {
  const points = Float64Array.from(start);
  const [gradient, weights, descent] = [new Float64Array(points.length), new Float64Array(joint.length), new Descent(points.length)];
  for (let step = 0; step < steps; step += 1) {
    descend(joint, points, gradient, weights, exaggeration);
    descent.step(points, gradient, {rate, momentum});
  }
  return points;
}

const {features, count, size, perplexity, points: start, descent} = JSON.parse(readFileSync(0, "utf8"));
const {joint} = ended(affinities(Uint8Array.from(features), count, size, perplexity));
const points = Float64Array.from(start);
const gradient = new Float64Array(points.length);
descend(joint, points, gradient, new Float64Array(joint.length));
const answer = {joint: [...joint], kl: divergence(joint, points), gradient: [...gradient], descended: [...descended(joint, points, descent)]};
process.stdout.write(JSON.stringify(answer));
