import assert from "node:assert/strict";
import test from "node:test";
import * as words from "../../assets/js/augmentation/au_words.js";
import {createPanelState} from "../../assets/js/panel_state.js";
import {INITIAL, formatWords, parseWords} from "../../assets/js/augmentation/au_words.js";
import {addable} from "../../assets/js/augmentation/curve_legend.js";
import {linePoints, nearestPlace, roundTicks, scales} from "../../assets/js/augmentation/curve_chart.js";
import {axisTitle, curveOf, evenly, placeText, pointOf, saidAt} from "../../assets/js/augmentation/curve_view.js";
import {placeFor} from "../../assets/js/augmentation/dragging.js";
import {namedSteps, steppedTile} from "../../assets/js/augmentation/draw_sheet.js";
import {agreementText, drawText, labelText, remarkOf, signed} from "../../assets/js/augmentation/draw_words.js";
import {Follower} from "../../assets/js/augmentation/follower.js";
import {mapText, sharedLimits} from "../../assets/js/augmentation/inside_row.js";
import {framingOf, saidText} from "../../assets/js/augmentation/inside_view.js";
import {formatPipeline, fresh, grouped, moved, parsePipeline, valueText} from "../../assets/js/augmentation/pipeline.js";
import {presetOf} from "../../assets/js/augmentation/recipe_bar.js";
import {drawLines} from "../../assets/js/augmentation/take_away.js";
import {differenceText, forgivingLayers, shiftLayers} from "../../assets/js/augmentation/shift_view.js";
import {shareAt} from "../../assets/js/augmentation/wipe.js";
import {stoppedClock} from "./clock.mjs";

const number = (name, usual, maximum = 1, step = 0.01) => ({name, kind: "number", default: usual, minimum: 0, maximum, step, unit: "", choices: []});
const transform = (id, group, chance, ...parameters) => ({id, title: id, group, chance, parameters});
const menu = {
  transforms: [
    transform("hflip", "Geometry", 0.5),
    transform("rotate", "Geometry", 1, {...number("degrees", 15, 180, 1), unit: "°"},
      {name: "fill", kind: "choice", default: "mean", choices: ["mean", "black"]}, {name: "expand", kind: "flag", default: false}),
    transform("crop", "Crops", 1, {name: "scale", kind: "range", default: [0.35, 1], minimum: 0.01, maximum: 1, step: 0.01},
      {name: "size", kind: "whole", default: 224, minimum: 8, maximum: 512, step: 1}),
  ],
  presets: [{name: "a", title: "A", pipeline: "hflip;crop(scale=0.08..1.0)"}, {name: "b", title: "B", pipeline: "rotate"}],
};

test("a pipeline's text survives the way there and back; defaults are left out", () => {
  const text = "hflip(p=0.25);-rotate(degrees=30,fill=black,expand=yes);crop(scale=0.08..1,size=96)";
  const steps = parsePipeline(text, menu);
  assert.deepEqual(steps.map(({id, on, probability}) => [id, on, probability]), [["hflip", true, 0.25], ["rotate", false, 1], ["crop", true, 1]]);
  assert.deepEqual(steps[2].values, {scale: [0.08, 1], size: 96});
  assert.equal(formatPipeline(steps, menu), text);
  assert.equal(formatPipeline(menu.transforms.map(fresh), menu), "hflip;rotate;crop");
  assert.deepEqual(parsePipeline(" ; ", menu), []);
});

test("what a link's pipeline cannot mean is said", () => {
  const wrong = {
    "fly": /step “fly” is not in the menu/,
    "rotate(degrees=200)": /degrees is 200; choose 0 to 180/,
    "rotate(degrees=x)": /degrees is “x”; it needs a number/,
    "rotate(speed=1)": /rotate has no setting “speed=1”/,
    "rotate(fill=red)": /fill is “red”; choose one of mean, black/,
    "crop(scale=1..0.5)": /runs from 1 down to 0.5; swap them/,
    "crop(scale=1)": /two numbers/,
    "crop(size=9.5)": /it needs a whole number/,
    "hflip(p=2)": /p is 2; choose 0 to 1/,
  };
  for (const [text, sentence] of Object.entries(wrong)) assert.throws(() => parsePipeline(text, menu), sentence);
});

