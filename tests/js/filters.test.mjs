import assert from "node:assert/strict";
import test from "node:test";
import {parse} from "../../assets/js/arithmetic/decimal.js";
import {channelOrder, channelsText, logitText, mostImportant, outcome, readOff} from "../../assets/js/filters/ablation_words.js";
import {cosineText, kernelSheet, mostAlike, strongestWeights} from "../../assets/js/filters/filter_detail.js";
import {frequencyResponse, strongestWave, waveText} from "../../assets/js/filters/frequency.js";
import {choices, fitting, hasActivations, hasWeights, stepped} from "../../assets/js/filters/layer_choice.js";
import {filterOverTime, momentText} from "../../assets/js/filters/moments.js";
import {inputsTogether, patchPlace} from "../../assets/js/filters/open_kernel.js";
import {colourPart, filterOrder, filterSheet, inputOf, isNegligible, paintFilters, sheetLimits, sheetValue, signedIndex, withValues} from "../../assets/js/filters/sheet.js";
import {filterBox, sheetHit, sheetLayout, tileBox} from "../../assets/js/filters/sheet_layout.js";
import {besides, formText} from "../../assets/js/filters/weights_bar.js";
import {weightsParameters} from "../../assets/js/filters/weights_loader.js";
import {decimalText, divisorFor, refusal, windowAt, workbenchWord} from "../../assets/js/filters/workbench_word.js";
import {readWord, withWord} from "../../assets/js/page_words.js";
import {steppedTab, visibility} from "../../assets/js/view_switch.js";
import {lookup} from "../../assets/js/colour.js";
import {parseBench} from "../../assets/js/workbench_link.js";

const TABLES = {signed: lookup("diverging"), rising: lookup("viridis")};

/** A sheet of exact values as the server answers. */
function sheetOf(shape, values, more = {}) {
  const [filters] = shape;
  const row = values.length / filters;
  const of = (read) => Float32Array.from({length: filters}, (_, filter) => read(values.slice(filter * row, (filter + 1) * row)));
  const header = {layer: "conv", kind: "convolution", settings: "", form: "kernels", shape, exact: true, steps: 0, pool: 1, groups: 1, stride: [1, 1], padding: [0, 0], dilation: [1, 1],
    flattened: null, source: "input", trained: true, parameters: 0, checkpoints: 0, ...more};
  return filterSheet({header, arrays: {values: Float32Array.from(values), scale: of((own) => Math.max(...own.map(Math.abs))), norm: of((own) => Math.hypot(...own)), mean: of(() => 0), minimum: of(() => 0), maximum: of(() => 0)}});
}

test("words of panels live in the address beside all others", () => {
  assert.equal(withWord("?net=lenet5&__theme=dark", "filters", "ablation"), "?net=lenet5&__theme=dark&filters=ablation");
  assert.equal(withWord("?filters=ablation&off=1,2", "filters", null), "?off=1,2");
  assert.equal(readWord("?filters=nonsense", "filters", (text) => text === "weights"), null);
  assert.equal(readWord("?filters=weights", "filters", (text) => text === "weights"), "weights");
});

test("a switch walks round by arrow keys and tells of being seen", () => {
  assert.deepEqual(["ArrowRight", "ArrowLeft", "Home", "End", "a"].map((key) => steppedTab(key, 3, 4)), [0, 2, 0, 3, null]);
  const seen = visibility();
  const told = [];
  const stop = seen.onShow((shown) => told.push(shown));
  seen.set(true);
  seen.set(true);
  stop();
  seen.set(false);
  assert.deepEqual(told, [false, true]);
});

