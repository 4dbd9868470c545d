import assert from "node:assert/strict";
import test from "node:test";
import {depthLayers, grouped} from "../../assets/js/heatmaps/depth.js";
import {explainLayout, sumLine} from "../../assets/js/heatmaps/explain_sum.js";
import {readsLayer, settled} from "../../assets/js/heatmaps/heat_desk.js";
import {HeatLoader, heatParameters} from "../../assets/js/heatmaps/heat_loader.js";
import {cellText, emptyText, progressText, pythonLines, questionText, receptiveText, timeText} from "../../assets/js/heatmaps/heat_sentences.js";
import {createHeatState} from "../../assets/js/heatmaps/heat_state.js";
import {BLEND, INITIAL, formatWords, parseBlend, parseWords} from "../../assets/js/heatmaps/heat_words.js";
import {cellAt, cellBox, receptiveOf, spill, steppedCell} from "../../assets/js/heatmaps/regions.js";
import {rowPictures} from "../../assets/js/heatmaps/row_view.js";
import {lineText} from "../../assets/js/equation_text.js";
import {stoppedClock} from "./clock.mjs";

const layer = (name, side, kind = "ReLU") => ({name, kind, shape: [8, side, side]});
const methods = [
  {id: "grad-cam", title: "Grad-CAM", family: "cam", available: true, reason: null},
  {id: "cam", title: "CAM", family: "cam", available: false, reason: "There is more behind it."},
  {id: "saliency", title: "Saliency", family: "attribution", available: true, reason: null},
];
const menu = {methods, layers: [layer("a", 8), layer("b", 4)], default: {method: "grad-cam", layer: "b"}};

test("the words of an address survive the way there and back; what is as usual needs none", () => {
  const state = {...INITIAL, method: "layer-cam", layer: "blocks.3.0/act1", against: 281, view: "all", cell: [3, 4],
    blend: {...BLEND, opacity: 40, colours: "spotlight", threshold: 25, contour: true, smooth: false}};
  const search = formatWords(state, "?net=lenet5&__theme=dark");
  assert.ok(search.startsWith("?net=lenet5&__theme=dark&"));
  assert.deepEqual(parseWords(search), state);
  assert.equal(formatWords(INITIAL, search), "?net=lenet5&__theme=dark");
  assert.deepEqual(parseWords(""), INITIAL);
});

test("nonsense in the words is left out", () => {
  const read = parseWords("?heat=%3Cb%3E&heat-layer=a%20b&heat-against=-1&heat-view=best&heat-cell=1&heat-blend=999.jet.x.contour.toString");
  assert.deepEqual(read, {...INITIAL, blend: {...BLEND, contour: true}});
  assert.deepEqual(parseBlend("0.grey.100.even"), {...BLEND, opacity: 0, colours: "grey", threshold: 100, even: true});
});

test("another method or layer lets the chosen cell go; the address follows after a pause", (t) => {
  const clock = stoppedClock(t);
  const written = [];
  const page = {location: {pathname: "/", search: "?net=x", hash: ""}, history: {state: null, replaceState: (_s, _t, url) => written.push(url)}};
  const state = createHeatState("?heat-cell=1,2", page);
  const heard = [];
  state.subscribe((_, keys) => heard.push(keys));
  state.set({method: "cam"});
  state.set({method: "cam"});
  assert.equal(state.get().cell, null);
  assert.deepEqual(heard, [["method"]]);
  state.set({layer: "b", cell: [0, 1]});
  assert.deepEqual(state.get().cell, [0, 1]);
  clock.tick(150);
  assert.deepEqual(written, ["/?net=x&heat=cam&heat-layer=b&heat-cell=0,1"]);
});

test("a method or layer that is not there gives way to the usual one, and a sentence says so", () => {
  assert.deepEqual(settled({method: null, layer: null}, menu, "Net"), {method: methods[0], layer: "b", sentences: []});
  const wrong = settled({method: "magic", layer: "z"}, menu, "Net");
  assert.deepEqual([wrong.method.id, wrong.layer, wrong.sentences.length], ["grad-cam", "b", 2]);
  assert.match(settled({method: "cam", layer: "a"}, menu, "Net").sentences[0], /CAM cannot be used here: There is more/);
  assert.equal(readsLayer(methods[2]), false);
  assert.equal(readsLayer({family: "attribution", needs_layer: true}), true);
});

