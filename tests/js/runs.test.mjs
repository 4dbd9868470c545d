import assert from "node:assert/strict";
import test from "node:test";
import {followView} from "../../assets/js/runs.js";
import {createWorkspace} from "../../assets/js/store.js";

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A server whose answers are released by hand: `answers[i].resolve(run)`. */
function server() {
  const answers = [];
  const fetchRun = (state, signal) =>
    new Promise((resolve, reject) => {
      answers.push({net: state.net, resolve, reject, signal});
      signal.addEventListener("abort", () => reject(Object.assign(new Error("aborted"), {name: "AbortError"})));
    });
  return {answers, fetchRun};
}

function started(options = {}) {
  const store = createWorkspace({});
  const {answers, fetchRun} = server();
  const ending = new AbortController();
  const runs = followView({store, fetchRun, signal: ending.signal, ...options});
  return {store, answers, runs, ending};
}

test("a run is published with what `arrived` adds, in one change", async () => {
  const {store, answers} = started({arrived: () => ({layer: "conv1"})});
  const seen = [];
  store.subscribe((state) => seen.push([state.run?.net ?? null, state.layer]));
  store.set({net: "a", picture: "sample:cat"});
  await settled();
  assert.deepEqual([store.get().run, store.get().busy], [null, true]);
  answers[0].resolve({net: "a"});
  await settled();
  assert.deepEqual(seen.at(-1), ["a", "conv1"]);
  assert.ok(!seen.some(([net, layer]) => net === "a" && layer === null));
  assert.equal(store.get().busy, false);
});

test("the answer to an older view is dropped, its request aborted", async () => {
  const {store, answers} = started();
  store.set({net: "a", picture: "sample:cat"});
  await settled();
  store.set({net: "b"});
  await settled();
  assert.equal(answers[0].signal.aborted, true);
  answers[1].resolve({net: "b"});
  await settled();
  answers[0].resolve({net: "a"});
  await settled();
  assert.equal(store.get().run.net, "b");
});

test("a refusal becomes the error; layer changes ask nothing", async () => {
  const {store, answers} = started();
  store.set({net: "a", picture: "sample:cat"});
  await settled();
  answers[0].reject(new Error("The network is full. Try again."));
  await settled();
  assert.deepEqual([store.get().error, store.get().busy, store.get().run], ["The network is full. Try again.", false, null]);
  store.set({layer: "conv1", channel: 3});
  await settled();
  assert.equal(answers.length, 1);
});

test("`failed` may change the view instead, which asks again", async () => {
  const {store, answers} = started({failed: () => ({picture: "sample:cat", error: null, busy: true})});
  store.set({net: "a", picture: "0123"});
  await settled();
  answers[0].reject(new Error("gone"));
  await settled();
  assert.equal(answers.length, 2);
  answers[1].resolve({net: "a"});
  await settled();
  assert.deepEqual([store.get().picture, store.get().error, store.get().run.net], ["sample:cat", null, "a"]);
});

test("nothing is asked without a network and a picture, nor after the end", async () => {
  const {store, answers, ending} = started();
  store.set({net: "a"});
  await settled();
  assert.equal(answers.length, 0);
  ending.abort();
  store.set({picture: "sample:cat"});
  await settled();
  assert.equal(answers.length, 0);
});
