import assert from "node:assert/strict";
import test from "node:test";
import * as own from "../../assets/js/own_networks.js";
import {grouped, isChosen} from "../../assets/js/network_menu.js";
import {linkNote, linkOf} from "../../assets/js/share.js";
import {formatAddress, parseAddress} from "../../assets/js/store.js";
import {followTraining} from "../../assets/js/training/own_network.js";
import * as view from "../../assets/js/view.js";

const HANDLE = "0123456789abcdef0123456789abcdef";
const entry = {
  name: `${HANDLE}_2`, title: "LeNet-5, digits, epoch 2 of 3", base: "LeNet-5, digits", training: HANDLE, own: true, ready: true,
  labels: "mnist", input: [1, 28, 28], weights: "validation 98.0 %", size_bytes: 246824,
  moments: [
    {title: "before its first step", weights: "untrained"},
    {title: "epoch 1 of 3", weights: "validation 91.0 %"},
    {title: "epoch 2 of 3", weights: "validation 98.0 %"},
  ],
};
const catalogue = {
  models: [{name: "big", title: "BIG", labels: "imagenet", input: [3, 224, 224], ready: true}, {name: "lenet5", title: "LeNet-5", labels: "mnist", input: [1, 28, 28], ready: true}],
  samples: [{name: "cat", title: "cat", suits: "imagenet"}, {name: "two", title: "two", suits: "mnist"}],
  default: {net: "big", picture: "sample:cat", layer: "deep"},
};
const state = {net: `${HANDLE}_2`, weights: null, picture: "sample:two", framing: "fit", layer: "3", channel: 4, cell: [1, 2], target: 7, panel: "filters", run: null};

test.beforeEach(() => own.takeOwnNetworks([entry]));
test.afterEach(() => own.takeOwnNetworks([]));

test("names of own networks by hand", () => {
  assert.deepEqual(own.ownParts(HANDLE), {training: HANDLE, moment: null});
  assert.deepEqual(own.ownParts(`${HANDLE}_12`), {training: HANDLE, moment: 12});
  assert.equal(own.ownName(HANDLE, 12), `${HANDLE}_12`);
  for (const other of ["lenet5", HANDLE.slice(1), `${HANDLE}_`, `${HANDLE}_x`, null, undefined]) {
    assert.equal(own.isOwnNetwork(other), false);
    assert.equal(own.ownParts(other), null);
  }
});

test("an own network is known at each of its moments, and no further", () => {
  assert.equal(view.modelOf(catalogue, HANDLE).title, "LeNet-5, digits, epoch 2 of 3");
  const first = view.modelOf(catalogue, `${HANDLE}_1`);
  assert.deepEqual([first.name, first.title, first.weights, first.labels], [`${HANDLE}_1`, "LeNet-5, digits, epoch 1 of 3", "validation 91.0 %", "mnist"]);
  assert.equal(view.modelOf(catalogue, `${HANDLE}_3`), null);
  assert.equal(view.modelOf(catalogue, `${"f".repeat(32)}_0`), null);
  assert.equal(view.modelOf(catalogue, "lenet5").title, "LeNet-5");
});

test("the menu begins with what the visitor trained", () => {
  const groups = grouped(catalogue.models, own.ownNetworks());
  assert.deepEqual(groups.map(({title}) => title), ["Trained by you", "ImageNet, ready", "Small, trained here"]);
  assert.equal(isChosen(entry, `${HANDLE}_1`), true); // the same training, at another moment
  assert.equal(isChosen(entry, "lenet5"), false);
  assert.equal(isChosen(catalogue.models[1], "lenet5"), true);
});

test("no address ever carries an own network, nor what means nothing without it", () => {
  const address = formatAddress(state, "?net=lenet5&layer=0&__theme=dark");
  assert.equal(address, "?__theme=dark&picture=two&framing=fit&panel=filters");
  assert.ok(!linkOf(state, "https://room.example/").includes(HANDLE));
  assert.match(linkNote(state, "https://room.example/"), /Your own network stays on this page/);
  assert.equal(linkNote({...state, net: "lenet5"}, "https://room.example/"), "");
});

test("an address that names one is not followed", () => {
  assert.equal("net" in parseAddress(`?net=${HANDLE}_2`), false);
  assert.equal(parseAddress("?net=lenet5").net, "lenet5");
  assert.match(view.unreadable(`?net=${HANDLE}_2`)[0], /the network .* does not exist/);
});

test("another moment of the same training keeps layer, channel, cell and class", () => {
  const patch = view.chosenNetwork({...state, net: `${HANDLE}_1`, weights: "untrained"}, `${HANDLE}_2`, catalogue);
  assert.deepEqual(patch, {net: `${HANDLE}_2`, weights: null, run: null, busy: true, error: null, hover: null});
});

test("from another network it begins with a layer of its own and a picture that suits it", () => {
  const patch = view.chosenNetwork({...state, net: "big", picture: "sample:cat"}, `${HANDLE}_2`, catalogue);
  assert.deepEqual([patch.layer, patch.channel, patch.target, patch.picture], [null, null, null, "sample:two"]);
});

