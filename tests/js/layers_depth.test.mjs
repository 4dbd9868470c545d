// Maps through the depth: which layers, places by hand, playing; words and shares of the whole.

import assert from "node:assert/strict";
import {test} from "node:test";
import {curvePlace, lowest, shortName} from "../../assets/js/embeddings/layers_curve.js";
import {between, inOrder, placed, playedDepth, spread, squared, steppedPoint, worthwhile} from "../../assets/js/embeddings/layers_depth.js";
import {LayersClerk, left} from "../../assets/js/embeddings/layers_clerk.js";
import {castOf} from "../../assets/js/embeddings/layers_cast.js";
import {picturedWords} from "../../assets/js/embeddings/layers_detail.js";
import {onScreen} from "../../assets/js/embeddings/layers_stage.js";
import {depthWords, partsOf, progressShare, progressWords, pythonLines, score, verdict} from "../../assets/js/embeddings/layers_words.js";

const layer = (name, kind, ...inputs) => ({name, kind, inputs, shape: [1, 1, 1]});
const LENET = [
  layer("input", "input"), layer("0", "convolution", "input"), layer("1", "ReLU", "0"), layer("2", "average pooling", "1"),
  layer("3", "convolution", "2"), layer("4", "ReLU", "3"), layer("5", "average pooling", "4"), layer("6", "flatten", "5"),
  layer("7", "fully connected", "6"), layer("8", "ReLU", "7"), layer("9", "fully connected", "8"), layer("10", "ReLU", "9"),
  layer("11", "fully connected", "10"), layer("softmax", "softmax", "11"),
];

test("only what a step hands on is worth a map", () => {
  assert.deepEqual(worthwhile(LENET).map(({name}) => name), ["2", "5", "8", "10", "11"]);
  assert.deepEqual(worthwhile(LENET.map(({name, kind, shape}) => ({name, kind, shape}))), worthwhile(LENET).map(({name, kind, shape}) => ({name, kind, shape}))); // a menu without inputs
  assert.deepEqual(worthwhile(LENET, true).map(({name}) => name), ["input", "2", "5", "8", "10", "11"]);
});

test("layers are spread from the first to the last, and kept in order", () => {
  assert.deepEqual(spread(LENET), ["2", "5", "8", "10", "11"]);
  assert.deepEqual(spread(LENET, 3), ["2", "8", "11"]);
  assert.deepEqual(spread(LENET, 6, true)[0], "input");
  assert.deepEqual(spread(LENET, 1), ["2"]);
  assert.deepEqual(inOrder(["11", "none", "2"], LENET), ["2", "11"]);
});

test("a map fills the square, its proportions kept", () => {
  assert.deepEqual([...squared(Float32Array.of(0, 0, 4, 0, 2, 3))], [-1, -0.75, 1, -0.75, 0, 0.75]);
  assert.deepEqual([...squared(Float32Array.of(7, 7, 7, 7))], [0, 0, 0, 0]);
});

test("levels of 16 bits are places between the bounds", () => {
  assert.deepEqual([...placed(Uint16Array.of(0, 65535, 13107, 0), [-10, 2, 10, 4])], [-10, 4, -6, 2]);
});

test("between two maps points move smoothly, beyond the ends they stay", () => {
  const maps = [{points: Float32Array.of(0, 0)}, {points: Float32Array.of(1, -2)}];
  const at = (depth) => [...between(maps, depth, new Float32Array(2))];
  assert.deepEqual(at(0.5), [0.5, -1]);
  assert.deepEqual(at(0.25), [0.15625, -0.3125]); // 3 · 0.25² − 2 · 0.25³
  assert.deepEqual(at(1), [1, -2]);
  assert.deepEqual(at(-3), [0, 0]);
  assert.deepEqual(at(9), [1, -2]);
});

test("the middle of the square is the middle of the canvas, its corner inside it", () => {
  const screen = onScreen(Float32Array.of(0, 0, 1, -1), 200, new Float32Array(4));
  assert.deepEqual([...screen], [100, 100, 191, 9]);
});

