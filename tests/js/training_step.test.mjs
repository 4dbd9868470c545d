import assert from "node:assert/strict";
import test from "node:test";
import {normsOf, powersOfTen} from "../../assets/js/training/step/backward_part.js";
import {lossLayout, oneHot, targets} from "../../assets/js/training/step/loss_digits.js";
import {rowsShown} from "../../assets/js/training/step/loss_part.js";
import {logitLayout, originSum} from "../../assets/js/training/step/origin_part.js";
import {formatChoice, labelOf, labelWords, middle, ownersOf, parseChoice, repairedChoice, vanishing} from "../../assets/js/training/step/step_words.js";
import {flatIndex, inTiles, indexAt, placeOf, tilesOf} from "../../assets/js/training/step/tensor_picture.js";
import {inUnit, unitOf, unitText} from "../../assets/js/training/step/units.js";
import {beside} from "../../assets/js/training/step/step_view.js";
import {updateLines} from "../../assets/js/training/step/update_digits.js";
import {verdictText} from "../../assets/js/training/step/update_part.js";
import {positionSum} from "../../assets/js/training/step/weight_part.js";
import {sumLayout} from "../../assets/js/trace_digits.js";

// A reader of its own: digits on screen as fractions of 10^60, nothing shared with the code under test.
const UNIT = 10n ** 60n;
function read(text) {
  assert.match(text, /^−?\d+(\.\d+)?$/, text);
  const [whole, fraction = ""] = text.replace("−", "").split(".");
  assert.ok(fraction.length <= 60);
  const size = BigInt(whole) * UNIT + BigInt(fraction.padEnd(60, "0"));
  return text.startsWith("−") ? -size : size;
}
const placesOf = (text) => text.split(".")[1]?.length ?? 0;
const times = (...values) => values.reduce((product, value) => (product * value) / UNIT);

/** Half away from zero to the places of `text`: what a reader with a pocket calculator writes down. */
function agrees(exact, text, slack = 0n) {
  const step = 10n ** BigInt(60 - placesOf(text));
  const gap = exact - read(text);
  const size = gap < 0n ? -gap : gap;
  return 2n * size <= step + slack;
}

function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const float = (value) => Number(Math.fround(value).toPrecision(9)); // as the server sends it
const pick = (random, values) => values[Math.floor(random() * values.length)];

/** A weight in training: sizes over ten decades, the buffers that PyTorch would keep. */
function randomUpdate(random, name) {
  const size = 10 ** (8 * random() - 9);
  const signed = (scale) => float((2 * random() - 1) * scale);
  const update = {name, rate: 10 ** (4 * random() - 5), weight_decay: pick(random, [0, 0.01, 0.05]), old: signed(pick(random, [0.01, 0.3, 4])), gradient: signed(size), before: {}, after: {}};
  const decayed = name === "adamw" ? update.gradient : update.gradient + update.weight_decay * update.old;
  if (name === "sgd" || name === "momentum") {
    update.momentum = name === "sgd" ? 0 : pick(random, [0.9, 0.85 + 0.1 * random()]);
    let buffer = decayed;
    if (update.momentum && random() < 0.8) {
      update.before.buffer = signed(size);
      buffer = update.momentum * update.before.buffer + decayed;
    }
    if (update.momentum) update.after.buffer = float(buffer);
    update.new = float(update.old - update.rate * buffer);
    return update;
  }
  const step = 1 + Math.floor(random() * 400);
  Object.assign(update, {betas: [pick(random, [0.9, 0.85 + 0.1 * random()]), 0.999], eps: 1e-8});
  const [first, second] = update.betas;
  update.before = step === 1 ? {} : {mean: signed(size), square: float(random() * size * size), step: step - 1};
  const mean = first * (update.before.mean ?? 0) + (1 - first) * decayed;
  const square = second * (update.before.square ?? 0) + (1 - second) * decayed ** 2;
  update.after = {mean: float(mean), square: float(square), step};
  const moved = (update.rate * mean / (1 - first ** step)) / (Math.sqrt(square / (1 - second ** step)) + update.eps);
  const decay = name === "adamw" ? update.rate * update.weight_decay * update.old : 0;
  update.new = float(update.old - decay - moved);
  return update;
}

