import assert from "node:assert/strict";
import {test} from "node:test";

import {LiveMap} from "../../assets/js/training/live/live_map.js";
import {boxOf, dotSizes, placeOn} from "../../assets/js/training/live/map_drawing.js";
import {Descent, affinities, beginning, conditional, descend, divergence, perplexityFor} from "../../assets/js/training/live/tsne.js";

const ended = (rows) => {
  let row = rows.next();
  while (!row.done) row = rows.next();
  return row.value;
};
const close = (found, wanted, within = 1e-9) => assert.ok(Math.abs(found - wanted) <= within, `${found} is not ${wanted}`);

test("p(j | i) of three points at hand-worked distances", () => {
  // Squared distances 0, 1, 2 with β = ln 2: weights 1 and 1/2 of the others, so p = 2/3 and 1/3; perplexity exp(H).
  const perplexity = Math.exp(-(2 / 3) * Math.log(2 / 3) - (1 / 3) * Math.log(1 / 3));
  const found = new Float64Array(3);
  const beta = conditional(Float64Array.of(0, 1, 2), 0, perplexity, found);
  close(beta, Math.log(2), 1e-4);
  close(found[0], 0);
  close(found[1], 2 / 3, 1e-4);
  close(found[2], 1 / 3, 1e-4);
});

test("the perplexity is met from any start, also where distances are far apart or equal", () => {
  const squares = Float64Array.from({length: 40}, (_, at) => (at === 0 ? 0 : 1e4 + at ** 3));
  for (const start of [1e-9, 1, 1e6]) {
    const row = new Float64Array(40);
    conditional(squares, 0, 12, row, start);
    const entropy = -row.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);
    close(Math.exp(entropy), 12, 1e-3);
    close(row.reduce((sum, p) => sum + p, 0), 1, 1e-12);
  }
  const equal = new Float64Array(4);
  conditional(Float64Array.of(0, 5, 5, 5), 0, 2, equal);
  equal.slice(1).forEach((p) => close(p, 1 / 3));
  assert.equal(perplexityFor(300), 30);
  assert.equal(perplexityFor(31), 10);
  assert.equal(perplexityFor(2), 1);
});

test("affinities are symmetric and sum to 1; the start of the search does not matter", () => {
  const features = Uint8Array.from({length: 20 * 3}, (_, at) => (at * 37 + (at % 7) * 11) % 256);
  const {joint, betas} = ended(affinities(features, 20, 3, 5));
  close(joint.reduce((sum, p) => sum + p, 0), 1, 1e-12);
  for (let one = 0; one < 20; one += 1) for (let other = 0; other < 20; other += 1) close(joint[one * 20 + other], joint[other * 20 + one]);
  const again = ended(affinities(features, 20, 3, 5, betas.map((beta) => 40 * beta)));
  again.joint.forEach((p, at) => close(p, joint[at], 1e-6));
});

test("two points: gradient and divergence by hand", () => {
  // One pair: p = q = 1/2 each way, so nothing pulls, and KL = 0.
  const joint = Float64Array.of(0, 0.5, 0.5, 0);
  const points = Float64Array.of(0, 0, 3, 4);
  const gradient = new Float64Array(4);
  descend(joint, points, gradient, new Float64Array(4));
  gradient.forEach((part) => close(part, 0));
  close(divergence(joint, points), 0);
  // Exaggerated four times: 4 (4 · 1/2 − 1/2) · 1/26 · (−3, −4) for the first point.
  descend(joint, points, gradient, new Float64Array(4), 4);
  [-18 / 26, -24 / 26, 18 / 26, 24 / 26].forEach((wanted, at) => close(gradient[at], wanted, 1e-12));
});

test("the gradient is the slope of the divergence", () => {
  const count = 17;
  const features = Uint8Array.from({length: count * 5}, (_, at) => (at * at * 13 + at * 7) % 251);
  const {joint} = ended(affinities(features, count, 5));
  const points = beginning(count, 3, 1.3);
  const gradient = new Float64Array(2 * count);
  descend(joint, points, gradient, new Float64Array(count * count));
  for (const at of [0, 7, 20, 33]) {
    const [up, down] = [1e-5, -1e-5].map((by) => divergence(joint, points.map((value, place) => (place === at ? value + by : value))));
    close(gradient[at], (up - down) / 2e-5, 1e-8);
  }
});

