import assert from "node:assert/strict";
import test from "node:test";
import {ACTIVATIONS, erf} from "../../assets/js/arithmetic/activations.js";
import {add, divide, equal, exactly, multiply, parse, round, sum, toNumber, toText} from "../../assets/js/arithmetic/decimal.js";
import {evaluate} from "../../assets/js/arithmetic/operations.js";
import {decimals, toSpec} from "../../assets/js/arithmetic/presets.js";
import {randomSpec, randomness} from "./random_specs.mjs";

const texts = (nested) => (Array.isArray(nested) ? nested.map(texts) : nested && toText(nested));
const outputs = (plain) => texts(evaluate(toSpec(plain)).outputs);
const SQUARE = [[[1, 2], [3, 4]]];
const range = (length) => Array.from({length}, (_, index) => index);
const cellsOf = ({output: [filters, rows, columns]}) =>
  range(filters).flatMap((filter) => range(rows).flatMap((row) => range(columns).map((column) => [filter, row, column])));

/** The digits on the screen, read back: what a visitor with a pencil has. */
const seen = (value) => parse(toText(value), {places: 60, limit: 1e30}).value;

/** Works a cell out again from nothing but the texts shown, and compares each step with the text shown for it. */
function recompute(terms, result, [filter, row, column]) {
  for (const {cells, sum: shown} of terms.channels) {
    for (const {input, weight, product} of cells) {
      if (weight !== null) assert.equal(toText(multiply(seen(input), seen(weight))), toText(product));
      else if (input !== null) assert.equal(toText(input), toText(product));
    }
    const products = cells.map(({product}) => product).filter((product) => product !== null).map(seen);
    const best = products.reduce((most, each) => (toNumber(each) > toNumber(most) ? each : most), products[0]);
    assert.equal(toText(terms.combine === "max" ? best : sum(products)), toText(shown));
  }
  const total = sum(terms.channels.map((channel) => seen(channel.sum)));
  assert.equal(toText(total), toText(terms.sum));
  const mean = divide(total, exactly(terms.divisor));
  assert.equal(toText(mean.value), toText(terms.quotient));
  assert.equal(mean.exact, terms.exact);
  const before = terms.bias ? add(seen(terms.quotient), seen(terms.bias)) : seen(terms.quotient);
  assert.equal(toText(before), toText(terms.total));
  assert.equal(toText(ACTIVATIONS[terms.activation].apply(seen(terms.total)).value), toText(terms.activated));
  assert.equal(toText(terms.activated), toText(result.outputs[filter][row][column]));
  assert.equal(toText(terms.total), toText(result.before[filter][row][column]));
}

test("every number shown follows from the digits shown, over thousands of random cells", () => {
  const random = randomness(11);
  let cells = 0;
  const operations = new Set();
  for (let count = 0; count < 400; count += 1) {
    const plain = randomSpec(random);
    const result = evaluate(toSpec(plain));
    operations.add(plain.op);
    for (const place of cellsOf(result.shape).filter(() => random() < 0.3)) {
      recompute(result.terms(...place), result, place);
      cells += 1;
    }
  }
  assert.ok(cells > 4000, `${cells} cells`);
  assert.equal(operations.size, 8);
});

test("inputs, outputs and weights point at each other", () => {
  const random = randomness(5);
  for (let count = 0; count < 60; count += 1) {
    const plain = randomSpec(random);
    const result = evaluate(toSpec(plain));
    const {shape} = result;
    const read = new Map(); // "c,r,c" of the input -> output cells whose terms hold it
    const used = new Map(); // "k,c,wr,wc" -> [output, input]
    for (const [filter, row, column] of cellsOf(shape)) {
      const lists = result.stages ? separableReads(result, filter, row, column) : result.terms(filter, row, column).channels;
      for (const {channel, cells} of lists) for (const cell of cells) {
        const weight = [filter, channel, cell.weightRow, cell.weightColumn].join();
        if (cell.weightRow !== null && !result.stages) used.set(weight, [...(used.get(weight) ?? []), [row, column, cell.inputRow, cell.inputColumn].join()]);
        if (cell.inputRow === null) continue;
        const input = [channel, cell.inputRow, cell.inputColumn].join();
        read.set(input, (read.get(input) ?? new Set()).add([filter, row, column].join()));
      }
    }
    const [channels, height, width] = shape.inputShape;
    for (const place of cellsOf({output: [channels, height, width]})) {
      const readers = result.readers(...place).map((cell) => [cell.channel, cell.row, cell.column].join());
      assert.deepEqual(new Set(readers), read.get(place.join()) ?? new Set(), `${plain.op} ${place}`);
    }
    if (plain.op === "convolution" || plain.op === "transposed") checkUses(plain, result, used);
    else if (!result.stages) assert.deepEqual(result.uses(0, 0, 0, 0), []);
  }
});