test("the layers that suit stand in stages, and one that does not stands for the one before it", () => {
  const layers = [["input", "input", 8], ["pad", "zero padding", 9], ["conv1", "convolution", 8], ["act1", "ReLU", 8], ["conv2", "convolution", 4], ["fc", "fully connected", 1], ["softmax", "softmax", 1]]
    .map(([name, kind, side]) => ({name, kind, shape: [4, side, side]}));
  assert.deepEqual(choices(layers, hasWeights).map(({label, layers: some}) => [label, some.map(({name}) => name)]), [["8 × 8", ["conv1"]], ["4 × 4", ["conv2"]], ["1 × 1", ["fc"]]]);
  assert.deepEqual(["act1", "conv2", "pad", "gone"].map((name) => fitting(layers, name, hasWeights).name), ["conv1", "conv2", "conv1", "conv1"]);
  assert.equal(fitting(layers.slice(0, 2), "input", hasWeights), null);
  assert.deepEqual(layers.filter(hasActivations).map(({name}) => name), ["pad", "conv1", "act1", "conv2", "fc"]);
  assert.deepEqual([stepped(0, -1, 6), stepped(5, 1, 6), stepped(2, 1, 6)], [5, 0, 3]);
});

test("rounded weights come back as they were, to half a step", () => {
  const header = {form: "matrix", shape: [2, 3, 1, 1], exact: false, steps: 31, pool: 1, groups: 1};
  const sheet = filterSheet({header, arrays: {cells: Int8Array.from([31, -31, 0, 10, 0, -31]), scale: Float32Array.from([2, 0.5])}});
  assert.deepEqual([sheet.columns, sheet.row], [3, 3]);
  assert.deepEqual([0, 1, 2].map((at) => sheetValue(sheet, 0, at)), [2, -2, 0]);
  assert.ok(Math.abs(sheetValue(sheet, 1, 0) - 5 / 31) < 1e-6);
});

test("groups read their own inputs", () => {
  assert.deepEqual([0, 1, 2, 3].map((filter) => inputOf({groups: 2, filters: 4, inputs: 3}, filter, 1)), [1, 1, 4, 4]);
  assert.equal(inputOf({groups: 8, filters: 8, inputs: 1}, 5, 0), 5);
});

test("orders and limits", () => {
  const sheet = sheetOf([3, 1, 1, 2], [1, 0, 3, 4, 0, -2]);
  assert.deepEqual([...filterOrder(sheet, "norm")], [1, 2, 0]);
  assert.deepEqual([...filterOrder(sheet, "like", {alike: [0.1, 1, 0.5]})], [1, 2, 0]);
  assert.deepEqual([...filterOrder(sheet, "alike", {chain: [2, 0, 1]})], [2, 0, 1]);
  assert.deepEqual([...filterOrder(sheet, "alike")], [0, 1, 2]);
  assert.equal(sheetLimits([sheet], "layer").shared, 4);
  assert.deepEqual([0, 1, 2].map((filter) => sheetLimits([sheet], "filter").of(filter)), [1, 4, 2]);
  const later = withValues(sheet, Float32Array.from([9, 0, 0, 0, 0, 0]));
  assert.deepEqual([sheetLimits([sheet, later], "layer").shared, sheetLimits([sheet, later], "filter").of(0, later)], [9, 9]);
  const faint = sheetOf([2, 1, 1, 1], [5, 1e-9]);
  assert.deepEqual([isNegligible(faint, 1), isNegligible(faint, 0), sheetLimits([faint], "filter").of(1)], [true, false, 5]);
});

test("zero is white in signed maps and grey in colour pictures", () => {
  assert.deepEqual([...TABLES.signed.subarray(4 * signedIndex(0, 2), 4 * signedIndex(0, 2) + 3)], [255, 255, 255]);
  assert.deepEqual([signedIndex(2, 2), signedIndex(-2, 2), signedIndex(1, 0)], [255, 0, 128]);
  assert.deepEqual([colourPart(0, 1), colourPart(1, 1), colourPart(-1, 1)], [128, 255, 1]);
});