test("a heatmap is asked for once; what streams is kept when it is complete", async () => {
  const asked = [];
  const heat = {header: {shape: [1, 2]}, arrays: {heat: Float32Array.of(1, 2)}};
  const loader = new HeatLoader({
    fetchHeat: async (path, parameters) => asked.push([path, parameters]) && heat,
    streamHeat: async (path, parameters, onFrame) => { asked.push([path]); onFrame({header: {step: 1}, arrays: {}}); onFrame({header: {step: 2}, arrays: heat.arrays}); },
  });
  const one = heatParameters({net: "n", picture: "p"}, {method: "m", layer: "l", target: 3});
  assert.deepEqual(one, {net: "n", picture: "p", method: "m", layer: "l", target: 3});
  const [first, again] = [await loader.get(one), await loader.get(one)];
  assert.equal(first, again);
  assert.deepEqual([...first.values], [1, 2]);
  const parts = [];
  const long = heatParameters({net: "n"}, {method: "rise", layer: null, target: 3, against: 0});
  assert.equal(long.against, 0);
  await loader.stream(long, (part) => parts.push(part.step));
  assert.deepEqual(parts, [1, 2]);
  assert.equal((await loader.stream(long, () => assert.fail())).step, 2);
  assert.equal(asked.length, 2);
});

test("a stream that fails is not kept", async () => {
  const loader = new HeatLoader({streamHeat: async (_path, _parameters, onFrame) => { onFrame({header: {step: 1}, arrays: {}}); throw new Error("cut"); }});
  await assert.rejects(loader.stream({a: 1}, () => {}), /cut/);
  assert.equal(loader.known({a: 1}), undefined);
});

test("the layers of the row: the end of each resolution, the usual and the chosen one, some between", () => {
  const layers = [56, 56, 56, 28, 28, 28, 28, 14, 14, 14, 14, 14, 7, 7, 7].map((side, at) => layer(`l${at}`, side, at % 2 ? "convolution" : "ReLU"));
  const names = (found) => found.map(({name}) => name);
  const found = names(depthLayers(layers, ["l9"], 7));
  assert.equal(found.length, 7);
  for (const name of ["l2", "l6", "l9", "l11", "l14"]) assert.ok(found.includes(name), name);
  assert.deepEqual(found, [...found].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))));
  assert.deepEqual(names(depthLayers(layers.slice(0, 3), [], 7)), ["l0", "l1", "l2"]);
  assert.deepEqual(grouped(layers).map(({label, layers: {length}}) => [label, length]), [["56 × 56", 3], ["28 × 28", 4], ["14 × 14", 5], ["7 × 7", 3]]);
});

test("what is on screen of a cell's sum adds up: weight times activation, product by product", () => {
  const channels = [{channel: 5, weight: 0.0123456, activation: 2.34567}, {channel: 2, weight: -0.00456, activation: 1.98765}];
  const products = channels.map(({weight, activation}) => weight * activation);
  const rest = {channels: 1278, sum: 0.1};
  const sum = products[0] + products[1] + rest.sum;
  const layout = explainLayout({channels, rest, sum});
  const number = (text) => Number(text.replace("−", "-"));
  const unit = 10 ** -layout.places;
  for (const {weight, activation, product} of layout.channels) assert.ok(Math.abs(number(weight) * number(activation) - number(product)) <= 0.5001 * unit);
  const parts = [...layout.channels.map(({product}) => product), layout.rest, layout.rounding ?? "0"];
  assert.ok(Math.abs(parts.map(number).reduce((a, b) => a + b) - number(layout.total)) < 1e-9);
  assert.equal(layout.total, sum.toFixed(layout.places));
  const line = lineText(sumLine(layout, {rest, sum, after_relu: sum}));
  assert.match(line, /\(these 2\) \+ 0\.1000\u00a0\(1,278 others\)/);
  assert.ok(line.endsWith(`→ ReLU(${layout.total}) = ${layout.total}`));
});

test("a negative sum becomes 0 by ReLU; a method without ReLU keeps it", () => {
  const answer = {channels: [{channel: 0, weight: -0.5, activation: 2}], rest: null, sum: -1, after_relu: 0};
  const layout = explainLayout(answer);
  assert.equal(lineText(sumLine(layout, answer)), `${layout.sum}\u00a0(these 1) → ReLU(${layout.total}) = 0`);
  assert.equal(lineText(sumLine(layout, {...answer, after_relu: null})), `${layout.sum}\u00a0(these 1)`);
  assert.equal(explainLayout({channels: [{channel: 0, weight: NaN, activation: 2}], rest: null, sum: 1}), null);
});