/** A depthwise-separable cell reads what the depthwise cells behind it read. */
function separableReads({stages: [depth]}, filter, row, column) {
  return range(depth.shape.output[0]).flatMap((channel) => depth.terms(channel, row, column).channels);
}

/** The terms that hold a weight are those that `uses` lists; a stamp has no use for added zeros. */
function checkUses(plain, result, used) {
  for (const [key, places] of used) {
    const listed = result.uses(...key.split(",").map(Number)).map(({output, input}) => [output.row, output.column, input?.row, input?.column].join());
    const shown = plain.op === "transposed" ? places.filter((place) => !place.endsWith(",,")) : places;
    assert.deepEqual(new Set(listed), new Set(shown));
  }
}

test("both views of a transposed convolution show the same result", () => {
  const random = randomness(3);
  let checked = 0;
  while (checked < 15) {
    const plain = randomSpec(random);
    if (plain.op !== "transposed") continue;
    const [stamps, zeros] = ["stamp", "insert-zeros"].map((view) => evaluate(toSpec({...plain, view})));
    assert.deepEqual(texts(stamps.outputs), texts(zeros.outputs));
    for (const place of cellsOf(stamps.shape)) {
      assert.ok(equal(stamps.terms(...place).sum, zeros.terms(...place).sum));
      const {kernel, channels, groups} = zeros.shape;
      assert.equal(zeros.terms(...place).channels.flatMap(({cells}) => cells).length, kernel[0] * kernel[1] * (channels / groups));
    }
    for (const place of cellsOf(zeros.shape).slice(0, 5)) for (const {channel, cells} of zeros.terms(...place).channels) {
      for (const {row, column, input} of cells) assert.ok(equal(zeros.padded[channel][row][column], input));
    }
    checked += 1;
  }
});

test("stamps add up to the output, one after the other", () => {
  const plain = {op: "transposed", input: SQUARE, weights: [[[[1, 2], [0, 3]]]], stride: [1, 2], padding: [0, 1, 0, 0], bias: [10]};
  const result = evaluate(toSpec(plain));
  assert.deepEqual(texts(result.stamped(0, 0)), [["0", "0", "0"], ["0", "0", "0"], ["0", "0", "0"]]);
  assert.deepEqual(texts(result.stamped(0, 1)), [["1", "2", "0"], ["0", "3", "0"], ["0", "0", "0"]]);
  assert.deepEqual(texts(result.stamped(0, 4)), [["1", "2", "2"], ["3", "9", "4"], ["0", "9", "0"]]);
  assert.deepEqual(texts(result.before), [[["11", "12", "12"], ["13", "19", "14"], ["10", "19", "10"]]]);
  const cut = result.stamp(0, 0, 1, 1).find(({weightRow, weightColumn}) => weightRow === 1 && weightColumn === 1);
  assert.deepEqual([cut.row, cut.column, toText(cut.product)], [null, null, "12"]);
});

test("stamps of two groups keep to themselves", () => {
  const result = evaluate(toSpec({op: "transposed", input: [[[1]], [[10]]], weights: [[[[2]]], [[[3]]]], groups: 2}));
  assert.deepEqual(texts(result.outputs), [[["2"]], [["30"]]]);
  assert.deepEqual(texts(result.stamped(1, 1)), [["30"]]);
});

test("padding is marked as padding, mirrored cells as the cells they copy", () => {
  const spec = {op: "convolution", input: SQUARE, weights: [[[[1, 1]]]], padding: [0, 0, 0, 1]};
  const [{cells: [zero]}] = evaluate(toSpec(spec)).terms(0, 0, 0).channels;
  assert.deepEqual([zero.row, zero.column, zero.inputRow, zero.inputColumn, toText(zero.input)], [0, 0, null, null, "0"]);
  const mirrored = evaluate(toSpec({...spec, paddingMode: "reflect"}));
  const [{cells: [copy]}] = mirrored.terms(0, 0, 0).channels;
  assert.deepEqual([copy.inputRow, copy.inputColumn, toText(copy.input)], [0, 1, "2"]);
  assert.deepEqual(texts(mirrored.padded), [[["2", "1", "2"], ["4", "3", "4"]]]);
  assert.equal(mirrored.readers(0, 0, 1).length, 2);
});