test("one that is gone is named, and the usual network takes its place", () => {
  const {patch, sentence} = view.withoutOwnNetwork(state, entry.title, catalogue);
  assert.equal(patch.net, "big");
  assert.equal(patch.picture, "sample:cat");
  assert.match(sentence, /^“LeNet-5, digits, epoch 2 of 3” is no longer on the server; BIG is shown instead\./);
  assert.match(view.withoutOwnNetwork(state, undefined, catalogue).sentence, /^The network trained on this page is no longer/);
});

test("a state with a network that is gone is repaired without showing its name", () => {
  own.takeOwnNetworks([]);
  const {patch, sentences} = view.repairedView(state, catalogue);
  assert.equal(patch.net, "big");
  assert.ok(sentences.every((sentence) => !sentence.includes(HANDLE)));
});

test("Python reads the downloaded file, called by the title", () => {
  assert.equal(own.loadCall("lenet5"), 'vz.load_model("lenet5")');
  assert.equal(own.loadCall("lenet5", {weights: "untrained", run: ', backend="onnx"'}), 'vz.load_model("lenet5", backend="onnx", weights=None)');
  assert.equal(own.loadCall(`${HANDLE}_1`), 'vz.read_trained("lenet-5-digits-epoch-1-of-3.safetensors")');
  assert.equal(own.loadCall(`${HANDLE}_1`, {weights: "untrained"}), 'vz.read_trained("lenet-5-digits-before-its-first-step.safetensors")');
  assert.equal(own.fileStem(`${"f".repeat(32)}_0`), "trained-network");
});

test("listeners hear of changes, and only of changes", () => {
  const heard = [];
  const stop = own.onOwnNetworks((list) => heard.push(list.length));
  own.takeOwnNetworks([structuredClone(entry)]);
  own.takeOwnNetworks([]);
  stop();
  own.takeOwnNetworks([entry]);
  assert.deepEqual(heard, [0]);
});

/** A server whose answers wait for `answer()`; `asked()` counts the questions. */
function slowServer(context) {
  const waiting = [];
  let count = 0;
  context.mock.method(globalThis, "fetch", async () => {
    count += 1;
    await new Promise((resolve) => waiting.push(resolve));
    return {ok: true, json: async () => ({networks: [{...entry, name: `${HANDLE}_${count}`}]})};
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {asked: () => count, answer: async () => (waiting.shift()(), await turn())};
}

test("questions in a row become one, and one after it, rested where there is no hurry", async (context) => {
  context.mock.timers.enable({apis: ["setTimeout"]});
  const {asked, answer} = slowServer(context);
  const done = own.refreshOwnNetworks({unhurried: true});
  own.refreshOwnNetworks({unhurried: true});
  own.refreshOwnNetworks({unhurried: true});
  assert.equal(asked(), 1);
  await answer();
  context.mock.timers.tick(799);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(asked(), 1);
  context.mock.timers.tick(1);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(asked(), 2);
  await answer();
  context.mock.timers.tick(800);
  await done;
  assert.equal(own.ownNetworks()[0].name, `${HANDLE}_2`);
});

test("who waits for the list waits for no rest: neither one under way nor the next", async (context) => {
  context.mock.timers.enable({apis: ["setTimeout"]});
  const {asked, answer} = slowServer(context);
  const done = own.refreshOwnNetworks({unhurried: true});
  await answer();
  own.refreshOwnNetworks(); // while it rests
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(asked(), 2);
  own.refreshOwnNetworks(); // while a question is on its way
  await answer();
  assert.equal(asked(), 3);
  await answer();
  context.mock.timers.tick(800);
  await done;
  assert.equal(own.ownNetworks()[0].name, `${HANDLE}_3`);
});

test("where the server knows this page no longer, the list is empty", async (context) => {
  context.mock.method(globalThis, "fetch", async () => ({ok: false, status: 410, json: async () => ({error: "gone"})}));
  await own.refreshOwnNetworks();
  assert.deepEqual(own.ownNetworks(), []);
});

test("a training joins the menu when it is opened and after every epoch", () => {
  let told = null;
  const asked = [];
  const desk = {handle: null, newest: 0, ended: false, onChange: (listener) => ((told = listener), () => (told = null))};
  const stop = followTraining({desk, refresh: ({unhurried}) => asked.push(unhurried)});
  told(["opened"]);
  assert.deepEqual(asked, []); // nothing is trained yet
  desk.handle = HANDLE;
  told(["opened"]);
  told(["frame"]);
  desk.newest = 1;
  told(["frame", "moment"]);
  assert.deepEqual(asked, [false, true]);
  told(["moment"]); // an earlier moment is looked at
  assert.deepEqual(asked, [false, true]);
  Object.assign(desk, {newest: 2, ended: true});
  told(["frame", "moment"]);
  assert.deepEqual(asked, [false, true, false]);
  stop();
  assert.equal(told, null);
});
