import assert from "node:assert/strict";
import test from "node:test";
import * as view from "../../assets/js/view.js";

const photo = (name) => ({name, title: name, source: "", suits: "imagenet"});
const digit = (name) => ({name, title: name, source: "", suits: "mnist"});
const model = (name, labels, input) => ({name, title: name.toUpperCase(), labels, input, ready: true});
const catalogue = {
  models: [
    model("big", "imagenet", [3, 224, 224]),
    model("other", "imagenet", [3, 224, 224]),
    model("digits", "mnist", [1, 28, 28]),
    model("small", "cifar10", [3, 32, 32]),
  ],
  samples: [photo("cat"), photo("cup"), photo("rocket"), digit("two"), digit("three")],
  default: {net: "big", picture: "sample:cat", layer: "deep"},
};
const layers = [
  {name: "input", kind: "input", shape: [3, 224, 224]},
  {name: "first", kind: "convolution", shape: [8, 112, 112]},
  {name: "deep", kind: "ReLU", shape: [16, 7, 9]},
  {name: "softmax", kind: "softmax", shape: [1000, 1, 1]},
];
const run = {net: "big", title: "BIG", layers};
const empty = {net: null, weights: null, picture: null, framing: "crop", layer: null, channel: null, cell: null, target: null};
const chosen = {...empty, net: "big", picture: "sample:cat", layer: "deep", run};

test("an empty link becomes the default view", () => {
  const {patch, sentences} = view.repairedView(empty, catalogue);
  assert.deepEqual(patch, {net: "big", weights: null, picture: "sample:cat"});
  assert.deepEqual(sentences, []);
});

test("a link to a network alone gets a picture that suits it", () => {
  assert.equal(view.repairedView({...empty, net: "digits"}, catalogue).patch.picture, "sample:two");
  assert.equal(view.repairedView({...empty, net: "small"}, catalogue).patch.picture, "sample:cat");
});

test("an unknown network and an unknown sample are named", () => {
  const {patch, sentences} = view.repairedView({...empty, net: "nix", picture: "sample:nope", layer: "x", cell: [1, 2]}, catalogue);
  assert.equal(patch.net, "big");
  assert.equal(patch.picture, "sample:cat");
  assert.equal(patch.layer, null);
  assert.equal(patch.cell, null);
  assert.deepEqual(sentences, [
    "There is no network “nix”; BIG is shown instead.",
    "There is no sample picture “nope”; cat is shown instead.",
  ]);
});

test("uploads are left alone", () => {
  assert.deepEqual(view.repairedView({...empty, net: "big", picture: "0123abcd"}, catalogue).patch, {});
});

test("what a link asks for in vain is quoted, cut where it is long", () => {
  assert.deepEqual(view.unreadable("?net=big&framing=bar&__theme=dark"), [
    "The link asks for the framing “bar”, which does not exist; it was left out.",
  ]);
  const [sentence] = view.unreadable(`?net=${"<".repeat(60)}`);
  assert.ok(sentence.includes(`“${"<".repeat(40)}…”`));
});

test("a panel that the page has not is named", () => {
  const panels = ["feature-maps", "arithmetic"];
  assert.deepEqual(view.unknownPanel("?panel=zzz", panels), ["The link asks for the panel “zzz”, which does not exist; it was left out."]);
  assert.deepEqual(view.unknownPanel("?panel=arithmetic", panels), []);
  assert.deepEqual(view.unknownPanel("?net=big", panels), []);
  assert.match(view.unreadable("?panel=<b>")[0], /the panel “<b>”/);
});

test("the catalogue's layer opens first, in its own network only", () => {
  assert.deepEqual(view.repairedPlace({...empty, net: "big"}, run, catalogue), {patch: {layer: "deep"}, sentences: []});
  assert.equal(view.repairedPlace(empty, {...run, net: "other"}, catalogue).patch.layer, "first");
  assert.equal(view.repairedPlace(empty, {...run, net: "other"}, catalogue, 0.7).patch.layer, "deep");
});

