// Experiments: their word in the link, their Python, their curves, and a run with its end and its stop.

import assert from "node:assert/strict";
import {test} from "node:test";

import {grow, lines, longest, range, valuesAt} from "../../assets/js/training/experiments/experiment_curves.js";
import {ExperimentRun} from "../../assets/js/training/experiments/experiment_run.js";
import {expected, experimentLines, promised, readExperiment, revealed, withSpread, writeExperiment} from "../../assets/js/training/experiments/experiment_words.js";
import {apart} from "../../assets/js/training/pointed_chart.js";
import {percent} from "../../assets/js/training/tr_says.js";

const entry = (arm, {run = 0, validation = [], why = null, steps = 10} = {}) => ({arm, run, seed: 7 + run, step: 0, steps, steps_per_epoch: 5, validation, why});
const frame = (trainings, arrays = {}, more = {}) => ({header: {trainings, left_s: 3, ...more}, arrays});

test("a link's word comes back, and carries no secret", () => {
  const chosen = {name: "pooling", data: "digits", seeds: 2, seed: 9};
  assert.equal(writeExperiment(chosen), "pooling:data=digits,seeds=2,seed=9");
  assert.deepEqual(readExperiment(writeExperiment(chosen)), chosen);
  assert.equal(writeExperiment({name: "rates"}), "rates");
  assert.equal(writeExperiment({name: "rates", data: "0123456789abcdef0123456789abcdef"}), "rates");
  assert.ok(/^[\w.,:;=+-]{1,200}$/.test(writeExperiment(chosen)), "what the panel's state lets through");
});

test("what of a link cannot be read stays as usual", () => {
  assert.deepEqual(readExperiment(null), {name: null, data: null, seeds: null, seed: 0});
  assert.deepEqual(readExperiment("rates:seeds=99,seed=-1,data=<x>,what=1"), {name: "rates", data: null, seeds: null, seed: 0});
  assert.equal(readExperiment("rates:seed=2147483647").seed, 0);
});

test("Python lines say what is not as usual", () => {
  assert.ok(experimentLines({name: "rates"}).includes('vz.experiment("rates")'));
  assert.ok(experimentLines({name: "augmentation", data: "digits", seeds: 2, seed: 5, augment: "hflip"}).includes('vz.experiment("augmentation", "digits", seeds=2, seed=5, augment="hflip")'));
  assert.ok(experimentLines({name: "rates", own: true}).includes('pictures = vz.collection("your-pictures.zip")'));
});

test("numbers and guesses in words", () => {
  assert.equal(withSpread(0.98, 0.0141), "98.0 ± 1.4 %");
  assert.equal(withSpread(0.978, null), "97.8 %");
  assert.equal(percent(0.8525), "85.3 %", "as Python's sentence rounds the same number");
  const experiment = {guesses: [{name: "first", text: "more"}, {name: "same", text: "no difference"}]};
  assert.equal(revealed(experiment, "first", "first"), "As you expected: more.");
  assert.equal(revealed(experiment, "first", "same"), "You expected: more. In this run: no difference.");
  assert.equal(revealed(experiment, null, "same"), "What came out: no difference.");
  assert.equal(expected(33), "about 35 s");
  assert.equal(expected(60), "about a minute");
  assert.equal(promised({arms: 2, seeds: 3, seconds: 11, usual: true}), "2 trainings, 3 times: about 35 s on an idle machine");
  assert.match(promised({arms: 2, seeds: 1, seconds: 11, usual: false}), /^2 trainings: about 15 s with the usual pictures and pipeline, perhaps far longer/);
});

test("frames grow the curves of their trainings", () => {
  const runs = [];
  grow(runs, frame([entry(0), entry(1, {validation: [{step: 5, loss: 1, accuracy: 0.5}]})], {losses0: [2, 1], accuracies0: [0.1, 0.2], losses1: [3], accuracies1: [0.3]}));
  grow(runs, frame([entry(1, {why: "It broke."})], {losses0: [9], accuracies0: [0]}));
  assert.deepEqual(runs.map(({arm, losses}) => [arm, losses]), [[0, [2, 1]], [1, [3, 9]]]);
  assert.deepEqual(runs[0].steps, [1, 2]);
  assert.equal(runs[1].why, "It broke.");
  assert.equal(longest(runs), 10);
  grow(runs, frame([entry(0, {run: 1})], {losses0: [5], accuracies0: [1]}));
  assert.equal(runs.length, 3);
});

test("lines: validation at its steps, training smoothed without the start's bias", () => {
  const [run] = grow([], frame([entry(0, {validation: [{step: 5, loss: null, accuracy: 0.5}, {step: 10, loss: 1, accuracy: 0.75}]})], {losses0: [4, 2], accuracies0: [0, 1]}));
  const {validation, training} = lines(run, "loss");
  assert.deepEqual(validation, {steps: [10], values: [1]});
  assert.equal(training.values[0], 4);
  assert.ok(Math.abs(training.values[1] - (0.9 * 0.1 * 4 + 0.1 * 2) / (1 - 0.81)) < 1e-9);
  assert.deepEqual(valuesAt(run, "accuracy", 7).validation, 0.5);
  assert.equal(valuesAt(run, "accuracy").validation, 0.75);
});

test("a loss that explodes does not flatten the others", () => {
  const runs = grow([], frame([entry(0)], {losses0: [2, 1e9], accuracies0: [0, 0]}));
  assert.deepEqual(range(runs, "loss"), [0, 4]);
  assert.deepEqual(range(runs, "accuracy"), [0, 1]);
});

test("labels keep apart and inside", () => {
  const placed = apart([50, 51, 10, 52], 12, 0, 60);
  const sorted = [...placed].sort((a, b) => a - b);
  for (let at = 1; at < sorted.length; at += 1) assert.ok(sorted[at] - sorted[at - 1] >= 12 - 1e-9);
  assert.ok(sorted.at(-1) <= 60 && placed[2] < placed[0]);
});

test("a run gathers curves and result; a stop concludes nothing", async () => {
  const server = {
    run: async (_question, onFrame) => {
      onFrame(frame([entry(0)], {losses0: [1], accuracies0: [0.5]}));
      onFrame(frame([], {}, {result: {sentence: "It helps.", guess: "first"}}));
    },
  };
  const run = new ExperimentRun({changed: () => {}, server});
  await run.start({name: "rates"});
  assert.equal(run.status, "ended");
  assert.equal(run.result.sentence, "It helps.");
  server.run = (_question, _onFrame, signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new DOMException("", "AbortError"))));
  const going = run.start({name: "rates"});
  assert.equal(run.result, null, "what came out before is gone");
  run.stop();
  await going;
  assert.ok(run.stopped && run.result === null && run.error === null);
});

test("what fails is told, and an older run's end changes nothing", async () => {
  const server = {run: async () => { throw new Error("Too busy."); }};
  const run = new ExperimentRun({changed: () => {}, server});
  await run.start({name: "rates"});
  assert.equal(run.error, "Too busy.");
  let fail;
  server.run = () => new Promise((_, reject) => (fail = reject));
  const old = run.start({name: "rates"});
  const late = fail;
  run.clear();
  late(new Error("late"));
  await old;
  assert.equal(run.error, null);
});
