import assert from "node:assert/strict";
import {test} from "node:test";

import {INITIAL, formatWords, parseWords} from "../../assets/js/embeddings/em_words.js";
import {Camera, boundsOf} from "../../assets/js/embeddings/map_camera.js";
import {csvText, csvValue, isInside, nearestPoint, pointsInside} from "../../assets/js/embeddings/map_choice.js";
import {largestPerplexity, mapParameters, partsOf} from "../../assets/js/embeddings/map_controls.js";
import {MapData, thinned, unpacked} from "../../assets/js/embeddings/map_data.js";
import {ThumbChooser, shuffled} from "../../assets/js/embeddings/map_thumbs.js";
import {curvePoints} from "../../assets/js/embeddings/map_transport.js";
import {leftText, percent, progressText, pythonLines} from "../../assets/js/embeddings/map_words.js";
import {DARK, LIGHT, colours, coloursOf, kindsOf, rgb} from "../../assets/js/embeddings/palette.js";
import {networkFor} from "../../assets/js/embeddings/source.js";
import {sideFor, tilePlace, tint} from "../../assets/js/embeddings/sprites.js";

// Machado, Oliveira & Fernandes 2009, severity 1: linear RGB as seen by others.
const SIGHTS = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};
const times = (matrix, [a, b, c]) => [0, 3, 6].map((row) => matrix[row] * a + matrix[row + 1] * b + matrix[row + 2] * c);
const linear = (hex) => rgb(hex).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));

function oklab(light) {
  const clipped = light.map((part) => Math.min(1, Math.max(0, part)));
  const cones = times([0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566, 0.0883024619, 0.2817188376, 0.6299787005], clipped);
  return times([0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099, 0.0259040371, 0.7827717662, -0.808675766], cones.map(Math.cbrt));
}

for (const [name, palette] of Object.entries({LIGHT, DARK})) {
  test(`the ten colours ${name} stay apart for every kind of sight`, () => {
    for (const [sight, matrix] of Object.entries(SIGHTS)) {
      const seen = palette.map((hex) => oklab(times(matrix, linear(hex))));
      for (let one = 0; one < 10; one += 1) {
        for (let other = 0; other < one; other += 1) {
          const distance = Math.hypot(...seen[one].map((part, axis) => part - seen[other][axis]));
          assert.ok(distance > 0.09, `${palette[one]} and ${palette[other]} are ${distance.toFixed(3)} apart with ${sight}`);
        }
      }
    }
  });
}

test("every colour stands out from the paper", () => {
  const luminance = (hex) => times([0.2126, 0.7152, 0.0722, 0, 0, 0, 0, 0, 0], linear(hex))[0];
  const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  for (const hex of LIGHT) assert.ok(contrast(luminance(hex), 1) > 2.5, hex);
  for (const hex of DARK) assert.ok(contrast(luminance(hex), luminance("#12151b")) > 3, hex);
  assert.equal(new Set(colours(40, false)).size, 40);
});

test("the address carries what is not usual, and reads it again", () => {
  const state = {...INITIAL, view: "retrieval", collection: "mnist", perplexity: 12.5, dimensions: 3, layer: "blocks.2.0.act1"};
  const search = formatWords(state, "?net=lenet5");
  assert.equal(search, "?net=lenet5&em=retrieval&em-set=mnist&em-layer=blocks.2.0.act1&em-dim=3&em-perp=12.5");
  assert.deepEqual({...INITIAL, ...parseWords(search)}, state);
  assert.deepEqual(parseWords("?em=nowhere&em-perp=-3&em-dim=4&em-seed=1.5&em-pool=<b>"), {});
  assert.equal(formatWords(INITIAL, "?em=map"), "");
});

test("pictures go through a network that was trained for them", () => {
  const catalogue = {models: [
    {name: "lite0", labels: "imagenet", input: [3, 224, 224], ready: true},
    {name: "lenet5", labels: "mnist", input: [1, 32, 32], ready: true}]};
  const digits = {name: "digits", suits: "mnist", own: false};
  assert.equal(networkFor(digits, "lite0", catalogue).name, "lenet5");
  assert.equal(networkFor(digits, "lite0", catalogue, "workspace").name, "lite0");
  assert.equal(networkFor({...digits, suits: "cifar10"}, "lite0", catalogue).name, "lite0"); // none suits: the own one
  assert.equal(networkFor({...digits, own: true}, "lite0", catalogue).name, "lite0");
});