/** `0.9 · (−1.2) + 0.1 · 3` and the like, worked out exactly from the text. */
function evaluate(text) {
  const tokens = text.match(/\d+(?:\.\d+)?|[()·+−/²^]/g) ?? [];
  let at = 0;
  const atom = () => {
    const token = tokens[at];
    at += 1;
    let value;
    if (token === "(") {
      value = expression();
      assert.equal(tokens[at], ")");
      at += 1;
    } else value = token === "−" ? -atom() : read(token);
    if (tokens[at] === "²") {
      at += 1;
      value = times(value, value);
    }
    if (tokens[at] === "^") {
      const power = Number(tokens[at + 1]);
      at += 2;
      value = Array.from({length: power}).reduce((product) => times(product, value), UNIT);
    }
    return value;
  };
  const product = () => {
    let value = atom();
    while (tokens[at] === "·" || tokens[at] === "/") {
      const sign = tokens[at];
      at += 1;
      value = sign === "·" ? times(value, atom()) : (value * UNIT) / atom();
    }
    return value;
  };
  const expression = () => {
    let value = product();
    while (tokens[at] === "+" || tokens[at] === "−") {
      const sign = tokens[at];
      at += 1;
      value += sign === "+" ? product() : -product();
    }
    return value;
  };
  const value = expression();
  assert.equal(at, tokens.length, text);
  return value;
}

test("a reader of its own reads sums, products, powers and quotients", () => {
  assert.equal(evaluate("0.9 · (−0.5) + 0.1 · 2"), read("−0.25"));
  assert.equal(evaluate("(−3)² / 4"), read("2.25"));
  assert.equal(evaluate("1 − 0.5^3"), read("0.875"));
});

for (const name of ["sgd", "momentum", "adam", "adamw"]) {
  test(`${name}: every line of thousands of random updates recomputes from its own digits`, () => {
    const random = generator(name.length);
    for (let round = 0; round < 1500; round += 1) {
      const update = randomUpdate(random, name);
      const {lines, old, new: after} = updateLines(update);
      assert.equal(Number(old.replace("−", "-")), update.old);
      assert.equal(Number(after.replace("−", "-")), update.new);
      for (const {key, numbers, result, unit} of lines) {
        if (key === "root") {
          const half = 10n ** BigInt(60 - placesOf(result)) / 2n;
          const [low, high] = [read(result) - half, read(result) + half];
          const inside = read(numbers.slice(1));
          assert.ok(times(low, low) <= inside + 1n && inside <= times(high, high) + 1n, `√: ${numbers} = ${result}`);
          continue;
        }
        if (key === "direction" && unit) continue; // mixes units; see below
        const moved = key === "step" && /×/.test(numbers) ? Number(numbers.match(/10⁻([⁰¹²³⁴-⁹]+)/)[1].replace(/./g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(digit))) : 0;
        const exact = evaluate(numbers.split(" ×")[0]) / 10n ** BigInt(moved);
        assert.ok(agrees(exact, result, key === "correction1" || key === "correction2" ? 10n ** 45n : 10n ** 8n), `${key}: ${numbers} = ${result}`);
      }
      const last = lines.at(-1);
      assert.equal(last.key, "new");
      assert.equal(last.float ?? last.result, after, "the last line ends in the network’s own value");
    }
  });
}

test("where float32 ends in other digits, the difference is small and told", () => {
  const random = generator(11);
  for (let round = 0; round < 800; round += 1) {
    const update = randomUpdate(random, "adamw");
    const last = updateLines(update).lines.at(-1);
    if (last.float === null) continue;
    const gap = Math.abs(Number(last.float.replace("−", "-")) - Number(last.result.replace("−", "-")));
    assert.ok(gap <= 1.5e-6 * (Math.abs(update.new) + Math.abs(update.old - update.new)), `${last.result} against ${last.float}`);
  }
});

