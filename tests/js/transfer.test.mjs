// Transfer learning in the browser: the link's word, the points, the Python lines, a run as it grows.

import assert from "node:assert/strict";
import {test} from "node:test";

import {accuracyRange, curveOf, nearestCount, places, reached, spreadOf} from "../../assets/js/training/transfer/transfer_points.js";
import {TransferRun} from "../../assets/js/training/transfer/transfer_run.js";
import {layersOf, runsOf} from "../../assets/js/training/transfer/transfer_ways.js";
import {INITIAL, OWN, readCounts, readTransfer, revealed, transferLines, withSpread, writeTransfer} from "../../assets/js/training/transfer/transfer_words.js";

const SECRET = "0123456789abcdef".repeat(2);

test("what a link says is read back", () => {
  const chosen = {base: "vgg_fashion", data: "digits", counts: [1, 5, 20], seeds: 2, seed: 7, frozen: "features.9", ways: ["start", "head"]};
  const word = writeTransfer(chosen);
  assert.equal(word, "base=vgg_fashion,data=digits,counts=1.5.20,seeds=2,seed=7,frozen=features.9,ways=start.head");
  assert.match(word, /^[\w.,:;=+-]{1,200}$/); // what the panel's link takes
  assert.deepEqual(readTransfer(word), chosen);
  assert.equal(writeTransfer(INITIAL), null);
  assert.deepEqual(readTransfer(null), INITIAL);
});

test("a link never carries a secret", () => {
  assert.equal(writeTransfer({...INITIAL, base: `${SECRET}_3`, frozen: "2"}), null);
  assert.deepEqual(readTransfer(`base=${SECRET},data=${SECRET}`), INITIAL);
});

test("a link says that the pictures are the reader's own, and not which", () => {
  assert.equal(writeTransfer({...INITIAL, data: SECRET}), "data=own");
  assert.equal(readTransfer("data=own").data, OWN);
  assert.equal(writeTransfer(readTransfer("data=own")), "data=own");
  assert.match(transferLines({base: "lenet5", data: OWN, counts: [1], seeds: 1, seed: 0, frozen: null}), /vz\.collection\("your-pictures\.zip"\)/);
});

test("what a link has that cannot be read stays as usual", () => {
  assert.deepEqual(readTransfer("counts=1.x,seeds=9,seed=-1,base=<b>,ways=start.all,other=1"), INITIAL);
});

test("numbers of pictures as one writes them", () => {
  assert.deepEqual(readCounts("20, 1;5  5"), [1, 5, 20]);
  for (const text of ["", "0", "1, two", "1.5", "1 2 3 4 5 6 7 8 9"]) assert.equal(readCounts(text), null);
});

test("seeds become a mean and a spread, worked out by hand", () => {
  const outcomes = [0.4, 0.6, 0.8].map((accuracy, seed) => ({way: "head", per_class: 5, seed, accuracy, seconds: seed + 1}));
  const [point] = curveOf([...outcomes, {way: "start", per_class: 1, accuracy: 1, seconds: 1}], "head");
  assert.equal(point.count, 5);
  assert.ok(Math.abs(point.mean - 0.6) < 1e-12);
  assert.ok(Math.abs(point.spread - 0.2) < 1e-12); // squares 0.04 + 0 + 0.04 over 2
  assert.equal(point.seconds, 2);
  assert.equal(spreadOf([0.5]), null);
  assert.equal(withSpread(point), "60.0 ± 20.0 %");
  assert.equal(withSpread({mean: 0.5, spread: null}), "50.0 %");
  assert.equal(withSpread({mean: NaN, spread: null}), "–");
});

test("numbers of pictures lie on the axis by their powers", () => {
  const shares = places([1, 10, 100]);
  assert.ok(Math.abs(shares[1] - 0.5) < 1e-12);
  assert.deepEqual(places([7]), [0.5]);
  assert.equal(nearestCount(shares, 0.3), 1);
  assert.equal(nearestCount(shares, -1), 0);
});