test("arrow keys lead to a near point that way", () => {
  const points = Float32Array.of(0, 0, 5, 1, 9, 0, 0, -4);
  assert.equal(steppedPoint(points, 0, "ArrowRight"), 1);
  assert.equal(steppedPoint(points, 0, "ArrowUp"), 3);
  assert.equal(steppedPoint(points, 0, "ArrowLeft"), null);
  assert.equal(steppedPoint(points, 0, "a"), null);
});

test("playing rests on a map, moves to the next and ends at the last", () => {
  const pace = {rest_s: 1, move_s: 2};
  assert.equal(playedDepth(0.9, 0, 3, pace), 0);
  assert.equal(playedDepth(2, 0, 3, pace), 0.5);
  assert.equal(playedDepth(3.5, 0, 3, pace), 1);
  assert.equal(playedDepth(6, 0, 3, pace), null);
  assert.equal(playedDepth(3, 1, 3, pace), null);
});

test("shares of the whole never fall on the way", () => {
  const frames = [{stage: "features", step: 10, steps: 20}, {stage: "points"}, {stage: "map", position: 0, of: 4, iteration: 50, iterations: 100}, {stage: "layer", position: 0, of: 4}, {stage: "layer", position: 3, of: 4}];
  assert.deepEqual(frames.map(progressShare), [0.1, 0.2, 0.30000000000000004, 0.4, 1]);
  assert.equal(progressShare({stage: "measuring"}), null);
  assert.equal(left(0.25, 2), 6);
  assert.equal(left(0.01, 2), null);
});

test("progress in words", () => {
  assert.equal(progressWords({stage: "features", step: 256, steps: 1797, remaining_s: 3.4}), "Pictures through the network: 256 of 1,797, about 3 s left");
  assert.equal(progressWords({stage: "map", layer: "5", position: 1, of: 5, iteration: 20, iterations: 750}), "Map 2 of 5, layer 5: iteration 20 of 750");
});

const MAPS = [
  {layer: "2", kind: "average pooling", quality: {accuracy: 0.913, trustworthiness: 0.98, silhouette: -0.1}},
  {layer: "8", kind: "ReLU", quality: {accuracy: 0.991, trustworthiness: 0.99, silhouette: 0.6}},
  {layer: "11", quality: {accuracy: 0.98, trustworthiness: 0.97, silhouette: 0.7}},
];

test("the verdict names the ends, and the best where it is another", () => {
  assert.equal(verdict(MAPS), "From layer 2 to layer 11 the 10-nearest-neighbour accuracy rises from 0.913 to 0.980. It is highest at layer 8: 0.991.");
  assert.equal(verdict(MAPS.slice(0, 1)), "");
  assert.match(verdict([{layer: "2", quality: {accuracy: null, trustworthiness: 0.9}}]), /no classes/);
});

test("where the slider stands, in words", () => {
  assert.equal(depthWords(MAPS, 0), "layer 2 · average pooling");
  assert.equal(depthWords(MAPS, 1.4), "between layer 8 and layer 11");
  assert.equal(score(-0.1234), "−0.123");
  assert.equal(score(null), "–");
});

test("the curve's lower end leaves room for negative numbers, 1 is at the top", () => {
  assert.equal(lowest(MAPS), -0.25);
  assert.equal(lowest(MAPS.slice(1)), 0);
  const place = curvePlace(3, 0);
  assert.deepEqual(place(0, 1), [50, 14]);
  assert.deepEqual(place(2, 0), [412, 200]);
  assert.equal(shortName("blocks.3.2.add", 9), "….3.2.add");
});

test("not more pictures than maps of them can be waited for", () => {
  assert.deepEqual(partsOf(1797), {options: [{value: "300", title: "300"}, {value: "1000", title: "1,000"}, {value: "", title: "all 1,797"}], usual: ""});
  assert.equal(partsOf(60000).usual, "2000");
  assert.equal(partsOf(60000).options.at(-1).value, "10000");
});