test("two steps of the descent by hand, as visualizer/maths/tsne.py does them", () => {
  const points = Float64Array.of(0, 0, 0, 0);
  const descent = new Descent(4);
  const gradient = Float64Array.of(1, 0, -1, 0);
  descent.step(points, gradient, {rate: 0.1, momentum: 0.5});
  close(points[0], -0.12, 1e-12);
  descent.step(points, gradient, {rate: 0.1, momentum: 0.5});
  close(points[0], -0.32, 1e-12);
  close(points[2], 0.32, 1e-12);
  descent.step(points, gradient.map((part) => -part), {rate: 0.1, momentum: 0.5});
  close(points[0], -0.307, 1e-12);
  const far = Float64Array.of(0, 0, 0, 0);
  close(new Descent(4).step(far, Float64Array.of(30, 40, -30, -40), {rate: 1, momentum: 0}), 5, 1e-12);
  [-3, -4, 3, 4].forEach((wanted, at) => close(far[at], wanted, 1e-12));
});

/** Bytes of `count` points in `groups` clouds; `shift` moves every cloud. */
function clouds(count, groups, shift = 0) {
  const size = 6;
  const values = new Uint8Array(count * size);
  for (let index = 0; index < count; index += 1) {
    for (let at = 0; at < size; at += 1) values[index * size + at] = 30 + ((((index % groups) + 1) * (at + 2) * 29) % 190) + ((index * 7 + at * 5 + shift) % 9);
  }
  return {values, shape: [count, size]};
}

/** The share of points whose nearest neighbour on the map is of their group. */
function pure(points, groups) {
  let right = 0;
  for (let one = 0; one < points.length / 2; one += 1) {
    let [best, least] = [-1, Infinity];
    for (let other = 0; other < points.length / 2; other += 1) {
      const square = (points[2 * one] - points[2 * other]) ** 2 + (points[2 * one + 1] - points[2 * other + 1]) ** 2;
      if (other !== one && square < least) [best, least] = [other, square];
    }
    right += best % groups === one % groups ? 1 : 0;
  }
  return right / (points.length / 2);
}

/** A clock that goes on by `tick` ms at every look. */
const clock = (tick = 0.05) => {
  let time = 0;
  return () => (time += tick);
};

const settle = (map, budget = 5) => {
  let rounds = 0;
  while (map.busy) {
    map.step(budget, 16);
    rounds += 1;
    assert.ok(rounds < 20_000, "the map never comes to rest");
  }
  return rounds;
};

/** A training of four moments, and the maps of a `map` that has seen them. */
const COURSE = [clouds(60, 4), clouds(60, 4, 1), clouds(60, 3, 2), clouds(60, 4, 3)];
const placed = (map) => map.maps.map(({points}) => [...points]);

test("maps follow from the features alone: at any pace, in any order, whatever was looked at meanwhile", () => {
  const quick = new LiveMap({now: clock()});
  COURSE.forEach((features, moment) => quick.prepare(features, moment));
  settle(quick);
  assert.equal(quick.maps.length, 4);
  assert.ok(pure(quick.maps[3].points, 4) > 0.95);
  const slow = new LiveMap({now: clock(1.7)});
  slow.prepare(COURSE[0], 0);
  for (const features of [clouds(60, 5), clouds(60, 3), COURSE[2], clouds(60, 4, 7)]) {
    slow.aim(features, features === COURSE[2] ? 2 : null); // while it runs; moment 1 did not come
    for (let frame = 0; frame < 150; frame += 1) slow.step(2, 16);
  }
  assert.equal(slow.maps.length, 1);
  slow.aim(COURSE[3], 3);
  settle(slow, 2);
  const meanwhile = [...slow.points];
  slow.prepare(COURSE[1], 1);
  settle(slow, 2);
  assert.deepEqual(placed(slow), placed(quick));
  assert.deepEqual([...slow.points], placed(quick)[3]); // where it belongs, now that the moments before are known
  assert.notDeepEqual(meanwhile, [...slow.points]);
});

test("a map lies near that of the moment before, and the points glide there", () => {
  const map = new LiveMap({now: clock()});
  map.aim(COURSE[0], 0);
  settle(map);
  const first = Float64Array.from(map.points);
  const reach = Math.max(...first.map(Math.abs));
  map.aim(COURSE[1], 1);
  while (!map.target) map.step(5, 16);
  const target = Float64Array.from(map.target);
  const apart = Math.max(...target.map((value, at) => Math.abs(value - first[at])));
  assert.ok(apart < reach, `a group has gone ${apart} of ${reach}`);
  map.step(5, 130); // a time constant: 1 − 1/e of the way
  map.points.forEach((value, at) => close(value, first[at] + (1 - 1 / Math.E) * (target[at] - first[at]), 1e-9));
  settle(map);
  assert.deepEqual([...map.points], [...target]);
});