test("the camera shows the whole map and keeps a place while zooming on it", () => {
  const points = Float32Array.of(0, 0, 10, 0, 0, 5);
  const camera = new Camera();
  Object.assign(camera, {width: 200, height: 100});
  camera.look(boundsOf(points, 2), 2);
  const screen = new Float32Array(6);
  camera.project(points, screen);
  assert.deepEqual([...screen].map(Math.round), [16, 92, 184, 92, 16, 8]); // margin 8 each way, up is up
  camera.zoomAt(184, 92, 3);
  camera.project(points, screen);
  assert.deepEqual([screen[2], screen[3]].map(Math.round), [184, 92]);
  assert.equal(Math.round(screen[0]), 184 - 3 * 168);
});

test("in three dimensions what is turned to the front is near", () => {
  const camera = new Camera();
  Object.assign(camera, {width: 100, height: 100, turn: [0, 0]});
  camera.look({low: [-1, -1, -1], high: [1, 1, 1]}, 3);
  const [screen, depth] = [new Float32Array(4), new Float32Array(2)];
  camera.project(Float32Array.of(0, 0, 1, 0, 0, -1), screen, depth);
  assert.ok(depth[0] > depth[1]);
  camera.rotate(Math.PI / 2 / 0.008, 0); // a quarter turn: now both are equally far, side by side
  camera.project(Float32Array.of(0, 0, 1, 0, 0, -1), screen, depth);
  assert.ok(Math.abs(depth[0] - depth[1]) < 1e-6);
  assert.ok(screen[0] > 50 && screen[2] < 50);
});

test("no picture lies over another, and those shown stay while zooming in", () => {
  const order = shuffled(400);
  assert.equal(new Set(order).size, 400);
  const screen = Float32Array.from(shuffled(800, 7), (value) => value / 4);
  const chooser = new ThumbChooser(400);
  const shown = [...chooser.choose(screen, {width: 202, height: 202, size: 20})];
  assert.ok(shown.length > 30);
  for (const one of shown) {
    for (const other of shown) {
      const apart = Math.max(Math.abs(screen[2 * one] - screen[2 * other]), Math.abs(screen[2 * one + 1] - screen[2 * other + 1]));
      assert.ok(one === other || apart >= 20);
    }
  }
  const left = [...order].filter((place) => !shown.includes(place));
  for (const place of left) { // whoever is left out would lie over one that is shown
    assert.ok(shown.some((one) => Math.abs(screen[2 * one] - screen[2 * place]) < 20 && Math.abs(screen[2 * one + 1] - screen[2 * place + 1]) < 20));
  }
  const larger = chooser.choose(screen.map((value) => 2 * value), {width: 404, height: 404, size: 20});
  assert.deepEqual(shown.filter((place) => !larger.includes(place)), []);
  assert.ok(larger.length > shown.length);
});

test("the nearest point within reach, a shown picture before a dot", () => {
  const screen = Float32Array.of(10, 10, 18, 10, 200, 200);
  assert.equal(nearestPoint(screen, 11, 10, 12), 0);
  assert.equal(nearestPoint(screen, 100, 100, 12), -1);
  assert.equal(nearestPoint(screen, 11, 10, 12, {preferred: [0, 1, 0], size: 20}), 1);
  assert.equal(nearestPoint(screen, 11, 10, 12, {allowed: (place) => place !== 0}), 1);
});

test("a loop holds what is inside, also where it is not convex", () => {
  const arrow = [[0, 0], [10, 5], [0, 10], [4, 5]];
  assert.equal(isInside(arrow, 6, 5), true);
  assert.equal(isInside(arrow, 2, 5), false); // in the notch
  assert.deepEqual(pointsInside(Float32Array.of(6, 5, 2, 5, 20, 5), arrow), [0]);
});

test("a table that a spreadsheet reads as it is meant", () => {
  assert.equal(csvValue('say "a, b"'), '"say ""a, b"""');
  assert.equal(csvValue("=1+1"), "'=1+1");
  assert.equal(csvValue(-1.5), "-1.5");
  assert.equal(csvText(["a", "b"], [[1, "x"]]), "a,b\r\n1,x\r\n");
});

