// Trust in numbers and words: by hand, as Python's localisation, and the keys that move a box.

import assert from "node:assert/strict";
import {test} from "node:test";
import {limitsOf, pathOf} from "../../assets/js/heatmaps/trust_chart.js";
import {baselineHeat, partOf} from "../../assets/js/heatmaps/trust_clerk.js";
import {areaOf, energyInside, measured, pointsInside, sanityVerdict, steppedBox, verdict} from "../../assets/js/heatmaps/trust_measures.js";
import {bestOf, ranked} from "../../assets/js/heatmaps/trust_table.js";

const HEAT = Float32Array.of(1, 2, -5, 0, 4, 1);
const SHAPE = [2, 3];
const MIDDLE = {x0: 1 / 3, y0: 0.5, x1: 2 / 3, y1: 1};

test("pointing game and energy by hand, as in Python", () => {
  assert.equal(pointsInside(HEAT, SHAPE, MIDDLE), true);
  assert.equal(pointsInside(HEAT, SHAPE, {x0: 0, y0: 0, x1: 0.3, y1: 1}), false);
  assert.equal(energyInside(HEAT, SHAPE, MIDDLE), 4 / 8);
  assert.equal(energyInside(HEAT, SHAPE, {x0: 0, y0: 0, x1: 1, y1: 0.4}), 3 / 8);
});

test("a flat map points nowhere, a cold one holds no energy", () => {
  assert.equal(pointsInside(new Float32Array(6), SHAPE, MIDDLE), null);
  assert.equal(energyInside(HEAT.map((value) => -Math.abs(value)), SHAPE, MIDDLE), null);
});

test("arrow keys move a box to the border and no further, with shift they resize it", () => {
  const box = {x0: 0.01, y0: 0.5, x1: 0.51, y1: 1};
  const left = steppedBox(box, "ArrowLeft", false);
  assert.equal(left.x0, 0);
  assert.ok(Math.abs(areaOf(left) - areaOf(box)) < 1e-12);
  assert.deepEqual(steppedBox(box, "ArrowDown", false), box);
  assert.ok(Math.abs(steppedBox(box, "ArrowRight", true).x1 - 0.53) < 1e-12);
  assert.equal(steppedBox({...box, x1: 0.02}, "ArrowLeft", true).x1, 0.03);
  assert.equal(steppedBox(box, "a", false), null);
});

test("numbers carry a true minus sign", () => {
  assert.equal(measured(-0.0123), "−0.012");
  assert.equal(measured(undefined), "–");
});

test("the verdict names the better of the maps that know nothing", () => {
  const known = [{title: "A random map", road: 0.01}, {title: "The picture's centre", road: 0.05}];
  assert.match(verdict({title: "Grad-CAM", road: 0.2}, known), /finds more than the picture's centre does: 0.200 against 0.050/);
  assert.match(verdict({title: "Grad-CAM", road: 0.02}, known), /no more than/);
  assert.match(verdict({title: "Grad-CAM", road: 0.02}, []), /above 0 means/);
  assert.equal(verdict({title: "Grad-CAM"}, known), "");
});

test("the check by random weights is judged by its last stage only", () => {
  const stage = (correlation, step = 9) => ({step, steps: 9, correlation, zero: false});
  assert.equal(sanityVerdict([stage(1, 3)], "Saliency"), "");
  assert.match(sanityVerdict([stage(0.05)], "Saliency"), /depends on what the network learned/);
  assert.match(sanityVerdict([stage(-0.3)], "Saliency"), /somewhat/);
  assert.match(sanityVerdict([stage(0.9)], "Saliency"), /hardly cares/);
  assert.match(sanityVerdict([stage(null)], "Saliency"), /flat/);
  assert.match(sanityVerdict([{...stage(null), zero: true}], "Saliency"), /nothing at all/);
});

test("the best of a column leaves out what knows nothing, and a lone row has no rival", () => {
  const rows = [{key: "a", road: 0.2}, {key: "b", road: 0.3}, {key: "c", road: 0.9, baseline: true}];
  assert.deepEqual(bestOf(rows, "road", 1), ["b"]);
  assert.deepEqual(bestOf(rows, "road", -1), ["a"]);
  assert.deepEqual(bestOf(rows.slice(1), "road", 1), []);
  assert.deepEqual(ranked([...rows, {key: "d"}]).map(({key}) => key), ["c", "b", "a", "d"]);
});

test("curves are drawn from 0 to the next round value, below 0 for differences", () => {
  assert.deepEqual(limitsOf([{scores: [0.3, 0.42]}]), {low: 0, high: 0.5});
  assert.deepEqual(limitsOf([{scores: [-0.3, 0.9]}]), {low: -0.5, high: 1});
  assert.equal(pathOf({shares: [0, 1], scores: [0, 0.5]}, {low: 0, high: 0.5}), "40.0,162.0 302.0,10.0");
  assert.equal(pathOf({shares: [0, 1], scores: [NaN, 0.5]}, {low: 0, high: 0.5}), "302.0,10.0");
});

test("a frame becomes a row's parts; a growing map is progress alone", () => {
  assert.deepEqual(partOf({header: {heating: true, step: 1, steps: 4}, arrays: {}}).progress.steps, 4);
  const part = partOf({header: {step: 9, steps: 9, road: 0.1, deletion: 0.2, insertion: 0.3, notes: []}, arrays: {deletion_shares: [0], deletion_scores: [1]}});
  assert.deepEqual([part.road, part.curves.deletion.scores], [0.1, [1]]);
});

test("the centre's map is warmest in the middle and nowhere negative", () => {
  const {values, shape} = baselineHeat("centre", [3, 5, 7]);
  assert.deepEqual(shape, [5, 7]);
  assert.equal(values.indexOf(Math.max(...values)), 2 * 7 + 3);
  assert.equal(Math.min(...values), 0);
  assert.equal(baselineHeat("random", [3, 5, 7]), null);
});