test("max pooling names its winner: of equal ones the first, never padding", () => {
  const result = evaluate(toSpec({op: "max-pool", input: [[[-3, -1, -1], [-1, -5, -7]]], kernel: [2, 2], stride: [1, 1], padding: [1, 0, 0, 0]}));
  assert.deepEqual(texts(result.outputs), [[["−1", "−1"], ["−1", "−1"]]]);
  assert.deepEqual(result.indices, [[[1, 1], [1, 1]]]);
  const {winner, combine, channels: [{cells}]} = result.terms(0, 0, 0);
  assert.deepEqual([winner.inputRow, winner.inputColumn, combine], [0, 1, "max"]);
  assert.deepEqual(cells.slice(0, 2).map(({input, product}) => [input, product]), [[null, null], [null, null]]);
});

test("unpooling leaves what nothing is put back to at 0, and the later of two in one place", () => {
  const result = evaluate({op: "max-unpool", input: decimals([[[5, 6]]]), indices: [[[2, 2]]], kernel: [1, 2]});
  assert.deepEqual(texts(result.outputs), [[["0", "0", "6", "0"]]]);
  assert.deepEqual(result.terms(0, 0, 0).channels[0].cells, []);
  assert.deepEqual([result.readers(0, 0, 0), result.readers(0, 0, 1)], [[], [{channel: 0, row: 0, column: 2}]]);
  assert.throws(() => evaluate({op: "max-unpool", input: decimals([[[5]]]), indices: [[[4]]], kernel: [2, 2]}), /Place 4 is outside the output: there are places 0 to 3/);
  assert.throws(() => evaluate({op: "max-unpool", input: decimals(SQUARE), indices: [[[4]]], kernel: [2, 2]}), /one remembered place for each of the 1 × 2 × 2/);
});

test("results that no decimal is equal to are rounded and say what they stand for", () => {
  const plain = {op: "convolution", input: [[[7]]], weights: [[[[1]]]], divisor: 9, bias: [-1.5]};
  const terms = evaluate(toSpec(plain)).terms(0, 0, 0);
  assert.deepEqual([toText(terms.quotient), toText(terms.total), terms.exact, terms.expression], ["0.7778", "−0.7222", false, "7 ÷ 9 − 1.5"]);
  const whole = evaluate(toSpec({...plain, input: [[[27]]]})).terms(0, 0, 0);
  assert.deepEqual([toText(whole.total), whole.exact, whole.expression], ["1.5", true, null]);
});

test("bilinear upsampling by three mixes in ninths", () => {
  const result = evaluate(toSpec({op: "upsample-bilinear", input: SQUARE, scale: [3, 3]}));
  const terms = result.terms(0, 2, 2);
  assert.deepEqual(terms.channels[0].cells.map(({weight}) => toText(weight)), ["4", "2", "2", "1"]);
  assert.deepEqual([terms.divisor, toText(terms.sum), toText(terms.total)], [9, "18", "2"]);
  assert.equal(toText(result.outputs[0][0][2]), "1.3333");
  assert.deepEqual([result.isExact(0, 0, 0), result.isExact(0, 0, 2)], [true, false]);
});

test("depthwise-separable: both stages are there", () => {
  const result = evaluate(toSpec({op: "depthwise-separable", input: [[[1, 2]], [[3, 4]]], weights: {depthwise: [[[[1, 1]]], [[[1, -1]]]], pointwise: [[[[2]], [[5]]]]}, bias: [1]}));
  assert.deepEqual(texts(result.middle), [[["3"]], [["−1"]]]);
  assert.deepEqual(texts(result.outputs), [[["2"]]]);
  assert.deepEqual(texts(result.stages[0].terms(1, 0, 0).channels[0].cells.map(({product}) => product)), ["3", "−4"]);
  assert.deepEqual(texts(result.terms(0, 0, 0).channels.map((channel) => channel.sum)), ["6", "−5"]);
});

