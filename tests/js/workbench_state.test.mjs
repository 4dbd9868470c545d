import assert from "node:assert/strict";
import test from "node:test";
import {decimal, toText} from "../../assets/js/arithmetic/decimal.js";
import {limits} from "../../assets/js/arithmetic/geometry.js";
import {KERNELS} from "../../assets/js/arithmetic/kernels.js";
import {evaluate} from "../../assets/js/arithmetic/operations.js";
import {toSpec} from "../../assets/js/arithmetic/presets.js";
import {Bench, readNumber} from "../../assets/js/workbench_bench.js";
import {kindOf, KINDS, paddingKind} from "../../assets/js/workbench_controls.js";
import {facts} from "../../assets/js/workbench_facts.js";
import {fit, measures} from "../../assets/js/workbench_fit.js";
import {askedBy} from "../../assets/js/workbench_keys.js";
import {lightOf} from "../../assets/js/workbench_light.js";
import {patchAt, toGrey} from "../../assets/js/workbench_photo.js";
import {due, moved, Player} from "../../assets/js/workbench_player.js";
import {changeCell, changeControl, changeKind, changeSettings, withKernel} from "../../assets/js/workbench_reshape.js";
import {inputRows, kernelRows, placeOf, stepOfPlace, stepsOf} from "../../assets/js/workbench_scene.js";
import {boxSize} from "../../assets/js/workbench_sketch.js";
import {nextChoice, readWhole} from "../../assets/js/workbench_stepper.js";

const EDGE = toSpec({op: "convolution", input: [[[7, 2, 3, 3, 8], [4, 5, 3, 8, 4], [3, 3, 2, 8, 4], [2, 8, 7, 2, 7], [5, 4, 4, 5, 4]]], weights: [[[[1, 0, -1], [1, 0, -1], [1, 0, -1]]]]});

function bench(spec = EDGE) {
  const log = [];
  const made = new Bench({changed: (what) => log.push(what)});
  made.load(spec);
  return {made, log};
}

test("steps and places are each other's inverse, filter by filter, channel by channel when stamping", () => {
  const three = changeControl(changeControl(EDGE, "channels", 2), "filters", 3);
  for (const spec of [EDGE, three, changeKind(three, "transposed"), changeKind(three, "depthwise"), changeKind(three, "max-pool")]) {
    const {shape} = evaluate(spec);
    const {count} = stepsOf(shape);
    for (let step = 0; step < count; step += 1) assert.equal(stepOfPlace(shape, placeOf(shape, step)), step);
  }
});

test("moves stop at both ends; a row up or down keeps the column", () => {
  const {made} = bench();
  assert.equal(made.move(-1), false);
  assert.equal(made.moveRow(1), true);
  assert.deepEqual([made.place.row, made.place.column], [1, 0]);
  made.move("last");
  assert.equal(made.step, 8);
  assert.equal(made.move(1), false);
  assert.equal(made.moveRow(1), false);
  assert.deepEqual([moved(3, 9, "first"), moved(3, 9, 100)], [0, 8]);
});

test("predicting: the clicker reveals first and then goes on; stepping back shows what was revealed", () => {
  const {made} = bench();
  made.predict(true);
  assert.equal(made.hidden, true);
  made.advance();
  assert.deepEqual([made.hidden, made.step], [false, 0]);
  made.advance();
  assert.deepEqual([made.hidden, made.step], [true, 1]);
  made.move(-1);
  assert.equal(made.hidden, false);
  assert.deepEqual([0, 1, 2].map(made.cellState().hidden), [false, true, true]);
});

test("a spec that cannot be computed changes nothing and is answered with a sentence", () => {
  const {made, log} = bench();
  const before = made.result;
  assert.match(made.load({...EDGE, stride: [0, 1]}), /stride 0/);
  assert.equal(made.result, before);
  assert.deepEqual(log, ["spec"]);
});

test("editing keeps the step and forgets the example's name", () => {
  const {made, log} = bench();
  made.load(EDGE, {preset: "vertical-edge-5x5", at: [0, 1, 1]});
  assert.equal(made.word(), "vertical-edge-5x5*at:0,1,1");
  made.edit(changeCell(EDGE, {matrix: "input", at: [0, 1, 1]}, decimal(15n, 1)));
  assert.equal(made.step, 4);
  assert.match(made.word(), /^convolution\*i:7,2,3,3,8\/4,1\.5,/);
  assert.equal(log.at(-1), "numbers");
});

test("typed numbers: a comma is a point, letters and empty cells are refused with a sentence", () => {
  assert.equal(readNumber(" −1,50 ").text, "−1.5");
  for (const text of ["", "abc", "NaN", "1e30", "Infinity", "99999", "0.12345"]) assert.match(readNumber(text).message, /\.$/, text);
});

test("illegal states cannot be reached: every control at both ends, in every operation, computes", () => {
  for (const kind of Object.keys(KINDS)) {
    const start = changeKind(EDGE, kind);
    assert.equal(kindOf(start), kind);
    for (const [control, {min, max, choices}] of Object.entries(limits(start))) {
      for (const value of [choices?.[0] ?? min, choices?.at(-1) ?? max]) {
        const spec = changeControl(start, control, value);
        const {outputs, shape} = evaluate(spec);
        assert.ok(outputs.length === shape.filters && outputs[0].length >= 1, `${kind} ${control} ${value}`);
      }
    }
  }
});

test("cells stay when a matrix grows and shrinks again", () => {
  const larger = changeControl(EDGE, "inputWidth", 7);
  assert.equal(toText(larger.input[0][4][0]), "5");
  assert.deepEqual(changeControl(larger, "inputWidth", 5).input, EDGE.input);
});