test("weight decay inside the gradient is added in the gradient’s unit", () => {
  const update = {name: "sgd", rate: 0.1, weight_decay: 0.01, momentum: 0, old: 0.5, gradient: 0.002, before: {}, after: {}, new: float(0.5 - 0.1 * 0.007)};
  const [direction, step, last] = updateLines(update).lines;
  assert.deepEqual([direction.result, direction.unit, step.result, last.result], ["7", "× 10⁻³", "0.0007", "0.4993"]);
});

test("units are powers of a thousand and move digits only", () => {
  assert.deepEqual([1, 0.02, 0.005, 3e-4, 5e-5, 2e-7, 0].map((number) => unitOf([number])), [0, 3, 3, 6, 6, 9, 0]);
  assert.equal(unitText(6), "× 10⁻⁶");
  assert.equal(unitText(0), "");
  assert.equal(inUnit(1.23456789e-7, 6), 0.123456789);
  assert.equal(inUnit(null, 3), null);
});

/** A label of two classes in shares, as float32 has them. */
function mixedLabel(first, classes, random) {
  const kept = Math.fround(random());
  const label = oneHot(first, classes).map((share) => share * kept);
  label[(first + 1 + Math.floor((classes - 1) * random())) % classes] = Math.fround(1 - kept);
  return label;
}

test("a picture’s loss follows from the digits of its logits", () => {
  const random = generator(3);
  for (let round = 0; round < 500; round += 1) {
    const logits = Array.from({length: 10}, () => float(12 * (random() - 0.5)));
    const label = pick(random, [oneHot, mixedLabel])(Math.floor(10 * random()), 10, random);
    const smoothing = pick(random, [0, 0, 0.1]);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const loss = label.reduce((sum, share, index) => sum - ((1 - smoothing) * share + smoothing / 10) * (logits[index] - Math.log(total)), 0);
    const layout = lossLayout({logits, label, smoothing, loss: float(loss)});
    const added = layout.rows.reduce((sum, {power}) => sum + read(power.text), 0n);
    assert.equal(added, read(layout.total), "shown exponentials add up");
    for (const row of layout.rows) {
      assert.ok(Math.abs(Math.exp(Number(row.apart.text.replace("−", "-"))) - Number(row.power.text)) <= 0.5000001e-6);
      assert.ok(agrees((read(row.power.text) * UNIT) / read(layout.total), row.probability.text, 10n ** 10n));
      assert.equal(read(row.apart.text), read(row.logit) - read(layout.most));
    }
    assert.ok(Math.abs(Math.log(Number(layout.total)) - Number(layout.log.text.replace("−", "-"))) <= 0.5000001e-6);
    const own = layout.rows.reduce((sum, row) => sum + times(read(row.target.text), read(row.apart.text)), 0n);
    assert.ok(agrees(own, layout.expected.text, 10n ** 8n));
    for (const [index, row] of layout.rows.entries()) {
      assert.equal(Number(row.label.text), Number(label[index].toFixed(9)));
      assert.ok(agrees(times(read(String(1 - smoothing)), read(row.label.text)) + read(String(smoothing)) / 10n, row.target.text, 10n ** 8n));
    }
    assert.equal(read(layout.log.text) - read(layout.expected.text) + (layout.rounding ? read(layout.rounding) : 0n), read(layout.loss));
    assert.ok(Math.abs(Number((layout.rounding ?? "0").replace("−", "-"))) < 2e-4, "rounding stays small");
    assert.ok(Math.abs(Number(layout.loss.replace("−", "-")) - loss) < 1e-6);
  }
});

test("of many classes the label and the most probable are listed", () => {
  const logits = Array.from({length: 40}, (_, index) => index / 10);
  const {rows} = lossLayout({logits, label: oneHot(3, 40), loss: 5});
  assert.deepEqual(rowsShown(rows, [5, 3]), [5, 3, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30]);
  assert.deepEqual(rowsShown(rows, [3]), [3, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29]);
  assert.deepEqual(rowsShown(rows.slice(0, 4), [3]), [0, 1, 2, 3]);
});