test("tiles are painted in order, colour filters in their own colours", () => {
  const single = sheetOf([2, 1, 1, 2], [1, -1, 0, 2], {form: "single"});
  const {pixels, width, height} = paintFilters(single, {order: [1, 0], limits: sheetLimits([single], "filter"), across: 1, tables: TABLES});
  assert.deepEqual([width, height], [2, 2]);
  const colour = (index) => [...TABLES.signed.subarray(4 * index, 4 * index + 3)];
  assert.deepEqual([0, 1, 2, 3].map((at) => [...pixels.subarray(4 * at, 4 * at + 3)]), [colour(128), colour(255), colour(255), colour(0)]);
  const mixed = sheetOf([1, 3, 1, 2], [1, 0, 0, -1, 0.5, 0], {form: "colour"});
  const picture = paintFilters(mixed, {order: [0], limits: sheetLimits([mixed], "filter"), across: 1, tables: TABLES}).pixels;
  assert.deepEqual([...picture], [255, 128, 192, 255, 128, 1, 128, 255]);
  const green = paintFilters(mixed, {order: [0], limits: sheetLimits([mixed], "filter"), across: 1, part: 1, tables: TABLES}).pixels;
  assert.deepEqual([...green.subarray(0, 3), ...green.subarray(4, 7)], [...colour(128), ...colour(0)]);
});

test("rows of kernels are painted input by input", () => {
  const sheet = sheetOf([2, 2, 1, 1], [1, 2, -2, 0], {form: "matrix"});
  const {pixels, width, height} = paintFilters(sheet, {order: [1, 0], limits: sheetLimits([sheet], "layer"), across: 2, tables: TABLES});
  assert.deepEqual([width, height], [2, 2]);
  const at = (place) => [...pixels.subarray(4 * place, 4 * place + 3)];
  assert.deepEqual(at(0), [...TABLES.signed.subarray(0, 3)]);
  assert.deepEqual(at(3), [...TABLES.signed.subarray(4 * 255, 4 * 255 + 3)]);
});

test("every tile's own middle is hit, and nothing between rows beyond the last", () => {
  for (const given of [{count: 7, columns: 1, tileHeight: 5, tileWidth: 3, tiled: true, width: 400}, {count: 9, columns: 4, tileHeight: 3, tileWidth: 3, tiled: false, width: 300}, {count: 5, columns: 6, tileHeight: 1, tileWidth: 1, tiled: false, width: 90}]) {
    const layout = sheetLayout({...given, ratio: 2});
    for (let position = 0; position < given.count; position += 1) {
      for (let column = 0; column < given.columns; column += 1) {
        const {x, y, width, height} = tileBox(layout, position, column);
        const found = sheetHit(layout, x + width - 0.01, y + height - 0.01);
        assert.deepEqual(found, {position, column, row: given.tileHeight - 1, across: given.tileWidth - 1});
      }
    }
    assert.equal(sheetHit(layout, -5, 3), null);
    assert.equal(sheetHit(layout, 3, layout.height + layout.pitchY), null);
    assert.ok(filterBox(layout, 0).width <= layout.width);
  }
});

test("a canvas never grows beyond what browsers draw", () => {
  const layout = sheetLayout({count: 1280, columns: 320, tileHeight: 1, tileWidth: 1, tiled: false, width: 2000, size: 24, ratio: 2});
  assert.ok(layout.height * 2 <= 8192 && layout.width * layout.height * 4 <= 2 ** 24 + 1);
});

test("the frequency response of Sobel by hand, the same as in Python", () => {
  const sobel = [-1, 0, 1, -2, 0, 2, -1, 0, 1];
  const response = frequencyResponse([sobel], 3, 3, 8);
  for (let u = 0; u < 8; u += 1) {
    for (let v = 0; v < 8; v += 1) {
      const [a, b] = [u, v].map((index) => (2 * Math.PI * (index - 4)) / 8);
      assert.ok(Math.abs(response[8 * u + v] - Math.abs(2 + 2 * Math.cos(a)) * Math.abs(2 * Math.sin(b))) < 1e-5);
    }
  }
  assert.deepEqual(strongestWave(response, 8), {u: 0, v: -0.25, gain: response[8 * 4 + 2], flat: response[36]});
  assert.match(waveText(response, 8), /^It lets vertical stripes that repeat every 4\.0 cells through most \(× 8\.00\), and hardly anything of even areas\.$/);
  assert.match(waveText(frequencyResponse([Array(9).fill(1)], 3, 3, 8), 8), /even areas through most \(× 9\.00\): it smooths/);
  assert.match(waveText(frequencyResponse([[0, 0, 0, 0]], 2, 2, 4), 4), /nothing through/);
  const both = frequencyResponse([[3, 0], [0, 4]], 1, 2, 4);
  assert.ok(both.every((value) => Math.abs(value - 5) < 1e-6)); // energies of two single weights add
});

