// Optimised pictures: what is asked, what is said, where the curve runs.

import assert from "node:assert/strict";
import test from "node:test";

import {curvePlace, curveRange, labelPlace, ticks} from "../../assets/js/filters/pattern_curve.js";
import {classOf, sizes} from "../../assets/js/filters/pattern_controls.js";
import {nowOf} from "../../assets/js/filters/pattern_figure.js";
import {pictureName} from "../../assets/js/filters/pattern_gallery.js";
import {newPiece, takeHeader} from "../../assets/js/filters/pattern_view.js";
import {best, caution, comparison, parameters, progressText, pythonLine, subject} from "../../assets/js/filters/pattern_words.js";

const ASKED = {kind: "channel", layer: "blocks.2.1.add", channel: 7, negative: false, count: 2, steps: 128, seed: 3, size: 0, label: null};
const STATE = {net: "efficientnet_lite0", weights: null};

test("the server is asked for what was chosen, and for nothing that has no meaning", () => {
  assert.deepEqual(parameters(ASKED, {net: "n"}), {net: "n", kind: "channel", steps: 128, count: 2, seed: 3, size: 0, layer: "blocks.2.1.add", channel: 7});
  assert.deepEqual(parameters({...ASKED, kind: "layer", negative: true}, {}), {kind: "layer", steps: 128, count: 2, seed: 3, size: 0, layer: "blocks.2.1.add"});
  const logit = parameters({...ASKED, kind: "class", negative: true}, {});
  assert.equal(logit.layer, undefined);
  assert.equal(logit.negative, 1);
});

test("a picture is named by what it is made for", () => {
  assert.equal(subject(ASKED), "channel 7 of blocks.2.1.add");
  assert.equal(subject({...ASKED, layer: "3"}), "channel 7 of layer 3");
  assert.equal(subject({...ASKED, kind: "cell"}), "the middle cell of channel 7 of blocks.2.1.add");
  assert.equal(subject({...ASKED, kind: "class", label: "balloon"}), "class “balloon”");
  assert.equal(pictureName({net: "lenet5", asked: {...ASKED, layer: "a/b", negative: true}}), "lenet5_a-b_7_negative_seed3.png");
});

test("progress says step and time left", () => {
  assert.equal(progressText({step: 0, steps: 128, remaining: 0}), "Starting from noise");
  assert.equal(progressText({step: 48, steps: 128, remaining: 3.4}), "Step 48 of 128, about 3 s left");
  assert.equal(progressText({step: 120, steps: 128, remaining: 0.4}), "Step 120 of 128, less than a second left");
  assert.equal(progressText({step: 128, steps: 128, remaining: 0}), "Step 128 of 128, measuring what it reaches");
  assert.equal(progressText({step: 128, steps: 128, remaining: 0, reached: [3.4]}), "All 128 steps taken");
});

test("the best of several follows the direction; what is no number does not count", () => {
  assert.equal(best([1, -4, null], false), 1);
  assert.equal(best([1, -4, null], true), -4);
  assert.equal(best([null], false), null);
});

test("numbers stand side by side, unknown ones left out", () => {
  const rows = comparison({asked: ASKED, start: 0.3, now: 48.8, strongest: {title: "Cat", value: 2.1}, picture: null});
  assert.deepEqual(rows.map(({name}) => name), ["This pattern", "Its start, noise on the mean colour", "Highest sample: Cat"]);
  assert.equal(rows[2].value, "2.100");
});

test("a word of caution where a mean of the first layer can only be a plain colour", () => {
  const run = {trained: true, layers: [{name: "0", kind: "convolution", inputs: ["input"]}, {name: "1", kind: "ReLU", inputs: ["0"]}]};
  assert.match(caution({...ASKED, layer: "0"}, run), /plain colour/);
  assert.equal(caution({...ASKED, layer: "0", kind: "cell"}, run), null);
  assert.equal(caution({...ASKED, layer: "1"}, run), null);
  assert.match(caution({...ASKED, layer: "1"}, {...run, trained: false}), /untrained/);
});

test("the Python line says everything that differs from the defaults", () => {
  assert.equal(pythonLine({...ASKED, count: 1}, STATE), 'vz.visualize_filter(vz.load_model("efficientnet_lite0"), "blocks.2.1.add", 7, steps=128, seed=3)');
  assert.equal(pythonLine({...ASKED, count: 1, kind: "cell", negative: true, size: 224}, {net: "a", weights: "untrained"}),
    'vz.visualize_filter(vz.load_model("a", weights=None), "blocks.2.1.add", 7, steps=128, seed=3, negative=True, cell="centre", size=(224, 224))');
  assert.equal(pythonLine({...ASKED, kind: "class", count: 1}, STATE), 'model = vz.load_model("efficientnet_lite0"); vz.visualize_filter(model, model.logits, 7, steps=128, seed=3)');
  assert.match(pythonLine(ASKED, STATE), /# one alone/);
});

test("frames make a picture's record", () => {
  const piece = newPiece(ASKED, STATE);
  takeHeader(piece, {kind: "start", start: [0.1, 0.2], size: [28, 28]});
  takeHeader(piece, {kind: "picture", value: 0.5});
  takeHeader(piece, {kind: "step", step: 2, steps: 128, values: [[1, 2], [3, null]], remaining_s: 4});
  takeHeader(piece, {kind: "strongest", title: "Cat", value: 0.7});
  assert.deepEqual(piece.lines, [[1, 3], [2, null]]);
  assert.deepEqual([piece.step, piece.remaining, piece.small, piece.picture, piece.strongest.title], [2, 4, true, 0.5, "Cat"]);
  assert.deepEqual(nowOf(piece), [3, null]);
  takeHeader(piece, {kind: "final", reached: [9, 8]});
  assert.deepEqual(nowOf(piece), [9, 8]);
});

test("the curve's range holds lines and marks, whatever is missing", () => {
  assert.deepEqual(curveRange([], []), {low: 0, high: 1});
  assert.deepEqual(curveRange([[2, null, 2]], []), {low: 1.5, high: 2.5});
  const {low, high} = curveRange([[0, 10]], [-10, Infinity]);
  assert.ok(Math.abs(low + 13) < 1e-9 && Math.abs(high - 11.2) < 1e-9); // below, a mark's label needs room
  assert.deepEqual(ticks(-0.5, 4.2), [0, 2, 4]);
  assert.deepEqual(ticks(0.02, 0.11).map((value) => value.toFixed(2)), ["0.05", "0.10"]);
});

test("the curve runs from the left end of its box to the right, larger values higher", () => {
  const place = curvePlace({steps: 10, range: {low: 0, high: 1}, width: 154, height: 132});
  assert.deepEqual(place(0, 0), {x: 46, y: 110});
  assert.deepEqual(place(10, 1), {x: 146, y: 10});
});

test("sizes on offer and the class in question", () => {
  assert.deepEqual(Object.keys(sizes([1, 28, 28])), ["0"]);
  assert.deepEqual(sizes([3, 224, 224]), {0: "128 × 128, quick", 224: "224 × 224, the network's own"});
  assert.equal(classOf({target: null, run: {top: [{index: 282}]}}), 282);
  assert.equal(classOf({target: 0, run: null}), 0);
});

test("labels stand at their own lines: above, or below where it is full", () => {
  assert.equal(labelPlace(50, 14, []), 46);
  assert.equal(labelPlace(12, 14, []), 26);
  assert.equal(labelPlace(34, 14, [26]), 48);
});