test("a mixed picture’s label has shares, the largest first in words", () => {
  const header = {classes: ["cat", "dog", "owl"]};
  const plain = {header, arrays: {labels: Int32Array.of(2, 0)}};
  assert.deepEqual(labelOf(plain, 0), [0, 0, 1]);
  assert.equal(labelWords(labelOf(plain, 0), header.classes), "owl");
  const mixed = {header, arrays: {labels: Int32Array.of(2, 0), shares: Float32Array.of(0.25, 0, 0.75, 1, 0, 0)}};
  assert.deepEqual(labelOf(mixed, 0), [0.25, 0, 0.75]);
  assert.deepEqual(ownersOf(labelOf(mixed, 0)), [2, 0]);
  assert.equal(labelWords(labelOf(mixed, 0), header.classes), "owl (75 %) and cat (25 %)");
  assert.equal(labelWords(labelOf(mixed, 1), header.classes), "cat");
  assert.equal(labelWords([0.5, 0.2, 0.3], header.classes), "cat (50 %), owl (30 %) and dog (20 %)");
});

test("a mixed label’s loss by hand: shares 1/8, 2/8, 5/8 of the answer, 3/4 and 1/4 of the label", () => {
  // −(3/4 log 1/4 + 1/4 log 5/8) = 1.039721 + 0.117501 = 1.157222
  const {rows, loss, rounding} = lossLayout({logits: [0, Math.log(2), Math.log(5)], label: [0, 0.75, 0.25], loss: 1.157222});
  assert.deepEqual(rows.map(({label}) => label.text), ["0", "0.75", "0.25"]);
  assert.deepEqual(rows.map(({probability}) => probability.text), ["0.125000", "0.250000", "0.625000"]);
  assert.equal(loss, "1.157222");
  assert.ok(rounding === null || Math.abs(Number(rounding.replace("−", "-"))) <= 2e-6, rounding);
  const smoothed = targets([0, 0.75, 0.25], 0.3);
  assert.deepEqual(smoothed.map(({smoothed: {units, places}}) => Number(units) / 10 ** places), [0.1, 0.625, 0.275]);
});

test("a picture’s part of a gradient adds up, in whole and where positions are left out", () => {
  const random = generator(5);
  for (const side of [1, 3, 7, 8, 28]) {
    const table = () => Array.from({length: side}, () => Array.from({length: side}, () => float((random() - 0.5) * 1e-5)));
    const [upstream, inputs] = [table(), table().map((line) => line.map((value) => float(value * 1e5)))];
    if (side > 1) inputs[0][0] = null; // padding
    const part = upstream.flat().reduce((sum, value, index) => sum + value * (inputs.flat()[index] ?? 0), 0);
    const found = positionSum({upstream, inputs, parts: [0, float(part)], picture: 1}, 6);
    assert.equal(found.whole, side <= 7);
    const layout = sumLayout(found.answer);
    const parts = [...layout.groups.map(({sum}) => sum.text), layout.rest?.text, layout.rounding.text].filter(Boolean);
    assert.equal(parts.reduce((sum, text) => sum + read(text), 0n), read(layout.total.text));
    assert.ok(Math.abs(Number(layout.total.text.replace("−", "-")) * 1e-6 - part) <= 1e-3 * Math.abs(part) + 1e-12);
  }
});

test("a gradient’s terms and the logits’ own rule add up", () => {
  const terms = [{upstream: 2e-4, factor: 0.5}, {upstream: -1e-4, factor: 0.25}];
  const layout = sumLayout(originSum({terms, rest: {count: 3, sum: 1e-5}, value: 8.5e-5}, 6));
  assert.deepEqual([layout.rest.text, layout.total.text, layout.rounding.text].map((text) => text && Number(text)), [10, 85, null]);
  const logit = logitLayout({probability: 0.75, target: 1, pictures: 32, value: float(-0.25 / 32)});
  assert.deepEqual([logit.share, logit.target, logit.apart, logit.quotient.text, logit.rounding.text], ["0.75", "1", "−0.25", "−7.813", null]);
});