test("the filters most alike, and the strongest weights", () => {
  assert.deepEqual(mostAlike([0.2, 1, 0.9, 0.2], 1), [{filter: 2, cosine: 0.9}, {filter: 0, cosine: 0.2}, {filter: 3, cosine: 0.2}]);
  assert.deepEqual(strongestWeights([0.1, -3, 2], 2), [{column: 1, value: -3}, {column: 2, value: 2}]);
  assert.deepEqual([cosineText(-0.001), cosineText(-0.126), cosineText(0.5)], ["0.00", "−0.13", "0.50"]);
});

test("a filter's kernels are a sheet of their own", () => {
  const sheet = sheetOf([1, 2, 1, 2], [1, 2, 3, -4]);
  const own = kernelSheet(sheet, {values: Float32Array.from([1, 2, 3, -4]), norms: [1, 5]});
  assert.deepEqual([own.filters, own.row, sheetValue(own, 1, 1), own.scale[0]], [2, 2, -4, 4]);
});

test("moments of a training", () => {
  const record = {steps: [0, 469], epochs: [0, 1], accuracy: [0.1008, 0.9608]};
  assert.equal(momentText(record, 1), "step 469 (epoch 1): test accuracy 96.1 %");
  const series = filterOverTime(Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8]), {moments: 2, filters: 2, row: 2}, 1);
  assert.deepEqual(series.map((values) => [...values]), [[3, 4], [7, 8]]);
});

test("the other weights are asked for as the twin", () => {
  assert.deepEqual(weightsParameters({net: "lenet5", weights: null}, "0"), {net: "lenet5", layer: "0"});
  assert.deepEqual(weightsParameters({net: "lenet5", weights: null}, "0", true), {net: "lenet5", layer: "0", weights: "untrained"});
  assert.deepEqual(weightsParameters({net: "lenet5", weights: "untrained"}, "0", true), {net: "lenet5", layer: "0"});
  assert.deepEqual(Object.keys(besides({trained: true, checkpoints: 17})), ["none", "untrained", "training"]);
  assert.deepEqual(Object.keys(besides({trained: false, checkpoints: 0})), ["none", "trained"]);
});

test("each form says what it shows", () => {
  const say = (more) => formText({scale: [1, 1, 1, 1], filters: 4, inputs: 3, height: 3, width: 3, pool: 1, groups: 1, flattened: null, kind: "convolution", ...more});
  assert.match(say({form: "colour"}), /^4 filters of 3 × 3 × 3 weights/);
  assert.match(say({form: "single", groups: 4}), /^Depthwise: 4 filters/);
  assert.match(say({form: "matrix", pool: 5, kind: "fully connected"}), /4 rows \(units\) of 3 inputs.*strongest of 5/);
  assert.match(say({form: "kernels", flattened: [16, 5, 5]}), /It reads 16 maps of 3 × 3 as one row/);
  assert.match(say({form: "colour", scale: [1, 1e-9, 1e-8, 1]}), /2 of them are all but zero and drawn as such/);
  assert.match(say({form: "norms"}), /norm of a kernel of 3 × 3/);
});

test("a kernel's word opens in the workbench with the network's own numbers", () => {
  const kernels = [[[0.12345, -1], [0.5, 2]]];
  const word = workbenchWord({patches: [[[1, 2, 3], [4, 5, 6], [7, 8, 9.8765]]], kernels, bias: 0.25, stride: [1, 1], at: [0, 1, 1]});
  const answer = parseBench(word, {presets: [], read: parse});
  assert.ok(answer.ok, answer.message);
  assert.deepEqual(answer.at, [0, 1, 1]);
  assert.deepEqual(answer.spec.weights.flat(3).map(({units, places}) => Number(units) / 10 ** places), [0.123, -1, 0.5, 2]);
  assert.equal(Number(answer.spec.input[0][2][2].units) / 10 ** answer.spec.input[0][2][2].places, 9.877);
  assert.equal(decimalText(-0.0004), "0");
});

