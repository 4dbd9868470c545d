import assert from "node:assert/strict";
import test from "node:test";
import {createPanelState} from "../../assets/js/panel_state.js";
import {mixingWords, pipelineWords, presetNamed} from "../../assets/js/training/augment_choice.js";
import {Condensed, Smoothed, acrossTicks, before, columns, epochTicks, extent, logTicks, lossRange, nearest, span, ticks, vertical} from "../../assets/js/training/curve_math.js";
import {dataFacts, missingWords} from "../../assets/js/training/data_choice.js";
import {emptyHistory, grow} from "../../assets/js/training/history.js";
import {tiling} from "../../assets/js/training/intro_view.js";
import {csvOf} from "../../assets/js/training/keep_bar.js";
import {leftBehind, noteLeaving} from "../../assets/js/training/left_behind.js";
import {families, placeOfNew} from "../../assets/js/training/network_editor.js";
import {setupOf} from "../../assets/js/training/setup.js";
import {Showing} from "../../assets/js/training/showing.js";
import {scaleOf} from "../../assets/js/training/slider_field.js";
import {amount, formatStack, parseStack, shapeText, shortWords} from "../../assets/js/training/stack_text.js";
import {duration, expectedSeconds, figure, percent, placeWords, resultWords, roughly, setting, stepTime} from "../../assets/js/training/tr_says.js";
import * as words from "../../assets/js/training/tr_words.js";
import {INITIAL, formatWords, parseWords} from "../../assets/js/training/tr_words.js";
import {TrainingDesk} from "../../assets/js/training/training_desk.js";
import {timedBy, timedSeconds} from "../../assets/js/training/timing.js";
import {keyMeaning, mainAction, promise} from "../../assets/js/training/transport.js";
import {FakeServer, MENU} from "./training_server.mjs";

const nowhere = {location: {search: "", pathname: "/", hash: ""}};

function deskOf(options = {}, search = "", workspace = null) {
  const server = new FakeServer(options);
  const state = createPanelState(words, {search, page: nowhere});
  const said = [];
  const heard = [];
  const desk = new TrainingDesk({workspace, state, say: (sentences) => said.push(...sentences), server});
  desk.onChange((keys) => heard.push(...keys));
  return {desk, state, server, said, heard, names: () => server.calls.map(([name]) => name)};
}