test("the cell under a point, its square, and what it depends on", () => {
  const box = {width: 70, height: 35};
  assert.deepEqual(cellAt({x: 69.9, y: 0}, box, [7, 7]), [0, 6]);
  assert.deepEqual(cellAt({x: 10, y: 5}, box, [7, 7]), [1, 1]);
  assert.equal(cellAt({x: 70, y: 5}, box, [7, 7]), null);
  assert.deepEqual(cellBox([1, 2], box, [7, 7]), {x: 20, y: 5, width: 10, height: 5});
  const heat = {rows: [0, 9, 5, 14], columns: [-3, 6, 2, 11]};
  assert.deepEqual(receptiveOf(heat, [1, 0]), {top: 5, left: -3, bottom: 14, right: 6});
  assert.equal(receptiveOf({rows: null, columns: null}, [0, 0]), null);
  assert.equal(spill({top: 5, left: -3, bottom: 14, right: 6}, [3, 20, 20], [2, 2]), 1);
});

test("arrow keys walk over the cells and stop at the rim", () => {
  assert.deepEqual(steppedCell("ArrowDown", [6, 3], [7, 7]), [6, 3]);
  assert.deepEqual(steppedCell("ArrowLeft", [6, 3], [7, 7]), [6, 2]);
  assert.deepEqual(steppedCell("End", [2, 3], [7, 7]), [2, 6]);
  assert.equal(steppedCell("a", [0, 0], [7, 7]), null);
});

test("a map of zeros is told in words, and so is a broken one", () => {
  const heat = {values: Float32Array.of(0, 0), shape: [1, 2], source: "layer", layer: "act2", target: 7, label: "hen", against: null};
  assert.equal(emptyText(heat, null, String), "The map is zero everywhere: by this method no cell of act2 speaks for “hen”. There is nothing to draw.");
  assert.match(emptyText({...heat, values: Float32Array.of(NaN)}, null, String), /not a number/);
  assert.equal(emptyText(heat, {low: 0, high: 1}, String), null);
  assert.equal(questionText({target: 7, against: 8}, (index) => `c${index}`), "“c7” rather than “c8”");
});

test("numbers in sentences", () => {
  const heat = {values: Float32Array.of(0.5, 0.25), shape: [1, 2], source: "layer"};
  assert.equal(cellText(heat, [0, 1], 0.5), "cell row 0, column 1 · heat 0.2500, 50.0 % of the strongest");
  assert.equal(receptiveText({top: -1, left: 0, bottom: 8, right: 9}, [3, 20, 20], 4), "sees 10 × 10 input pixels (some are padding), 4.0 times its square");
  assert.deepEqual([timeText(0.41), timeText(23.4), timeText(6210), timeText(undefined)], ["0.4 ms", "23 ms", "6.2 s", ""]);
  assert.equal(progressText({step: 412, steps: 1280, remaining_s: 3.9}), "412 of 1,280, about 4 s left");
  assert.equal(progressText({step: 1, steps: 2, remaining_s: 0.2}), "1 of 2, less than 1 s left");
});

test("the Python lines name what is not as usual", () => {
  const state = {net: "lenet5", weights: null, picture: "sample:digit_3", framing: "crop"};
  const heat = {layer: "4", target: 3, against: null};
  assert.ok(pythonLines(state, methods[0], heat, true).endsWith('heat = vz.cam(model, vz.sample("digit_3"), method="grad-cam", target=3, layer="4")  # (H, W) float32'));
  const own = pythonLines({...state, weights: "untrained", picture: "a".repeat(32), framing: "fit"}, methods[2], {...heat, against: 5}, false);
  assert.match(own, /load_model\("lenet5", weights=None\)/);
  assert.match(own, /vz\.attribute\(model, "my_picture\.jpg", method="saliency", target=3, against=5, framing="fit"\)/);
});

test("the row shows the visitor's own picture first, then the samples that suit", () => {
  const catalogue = {models: [{name: "lenet5", labels: "mnist", input: [1, 28, 28]}],
    samples: [{name: "chelsea", title: "Cat", suits: "imagenet"}, {name: "digit_3", title: "Digit 3", suits: "mnist"}]};
  assert.deepEqual(rowPictures(catalogue, "lenet5", "f".repeat(32)), [{handle: "f".repeat(32), title: "Your picture"}, {handle: "sample:digit_3", title: "Digit 3"}]);
  assert.deepEqual(rowPictures(catalogue, "nobody", null), []);
});
