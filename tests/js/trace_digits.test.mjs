import assert from "node:assert/strict";
import test from "node:test";
import {additionLayout, averageLayout, isWritable, maximumLayout, multiplicationLayout, placesFor, sumLayout} from "../../assets/js/trace_digits.js";

// A reader of its own: the digits on screen as fractions of 10^30, nothing shared with the code under test.
const UNIT = 10n ** 30n;
function read(text) {
  assert.match(text, /^−?\d+(\.\d+)?$/);
  const [whole, fraction = ""] = text.replace("−", "").split(".");
  const size = BigInt(whole) * UNIT + BigInt(fraction.padEnd(30, "0"));
  return text.startsWith("−") ? -size : size;
}
const placesOf = (text) => text.split(".")[1]?.length ?? 0;
const total = (texts) => texts.reduce((added, text) => added + (text === null ? 0n : read(text)), 0n);

/** Half away from zero, at `places`, of numerator / denominator in units of 10^-30. */
function rounded(numerator, denominator, places) {
  const step = denominator * 10n ** BigInt(30 - places);
  const size = numerator < 0n ? -numerator : numerator;
  const units = (2n * size + step) / (2n * step) * 10n ** BigInt(30 - places);
  return numerator < 0n ? -units : units;
}

/** Random numbers by a seed: the same on every run (mulberry32). */
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

/** A cell as a network makes it: sizes over ten decades, zeros after ReLU, padding, some channels left out. */
function randomCell(random) {
  const [inputScale, weightScale] = [10 ** (8 * random() - 5), 10 ** (7 * random() - 5)];
  const side = pick(random, [1, 1, 2, 3, 3, 3, 5, 7]);
  const channels = pick(random, [1, 2, 3, 8]);
  const number = (scale) => float((2 * random() - 1) * scale);
  const padded = random() < 0.3;
  const table = (make) => Array.from({length: side}, (_, row) => Array.from({length: side}, (__, column) => make(row, column)));
  const groups = Array.from({length: channels}, () => ({
    rows: table((row) => row)[0], columns: table((row, column) => column)[0],
    inputs: table((row) => (padded && row === 0 ? null : random() < 0.3 ? 0 : number(inputScale))),
    weights: table(() => number(weightScale)),
  }));
  const sum = groups.flatMap(({inputs, weights}) => inputs.flatMap((line, row) => line.map((input, column) => (input ?? 0) * weights[row][column])))
    .reduce((added, product) => added + product, 0);
  const rest = random() < 0.5 ? {channels: 12, sum: float(number(1) * sum)} : {channels: 0, sum: 0};
  const bias = random() < 0.5 ? number(pick(random, [0.001, 1, 10]) * inputScale * weightScale) : null;
  const exact = sum + rest.sum + (bias ?? 0);
  return {groups, rest, bias, value: float(exact * (1 + 1e-7 * (random() - 0.5)))};
}

test("the digits of thousands of random cells form an exact equation", () => {
  const random = generator(1);
  for (let round = 0; round < 3000; round += 1) {
    const cell = randomCell(random);
    const layout = sumLayout(cell);
    for (const group of layout.groups) {
      group.products.forEach((line, row) => line.forEach((product, column) => {
        const exact = read(group.inputs[row][column].text) * read(group.weights[row][column].text);
        assert.equal(read(product.text), rounded(exact, UNIT, layout.places), "shown input × shown weight, rounded");
      }));
      assert.equal(total(group.products.flat().map(({text}) => text)), read(group.sum.text), "shown products add up to the channel’s sum");
    }
    const parts = [...layout.groups.map(({sum}) => sum.text), layout.rest?.text ?? null, layout.bias?.text ?? null, layout.rounding.text];
    assert.equal(total(parts), read(layout.total.text), "sums, rest, bias and rounding add up to the result");
  }
});

test("the result is the network’s value to its last digit, and rounding stays small", () => {
  const random = generator(2);
  for (let round = 0; round < 2000; round += 1) {
    const cell = randomCell(random);
    const {total: result, places, rounding, groups} = sumLayout(cell);
    assert.ok(Math.abs(Number(result.text.replace("−", "-")) - cell.value) <= 0.5 * 10 ** -places * (1 + 1e-6));
    const terms = groups.length * groups[0].products.flat().length;
    const lost = rounding.text === null ? 0 : Math.abs(Number(rounding.text.replace("−", "-"))) * 10 ** places;
    assert.ok(lost <= 8 + 4 * Math.sqrt(terms), `${lost} units of the last digit for ${terms} terms`);
  }
});