test("a moment seen before comes back as it was, without a single new affinity", () => {
  const map = new LiveMap({now: clock()});
  map.aim(clouds(40, 3), 0);
  settle(map);
  const before = Float64Array.from(map.points);
  map.aim(clouds(40, 5, 2), 1);
  settle(map);
  assert.notDeepEqual([...map.points], [...before]);
  map.aim(clouds(40, 3), 0); // the same, asked for anew
  assert.deepEqual([map.work, map.wanted, map.next], [null, null, null]);
  settle(map);
  assert.deepEqual([...map.points], [...before]);
  map.aim(clouds(40, 3), 0);
  assert.equal(map.maps.length, 2);
});

test("what may be looked at later waits for what is looked at, moves nothing, and is there at once", () => {
  const map = new LiveMap({now: clock()});
  COURSE.slice(0, 3).forEach((features, moment) => map.prepare(features, moment));
  map.aim(COURSE[0], 0);
  while (map.maps.length < 1) map.step(0.2, 16);
  const first = [...map.points];
  map.step(0.2, 16);
  assert.deepEqual([map.work.moment, map.work.waited], [1, false]);
  map.aim(clouds(60, 5, 7), null);
  map.step(0.2, 16);
  assert.deepEqual([map.work.moment, map.work.waited], [null, true]);
  map.aim(COURSE[0], 0); // back again before it was found
  settle(map);
  assert.equal(map.maps.length, 3);
  assert.deepEqual([...map.points], first);
  map.aim(COURSE[2], 2);
  assert.deepEqual([map.work, map.target], [null, map.maps[2].points]);
});

test("what is prepared already when it is looked at is not begun anew", () => {
  const map = new LiveMap({now: clock()});
  map.aim(COURSE[0], 0);
  settle(map);
  map.prepare(COURSE[1], 1);
  map.step(0.2, 16);
  const {rows} = map.work;
  map.aim(COURSE[1], 1);
  map.step(0.2, 16);
  assert.equal(map.work.rows, rows);
  settle(map);
  assert.deepEqual([...map.points], [...map.maps[1].points]);
});

test("a slice ends in time, and a training's newest features come next", () => {
  let time = 0;
  const map = new LiveMap({now: () => (time += 0.5)});
  map.aim(clouds(80, 4), 0);
  const slices = [];
  for (let round = 0; round < 400; round += 1) {
    const began = time;
    map.step(5, 16);
    slices.push(time - began);
    if (round >= 380 && round < 386) map.aim(clouds(80, 4, round - 379), null); // other features at every frame
  }
  assert.ok(Math.max(...slices) <= 6, String(slices));
  settle(map);
  assert.ok(map.shows(map.latest.features) && map.latest.features.values[0] === clouds(80, 4, 6).values[0]);
  assert.deepEqual([...map.points], [...map.last.points]);
});

test("before the untrained network is known nothing is mapped, then what was wanted meanwhile", () => {
  const map = new LiveMap({now: clock()});
  map.aim(COURSE[1], 1);
  assert.deepEqual([map.busy, map.step(5, 16)], [false, false]);
  map.prepare(COURSE[0], 0);
  settle(map);
  assert.deepEqual([map.maps.length, [...map.points]], [2, [...map.maps[1].points]]);
});

test("points keep their place on the screen while the box around them follows", () => {
  const points = Float64Array.of(-1, -1, 1, 1, 0, 0.5);
  assert.deepEqual(boxOf(points), [-1, -1, 1, 1]);
  const first = placeOn(points, {width: 232, height: 132}, null, 16);
  assert.deepEqual([...first.screen.slice(0, 4)], [66, 16, 166, 116]);
  const next = placeOn(points.map((value) => 3 * value), {width: 232, height: 132}, first, 16);
  assert.ok(next.moving && next.box[2] > 1 && next.box[2] < 3);
});

test("dots shrink where there are many, within what can be seen", () => {
  const room = {width: 420, height: 315};
  assert.equal(dotSizes(room, 20).radius, 5.5);
  assert.equal(dotSizes({width: 200, height: 150}, 300).radius, 3);
  assert.ok(dotSizes(room, 100).radius > dotSizes(room, 200).radius);
});