test("steps move to another place; the menu is grouped in its own order", () => {
  assert.deepEqual(moved(["a", "b", "c", "d"], 0, 2), ["b", "c", "a", "d"]);
  assert.deepEqual(moved(["a", "b", "c", "d"], 3, 0), ["d", "a", "b", "c"]);
  assert.deepEqual(grouped(menu.transforms).map(({group, transforms}) => [group, transforms.length]), [["Geometry", 2], ["Crops", 1]]);
});

test("a card dropped at a height takes the place whose middle it passed", () => {
  const boxes = [0, 50, 150].map((top, at) => ({top, height: [40, 90, 40][at]}));
  assert.equal(placeFor(20, boxes, 0), 0);
  assert.equal(placeFor(96, boxes, 0), 1); // the second card's middle is at 95
  assert.equal(placeFor(171, boxes, 0), 2);
  assert.equal(placeFor(94, boxes, 2), 1);
  assert.equal(placeFor(5, boxes, 2), 0);
});

test("a preset is known however its numbers are written", () => {
  assert.equal(presetOf(parsePipeline("hflip;crop(scale=0.08..1)", menu), menu).name, "a");
  assert.equal(presetOf(parsePipeline("hflip", menu), menu), null);
});

test("values read with their unit and only the digits that the slider has", () => {
  assert.equal(valueText({unit: "°", step: 1}, 15), "15°");
  assert.equal(valueText({unit: "px", step: 1}, 224), "224 px");
  assert.equal(valueText({step: 0.01}, [0.75, 1.333]), "0.75 – 1.33");
  assert.equal(valueText({step: 0.01}, -0.1), "−0.1");
});

test("the words of an address survive; nonsense is left out; what is as usual needs none", () => {
  const state = {pipeline: "hflip(p=0.2);-rotate", seed: 7, draw: 3, objects: false, partner: "sample:coffee", view: "curve", curve: {transform: "rotate", parameter: "angle"}, nets: ["a", "b_2"]};
  const search = formatWords(state, "?net=lenet5");
  assert.ok(search.startsWith("?net=lenet5&"));
  assert.deepEqual(parseWords(search), state);
  assert.equal(formatWords(INITIAL, search), "?net=lenet5");
  assert.deepEqual(parseWords("?au-seed=-1&au-draw=16&au-view=all&au-curve=x&au-nets=%3Cb%3E"), INITIAL);
  assert.equal(parseWords(formatWords({...INITIAL, pipeline: ""}, "")).pipeline, ""); // an empty pipeline is one, too
  assert.equal(formatWords({...INITIAL, partner: "0f3a"}, ""), ""); // an own picture is nobody else's
  assert.equal(parseWords("?au-partner=a%20b").partner, null);
});

test("the address follows the state after a pause", (t) => {
  const clock = stoppedClock(t);
  const written = [];
  const page = {location: {pathname: "/", search: "", hash: ""}, history: {state: null, replaceState: (_s, _t, url) => written.push(url)}};
  const state = createPanelState(words, {search: "?au-seed=4", page});
  const heard = [];
  state.subscribe((_, keys) => heard.push(keys));
  state.set({seed: 5, draw: 0});
  state.set({seed: 5});
  clock.tick(200);
  assert.deepEqual([heard, written], [[["seed"]], ["/?au-seed=5"]]);
});

test("one question at a time: of those asked meanwhile only the newest is asked next", async () => {
  const asked = [];
  const shown = [];
  const open = [];
  const follower = new Follower({
    work: (question) => new Promise((resolve, reject) => { asked.push(question); open.push({resolve, reject}); }),
    show: (answer, question) => shown.push([answer, question]),
    fail: (error) => shown.push(error.message),
  });
  const step = async (act) => { act(); await new Promise((resolve) => setImmediate(resolve)); };
  for (const question of [1, 2, 3]) follower.ask(question);
  assert.deepEqual(asked, [1]);
  await step(() => open[0].resolve("one"));
  assert.deepEqual([asked, shown], [[1, 3], [["one", 1]]]);
  await step(() => open[1].reject(new Error("no")));
  assert.deepEqual([shown.at(-1), follower.busy], ["no", false]);
  follower.ask(4);
  follower.cancel();
  await step(() => open[2].resolve("late"));
  assert.equal(shown.length, 2);
  follower.ask(5);
  await step(() => open[3].resolve("five"));
  assert.deepEqual(shown.at(-1), ["five", 5]);
});