test("results have four significant digits where their terms have them", () => {
  assert.deepEqual([0.43126, 12.345, 1234.5, 98765.4, 0.00012345].map((value) => placesFor(value, [value])), [4, 2, 0, 0, 7]);
  assert.equal(placesFor(1e-7, [1]), 8); // a float of about 1 has no finer digits
  assert.equal(placesFor(0, [0.5]), 4);
  assert.equal(placesFor(0), 4);
});

test("padding counts as 0, exact zeros have no places, minus is a minus sign", () => {
  const {groups: [group], total: result} = sumLayout({
    groups: [{inputs: [[null, -1.5]], weights: [[2, 0.5]], rows: [0], columns: [null, 0]}], rest: {channels: 0, sum: 0}, bias: null, value: -0.75,
  });
  assert.deepEqual(group.inputs[0].map(({text, padding}) => [text, padding]), [["0", true], ["−1.5000", false]]);
  assert.deepEqual([group.products[0][0].text, result.text], ["0", "−0.7500"]);
});

test("means: shown cells add up, the quotient is theirs, rounding is named", () => {
  const random = generator(3);
  for (let round = 0; round < 1500; round += 1) {
    const side = pick(random, [1, 2, 3, 7]);
    const scale = 10 ** (6 * random() - 3);
    const patch = Array.from({length: side}, () => Array.from({length: side}, () => (random() < 0.4 ? 0 : float(random() * scale))));
    const divisor = side * side;
    const value = float(patch.flat().reduce((added, one) => added + one, 0) / divisor);
    const layout = averageLayout({patch, divisor, value});
    assert.equal(total(layout.cells.flat().map(({text}) => text)), read(layout.sum.text));
    assert.equal(read(layout.quotient.text), rounded(read(layout.sum.text), BigInt(divisor), layout.places));
    assert.equal(total([layout.quotient.text, layout.rounding.text]), read(layout.total.text));
  }
});

test("the winner of a maximum is larger than the others on screen, too", () => {
  const {cells, total: result} = maximumLayout({patch: [[1.00001, 1.00002], [null, -3]], value: 1.00002});
  assert.deepEqual(cells.flat().map(({text}) => text), ["1.00001", "1.00002", "−∞", "−3.00000"]);
  assert.deepEqual(cells.flat().map(({winner}) => winner), [false, true, false, false]);
  assert.equal(result.text, "1.00002");
  assert.equal(maximumLayout({patch: [[0, 0]], value: 0}).ties, 2);
});

test("operands added and multiplied recompute", () => {
  const random = generator(4);
  for (let round = 0; round < 1500; round += 1) {
    const operands = [float((random() - 0.5) * 10 ** (6 * random() - 3)), float((random() - 0.5) * 10 ** (6 * random() - 3))];
    const added = additionLayout({operands, value: float(operands[0] + operands[1])});
    assert.equal(total([...added.terms.map(({text}) => text), added.rounding.text]), read(added.total.text));
    const times = multiplicationLayout({operands, value: float(operands[0] * operands[1])});
    const [one, other] = times.factors.map(({text}) => read(text));
    assert.equal(read(times.product.text), rounded(one * other, UNIT, times.places));
    assert.equal(total([times.product.text, times.rounding.text]), read(times.total.text));
  }
});

test("numbers that are none are told apart from padding", () => {
  const group = {inputs: [[null, 1]], weights: [[1, 1]], rows: [0], columns: [null, 0]};
  assert.ok(isWritable({value: 1, groups: [group]}));
  assert.ok(!isWritable({value: 1, groups: [{...group, columns: [0, 1]}]}));
  assert.ok(!isWritable({value: null}));
  assert.ok(!isWritable({value: 1, inputs: [{value: null}]}));
  assert.ok(!isWritable({value: 1, groups: [{...group, weights: [[1, null]]}]}));
});
