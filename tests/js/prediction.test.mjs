import assert from "node:assert/strict";
import test from "node:test";
import {badgeText, exactPercentage, percentage, spokenPrediction} from "../../assets/js/prediction.js";

test("percent with one decimal, never rounded to certainty or to nothing", () => {
  assert.equal(percentage(0.83214), "83.2 %");
  assert.equal(percentage(0.0004), "< 0.1 %");
  assert.equal(percentage(0.0005), "0.1 %");
  assert.equal(percentage(0.99994), "> 99.9 %");
  assert.equal(percentage(1), "100.0 %");
  assert.equal(percentage(0), "0.0 %");
});

test("four significant digits on demand", () => {
  assert.equal(exactPercentage(0.8321456), "83.21 %");
  assert.equal(exactPercentage(0.000123456), "0.01235 %");
  assert.equal(exactPercentage(0.99994), "99.99 %");
  assert.equal(exactPercentage(0.9999712), "99.997 %");
  assert.equal(exactPercentage(1 - 2 ** -24), "99.99999 %");
  assert.equal(exactPercentage(3e-9), "3.000e−7 %");
  assert.equal(exactPercentage(1), "100.0 %");
});

test("a broken network's probabilities are not numbers", () => {
  assert.equal(percentage(null), "not a number");
  assert.equal(percentage(NaN), "not a number");
  assert.equal(exactPercentage(null), "not a number");
});

test("the badge tells device, runtime and time", () => {
  const run = {device: "cpu", backend: "onnx", time_ms: 23.4, cached: false};
  assert.equal(badgeText(run), "CPU · ONNX Runtime · 23 ms");
  assert.equal(badgeText({...run, device: "cuda", backend: "torch", time_ms: 1.26}), "CUDA · PyTorch · 1.3 ms");
  assert.equal(badgeText({...run, cached: true}), "CPU · ONNX Runtime · from cache");
});

test("the spoken sentence warns of untrained weights", () => {
  const top = [{label: "tiger cat", probability: 0.4}, {label: "lynx", probability: 0.1}];
  assert.equal(spokenPrediction({title: "Net", trained: true, top}), "Net predicts tiger cat, 40.0 %; then lynx, 10.0 %.");
  assert.match(spokenPrediction({title: "Net", trained: false, top}), /untrained weights: these numbers mean nothing yet\.$/);
});