test("keys lead through the tiles, row by row, and stop at the edges", () => {
  assert.equal(steppedTile("ArrowRight", 3, 16, 4), 4);
  assert.equal(steppedTile("ArrowDown", 3, 16, 4), 7);
  assert.equal(steppedTile("ArrowDown", 13, 16, 4), 13);
  assert.equal(steppedTile("ArrowLeft", 0, 16, 4), 0);
  assert.deepEqual(["Home", "End", "x"].map((key) => steppedTile(key, 5, 16, 4)), [0, 15, null]);
});

test("a draw is told in words", () => {
  const draw = {applied: [{title: "Mirror", text: ""}, {title: "Rotate", text: "turned by -6.1°"}], skipped: [1], share: 0.704, boxes_lost: true};
  assert.equal(drawText(draw), "Mirror; Rotate: turned by −6.1°.");
  assert.match(drawText({applied: []}), /nothing fired/);
  assert.equal(signed("a-b -0.5 (-3)"), "a-b −0.5 (−3)");
  assert.match(remarkOf(draw), /Boxes and masks are left out/);
  assert.equal(remarkOf({share: 1}), "");
  assert.equal(labelText(0.704, ["Cat", "Cup of coffee"]), "The label is 70 % “Cat” and 30 % “Cup of coffee”.");
  assert.equal(agreementText(13, 16, "tabby"), "13 of 16 draws (81 %) are still “tabby”.");
  assert.equal(agreementText(0, 16, "tabby"), "None of the 16 draws is still “tabby”.");
  assert.deepEqual(namedSteps({draws: [draw]}, ["x", "Blur"]).draws[0].skipped, [{step: 1, title: "Blur"}]);
});

test("the curve's axis has round ticks, and a place leads back to its value", () => {
  assert.deepEqual(roundTicks(-180, 180, "°"), [-180, -120, -60, 0, 60, 120, 180]);
  assert.deepEqual(roundTicks(0, 3), [0, 0.5, 1, 1.5, 2, 2.5, 3]);
  assert.deepEqual(roundTicks(-0.5, 0.5), [-0.4, -0.2, 0, 0.2, 0.4]);
  assert.deepEqual(evenly(-180, 180, 5), [-180, -90, 0, 90, 180]);
  const scale = scales(-10, 10);
  assert.ok(Math.abs(scale.valueAt(scale.across(3.7)) - 3.7) < 1e-9);
  assert.equal(scale.valueAt(-100), -10);
  assert.equal(nearestPlace([-10, 0, 10], 6), 2);
  const line = linePoints([{value: 10, probability: 1}, {value: -10, probability: 0}], scale);
  assert.equal(line, "46.0,260.0 626.0,12.0"); // sorted, from the frame's corner to the opposite one
});

test("the first curve stands in for one that is not there", () => {
  const curves = [{transform: "rotate", parameter: "angle"}, {transform: "blur", parameter: "sigma"}];
  assert.equal(curveOf(curves, {transform: "blur", parameter: "sigma"}), curves[1]);
  assert.equal(curveOf(curves, {transform: "blur", parameter: "x"}), curves[0]);
  assert.equal(curveOf(curves, null), curves[0]);
  assert.equal(axisTitle({title: "Shift down", unit: "of the height"}), "Shift down, share of the height");
  assert.deepEqual([["°", -12], ["×", 1.5], ["of the width", 0.1], ["", 8]].map(([unit, value]) => placeText({unit}, value)), ["−12°", "× 1.5", "0.1 of the width", "8"]);
});

test("networks to compare are ready and see as many channels", () => {
  const models = [["a", "imagenet", true], ["b", "imagenet", true], ["c", "imagenet", false], ["d", "mnist", true]].map(([name, labels, ready]) => ({name, labels, ready, input: [labels === "mnist" ? 1 : 3, 8, 8]}));
  assert.deepEqual(addable({models}, "a", ["a"]).map(({name}) => name), ["b"]);
  assert.deepEqual(addable(null, "a", ["a"]), []);
});

