import assert from "node:assert/strict";
import test from "node:test";
import {newestOnly, Recent} from "../../assets/js/answers.js";
import {histogram, placeOf} from "../../assets/js/histogram.js";
import {captionLines, fileName, pythonLines} from "../../assets/js/map_export.js";
import {countTexts, gradient} from "../../assets/js/map_toolbar.js";
import {lookup} from "../../assets/js/colour.js";
import {picturePlace, receptiveBox, receptiveText} from "../../assets/js/picture_crop.js";

test("a histogram counts every finite value once", () => {
  const {counts, low, high, broken} = histogram([0, 0, 1, 2, 4, NaN, Infinity], 4);
  assert.deepEqual([...counts], [2, 1, 1, 1]);
  assert.deepEqual([low, high, broken], [0, 4, 2]);
  assert.deepEqual([...histogram([3, 3], 4).counts], [0, 0, 2, 0]);
  assert.equal(histogram([NaN]).counts.length, 64);
});

test("zero is marked only where it lies inside", () => {
  assert.deepEqual([placeOf(0, {low: -1, high: 3}), placeOf(0, {low: 1, high: 3}), placeOf(2, {low: 2, high: 2})], [0.25, null, 0.5]);
});

test("the picture is placed so that the network's frame fills the canvas", () => {
  const picture = {height: 300, width: 450};
  assert.deepEqual(picturePlace({picture, frame: {top: 0, left: 75, height: 300, width: 300}}, {width: 100, height: 100}),
    {x: -25, y: -0, width: 150, height: 100});
  assert.deepEqual(picturePlace({picture, frame: {top: -75, left: 0, height: 450, width: 450}}, {width: 90, height: 90}),
    {x: -0, y: 15, width: 90, height: 60});
});

test("a receptive field is cut at the input's edges and says so", () => {
  const field = {top: -2, left: 4, bottom: 3, right: 7};
  assert.deepEqual(receptiveBox(field, [3, 8, 8], {width: 80, height: 80}), {x: 40, y: 0, width: 40, height: 40});
  assert.equal(receptiveText(field, [3, 8, 8]), "6 × 4 pixels, some of them padding");
  assert.equal(receptiveText({...field, top: 0}, [3, 8, 8]), "4 × 4 pixels");
});

test("Python lines name network, weights, picture, framing, layer and cell", () => {
  const view = {net: "lenet5", weights: null, picture: "sample:chelsea", framing: "crop", layer: "0", channel: 17, cell: [3, 5], backend: "onnx"};
  assert.equal(pythonLines(view), `import visualizer as vz

model = vz.load_model("lenet5", backend="onnx")
maps = vz.feature_maps(model, vz.sample("chelsea"), layers=["0"])["0"]  # (C, H, W) float32
maps[17, 3, 5]`);
  const lines = pythonLines({...view, weights: "untrained", picture: "secret-token", framing: "fit", cell: null});
  assert.match(lines, /load_model\("lenet5", backend="onnx", weights=None\)/);
  assert.match(lines, /feature_maps\(model, "my_picture.jpg", layers=\["0"\], framing="fit"\)\["0"\]/);
  assert.match(lines, /maps\[17\]$/);
  assert.doesNotMatch(lines, /secret/);
  assert.match(pythonLines({...view, backend: "torch"}), /load_model\("lenet5"\)\n/);
});

test("a caption names weights, picture and range", () => {
  const maps = {layer: "0", kind: "convolution", channels: 6, height: 28, width: 28};
  const given = {run: {title: "LeNet-5", trained: false, weights: "untrained"}, state: {picture: "sample:chelsea", framing: "fit"}, maps,
    limits: {shared: {low: -2, high: 2}}, settings: {sort: "mean", colours: "diverging"}};
  assert.deepEqual(captionLines(given), ["LeNet-5 · untrained weights · 0 (convolution, 6 × 28 × 28)",
    "Picture: chelsea, framing fit · sorted by mean · colours diverging: −2.000 to 2.000"]);
  assert.equal(fileName("lenet5", "a/b:c"), "lenet5_a-b-c");
});

test("dead and broken channels are counted", () => {
  const maps = {channels: 3, height: 2, width: 2, minimum: Float32Array.of(0, 0, NaN), maximum: Float32Array.of(0, 1, NaN)};
  assert.deepEqual(countTexts(maps), {channels: "3 channels", dead: "1 dead", broken: "1 with NaN or ∞"});
  assert.deepEqual(countTexts({...maps, height: 1, width: 1}).dead, "1 at 0");
});

test("a gradient runs from the map's first colour to its last", () => {
  assert.equal(gradient(lookup("grey"), 2), "linear-gradient(to right, rgb(0 0 0), rgb(128 128 128), rgb(255 255 255))");
});

test("a late answer never replaces a newer one", async () => {
  const load = newestOnly();
  let finishFirst;
  let aborted = false;
  const first = load.run((signal) => new Promise((resolve) => {
    signal.addEventListener("abort", () => (aborted = true));
    finishFirst = () => resolve("old");
  }));
  const second = load.run(async () => "new");
  finishFirst();
  assert.deepEqual(await Promise.all([first, second]), [null, {value: "new"}]);
  assert.ok(aborted);
});

test("an error of the newest work is told, of older work not", async () => {
  const load = newestOnly();
  const fails = async () => { throw new Error("no"); };
  const old = load.run(fails);
  const newest = load.run(fails);
  assert.equal(await old, null);
  assert.equal((await newest).error.message, "no");
});

test("the least recently used answer goes first", () => {
  const kept = new Recent(2);
  kept.set("a", 1);
  kept.set("b", 2);
  kept.get("a");
  kept.set("c", 3);
  assert.deepEqual([kept.get("a"), kept.get("b"), kept.get("c")], [1, undefined, 3]);
});