test("same padding is called same, one's own is custom", () => {
  assert.equal(paddingKind(EDGE), "valid");
  assert.equal(paddingKind(changeSettings(EDGE, {padding: [1, 1, 1, 1]})), "same");
  assert.equal(paddingKind(changeSettings(EDGE, {padding: [1, 0, 0, 1]})), "custom");
});

test("a gallery kernel fills every channel, and its divisor divides", () => {
  const box = KERNELS.find(({id}) => id === "box");
  const spec = withKernel(changeControl(EDGE, "channels", 2), {...box, weights: box.weights.map((row) => row.map((value) => decimal(BigInt(value))))});
  assert.equal(spec.divisor, 9);
  assert.deepEqual(spec.weights[0].map((kernel) => toText(kernel[0][0])), ["1", "1"]);
  const wide = {weights: Array(7).fill(Array(7).fill(decimal(1n)))};
  assert.equal(withKernel(EDGE, wide), null);
});

test("pointing lights partners from all sides", () => {
  const result = evaluate(EDGE);
  const {shape} = result;
  const inputs = inputRows(EDGE, result);
  const kernels = kernelRows(EDGE, shape, 0);
  const context = {result, spec: EDGE, shape, place: {filter: 0, row: 0, column: 0}, hidden: () => false, stamping: false};
  const light = (place) => lightOf(context, place, {inputs, kernels, arithmetic: {windows: []}});
  assert.equal(light({kind: "output", row: 2, column: 2}).sets.input[0].length, 9);
  assert.equal(light({kind: "input", channel: 0, row: 2, column: 2}).sets.output.length, 9);
  assert.match(light({kind: "input", channel: 0, row: 0, column: 0}).text, /feeds 1 output cell\./);
  const weight = light({kind: "kernel", channel: 0, row: 0, column: 2});
  assert.equal(weight.sets.input[0].length, 9);
  assert.match(weight.text, /used at 9 places.*9 parameters.*225/);
});

test("facts: formula with numbers, parameters, multiplications, a fully connected layer beside", () => {
  const list = Object.fromEntries(facts(EDGE).map((fact) => [fact.name, fact]));
  assert.equal(list.rows.pieces.map(({text}) => text).join(""), "floor((5 + 2·0 − 3) / 1) + 1 = 3");
  assert.deepEqual([list.parameters.value, list.multiplications.value, list["fully connected instead"].value], ["9", "81", "225"]);
  const cost = Object.fromEntries(facts({op: "depthwise-separable", inputShape: [3, 12, 12], kernel: [5, 5], filters: 256}).map((fact) => [fact.name, fact]));
  assert.equal(cost["plain convolution instead"].value, "1,228,800");
  assert.match(cost["plain convolution instead"].note, /22\.8 times fewer/);
});

test("time: cells fall due by speed, what is left of a frame is kept", () => {
  assert.deepEqual(due(1000, 2), {cells: 2, rest: 0});
  assert.deepEqual(due(700, 2), {cells: 1, rest: 200});
  const calls = [];
  const player = new Player({move: (cells) => calls.push(cells) < 2, changed: () => {}, frames: {requestAnimationFrame: () => 1, cancelAnimationFrame: () => {}}});
  player.play();
  [0, 300, 600, 900, 1200].forEach((time) => player.playing && player.tick(time));
  assert.deepEqual(calls, [1, 1]);
  assert.equal(player.playing, false);
});

test("keys: arrows step anywhere, the rest only where the arithmetic is; a clicker advances on the stage", () => {
  const key = (name, where = {}) => askedBy({key: name}, {inPlayer: false, staged: false, ...where});
  assert.deepEqual(key("ArrowRight"), {move: 1});
  assert.equal(key(" "), null);
  assert.deepEqual(key(" ", {inPlayer: true}), {play: true});
  assert.deepEqual(key("PageDown", {staged: true}), {advance: true});
  assert.equal(key("PageDown"), null);
  assert.deepEqual(key("Escape", {staged: true}), {leave: true});
});

test("a stepper takes the choices there are and says which", () => {
  assert.deepEqual(readWhole("3", [1, 2, 3], "Stride"), {ok: true, value: 3});
  assert.match(readWhole("4", [1, 2, 3], "Stride").message, /Stride 4 is not possible here: 1 to 3\./);
  assert.match(readWhole("x", [1, 2, 4], "Groups").message, /1, 2 or 4/);
  assert.deepEqual([nextChoice(2, [1, 2, 4], 1), nextChoice(4, [1, 2, 4], 1), nextChoice(4, [1, 2, 4], -Infinity)], [4, 4, 1]);
});

test("the figure takes the arrangement with the largest cells", () => {
  const part = (side) => ({rows: side, columns: side, width: 1});
  const parts = {input: part(5), kernel: part(3), products: part(3), output: part(3), channels: 1, tally: false, separable: false};
  assert.equal(fit(parts, {width: 1200, height: 600}).layout, "wide");
  assert.notEqual(fit(parts, {width: 340, height: Infinity}).layout, "wide");
  assert.ok(fit(parts, {width: 1840, height: 700}, {most: 170}).cell > 80);
  assert.ok(measures({...parts, channels: 3}).columns.down < measures({...parts, channels: 3}).wide.down);
});

test("a patch of a picture in whole brightness values, its border repeated", () => {
  const grey = toGrey({data: Uint8ClampedArray.of(10, 10, 10, 255, 255, 255, 255, 255), width: 2, height: 1});
  assert.deepEqual(patchAt(grey, [0, 0], [3, 3]), [[10, 10, 255], [10, 10, 255], [10, 10, 255]]);
  assert.ok(boxSize([3, 32, 32], 32).width > boxSize([3, 5, 5], 32).width);
});