test("small weights are opened ten or a hundred times as large, with a divisor", () => {
  assert.deepEqual([[[[0.3]]], [[[0.04]]], [[[-0.004]]], [[[0]]]].map((kernels) => divisorFor(kernels)), [1, 10, 100, 1]);
  assert.match(workbenchWord({patches: [[[1]]], kernels: [[[0.0421]]], bias: 3}), /w:0\.421\b.*e:10/);
});

test("the window keeps to the network's own steps and to the map", () => {
  assert.deepEqual(windowAt({cell: 10, stride: 2, padding: 1, kernel: 3, dilation: 1, input: 56}), {start: 17, length: 7, at: 1});
  assert.deepEqual(windowAt({cell: 0, stride: 1, padding: 1, kernel: 3, dilation: 1, input: 28}), {start: 0, length: 7, at: null});
  assert.deepEqual(windowAt({cell: 9, stride: 1, padding: 0, kernel: 5, dilation: 1, input: 14}), {start: 5, length: 9, at: 4});
  assert.deepEqual(windowAt({cell: 0, stride: 1, padding: 0, kernel: 5, dilation: 1, input: 5}), {start: 0, length: 5, at: 0});
  const sheet = {height: 3, width: 5, stride: [2, 1], padding: [1, 2], dilation: [1, 1], inputs: 3};
  assert.deepEqual(patchPlace(sheet, [10, 0], [56, 14]), {starts: [17, 0], sizes: [7, 9], at: null});
  assert.deepEqual([inputsTogether(sheet, 2), inputsTogether({inputs: 64}, 9)], [[0, 1, 2], [9]]);
  assert.match(refusal({height: 11, width: 11}), /up to 7 × 7; this one is 11 × 11/);
  assert.equal(refusal({height: 7, width: 7}), null);
});

test("switched-off channels in a link and in words", () => {
  assert.deepEqual(readOff("5,1,5"), [1, 5]);
  assert.deepEqual(["", "a", "1,", null, "-1"].map(readOff), [null, null, null, null, null]);
  assert.deepEqual([[3], [1, 2, 5], [0, 1]].map((off) => channelsText(off, off.length === 2 ? 2 : 32)), ["channel 3", "channels 1, 2 and 5", "all 2 channels"]);
  assert.equal(channelsText([...Array(7).keys()], 1280), "7 of 1,280 channels");
});

test("what became of the prediction in a sentence", () => {
  const [cat, dog] = [{index: 1, label: "cat", before: 0.8, after: 0.3}, {index: 2, label: "dog", before: 0.1, after: 0.6}];
  assert.equal(outcome({classes: [cat, dog]}, [], 32), "With all channels: cat, 80.0 %. Switch one off.");
  assert.equal(outcome({classes: [cat, dog]}, [4], 32), "Without channel 4 it is dog (10.0 % → 60.0 %), no longer cat (80.0 % → 30.0 %).");
  assert.equal(outcome({classes: [cat, {...dog, after: 0.2}]}, [4], 32), "Without channel 4 it is still cat: 80.0 % → 30.0 %.");
  assert.equal(logitText({label: "cat", logits: [9.25, 7.65]}), "Logit of cat: 9.250 → 7.650 (−1.60)");
  assert.equal(logitText({label: "cat", logits: [2.5, 2.5]}), "Logit of cat: 2.500");
  assert.match(logitText({label: "cat", logits: [null, 1]}), /not a number/);
});

test("importance orders channels; those still unknown come last", () => {
  const maps = {channels: 4, maximum: [3, 1, 2, 9]};
  assert.deepEqual([...channelOrder(maps, "importance", [NaN, 2, -1, 5])], [3, 1, 2, 0]);
  assert.deepEqual([...channelOrder(maps, "maximum", null)], [3, 0, 2, 1]);
  assert.deepEqual([...channelOrder(maps, "importance", null)], [0, 1, 2, 3]);
  assert.deepEqual(mostImportant([NaN, 2, -1, 5, 0], 9), [3, 1]);
});