test("the wipe stays within the picture; the Python lines name picture, pipeline and seed", () => {
  assert.deepEqual([-5, 60, 300].map((x) => shareAt(x, {left: 10, width: 200})), [0, 25, 100]);
  assert.match(drawLines({picture: "sample:chelsea", pipeline: "hflip", seed: 3, count: 16}), /vz\.augment\(vz\.sample\("chelsea"\), "hflip", n=16, seed=3, shorter_side=256\)/);
  assert.match(drawLines({picture: "f00", pipeline: "", seed: 0, count: 4}), /"my_picture.jpg"/);
  assert.match(drawLines({picture: "f00", pipeline: "mixup", seed: 0, count: 4}, "sample:coffee"), /seed=0, partner=vz\.sample\("coffee"\), shorter_side=256\)/);
  assert.match(drawLines({picture: "f00", pipeline: "mixup", seed: 0, count: 4}, "f01"), /partner="my_second_picture.jpg", shorter_side=256\)/);
});

test("the layers measured under a shift: the first convolution and the last of each resolution, no padding", () => {
  const layer = (name, kind, ...shape) => ({name, kind, shape});
  const layers = [layer("input", "input", 3, 8, 8), layer("pad", "zero padding", 3, 9, 9), layer("c1", "convolution", 4, 4, 4), layer("r1", "ReLU", 4, 4, 4),
    layer("c2", "convolution", 4, 2, 2), layer("pool", "average pooling", 4, 1, 1), layer("fc", "fully connected", 10)];
  assert.deepEqual(shiftLayers(layers).map(({name}) => name), ["c1", "r1", "c2"]);
  assert.deepEqual([0, 1e-7, 0.0123].map(differenceText), ["no difference at all", "< 0.001 % difference", "1.2 % difference"]);
});

test("two maps share one range, and what changed inside is said in words", () => {
  assert.deepEqual(sharedLimits([0.5, 2], [-1, NaN, 1]), {low: -1, high: 2});
  assert.deepEqual(sharedLimits([3], [3, 5]), {low: 3, high: 5});
  assert.deepEqual(sharedLimits([NaN]), {low: 0, high: 0});
  assert.equal(mapText([0, 0]), "0 everywhere");
  assert.equal(mapText([-0.5, 2, 1]), "−0.500 to 2.00");
  assert.equal(mapText([0.25]), "0.250");
  const run = {top: [{index: 7, label: "cock", probability: 0.5}]};
  assert.equal(saidText({heat: {target: 7, probability: 0.5}, run}, "cock"), "“cock” 50.0 %");
  assert.equal(saidText({heat: {target: 8, probability: 0.25}, run}, "hen"), "“hen” 25.0 %; most probable “cock” 50.0 %");
});

test("a draw of the input's size enters the network as it is", () => {
  assert.deepEqual(framingOf({height: 224, width: 224}, [3, 224, 224]), {framing: "stretch"});
  assert.deepEqual(framingOf({height: 224, width: 256}, [3, 224, 224]), {});
  assert.deepEqual(framingOf(undefined, [3, 224, 224]), {});
});

test("a point of a curve says what the network sees instead of the class", () => {
  const sent = {net: "lenet5", position: 4, value: 36, probability: 0.25, top: {index: 8, label: "8"}, target: 3, target_label: "3"};
  const point = pointOf(sent);
  assert.deepEqual(point, {place: 4, value: 36, probability: 0.25, label: "8"});
  assert.equal(saidAt({title: "LeNet-5", label: "3"}, point), "LeNet-5: 25.0 %, says “8”");
  assert.equal(saidAt({title: "LeNet-5", label: "8"}, point), "LeNet-5: 25.0 %");
});

test("the change under one pixel is told for every pooling, the layer before it, and others evenly", () => {
  const layer = (name, kind) => ({name, kind});
  const names = (layers, most) => forgivingLayers(layers, most).map(({name}) => name);
  const lenet = [layer("input", "input"), layer("0", "convolution"), layer("1", "ReLU"), layer("2", "max pooling"), layer("3", "flatten"), layer("softmax", "softmax")];
  assert.deepEqual(names(lenet), ["0", "1", "2", "softmax"]);
  const convolutions = Array.from({length: 40}, (_, at) => layer(`c${at}`, "convolution"));
  const deep = [...convolutions, layer("pool", "adaptive average pooling"), layer("fc", "fully connected"), layer("softmax", "softmax")];
  assert.deepEqual(names(deep, 6), ["c0", "c13", "c27", "c39", "pool", "softmax"]);
  assert.equal(forgivingLayers(convolutions).length, 12);
});