const until = async (condition) => {
  for (let tries = 0; tries < 500; tries += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  assert.fail(`never came true: ${condition}`);
};

test("the panel's words survive the way to the address and back; secrets stay out of it", () => {
  const state = {...INITIAL, stack: "conv(6,5,padding=2);relu;flatten;linear(classes)", recipe: {epochs: 4, rate: 0.0005, optimiser: "sgd", augment: "hflip;rotate(degrees=15)", shuffled: true}, seed: 7, view: "step", layer: "0", example: 12};
  const search = formatWords(state, "?panel=training&net=lenet5");
  assert.deepEqual(parseWords(search), state);
  assert.match(search, /^\?panel=training&net=lenet5&/);
  assert.equal(formatWords(INITIAL, "?panel=training"), "?panel=training");
  const secret = "0123456789abcdef0123456789abcdef";
  assert.equal(formatWords({...INITIAL, data: secret}, ""), "");
  assert.equal(parseWords(`?tr-data=${secret}`).data, "digits");
  assert.deepEqual(parseWords("?tr-epochs=x&tr-rate=1e999&tr-seed=99999999999&tr-view=none&tr-optimiser=A%20b").recipe, {});
});

test("a history grows without repeating a step and notices a gap", () => {
  const history = emptyHistory();
  const frame = (...steps) => ({arrays: {steps, losses: steps, accuracies: steps, rates: steps}});
  assert.equal(grow(history, frame(1, 2, 3)), true);
  assert.equal(grow(history, frame(2, 3, 4)), true);
  assert.deepEqual(history.steps, [1, 2, 3, 4]);
  assert.equal(grow(history, frame(6)), false);
  assert.deepEqual(history.losses, [1, 2, 3, 4]);
});

test("start opens what is set up and trains it to the end; a new start begins anew", async () => {
  const {desk, server, names, heard} = deskOf();
  await desk.active(true);
  assert.equal(desk.setup.title, "LeNet-5");
  assert.equal(desk.setup.recipe.epochs, 10);
  await desk.start();
  assert.equal(desk.status, "ended");
  assert.deepEqual(desk.history.steps, Array.from({length: 15}, (_, at) => at + 1));
  assert.deepEqual(desk.history.moments.map(({moment}) => moment), [0, 1, 2, 3]);
  assert.deepEqual(desk.history.validation.map(({step}) => step), [0, 5, 10, 15]);
  assert.deepEqual(desk.labels, Uint8Array.of(1, 2, 3));
  assert.equal(desk.shown, desk.live);
  for (const key of ["menu", "setup", "status", "opened", "frame", "shown", "moment"]) assert.ok(heard.includes(key), key);
  const first = desk.handle;
  await desk.start();
  assert.notEqual(desk.handle, first);
  assert.equal(desk.history.steps.length, 15);
  assert.equal(names().filter((name) => name === "open").length, 2);
  assert.deepEqual(server.calls.find(([name]) => name === "open")[1].network, "lenet5");
});

test("pause stops, one step is one step, resume goes on with the next", async () => {
  let open = null;
  const {desk, server} = deskOf({gate: (step) => (step === 4 ? new Promise((resolve) => (open = resolve)) : null)});
  await desk.active(true);
  const running = desk.start();
  await until(() => open);
  assert.equal(desk.status, "running");
  desk.pause();
  assert.equal(desk.status, "paused");
  open();
  await running;
  assert.equal(desk.history.steps.length, 4);
  server.gate = () => null;
  await desk.stepOnce();
  assert.deepEqual([desk.status, desk.history.steps.length], ["paused", 5]);
  await desk.resume();
  assert.deepEqual([desk.status, desk.history.steps.length], ["ended", 15]);
  assert.equal(server.calls.filter(([name]) => name === "open").length, 1);
});

test("stop ends with a sentence and keeps the network; a changed setup starts anew", async () => {
  const {desk, server} = deskOf();
  await desk.active(true);
  await desk.stepOnce();
  assert.equal(desk.stale, false);
  desk.stop();
  assert.equal(desk.status, "ended");
  assert.match(desk.why, /Stopped at step 1 of 15/);
  await desk.stepOnce();
  assert.equal(desk.history.steps.length, 1);
  desk.choose({recipe: {epochs: 4}});
  assert.equal(desk.stale, true);
  desk.choose({recipe: {epochs: 10}});
  assert.equal(desk.stale, false); // the usual value is no change
  desk.choose({recipe: {rate: 0.1}});
  await desk.start();
  assert.equal(server.calls.filter(([name]) => name === "open").at(-1)[1].rate, 0.1);
});

test("moments are kept: scrubbing asks nothing twice, and back at the end the live display is shown", async () => {
  const {desk, server, state} = deskOf();
  await desk.active(true);
  await desk.start();
  const asked = () => server.calls.filter(([name]) => name === "moment").length;
  const before = asked();
  for (const moment of [1, 2, 3, 1, 2]) {
    desk.chooseMoment(moment);
    assert.equal(desk.shown.arrays.filters[0], moment);
  }
  assert.equal(asked(), before); // they came with the run
  desk.chooseMoment(0);
  await until(() => desk.shown.arrays.filters[0] === 0);
  state.set({layer: "3"});
  await until(() => desk.shown.arrays.layer === "3");
  desk.chooseMoment(1);
  await until(() => desk.shown.arrays.filters[0] === 1);
  const now = asked();
  desk.chooseMoment(0);
  desk.chooseMoment(1);
  assert.equal(asked(), now);
  state.set({layer: null});
  desk.chooseMoment(null);
  assert.equal(desk.moment, null);
  assert.equal(desk.shown, desk.live);
});

/** A training that waits before its fifth step, and a server that takes two steps more before it stands still. */
async function tardy() {
  let [open, still] = [null, null];
  const made = deskOf({gate: (step) => (step === 4 ? new Promise((resolve) => (open = resolve)) : null)});
  const {desk, server} = made;
  const {pause} = server;
  server.pause = async function slowly(handle) {
    await new Promise((resolve) => (still = resolve));
    this.step += 2;
    return pause.call(this, handle);
  };
  const started = desk.start();
  await until(() => open);
  return {...made, started, open: () => open(), stand: () => still()};
}

test("a pause is settled once the server stands still, with the steps it took meanwhile; a resume waits for it", async () => {
  const {desk, server, heard, started, open, stand} = await tardy();
  desk.pause();
  assert.deepEqual([desk.status, Boolean(desk.settling)], ["paused", true]);
  open();
  await started;
  const resumed = desk.resume();
  assert.equal(desk.status, "running");
  const runs = () => server.calls.filter(([name]) => name === "run").length;
  assert.equal(runs(), 1);
  server.gate = () => null;
  stand();
  await until(() => heard.includes("settled"));
  assert.deepEqual([desk.settling, desk.history.steps.length >= 6], [null, true]);
  await resumed;
  assert.deepEqual([runs(), desk.status], [2, "ended"]);
});

test("a stop tells the step at which it came to stand still, and stays a stop", async () => {
  const {desk, heard, started, open, stand} = await tardy();
  desk.stop();
  assert.deepEqual([desk.status, desk.why], ["ended", "Stopped at step 4 of 15; the network stays as it is."]);
  open();
  await started;
  stand();
  await until(() => heard.includes("settled"));
  assert.deepEqual([desk.status, desk.ended, desk.failed, desk.why], ["ended", true, false, "Stopped at step 6 of 15; the network stays as it is."]);
});

test("paused between two moments, another layer or picture is shown as the network is now", async () => {
  let open = null;
  const gate = (step) => (step === 7 ? new Promise((resolve) => (open = resolve)) : null);
  const {desk, server, state} = deskOf({gate});
  const started = desk.start();
  await until(() => open);
  desk.pause();
  open();
  await started;
  await until(() => server.calls.some(([name, , question]) => name === "moment" && question.moment === null)); // once it stands still
  const asked = () => server.calls.filter(([name]) => name === "moment").map(([, , {moment, layer, example}]) => [moment, layer, example]);
  assert.deepEqual(asked().at(-1), [null, "0", 0]);
  state.set({layer: "3"});
  await until(() => desk.shown.arrays.layer === "3");
  assert.deepEqual(asked().at(-1), [null, "3", 0]);
  state.set({example: 2});
  await until(() => desk.shown.arrays.maps[0] === 2);
  assert.deepEqual(asked().at(-1), [null, "3", 2]);
  const count = asked().length;
  state.set({example: 0});
  await until(() => desk.shown.arrays.maps[0] === 0);
  assert.equal(asked().length, count); // nothing has changed since
  desk.chooseMoment(1);
  await until(() => desk.shown.header.moment === 1);
  assert.deepEqual(asked().at(-1), [1, "3", 0]);
});

test("the workspace's picture is looked at, and followed", async () => {
  let told = null;
  const shared = {picture: "sample:seven", framing: "crop"};
  const workspace = {get: () => shared, subscribe: (listener) => ((told = listener), () => {})};
  const {desk, server} = deskOf({}, "", workspace);
  await desk.start();
  const last = () => server.calls.findLast(([name]) => name === "moment")[2];
  desk.look({own: true});
  await until(() => last().picture === "sample:seven");
  assert.deepEqual(last(), {moment: 3, layer: "0", example: 0, picture: "sample:seven", framing: "crop"});
  shared.framing = "fit";
  told(shared, ["framing"]);
  await until(() => last().framing === "fit");
  const count = server.calls.length;
  desk.look({own: false});
  told(shared, ["framing"]);
  assert.equal(server.calls.length, count);
  assert.equal(desk.shown, desk.live);
});

test("an epoch's end that brings no maps is no moment to go back to; what was there stays", () => {
  const look = {layer: "0", example: 0};
  const showing = new Showing({server: {moment: async () => ({})}, handle: "h", look: () => look, tell: () => {}});
  const whole = {filters: [1], maps: [1], predicted: [1], features: [1]};
  showing.arrived({header: {step: 5, moment: 1}, arrays: whole});
  showing.arrived({header: {step: 10, moment: 2}, arrays: {filters: [2], predicted: [2]}});
  assert.deepEqual([showing.live.arrays.filters, showing.live.arrays.maps], [[2], [1]]);
  assert.ok(showing.displays.get({moment: 1, ...look}));
  assert.equal(showing.displays.get({moment: 2, ...look}), null);
});

test("the learning rate follows the optimiser, unless it was chosen", () => {
  const rate = (recipe, patch = {}) => setupOf({...INITIAL, recipe, ...patch}, MENU).recipe.rate;
  assert.equal(rate({}), 0.003);
  assert.equal(rate({optimiser: "sgd"}), 0.15);
  assert.equal(rate({optimiser: "sgd"}, {data: "0".repeat(32)}), 0.1); // a visitor's own pictures
  assert.equal(rate({optimiser: "sgd"}, {network: "mlp"}), 0.1);
  assert.equal(rate({optimiser: "sgd", rate: 0.02}), 0.02);
  assert.equal(rate({optimiser: "unheard"}), 0.003);
});

test("another layer while training runs on with that layer", async () => {
  let open = null;
  const {desk, server, state} = deskOf({gate: (step) => (step === 2 && !open ? new Promise((resolve) => (open = resolve)) : null)});
  await desk.active(true);
  const running = desk.start();
  await until(() => open);
  state.set({layer: "3", example: 2});
  open();
  await running;
  assert.equal(desk.history.steps.length, 15);
  assert.deepEqual(server.calls.filter(([name]) => name === "run").map(([, , {layer, example}]) => [layer, example]), [["0", 0], ["3", 2]]);
});

test("at a slow pace steps are asked for one at a time", async () => {
  const {desk, server} = deskOf({epochs: 1});
  await desk.active(true);
  desk.setSpeed(1000);
  await desk.start();
  assert.equal(desk.status, "ended");
  assert.equal(server.calls.filter(([name]) => name === "run").length, 1); // 100 at once, and there are 5
  desk.setSpeed(100);
  await desk.start();
  assert.equal(server.calls.filter(([name]) => name === "run").length, 2);
  desk.setSpeed(10);
  const began = performance.now();
  await desk.start();
  assert.equal(server.calls.filter(([name]) => name === "run").length, 7);
  assert.ok(performance.now() - began > 390); // the last step needs no rest behind it
});

test("what goes wrong is said: a training that is gone, a server out of reach", async () => {
  const {desk, server} = deskOf();
  await desk.active(true);
  await desk.stepOnce();
  server.refuse = Object.assign(new Error("The server cannot be reached."), {status: 0});
  await desk.start();
  assert.deepEqual([desk.status, desk.error], ["paused", "The server cannot be reached."]);
  server.refuse = Object.assign(new Error("gone"), {status: 410});
  await desk.start();
  assert.equal(desk.status, "failed");
  assert.match(desk.error, /no longer on the server/);
  assert.equal(desk.handle, null);
  await desk.start();
  assert.deepEqual([desk.status, desk.error], ["ended", null]);
});

test("steps the page has not heard of are fetched", async () => {
  const {desk, server} = deskOf();
  await desk.active(true);
  await desk.stepOnce();
  server.step = 3; // done behind the page's back
  await desk.stepOnce();
  await until(() => desk.history.steps.length === 4);
  assert.deepEqual(desk.history.steps, [1, 2, 3, 4]);
});

test("pictures are fetched once each, in the order asked for", async () => {
  const {desk, server} = deskOf();
  await desk.active(true);
  await desk.stepOnce();
  const {height, width, channels, pixels} = await desk.pictures([2, 1]);
  assert.deepEqual([height, width, channels, [...pixels]], [1, 2, 1, [2, 102, 1, 101]]);
  assert.deepEqual([...(await desk.pictures([1, 0, 2])).pixels], [1, 101, 0, 100, 2, 102]);
  assert.deepEqual(server.calls.filter(([name]) => name === "pictures").map(([, , indices]) => indices), [[2, 1], [0]]);
});

test("what a link asks for in vain is said, the usual used", async () => {
  const {desk, said, state} = deskOf({}, "?tr-net=vgg99&tr-epochs=500&tr-schedule=magic&tr-rate=0.01");
  await desk.active(true);
  assert.equal(said.length, 3);
  assert.match(said[0], /no network “vgg99”; LeNet-5 is used instead/);
  assert.match(said[1], /Epochs is 500 in the link; it goes from 1 to 60/);
  assert.deepEqual(state.get().recipe, {rate: 0.01});
  assert.equal(desk.setup.recipe.epochs, MENU.defaults.lenet5.digits.epochs);
});

test("a stack's text and its pieces are the same thing; what cannot be read is nobody's guess", () => {
  const text = "conv(6,5,padding=2);relu;maxpool(3);flatten;linear(classes)";
  const pieces = parseStack(text, MENU);
  assert.deepEqual(pieces[0], {kind: "conv", settings: {channels: 6, kernel: 5, stride: 1, padding: 2, bias: 1}});
  assert.equal(formatStack(pieces, MENU), text);
  assert.equal(formatStack(parseStack("conv(channels=6, bias=no, kernel=5)\n2*relu", MENU), MENU), "conv(6,5,bias=no);relu;relu");
  assert.equal(parseStack("conv(6,5);magic", MENU), null);
  assert.equal(parseStack("conv(6,5", MENU), null);
  assert.deepEqual(pieces.map(shortWords), ["5 × 5", "", "3 × 3", "", ""]);
  assert.equal(shortWords({kind: "conv", settings: {kernel: 3, stride: 2}}), "3 × 3, stride 2");
  assert.equal(shortWords({kind: "maxpool", settings: {kernel: 3, stride: 0}}), "3 × 3");
});

test("a new layer goes where it can work: maps before the flatten, rows of values before the answer", () => {
  const pieces = parseStack("conv(6,5);flatten;linear(20);linear(classes)", MENU);
  const [conv, linear] = [{family: "Convolutions"}, {family: "Fully connected"}];
  assert.equal(placeOfNew(conv, pieces, null), 1);
  assert.equal(placeOfNew(linear, pieces, null), 3);
  assert.equal(placeOfNew(linear, pieces, 0), 1);
  assert.equal(placeOfNew(conv, [], null), 0);
  assert.deepEqual(families(MENU.kinds).map(({family, kinds}) => [family, kinds.length]), [["Convolutions", 1], ["Layers", 2], ["Fully connected", 2]]);
});

test("sliders by factors reach both ends, and nothing at all where that is a choice", () => {
  const rate = scaleOf({low: 1e-6, high: 1000, step: 0, log: true});
  assert.equal(rate.valueAt(rate.from), 1e-6);
  assert.equal(rate.valueAt(rate.to), 1000);
  for (const value of [1e-6, 0.0045, 0.1, 1000]) assert.ok(Math.abs(rate.valueAt(rate.notchOf(value)) / value - 1) < 0.06, String(value));
  const decay = scaleOf({low: 1e-5, high: 1, step: 0, log: true, zero: true});
  assert.equal(decay.valueAt(decay.notchOf(0)), 0);
  assert.equal(decay.valueAt(decay.notchOf(0.01)), 0.01);
  const epochs = scaleOf({low: 1, high: 200, step: 1, log: true});
  assert.ok(Array.from({length: epochs.to + 1}, (_, notch) => epochs.valueAt(notch)).every((value) => Number.isInteger(value) && value >= 1 && value <= 200));
  const batch = scaleOf({values: [16, 32, 64]});
  assert.equal(batch.valueAt(batch.notchOf(40)), 32);
});

test("smoothing forgets, is not pulled towards 0 at its start, and passes over what is no number", () => {
  const smooth = new Smoothed(0.5);
  assert.deepEqual(smooth.extend([4]), [4]);
  assert.deepEqual(smooth.extend([4, 1]), [4, 2]); // (0.25 * 4 + 0.5 * 1) / 0.75
  assert.deepEqual(smooth.extend([4, 1, NaN]), [4, 2, 2]);
  assert.deepEqual(new Smoothed(0.9).extend([NaN, 3]), [NaN, 3]);
});

test("axes have round numbers; powers of ten never crowd", () => {
  assert.deepEqual(ticks(0, 2.4, 4), [0, 1, 2]);
  assert.deepEqual(ticks(0, 0.0042, 2), [0, 0.0025]);
  assert.deepEqual(logTicks(0.02, 3), [0.1, 1]);
  assert.deepEqual(logTicks(0.3, 4), [0.5, 1, 2]);
  assert.ok(logTicks(1e-3, 1e9).length <= 6);
  assert.deepEqual(epochTicks(15, 6), [0, 5, 10, 15]);
  assert.deepEqual(lossRange([0.01, 2], false), [0, 2.08]);
  assert.deepEqual(lossRange([0.01, 2], true), [0.008, 2.4]);
  assert.deepEqual(lossRange(null, false), [0, 2.5]);
  assert.deepEqual(extent([NaN, 3], [1]), [1, 3]);
  assert.equal(extent([NaN]), null);
  const down = vertical([0, 10], false, 0, 100);
  assert.deepEqual([down(0), down(5), down(10), down(99)], [100, 50, 0, 0]);
  assert.equal(vertical([0.01, 1], true, 0, 100)(0.1), 50);
});

test("the axis of steps shows a beginning large and the rest whole, in epochs or in steps", () => {
  assert.deepEqual([0, 10, 11, 76, 77, 615].map((done) => span(done, 640)), [10, 10, 80, 80, 80, 640]);
  assert.equal(span(0, 20), 20);
  assert.deepEqual(acrossTicks(615, 41, 6), {unit: "epoch", places: [0, 5, 10, 15].map((epoch) => ({step: 41 * epoch, text: String(epoch)}))});
  assert.deepEqual(acrossTicks(10, 41, 5).places.map(({text}) => text), ["0", "2", "4", "6", "8", "10"]);
});

test("thousands of steps become columns of pixels that keep their extremes", () => {
  const values = Array.from({length: 20000}, (_, at) => (at === 7776 ? 50 : at % 2));
  const spans = new Condensed(256);
  for (let end = 0; end <= values.length; end += 777) spans.extend(values.slice(0, end));
  spans.extend(values);
  assert.ok(spans.lasts.length <= 256);
  assert.equal(spans.stride, 128);
  const found = columns(spans, (step) => step / 40);
  assert.equal(Math.max(...found.map(({high}) => high)), 50);
  assert.ok(Math.abs(found.find(({high}) => high === 50).x - 7777 / 40) <= 128 / 40 + 1);
  assert.deepEqual(found.at(-1), {x: 500, low: 0, high: 1, last: 1});
  assert.deepEqual(columns(new Condensed().extend([1, NaN, 2]), (step) => 10 * step), [{x: 10, low: 1, high: 1, last: 1}, {x: 30, low: 2, high: 2, last: 2}]);
  assert.deepEqual([nearest([1, 5, 9], 6), nearest([1, 5, 9], 100), nearest([], 3)], [1, 2, -1]);
  assert.equal(before([{step: 0}, {step: 5}, {step: 10}], 9).step, 5);
  assert.equal(before([{step: 5}], 4), null);
});

test("numbers and times read as one says them", () => {
  assert.deepEqual([0.3, 4.4, 59.4, 80, 119, 700].map(duration), ["under 1 s", "4 s", "59 s", "1 min 20 s", "2 min", "12 min"]);
  assert.deepEqual([0.0421, 2.3, 1.6e-8, 123.4, NaN].map(figure), ["0.0421", "2.30", "1.6e−8", "123", "–"]);
  assert.deepEqual([0.004, 2.5, 1e-5, 0, 900].map(setting), ["0.004", "2.5", "1e−5", "0", "900"]);
  assert.equal(percent(0.9861), "98.6 %");
  assert.deepEqual([3, 20, 49, 70, 600].map(roughly), ["in a few seconds", "in about 20 s: under a minute", "in about 50 s: under a minute", "in about a minute", "in about 10 minutes"]);
  assert.equal(placeWords({epochs: 15, step: 41, steps: 615, steps_per_epoch: 41}), "Epoch 1 of 15 · step 41 of 615");
  assert.equal(placeWords({epochs: 15, step: 42, steps: 615, steps_per_epoch: 41}), "Epoch 2 of 15 · step 42 of 615");
  assert.equal(resultWords({validation: [{epoch: 2, step: 82, accuracy: 0.965}]}), "Validation, epoch 2: 96.5 % right");
  assert.equal(resultWords({validation: [{epoch: 0, step: 0, accuracy: 0.1}]}), "");
  assert.deepEqual([850, 61706, 416520, 9300000, 23000000].map(amount), ["850", "61,706", "417 k", "9.3 M", "23 M"]);
  assert.deepEqual([shapeText([6, 28, 28]), shapeText([400]), shapeText(null)], ["6 × 28 × 28", "400 values", ""]);
  assert.equal(dataFacts({count: 1797, side: 28, classes: 10, channels: 1}), "1,797 pictures · 28 × 28 · 10 classes");
  assert.ok(expectedSeconds({macs: 416520, parameters: 61706, pictures: 1294, epochs: 15, batch: 32}) < 20);
  assert.deepEqual([0.0042, 0.0351, 1.24].map(stepTime), ["4.2 ms", "35 ms", "1.2 s"]);
  assert.deepEqual(tiling(103, 20), {columns: 4, size: 23});
});

test("what the main button does follows from where the training is", () => {
  const of = (status, more = {}) => mainAction({status, handle: "a", stale: false, ended: false, ...more});
  assert.equal(of("idle", {handle: null}).title, "Start");
  assert.equal(of("running").title, "Pause");
  assert.equal(of("paused").title, "Resume");
  assert.equal(of("paused", {stale: true}).does, "restart");
  assert.equal(of("ended", {ended: true}).title, "Start again");
});

test("keys act unless something is being typed or chosen", () => {
  const inside = (matching) => ({closest: (selector) => (selector.split(", ").includes(matching) ? {} : null)});
  const meaning = (key, target = inside("nothing"), more = {}) => keyMeaning({key, target, ...more});
  assert.deepEqual([" ", "p", "n", "x", "q"].map((key) => meaning(key)), ["toggle", "toggle", "step", "stop", null]);
  assert.equal(meaning("p", inside("input")), null);
  assert.equal(meaning(" ", inside("button")), null); // presses the button instead
  assert.equal(meaning("n", inside("button")), "step");
  assert.equal(meaning("p", undefined, {ctrlKey: true}), null);
});

test("the curves as lines for a spreadsheet", () => {
  const history = {steps: [1, 2], losses: [2, 1], accuracies: [0.5, 1], rates: [0.1, 0.1], validation: [{step: 0, loss: 3, accuracy: 0}, {step: 2, loss: 1.5, accuracy: 0.75}]};
  assert.equal(csvOf(history), "step,loss,accuracy,learning_rate,validation_loss,validation_accuracy\n1,2,0.5,0.1,,\n2,1,1,0.1,1.5,0.75\n");
});

test("a pipeline that mixes pictures says what becomes of labels", () => {
  for (const text of ["mixup", "hflip;cutmix(p=0.5)", "hflip; mixup(alpha=0.2)"]) assert.match(mixingWords(text), /largest share/);
  for (const text of ["hflip", "hflip;-mixup", "", null]) assert.equal(mixingWords(text), "");
});

test("a pipeline is told by its steps' titles and known as the preset that it is", () => {
  const step = (id, title) => ({id, title, chance: 0.5, parameters: []});
  const menu = {transforms: [step("hflip", "Horizontal flip"), step("grey", "Greyscale")], presets: [{name: "mirror", title: "Mirror", pipeline: "hflip"}]};
  assert.equal(pipelineWords("hflip;-grey", menu), "Horizontal flip");
  assert.equal(pipelineWords("magic(3)", menu), "magic(3)");
  assert.equal(presetNamed("hflip(p=0.5)", menu).name, "mirror");
  assert.equal(presetNamed("grey", menu), null);
});

test("a start waits for pictures that are chosen and not there, and says so", async () => {
  const {desk, heard} = deskOf();
  await desk.active(true);
  const missing = missingWords("own zip or folder", undefined);
  assert.match(missing, /none are here yet: give a zip or a folder/);
  assert.match(missingWords("mnist", {title: "MNIST"}), /^MNIST is not on this machine yet: download it/);
  assert.equal(missingWords(null, {title: "Digits"}), null);
  heard.length = 0;
  desk.clerk.wait(missing);
  assert.deepEqual([desk.misfit, heard], [missing, ["rows"]]);
  desk.clerk.wait(null);
  assert.equal(desk.misfit, null);
});

test("a refusal of the pictures is told apart from one of the network", async () => {
  const {desk, server, state} = deskOf();
  await desk.active(true);
  const refused = async (error, stack) => {
    server.refuse = error;
    state.set({stack});
    await until(() => desk.clerk.error === error.message);
    return desk.clerk.ofData;
  };
  assert.equal(await refused(Object.assign(new Error("1 picture has no labels."), {status: 400, body: {of_pictures: true}}), "flatten"), true);
  assert.equal(await refused(Object.assign(new Error("no layer wizard"), {status: 400, body: {}}), "wizard"), false);
  assert.equal(await refused(Object.assign(new Error("the pictures are gone"), {status: 410}), "relu"), true);
});

test("what a start will do is told by the server's counts, and how long it takes by steps it timed", async () => {
  const {desk, state, server} = deskOf();
  await desk.active(true);
  await until(() => desk.totals?.parameters);
  assert.match(promise(desk), /^1,294 pictures, 10 times each: 410 steps, done in a few seconds \(a guess\)\.$/);
  await until(() => desk.clerk.timing.known);
  // 10 · (41 · 0.05 + 100 · 0.001) = 21.5 s
  assert.match(promise(desk), /410 steps, done in about 30 s: under a minute \(a step takes 50 ms\)\.$/);
  const timed = () => server.calls.filter(([name]) => name === "time").length;
  state.set({recipe: {epochs: 5}, seed: 3}); // the same steps
  await until(() => desk.setup.recipe.epochs === 5);
  assert.ok(desk.clerk.timing.known);
  state.set({recipe: {epochs: 5, batch: 64}});
  await until(() => desk.clerk.timing.known === null);
  await until(() => desk.clerk.timing.known);
  assert.equal(timed(), 2);
  assert.match(promise({...bare(desk), clerk: {timing: {known: null}}}), /^10 epochs, every picture once in each/);
});

const bare = ({setup, totals}) => ({setup: {...setup, recipe: {...setup.recipe, epochs: 10}}, totals, menu: {data: []}});

test("others who train at the same time take their share of what was timed", () => {
  const timing = {step_s: 0.5, picture_s: 0.01, validated: 50, others: 1};
  assert.equal(timedSeconds(timing, {pictures: 100, epochs: 3, batch: 32}), 2 * 3 * (4 * 0.5 + 0.5));
  const question = {network: "lenet5", batch: 32, rate: 0.1, epochs: 3, seed: 1, augment: null};
  assert.equal(timedBy(question), timedBy({...question, rate: 1, epochs: 9, seed: 2}));
  assert.notEqual(timedBy(question), timedBy({...question, augment: "hflip"}));
});

test("a training that broke down is no trained network; a stopped one is", async () => {
  const {desk} = deskOf();
  await desk.active(true);
  await desk.stepOnce();
  desk.stop();
  assert.equal(desk.failed, false);
  desk.info = {...desk.info, why: "The loss is not a number any more at step 2."};
  assert.equal(desk.failed, true);
});

test("the next page says once that a training ended with the page before", () => {
  const kept = new Map();
  const storage = {getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key)};
  noteLeaving({handle: "a", ended: true, status: "ended"}, storage);
  noteLeaving({handle: null, ended: false, status: "idle"}, storage);
  assert.equal(leftBehind(storage), "");
  noteLeaving({handle: "a", ended: false, status: "running"}, storage);
  assert.match(leftBehind(storage), /ended when its page was reloaded/);
  assert.equal(leftBehind(storage), "");
  assert.equal(leftBehind(null), "");
});
