import assert from "node:assert/strict";
import test from "node:test";
import {traceOf, withTrace} from "../../assets/js/trace_link.js";
import {TraceLoader} from "../../assets/js/trace_loader.js";
import {
  alsoReads, clamped, firstPlace, largestTerm, misplaced, neighbour, pathText, readPath, stepsToPixels, stepTo, termsOf,
} from "../../assets/js/trace_path.js";

const run = {
  title: "Small",
  top: [{index: 7, label: "seven"}],
  layers: [
    {name: "input", shape: [1, 8, 9], inputs: []}, {name: "conv", shape: [4, 6, 7], inputs: ["input"]},
    {name: "relu", shape: [4, 6, 7], inputs: ["conv"]}, {name: "add", shape: [4, 6, 7], inputs: ["relu", "conv"]},
    {name: "fc", shape: [10, 1, 1], inputs: ["add"]}, {name: "softmax", shape: [10, 1, 1], inputs: ["fc"]},
  ],
};
const at = (layer, channel, row = 0, column = 0) => ({layer, channel, row, column});

test("a link carries the whole way and brings it back", () => {
  const way = [at("softmax", 7), at("fc", 7), at("add", 2, 3, 4), at("conv", 2, 3, 4), at("input", 0, 4, 5)];
  assert.equal(pathText(run, way), "5-7_4_3-2-3-4_1_0-0-4-5");
  assert.deepEqual(readPath(run, pathText(run, way)), way);
});

test("nonsense in a link keeps what made sense before it", () => {
  assert.deepEqual(readPath(run, "5-7_4_2-2-3-4"), [at("softmax", 7), at("fc", 7)]); // fc does not read relu
  for (const text of ["", null, "x", "5", "99-1", "5-7-1", "1-4-0-0", "1-0-6-0", "5-1e9", "-1", "5-7-0-0-0"]) assert.deepEqual(readPath(run, text), [], text);
});

test("the address keeps its other parameters", () => {
  assert.equal(withTrace("?net=a&trace=1-2&__theme=dark", "5-7"), "?net=a&__theme=dark&trace=5-7");
  assert.equal(withTrace("?wb=stride-7x7-3&net=a", "5-7"), "?net=a&trace=5-7");
  assert.equal(traceOf(withTrace("", "5-7_4")), "5-7_4");
});

test("a trace begins at the chosen cell, the channel’s middle, or the likeliest class", () => {
  assert.deepEqual(firstPlace(run, {layer: "conv", channel: 1, cell: [2, 3]}), at("conv", 1, 2, 3));
  assert.deepEqual(firstPlace(run, {layer: "conv", channel: 1, cell: null}), at("conv", 1, 2, 3));
  assert.deepEqual(firstPlace(run, {layer: null, channel: null, cell: null, target: null}), at("softmax", 7));
  assert.deepEqual(firstPlace(run, {layer: null, channel: null, cell: null, target: 3}), at("softmax", 3));
});

test("places outside the map are refused with the limits, and the nearest is known", () => {
  assert.deepEqual(misplaced(run, at("conv", 4)), {field: "channel", sentence: "conv has no channel 4: choose 0 to 3."});
  assert.deepEqual(misplaced(run, {...at("conv", 0), row: NaN}), {field: "row", sentence: "conv has no such row: choose 0 to 5."});
  assert.equal(misplaced(run, at("gone", 0)).field, "layer");
  assert.equal(misplaced(run, at("conv", 3, 5, 6)), null);
  assert.deepEqual(clamped(run, at("fc", 40, 3, 4)), at("fc", 9));
});

test("arrows walk the map, and channels where maps have one cell; they stop at the edge", () => {
  assert.deepEqual(neighbour(run, at("conv", 1, 2, 3), [0, 1]), at("conv", 1, 2, 4));
  assert.equal(neighbour(run, at("conv", 1, 0, 3), [-1, 0]), null);
  assert.deepEqual(neighbour(run, at("fc", 3), [1, 0]), at("fc", 4));
});

const sum = {family: "sum", op: "conv2d", layer: "conv", channel: 0, row: 0, column: 0, groups: [
  {layer: "input", channel: 0, rows: [null, 0], columns: [0, 1], inputs: [[null, null], [1, -3]], weights: [[9, 9], [0.5, 0.4]]},
]};

test("the largest term is the largest product, never padding", () => {
  assert.deepEqual(largestTerm(sum).place, at("input", 0, 0, 1));
  assert.equal(termsOf(sum).length, 2);
  assert.ok(alsoReads(sum, at("input", 0, 0, 0)));
  assert.ok(!alsoReads(sum, at("input", 0, 1, 0)));
});

test("a maximum follows its winner, a class its own logit, a product its map", () => {
  const max = {family: "max", op: "max_pool", groups: [{layer: "relu", channel: 1, rows: [0], columns: [0, 1], inputs: [[-5, -1]], weights: null}]};
  assert.deepEqual(largestTerm(max).place, at("relu", 1, 0, 1));
  const softmax = {family: "softmax", op: "softmax", channel: 3, inputs: [{...at("fc", 9), value: 8}, {...at("fc", 3), value: 1}]};
  assert.deepEqual(largestTerm(softmax).place, at("fc", 3));
  const product = {family: "join", op: "multiply", row: 2, column: 3, inputs: [{...at("gate", 1), value: 0.9}, {...at("relu", 1, 2, 3), value: 0.1}]};
  assert.deepEqual(largestTerm(product).place, at("relu", 1, 2, 3));
  assert.equal(largestTerm({family: "input", groups: [], inputs: []}), null);
});

test("a place already on the way is gone back to", () => {
  const way = [at("softmax", 7), at("fc", 7), at("add", 0, 1, 1)];
  assert.deepEqual(stepTo(way, at("fc", 7)), way.slice(0, 2));
  assert.deepEqual(stepTo(way, at("relu", 0, 1, 1)), [...way, at("relu", 0, 1, 1)]);
});

test("steps to the pixels are counted along the shortest branch", () => {
  assert.deepEqual(["input", "conv", "add", "softmax"].map((name) => stepsToPixels(run, name)), [0, 1, 2, 4]);
});

test("an older answer never overwrites a newer one, whatever the order of arrival", async () => {
  const waiting = [];
  const loader = new TraceLoader({viewOf: () => ({net: "a"}), fetch: (_path, parameters) => new Promise((resolve) => waiting.push(() => resolve(parameters)))});
  const first = loader.get(at("conv", 0));
  const second = loader.get(at("conv", 1));
  waiting[1]();
  waiting[0]();
  assert.equal(await first, null);
  assert.equal((await second).value.channel, 1);
  const third = loader.get(at("conv", 2));
  assert.equal((await loader.get(at("conv", 1))).value.channel, 1); // kept: no request
  waiting[2]();
  assert.equal(await third, null);
  assert.equal(waiting.length, 3);
});

test("another view asks again", async () => {
  const view = {net: "a"};
  let asked = 0;
  const loader = new TraceLoader({viewOf: () => view, fetch: async () => ({asked: (asked += 1)})});
  assert.equal((await loader.get(at("conv", 0))).value.asked, 1);
  assert.equal((await loader.get(at("conv", 0))).value.asked, 1);
  view.net = "b";
  assert.equal((await loader.get(at("conv", 0))).value.asked, 2);
});