test("the axis holds all accuracies and what guessing gets", () => {
  assert.deepEqual(accuracyRange([{accuracy: 0.38}, {accuracy: 0.17}], 0.2), [0.1, 1]);
  assert.deepEqual(accuracyRange([], 0.2), [0.2, 1]);
  assert.deepEqual(accuracyRange([{accuracy: 1}], 0.1), [0.1, 1]);
  assert.equal(reached([{points: [{count: 1}, {count: 5}]}, {points: [{count: 1}]}]), 1);
  assert.equal(reached([{points: [{count: 1}]}, {points: []}]), 1);
  assert.equal(reached([{points: []}]), null);
});

test("each way's layers: random, learned, frozen, new", () => {
  assert.deepEqual(layersOf("scratch", 3, 1), ["random", "random", "random"]);
  assert.deepEqual(layersOf("start", 3, 1), ["learned", "learned", "new"]);
  assert.deepEqual(layersOf("frozen", 4, 2), ["frozen", "frozen", "learned", "new"]);
  assert.deepEqual(layersOf("head", 3, 1), ["frozen", "frozen", "new"]);
  assert.deepEqual(runsOf(layersOf("frozen", 50, 33)), [["frozen", 33], ["learned", 16], ["new", 1]]);
});

test("what was expected, and what came out", () => {
  const titles = {head: "New last layer only", start: "Weights as a start"};
  assert.deepEqual(revealed("head", ["head"], 1, titles), {right: true, text: "1 picture a class: you expected “New last layer only”. So it is: best here is “New last layer only”."});
  const beside = revealed("head", ["start", "head"], 5, titles);
  assert.equal(beside.right, true);
  assert.match(beside.text, /with no clear difference to “New last layer only”/);
  assert.equal(revealed("head", ["start"], 5, titles).right, false);
  assert.equal(revealed(null, ["start"], 5, titles), null);
});

test("the Python lines compare the same", () => {
  const all = {base: "lenet5", data: "shapes", counts: [5], seeds: 3, seed: 0, frozen: null};
  const text = transferLines(all);
  assert.match(text, /found = vz\.transfer\(\n {4}"lenet5",\n {4}"shapes",\n {4}per_class=\(5,\),\n {4}seeds=3,\n\)/);
  assert.doesNotMatch(transferLines({...all, base: `${SECRET}_1`, data: SECRET}), new RegExp(SECRET));
  assert.match(transferLines({...all, ways: ["start"]}), /ways=\("start",\),\n\)\nprint\(found\)\nmodel = found\.model\("start"\)/);
});

test("a run grows with its frames; stopped, it concludes nothing", async () => {
  const seen = [];
  const run = new TransferRun({changed: () => seen.push(run.status), server: {
    run: async (question, onFrame) => {
      assert.equal(question.base, "lenet5");
      onFrame({header: {setup: {ways: ["head"], per_class: [1], seeds: [0]}}});
      onFrame({header: {outcomes: [{way: "head", per_class: 1, seed: 0, accuracy: 0.5, seconds: 1}], doing: null, share: 1, left_s: 0, result: {sentence: "It is so."}}});
    },
  }});
  await run.start({base: "lenet5"});
  assert.equal(run.status, "over");
  assert.equal(run.outcomes.length, 1);
  assert.deepEqual(seen, ["running", "running", "running", "over"]);
  run.server = {run: (_question, _onFrame, signal) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(Object.assign(new Error("aborted"), {name: "AbortError"}))))};
  const stopped = run.start({base: "lenet5"});
  run.stop();
  await stopped;
  assert.equal(run.status, "stopped");
  assert.equal(run.result, null);
  run.server = {run: async () => { throw new Error("The server is full."); }};
  await run.start({});
  assert.deepEqual([run.status, run.error], ["failed", "The server is full."]);
});