test("a choice survives the address and is repaired for another network", () => {
  const choice = {picture: 3, layer: "0", weight: {name: "0.weight", index: [1, 0, 2, 3]}};
  assert.equal(formatChoice(choice), "p=3;l=0;w=0.weight:1.0.2.3");
  assert.deepEqual(parseChoice(formatChoice(choice)), choice);
  assert.deepEqual(parseChoice("p=x;w=<b>:1"), {picture: 0, layer: null, weight: null});
  assert.equal(formatChoice({picture: 0, layer: null, weight: null}), null);
  const layers = [{name: "0", weights: [{name: "0.weight", shape: [2, 1, 3, 3]}]}, {name: "1", weights: []}, {name: "2", weights: [{name: "2.weight", shape: [4, 8]}]}];
  assert.deepEqual(repairedChoice(choice, {layers, pictures: 2}), {picture: 0, layer: "0", weight: {name: "0.weight", index: [0, 0, 1, 1]}});
  assert.deepEqual(repairedChoice({picture: 1, layer: "1", weight: null}, {layers, pictures: 2}).layer, "0");
  assert.deepEqual(repairedChoice({picture: 1, layer: "2", weight: null}, {layers, pictures: 2}).weight, {name: "2.weight", index: middle([4, 8])});
});

test("a cell of a picture of weights is the index it is drawn for", () => {
  for (const shape of [[6, 1, 5, 5], [16, 6, 5, 3], [4, 9, 1, 2], [10, 84], [7], [3, 4, 5]]) {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({length: count}, (_, index) => index);
    const {height, width, count: tiles} = tilesOf(shape);
    assert.equal(tiles * height * width, count);
    const painted = inTiles(shape, values);
    for (let at = 0; at < count; at += 1) {
      const place = {tile: Math.floor(at / (height * width)), row: Math.floor(at / width) % height, column: at % width};
      const index = indexAt(shape, place);
      assert.equal(painted[at], flatIndex(shape, index), `${shape}: ${index}`);
      assert.deepEqual(placeOf(shape, index), place);
    }
  }
});

test("lengths of gradients are drawn by powers of ten, and vanishing ones are named", () => {
  const layer = (name, gradient) => ({name, kind: "convolution", weights: [{norm: 3, gradient, change: 0.03}, {norm: 4, gradient: 0, change: 0.04}]});
  const rows = normsOf([layer("0", 1e-6), {name: "1", kind: "ReLU", weights: []}, layer("2", 0.1)]);
  assert.deepEqual(rows.map(({name, weight, ratio}) => [name, weight, ratio]), [["0", 5, 0.01], ["2", 5, 0.01]]);
  assert.match(vanishing(rows), /shrinks 100,000-fold .* hardly learn/);
  assert.match(vanishing(rows, "adamw"), /Adam divides the size out/);
  assert.match(vanishing(rows.toReversed()), /grows 100,000-fold/);
  assert.equal(vanishing(rows.slice(1)), null);
  const scale = powersOfTen([1e-6, 0.1]);
  assert.deepEqual([scale.low, scale.high, scale.share(0.1), scale.share(0)], [-6, -1, 1, 0]);
  assert.ok(scale.share(1e-6) < scale.share(1e-3));
});

test("a step says how it stands to the training", () => {
  assert.match(beside("12", true), /has not taken it yet/);
  assert.match(beside("m2", true), /from moment 2: the step that the training took from there/);
  assert.equal(beside("m2", false), "Worked out again from the weights of moment 2.");
});

test("a guess is answered with what happened", () => {
  assert.equal(verdictText(1, {old: 1, new: 2}, {old: "1", new: "2"}), "Right: it grows from 1 to 2.");
  assert.equal(verdictText(1, {old: 2, new: 1}, {old: "2", new: "1"}), "No: it shrinks from 2 to 1.");
  assert.equal(verdictText(null, {old: 2, new: 2}, {old: "2", new: "2"}), "It stays exactly as it was.");
});