test("frames are unpacked into map units and thinned without losing the ends", () => {
  assert.deepEqual([...unpacked(Uint16Array.of(0, 65535, 65535, 0), [-2, 0, 2, 10])], [-2, 10, 2, 0]);
  assert.deepEqual(thinned([0, 1, 2, 3, 4, 5]), [0, 2, 4, 5]);
  const data = new MapData({dimensions: 2});
  for (let iteration = 0; iteration <= 1000; iteration += 1) {
    data.take({header: {stage: "map", iteration, iterations: 1000, phase: "optimising", kl: 1, bounds: [0, 0, 1, 1]}, arrays: {xy: Uint16Array.of(0, 0)}});
  }
  assert.ok(data.frames.length <= 161 && data.frames.length > 60);
  assert.equal(data.frames[0].iteration, 0);
  assert.equal(data.frames.at(-1).iteration, 1000);
});

const POINTS = {labels: Int32Array.of(0, 1, 1, -1), predictions: Int32Array.of(7, 7, 8, 8), correct: Int32Array.of(0, 1, 1, -1), clusters: Int32Array.of(2, 2, 0, 0), classes: ["cat", "dog"], predicted: Array.from({length: 10}, (_, at) => `class-${at}`)};

test("points are coloured by label, prediction, correctness and cluster", () => {
  const label = kindsOf("label", POINTS);
  assert.deepEqual(label.kinds.map(({name, count}) => [name, count]), [["cat", 1], ["dog", 2], ["no label", 1]]);
  assert.deepEqual([...label.of], [0, 1, 1, 2]);
  assert.deepEqual(kindsOf("prediction", POINTS).kinds.map(({name}) => name), ["class-7", "class-8"]);
  const correct = kindsOf("correct", POINTS);
  assert.deepEqual(correct.kinds.map(({name, count}) => [name, count]), [["correct", 2], ["wrong", 1], ["unknown", 1]]);
  assert.deepEqual([...correct.of], [1, 0, 0, 2]);
  assert.deepEqual(kindsOf("cluster", POINTS).kinds.map(({name}) => name), ["cluster 1", "cluster 3"]);
  assert.equal(coloursOf("label", label, false, 2)[1], LIGHT[1]);
});

test("thumbnails: their size, their place, and digits as ink", () => {
  assert.equal(sideFor({suits: "mnist", count: 1797}), 28);
  assert.equal(sideFor({suits: "imagenet", count: 3925}), 64);
  assert.equal(sideFor({suits: "", count: 9000}), 32);
  assert.deepEqual(tilePlace(7, 3, 28), [28, 56]);
  const data = Uint8ClampedArray.of(0, 0, 0, 255, 200, 200, 200, 255);
  tint(data, {columns: 2, side: 1, width: 2, count: 2, colourOf: (index) => (index ? [1, 2, 3] : [9, 9, 9])});
  assert.deepEqual([...data], [9, 9, 9, 0, 1, 2, 3, 230]);
});

test("what is asked and how far it is", () => {
  assert.equal(largestPerplexity(91), 30);
  assert.deepEqual(Object.keys(partsOf(1797)), ["1000", ""]);
  assert.equal("perplexity" in mapParameters({...INITIAL, method: "pca"}), false);
  assert.equal(leftText(75), " · about 1 min 15 s left");
  assert.equal(percent(0.98776), "98.8 %");
  assert.equal(percent(0.99999), "> 99.9 %");
  assert.equal(progressText({stage: "features", step: 256, steps: 1797, remaining_s: null}), "Reading features: 256 of 1,797 pictures");
  assert.deepEqual(curvePoints([{kl: null}, {kl: 3}, {kl: 1}], 100, 10), [[50, 0], [100, 10]]);
});

test("the Python lines name what differs from the usual", () => {
  const source = {net: "lenet5", weights: null, collection: "digits", own: false, layer: "10", usual: "10", pool: "average", power: 3};
  const settings = {method: "t-sne", dimensions: 2, metric: "l2", seed: 0, perplexity: 30, exaggeration: 12, limit: null};
  assert.match(pythonLines({...source, settings}), /extract_features\(model, pictures\)\npoints = vz.embed\(features\)$/);
  assert.match(pythonLines({...source, layer: "3", pool: "max", settings: {...settings, perplexity: 50, seed: 1}}), /layer="3", pool="max"\)\npoints = vz.embed\(features, seed=1, perplexity=50\)$/);
});
