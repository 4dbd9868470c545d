import assert from "node:assert/strict";
import test from "node:test";
import {toNumber} from "../../assets/js/arithmetic/decimal.js";
import {evaluate} from "../../assets/js/arithmetic/operations.js";
import {heatBenchWord, isConvolution} from "../../assets/js/heatmaps/heat_bench.js";
import {readWord} from "../../assets/js/workbench_bench.js";

const shape = [11, 5];
const maps = [1, 2, 3, 4, 5].map((factor) => Float32Array.from({length: 55}, (_, at) => (at * factor) % 7));
const channels = [0.025, 0.02, -0.015, 0.01, 9].map((weight) => ({weight}));

test("the workbench's sum of the strongest four is that of the map, at the cell that was chosen", () => {
  const word = heatBenchWord({channels, maps, shape, cell: [10, 4], rectified: true});
  const {spec, at, message} = readWord(word, []);
  assert.equal(message, undefined);
  assert.deepEqual(at, [0, 8, 4]); // nine of the eleven rows, the last ones
  const cell = 10 * 5 + 4;
  const sum = channels.slice(0, 4).reduce((total, {weight}, at) => total + weight * maps[at][cell], 0);
  const shown = toNumber(evaluate(spec).terms(...at).activated);
  assert.ok(Math.abs(shown - Math.max(0, sum)) < 1e-4, `${shown} is not ${sum}`);
});

test("a method whose weights differ from cell to cell is no convolution", () => {
  assert.equal(isConvolution({id: "grad-cam", family: "cam"}), true);
  assert.equal(isConvolution({id: "layer-cam", family: "cam"}), false);
  assert.equal(isConvolution({id: "saliency", family: "attribution"}), false);
});
