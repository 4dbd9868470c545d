import assert from "node:assert/strict";
import test from "node:test";
import {erf, FUNCTIONS, functionOf} from "../../assets/js/trace_functions.js";
import {functionLayout, normLayout, pixelLayout, softmaxLayout} from "../../assets/js/trace_steps.js";

const PLACES = 15;
const read = (text) => {
  const [whole, fraction = ""] = text.replace("−", "").split(".");
  const size = BigInt(whole + fraction.padEnd(PLACES, "0"));
  return text.startsWith("−") ? -size : size;
};
const number = (text) => Number(text.replace("−", "-"));
const placesOf = (text) => text.split(".")[1]?.length ?? 0;
const near = (actual, wanted, text) => assert.ok(Math.abs(actual - number(text)) <= 0.5000001 * 10 ** -wanted, `${actual} against ${text}`);
const adds = (texts, result) => assert.equal(texts.reduce((total, text) => total + (text ? read(text) : 0n), 0n), read(result));

function generator(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

test("erf agrees with Abramowitz & Stegun, table 7.1, and is odd", () => {
  for (const [x, value] of [[0, 0], [0.5, 0.5204998778], [1, 0.8427007929], [1.5, 0.9661051465], [2, 0.995322265], [4.5, 0.9999999998]]) {
    assert.ok(Math.abs(erf(x) - value) < 1e-10, `erf(${x})`);
    assert.equal(erf(-x), -erf(x));
  }
  for (let x = 3.9; x < 4.1; x += 0.001) assert.ok(erf(x + 0.001) >= erf(x), "no step where series and fraction meet");
});

test("functions agree with values worked out by hand", () => {
  const {relu, relu6, sigmoid, tanh, silu, gelu, hardswish, hardsigmoid} = FUNCTIONS;
  assert.deepEqual([relu.of(-2), relu.of(2), relu6.of(7), hardswish.of(1), hardswish.of(-4), hardswish.of(5), hardsigmoid.of(0)], [0, 2, 6, 4 / 6, -0, 5, 0.5]);
  assert.ok(Math.abs(sigmoid.of(1) - 0.7310585786) < 1e-9);
  assert.ok(Math.abs(tanh.of(1) - 0.7615941560) < 1e-9);
  assert.ok(Math.abs(silu.of(2) - 1.7615941559) < 1e-9);
  assert.ok(Math.abs(gelu.of(1) - 0.8413447461) < 1e-9); // the normal distribution at 1
  assert.ok(Math.abs(functionOf({op: "gelu", formula: "1 / 2 · (1 + tanh(…))"}).of(1) - 0.841191990608) < 1e-9);
  assert.equal(functionOf({op: "flatten"}), null);
});

test("a function of the shown input gives the shown result, up to the rounding that is shown", () => {
  const random = generator(5);
  for (let round = 0; round < 2000; round += 1) {
    const step = Object.values(FUNCTIONS)[round % Object.keys(FUNCTIONS).length];
    const input = Number(Math.fround((random() - 0.5) * 10 ** (4 * random() - 1)).toPrecision(9));
    const layout = functionLayout({input, value: Number(Math.fround(step.of(input)).toPrecision(9)), step});
    near(step.of(number(layout.x.text)), placesOf(layout.applied.text), layout.applied.text);
    adds([layout.applied.text, layout.rounding.text], layout.total.text);
    if (step.exact) assert.equal(layout.rounding.text, null);
  }
});

const constants = (values) => Object.entries(values).map(([name, value]) => ({name, value}));

test("normalisation: every line follows from the digits of the lines before", () => {
  const random = generator(6);
  for (let round = 0; round < 2000; round += 1) {
    const values = {mean: 4 * random() - 2, variance: 10 ** (4 * random() - 2), eps: [1e-5, 1e-3, 1e-6][round % 3], weight: 3 * random() - 1, bias: 2 * random() - 1};
    const input = 10 * random() - 5;
    const value = ((input - values.mean) / Math.sqrt(values.variance + values.eps)) * values.weight + values.bias;
    const norm = normLayout({input, value, constants: constants(values)});
    adds([norm.mean.text, norm.difference.text], norm.x.text);
    adds([norm.variance.text, norm.eps.text], norm.radicand.text);
    near(Math.sqrt(number(norm.radicand.text)), placesOf(norm.deviation.text), norm.deviation.text);
    near(number(norm.difference.text) / number(norm.deviation.text), placesOf(norm.unit.text), norm.unit.text);
    near(number(norm.unit.text) * number(norm.weight.text), norm.places, norm.product.text);
    adds([norm.product.text, norm.bias.text, norm.rounding.text], norm.total.text);
    assert.ok(norm.rounding.text === null || Math.abs(number(norm.rounding.text)) <= 6 * 10 ** -norm.places, norm.rounding.text);
    near(number(norm.line.slope.text) * number(norm.line.x.text), norm.line.places, norm.line.product.text);
    adds([norm.line.product.text, norm.line.offset.text, norm.line.rounding.text], norm.line.total.text);
  }
});

test("softmax: exponentials add up and the class’s share is theirs", () => {
  const random = generator(7);
  for (let round = 0; round < 500; round += 1) {
    const all = Array.from({length: 10}, () => (random() - 0.5) * 20).map(Math.fround);
    const largest = Math.max(...all);
    const sum = all.reduce((added, value) => added + Math.exp(value - largest), 0);
    const shown = all.slice(0, 6).map((value) => ({value}));
    const rest = {channels: 4, sum: all.slice(6).reduce((added, value) => added + Math.exp(value - largest), 0)};
    const layout = softmaxLayout({logits: shown, rest, own: 2, largest, value: Math.exp(all[2] - largest) / sum});
    for (const {logit, difference, power} of layout.rows) {
      adds([layout.top.text, difference.text], logit.text);
      near(Math.exp(number(difference.text)), placesOf(power.text), power.text);
    }
    adds([...layout.rows.map(({power}) => power.text), layout.rest.text], layout.sum.text);
    near(number(layout.rows[2].power.text) / number(layout.sum.text), layout.places, layout.quotient.text);
    adds([layout.quotient.text, layout.rounding.text], layout.total.text);
  }
});

test("a pixel: grey 64 of 255, less the mean, by the deviation", () => {
  const layout = pixelLayout({value: -0.4921875, constants: constants({pixel: 64, mean: 127 / 255, std: 128 / 255})});
  assert.deepEqual([layout.pixel.text, layout.share.text, layout.difference.text, layout.total.text], ["64", "0.25098", "−0.24706", "−0.4922"]);
  near(number(layout.difference.text) / number(layout.std.text), layout.places, layout.quotient.text);
  adds([layout.quotient.text, layout.rounding.text], layout.total.text);
});