test("a layer, channel, cell or class that does not exist is named", () => {
  const layer = view.repairedPlace({...chosen, layer: "nix", channel: 3, cell: [0, 0]}, run, catalogue);
  assert.deepEqual(layer.sentences, ["BIG has no layer “nix”; deep is shown instead."]);
  assert.deepEqual(layer.patch, {layer: "deep", channel: null, cell: null, hover: null});
  const rest = view.repairedPlace({...chosen, channel: 16, cell: [6, 9], target: 1000}, run, catalogue);
  assert.deepEqual(rest.patch, {channel: null, cell: null, target: null});
  assert.deepEqual(rest.sentences, [
    "deep has channels 0 to 15; there is no channel 16.",
    "deep has 7 × 9 cells; there is no cell 6, 9.",
    "BIG tells classes 0 to 999 apart; there is no class 1000.",
  ]);
});

test("a layer that is called by a number is called a layer", () => {
  const numbered = {...run, layers: [{name: "0", kind: "convolution", shape: [6, 28, 28]}, {name: "softmax", kind: "softmax", shape: [10, 1, 1]}]};
  assert.match(view.repairedPlace({...chosen, layer: "nix"}, numbered, catalogue, 0).sentences[0], /; layer 0 is shown instead\.$/);
  assert.deepEqual(view.repairedPlace({...chosen, layer: "0", channel: 6, cell: [28, 0]}, numbered, catalogue).sentences, [
    "Layer 0 has channels 0 to 5; there is no channel 6.",
    "Layer 0 has 28 × 28 cells; there is no cell 28, 0.",
  ]);
});

test("a link's channel and cell survive where only the layer was left open", () => {
  assert.deepEqual(view.repairedPlace({...chosen, layer: null, channel: 15, cell: [6, 8]}, run, catalogue).patch, {layer: "deep"});
});

test("choosing a network with other labels changes sample and class, and ends the run", () => {
  const patch = view.chosenNetwork({...chosen, target: 281, weights: "untrained"}, "digits", catalogue);
  assert.equal(patch.picture, "sample:two");
  assert.deepEqual([patch.target, patch.weights, patch.layer, patch.run, patch.busy], [null, null, null, null, true]);
});

test("choosing a network with the same labels keeps sample and class", () => {
  const patch = view.chosenNetwork({...chosen, target: 281}, "other", catalogue);
  assert.ok(!("picture" in patch) && !("target" in patch));
});

test("a photo still means something to a colour network, an upload always stays", () => {
  assert.ok(!("picture" in view.chosenNetwork(chosen, "small", catalogue)));
  assert.ok(!("picture" in view.chosenNetwork({...chosen, picture: "0123"}, "digits", catalogue)));
});

test("a drawing does not follow to a colour network", () => {
  const drawn = {...chosen, net: "digits", picture: "0123"};
  assert.equal(view.chosenNetwork(drawn, "big", catalogue, {drawing: "0123"}).picture, "sample:cat");
});

test("choosing the same view again does not end its run", () => {
  assert.deepEqual(view.changedView(chosen, {picture: "sample:cat"}), {picture: "sample:cat"});
  assert.deepEqual(view.chosenNetwork(chosen, "big", catalogue), {weights: null});
});

test("few samples: those that suit, and always the chosen one", () => {
  const names = (handle, count) => view.fewSamples(catalogue, catalogue.models[0], handle, count).map(({name}) => name);
  assert.deepEqual(names("sample:cat", 2), ["cat", "cup"]);
  assert.deepEqual(names("sample:two", 2), ["cat", "two"]);
  assert.deepEqual(view.sortedSamples(catalogue, catalogue.models[2]).map(({name}) => name), ["two", "three", "cat", "cup", "rocket"]);
});

test("depth of a layer in its network", () => {
  assert.equal(view.depthOf(chosen), 2 / 3);
  assert.equal(view.depthOf({...chosen, layer: "nix"}), null);
  assert.equal(view.depthOf({run: null, layer: "deep"}), null);
});