test("digits that no double holds are exact all the same", () => {
  const [big, small] = ["9999.999", "0.001"].map((text) => parse(text, {limit: 10000}).value);
  const plane = (value) => range(9).map(() => range(9).map(() => value));
  const spec = {op: "depthwise-separable", input: [plane(big)], weights: {depthwise: [[plane(big)]], pointwise: [[[[big]]], [[[small]]]]}};
  const square = multiply(multiply(big, big), exactly(81));
  assert.deepEqual(texts(evaluate(spec).outputs), texts([[[multiply(square, big)]], [[multiply(square, small)]]]));
  assert.equal(toText(multiply(square, big)), "80999975700002.429999919"); // 81 (10⁴ − 10⁻³)³
});

test("activations: published and hand-worked values", () => {
  const cases = [["relu", -3, "0"], ["relu", 2.5, "2.5"], ["relu6", 7, "6"], ["relu6", -1, "0"], ["leaky-relu", -2.5, "−0.025"], ["sigmoid", 0, "0.5"],
    ["sigmoid", 1, "0.7311"], ["sigmoid", -9999, "0"], ["tanh", 1, "0.7616"], ["gelu", 1, "0.8413"], ["gelu", -1, "−0.1587"], ["gelu", 50, "50"],
    ["silu", 1, "0.7311"], ["silu", -9999, "0"], ["hardswish", 1, "0.6667"], ["hardswish", -1.5, "−0.375"], ["hardswish", -4, "0"], ["hardswish", 5, "5"], ["none", -7, "−7"]];
  for (const [name, x, text] of cases) assert.equal(toText(round(ACTIVATIONS[name].apply(exactly(x)).value, 4)), text, `${name}(${x})`);
  assert.equal(ACTIVATIONS.sigmoid.expression(exactly(-0.5)), "1 / (1 + e^(0.5))");
  assert.equal(ACTIVATIONS["leaky-relu"].expression(exactly(-2)), "max(−2, 0.01 · (−2))");
});

test("the error function is that of tables", () => {
  // Abramowitz & Stegun, table 7.1, and 7.2 for 3.5 and 5 (erfc)
  for (const [x, value] of [[0.5, 0.5204998778], [1, 0.8427007929], [2, 0.9953222650], [-1, -0.8427007929]]) assert.ok(Math.abs(erf(x) - value) < 1e-10, `erf(${x})`);
  assert.ok(Math.abs((1 - erf(3.5)) / 7.430983723e-7 - 1) < 1e-6);
  for (const x of [2.999, 3.001]) assert.ok(Math.abs(erf(x) - erf(3)) < 3e-7, "both ways agree where they meet");
});

test("matrices that do not fit are named", () => {
  const spec = {op: "convolution", input: decimals(SQUARE), weights: decimals([[[[1]]]])};
  assert.throws(() => evaluate({...spec, input: decimals([[[1, 2], [3]]])}), /The input must be 1 × 2 × 2 without gaps/);
  assert.throws(() => evaluate({...spec, groups: 1, input: decimals([...SQUARE, ...SQUARE])}), /The weights must be 1 × 2 × 1 × 1 without gaps; given 1 × 1 × 1 × 1/);
  assert.throws(() => evaluate({...spec, bias: decimals([1, 2])}), /The bias must be 1 without gaps; given 2/);
  assert.throws(() => evaluate({...spec, activation: "swish"}), /no activation “swish”; there are none, relu/);
  assert.throws(() => evaluate(spec).terms(0, 2, 0), /no output cell \(0, 2, 0\); channels go to 0, rows to 1, columns to 1/);
});

test("a large example is worked out within an animation frame", () => {
  const random = randomness(1);
  const value = () => exactly(Math.round(random() * 200 - 100) / 10);
  const list = (length, each) => Array.from({length}, each);
  const spec = {
    op: "convolution", input: list(4, () => list(16, () => list(16, value))), bias: list(8, value), activation: "relu", padding: [1, 1, 1, 1],
    weights: list(8, () => list(4, () => list(3, () => list(3, value)))),
  };
  const times = list(40, () => {
    const start = performance.now();
    evaluate(spec);
    return performance.now() - start;
  });
  assert.ok(Math.min(...times) < 8, `${Math.min(...times)} ms`);
});
