import assert from "node:assert/strict";
import test from "node:test";
import {displayFor, filterPicture, response} from "../../assets/js/arithmetic/filter_picture.js";
import {kernelNamed} from "../../assets/js/arithmetic/kernels.js";
import {toNumber} from "../../assets/js/arithmetic/decimal.js";
import {evaluate} from "../../assets/js/arithmetic/operations.js";
import {toSpec} from "../../assets/js/arithmetic/presets.js";
import {randomness} from "./random_specs.mjs";

const list = (length, each) => Array.from({length}, (_, index) => each(index));

function picture(width, height, random = randomness(2)) {
  return {data: Uint8ClampedArray.from({length: 4 * width * height}, () => Math.floor(random() * 256)), width, height};
}

test("a filtered picture is the workbench's convolution with its border repeated", () => {
  const {data, width, height} = picture(7, 5);
  const weights = [[1, -2, 0.5, 3], [0, 4, -1, 2]];
  const plane = list(height, (row) => list(width, (column) => data[4 * (row * width + column)]));
  const spec = toSpec({op: "convolution", input: [plane], weights: [[weights]], padding: [0, 2, 1, 1], paddingMode: "replicate"});
  const expected = evaluate(spec).outputs[0].flat().map(toNumber);
  const got = response(Float32Array.from(plane.flat()), width, height, weights);
  assert.deepEqual([...got], expected);
});

test("identity leaves a picture alone, opacity too", () => {
  const before = picture(6, 4);
  const after = filterPicture(before, kernelNamed("identity").weights);
  assert.deepEqual([...after.data], [...before.data]);
  assert.deepEqual([after.width, after.height], [6, 4]);
});

test("an even area gives nothing under an edge kernel, itself under a blur", () => {
  const even = {data: new Uint8ClampedArray(4 * 20).fill(90), width: 5, height: 4};
  const edges = filterPicture(even, kernelNamed("edge-8").weights);
  assert.deepEqual([edges.data[0], edges.data[3], edges.minimum, edges.maximum], [0, 90, 0, 0]);
  const {weights, divisor} = kernelNamed("box");
  assert.equal(filterPicture(even, weights, {divisor}).data[0], 90);
});

test("signed sums become brightness as asked", () => {
  const step = {data: Uint8ClampedArray.from([0, 0, 0, 100, 100, 100].flatMap((value) => [value, value, value, 255])), width: 6, height: 1};
  const shown = (display) => {
    const {data} = filterPicture(step, kernelNamed("vertical-edge").weights, {display});
    return list(6, (cell) => data[4 * cell]);
  };
  assert.deepEqual(shown("absolute"), [0, 0, 255, 255, 0, 0]);
  assert.deepEqual(shown("clip"), [0, 0, 0, 0, 0, 0]);
  assert.deepEqual(shown("middle"), [128, 128, 0, 0, 128, 128]);
  assert.throws(() => shown("loud"), /no display “loud”; there are clip, absolute, middle/);
  assert.deepEqual(["edge-8", "edge-4-slide", "sharpen", "emboss"].map((id) => displayFor(kernelNamed(id).weights)), ["absolute", "absolute", "clip", "clip"]);
});

test("grey is brightness, the same in all three colours", () => {
  const one = {data: Uint8ClampedArray.from([255, 0, 0, 255]), width: 1, height: 1};
  assert.deepEqual([...filterPicture(one, [[1]], {grey: true}).data], [76, 76, 76, 255]);
});
