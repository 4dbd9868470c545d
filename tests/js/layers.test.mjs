import assert from "node:assert/strict";
import test from "node:test";
import {stepAmong, stepOf} from "../../assets/js/layer_strip.js";
import {defaultLayer, filterLayers, marker, splitName, stages} from "../../assets/js/layers.js";

const layer = (name, kind, ...shape) => ({name, kind, shape});
const NETWORK = [
  layer("input", "input", 3, 8, 8),
  layer("stem.conv", "convolution", 4, 4, 4),
  layer("stem.relu", "ReLU", 4, 4, 4),
  layer("squeeze.pool", "adaptive average pooling", 4, 1, 1),
  layer("squeeze.scale", "multiply", 4, 4, 4),
  layer("block.conv", "convolution", 8, 2, 2),
  layer("block.add", "add", 8, 2, 2),
  layer("fc", "fully connected", 10, 1, 1),
  layer("softmax", "softmax", 10, 1, 1),
];

test("kinds fall into families, each with a letter", () => {
  const families = {convolution: "convolution", "batch normalisation": "normalisation", Hardswish: "activation", ReLU6: "activation",
    "max pooling": "pooling", add: "joining", concatenation: "joining", "fully connected": "connected", softmax: "softmax", dropout: "other"};
  for (const [kind, family] of Object.entries(families)) assert.equal(marker(kind).family, family, kind);
  assert.deepEqual([marker("add").letter, marker("multiply").letter], ["+", "×"]);
});

test("stages follow the resolution and are not torn by squeeze layers", () => {
  assert.deepEqual(stages(NETWORK).map(({label, first, last}) => [label, first, last]),
    [["8 × 8", 0, 0], ["4 × 4", 1, 4], ["2 × 2", 5, 6], ["1 × 1", 7, 8]]);
});

test("padding as a layer does not begin a stage", () => {
  const layers = [layer("input", "input", 3, 8, 8), layer("pad", "zero padding", 3, 9, 9), layer("conv", "convolution", 4, 4, 4)];
  assert.deepEqual(stages(layers).map(({label}) => label), ["8 × 8", "4 × 4"]);
});

test("the filter finds words of name, kind and shape", () => {
  assert.deepEqual(filterLayers(NETWORK, "conv"), [1, 5]);
  assert.deepEqual(filterLayers(NETWORK, "CONV 2 × 2"), [5]);
  assert.deepEqual(filterLayers(NETWORK, "4x4 relu"), [2]);
  assert.deepEqual(filterLayers(NETWORK, "transformer"), []);
  assert.equal(filterLayers(NETWORK, "  ").length, NETWORK.length);
});

test("the layer to begin with has maps; after a switch it lies as deep as before", () => {
  assert.equal(defaultLayer(NETWORK), "stem.conv");
  assert.equal(defaultLayer(NETWORK, 0.6), "block.conv");
  assert.equal(defaultLayer([layer("input", "input", 5, 1, 1), layer("fc", "fully connected", 3, 1, 1)]), "input");
});

test("a name is path and own part", () => {
  assert.deepEqual(splitName("layer1.0.conv2"), {path: "layer1.0.", own: "conv2"});
  assert.deepEqual(splitName("softmax"), {path: "", own: "softmax"});
});

test("keys walk; a modified key does not", () => {
  assert.deepEqual(["j", "ArrowUp", "PageDown", "End", "x"].map((key) => stepOf({key})), [1, -1, 10, Infinity, null]);
  assert.equal(stepOf({key: "j", ctrlKey: true}), null);
});

test("steps stay inside the list and start right from a layer that is filtered out", () => {
  assert.deepEqual([stepAmong([0, 1, 2], 1, 1), stepAmong([0, 1, 2], 2, 10), stepAmong([0, 1, 2], 2, -Infinity)], [2, 2, 0]);
  assert.equal(stepAmong([1, 5], 3, 1), 1); // the next shown after 3 is 5
  assert.equal(stepAmong([1, 5], 3, -1), 0); // the one before is 1
  assert.equal(stepAmong([1, 5], 8, -1), 1);
  assert.equal(stepAmong([4, 5], -1, 1), 0);
});