test("a picture in words: right, wrong, or without a label", () => {
  assert.deepEqual(picturedWords({index: 17, label: "3", prediction: "8", probability: 0.52, isRight: false}), ["3", "taken for 8 (52 %)", false]);
  assert.deepEqual(picturedWords({index: 17, label: "Cat", prediction: "cat", probability: 0.999, isRight: true}), ["Cat", "recognised (> 99 %)", true]);
  assert.deepEqual(picturedWords({index: 17, label: "owl", prediction: "hound", probability: 0.25, isRight: null}), ["owl", "taken for hound (25 %)", null]);
  assert.deepEqual(picturedWords({index: 1017, label: null, prediction: "cat", probability: 0.5, isRight: null}), ["No. 1,017", "taken for cat (50 %)", null]);
});

test("the Python line names layers, pooling and what differs from the usual", () => {
  const lines = pythonLines({net: "lenet5", weights: "untrained", collection: "digits", layers: "2,11", pool: "max", method: "t-sne", metric: "cosine", seed: 3, perplexity: 30, limit: null});
  assert.match(lines, /load_model\("lenet5", weights=None\)/);
  assert.match(lines, /for layer in \["2", "11"\]:/);
  assert.match(lines, /layer=layer, pool="max"\)/);
  assert.match(lines, /vz\.embed\(features, metric="cosine", seed=3\)$/);
});

const frameOf = (header, arrays = {}) => ({header, arrays});

test("the clerk hands on growing and finished maps, and drops what comes after a stop", async () => {
  const heard = [];
  let end;
  const post = (path, params, onFrame, {signal}) => {
    onFrame(frameOf({stage: "map", layer: "2", position: 0, of: 2, iteration: 1, iterations: 2, bounds: [0, 0, 2, 2]}, {xy: Uint16Array.of(0, 0, 65535, 65535)}));
    onFrame(frameOf({stage: "layer", layer: "2", position: 0, of: 2, quality: {accuracy: 1}}, {xy: Float32Array.of(5, 5, 7, 5)}));
    clerk.stop();
    onFrame(frameOf({stage: "layer", layer: "11", position: 1, of: 2, quality: {}}, {xy: Float32Array.of(0, 0, 1, 1)}));
    end = signal.aborted;
    return Promise.reject(new Error("aborted"));
  };
  const clerk = new LayersClerk({onProgress: () => {}, onPictures: () => {}, onMaps: (maps) => heard.push(maps), post, visitor: (send) => send(), clock: () => 0});
  assert.equal(await clerk.start({}), false);
  assert.equal(end, true);
  assert.equal(heard.length, 2);
  assert.deepEqual([heard[0][0].quality, ...heard[0][0].points], [null, -1, -1, 1, 1]);
  assert.deepEqual([heard[1][0].quality.accuracy, ...heard[1][0].points], [1, -1, 0, 1, 0]);
});

test("the cast is coloured by label; one class alone stays bright until it is let go", () => {
  const header = {classes: ["cat", "dog", "owl"], predicted_classes: ["tabby", "hound"], total: 9};
  const arrays = {indices: Int32Array.of(4, 6, 8), labels: Int32Array.of(2, 0, 2), predictions: Int32Array.of(1, 0, 1), probabilities: Float32Array.of(0.5, 1, 0.25), correct: Int32Array.of(-1, 0, -1)};
  const cast = castOf({header, arrays}, {closest: () => null});
  assert.deepEqual(cast.kinds.map(({name, count}) => [name, count]), [["cat", 1], ["owl", 2]]);
  assert.deepEqual(cast.groups, [[1], [0, 2]]);
  assert.deepEqual(cast.describe(2), {index: 8, label: "owl", isRight: null, prediction: "hound", probability: 0.25});
  assert.deepEqual([cast.describe(0).isRight, cast.describe(1).isRight], [null, false]);
  cast.pick(1);
  assert.deepEqual([cast.allowed(0), cast.allowed(1)], [false, true]);
  cast.pick(1);
  assert.equal(cast.allowed(0), true);
  const bare = castOf({header, arrays: {...arrays, labels: Int32Array.of(-1, -1, -1)}}, {closest: () => null});
  assert.deepEqual([bare.mode, bare.kinds.map(({name}) => name)], ["prediction", ["tabby", "hound"]]);
});
