// Every lecture example of assets/presets/worked_examples.json; tests/maths/test_worked_examples.py reads the same file.

import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import test from "node:test";
import {equal, exactly, round, toText} from "../../assets/js/arithmetic/decimal.js";
import {costs, formula, neverRead, samePadding, settle} from "../../assets/js/arithmetic/geometry.js";
import {KERNELS, kernelNamed} from "../../assets/js/arithmetic/kernels.js";
import {evaluate} from "../../assets/js/arithmetic/operations.js";
import {chainRows, l1Distance, playable, toSpec} from "../../assets/js/arithmetic/presets.js";

const EXAMPLES = JSON.parse(readFileSync(new URL("../../assets/presets/worked_examples.json", import.meta.url), "utf8"));
const named = (id) => EXAMPLES.find((example) => example.id === id);

const texts = (nested, places) => (Array.isArray(nested) ? nested.map((each) => texts(each, places)) : toText(places === undefined ? nested : round(nested, places)));
const expected = (nested) => (Array.isArray(nested) ? nested.map(expected) : toText(exactly(nested)));

/** `expect` key -> how it is checked against (example, settled shape, costs). */
const SHAPE_CHECKS = {
  shape: ({expect}, shape) => assert.deepEqual(shape.output, expect.shape),
  parameters: ({expect}, _, cost) => assert.equal(cost.parameters, expect.parameters),
  perFilter: ({expect}, _, cost) => assert.equal(cost.perFilter, expect.perFilter),
  multiplications: ({expect}, _, cost) => assert.equal(cost.multiplications, expect.multiplications),
  depthwise: ({expect}, _, cost) => assert.equal(cost.separable.depthwise, expect.depthwise),
  pointwise: ({expect}, _, cost) => assert.equal(cost.separable.pointwise, expect.pointwise),
  plain: ({expect}, _, cost) => assert.equal(cost.plain.multiplications, expect.plain),
  saving: ({expect}, _, cost) => assert.equal(cost.saving.toFixed(1), String(expect.saving)),
  fits: ({spec, expect}) => assert.equal(formula(spec, 0).fits && formula(spec, 1).fits, expect.fits),
  neverRead: ({spec, expect}) => {
    const {rows, columns} = neverRead(spec);
    assert.deepEqual({rows, columns}, expect.neverRead);
  },
  sentence: ({spec, expect}) => assert.equal(neverRead(spec).sentence, expect.sentence),
  samePadding: ({spec, expect}) => assert.deepEqual(samePadding(spec), expect.samePadding),
};

const NUMBER_CHECKS = {
  output: ({expect}, result) => assert.deepEqual(texts(result.outputs, expect.places), expected(expect.output)),
  products: ({expect}, result) => {
    const [{cells}] = result.terms(0, 0, 0).channels;
    assert.deepEqual(texts(cells.map(({product}) => product)), expected(expect.products));
  },
  indices: ({expect}, result) => assert.deepEqual(result.indices, expect.indices),
  cells: ({expect}, result) => expect.cells.forEach(({at: [filter, row, column], value, channels}) => {
    const output = result.outputs[filter][row][column];
    assert.equal(texts(output, expect.places), expected(value), `cell ${[filter, row, column]}`);
    const terms = result.terms(filter, row, column);
    assert.ok(equal(terms.activated, output));
    if (channels) assert.deepEqual(texts(terms.channels.map(({sum}) => sum)), expected(channels));
  }),
};

const CHAIN_CHECKS = {
  shapes: ({expect, layers}) => assert.deepEqual(chainRows(layers).map(({output}) => output), expect.shapes),
  parameters: ({expect, layers}) => assert.deepEqual(chainRows(layers).map(({parameters}) => parameters), expect.parameters),
  total: ({expect, layers}) => assert.equal(chainRows(layers).reduce((sum, {parameters}) => sum + parameters, 0), expect.total),
  flatten: ({expect, layers}) => assert.ok(chainRows(layers).some(({output}) => output.reduce((size, side) => size * side, 1) === expect.flatten)),
};

const PICTURE_CHECKS = {
  distance: ({expect, pictures}) => assert.equal(l1Distance(...pictures).distance, expect.distance),
  first: ({expect, pictures}) => assert.equal(l1Distance(...pictures).differences[0][0], expect.first),
};

/** Runs the checks that `expect` names; a name that no table knows is a mistake in the file. */
function check(example, tables, ...given) {
  for (const key of Object.keys(example.expect).filter((name) => name !== "places")) {
    const table = tables.find((each) => Object.hasOwn(each, key));
    assert.ok(table, `${example.id}: nothing checks "${key}"`);
    table[key](example, ...(table === NUMBER_CHECKS ? given.slice(2) : given));
  }
}

for (const example of EXAMPLES) {
  test(`${example.id} comes out as printed`, () => {
    if (example.layers) check(example, [CHAIN_CHECKS]);
    else if (example.pictures) check(example, [PICTURE_CHECKS]);
    else {
      const result = example.spec.input ? evaluate(toSpec(example.spec)) : null;
      check(example, [SHAPE_CHECKS, NUMBER_CHECKS], settle(example.spec), costs(example.spec), result);
    }
  });
}

test("examples have names of their own, and words to go with them", () => {
  assert.equal(new Set(EXAMPLES.map(({id}) => id)).size, EXAMPLES.length);
  for (const {id, title, group, note, source} of EXAMPLES) assert.ok(title && group && note && source, id);
});

test("every row of the lecture list is there", () => {
  const ids = ["vertical-edge-cell", "vertical-edge-5x5", "rgb-channel-mixing", "x-or-o", "stride-7x7", "same-7x7", "shrinking-32", "six-filters",
    "count-760", "separable-cost", "keras-28", "pool-4x4", "max-unpool", "nearest", "transposed", "l1-456"];
  for (const id of ids) assert.ok(named(id), id);
});

test("the gallery and the kernel examples hold the same weights", () => {
  const examples = EXAMPLES.filter(({id}) => id.startsWith("kernel-"));
  assert.equal(examples.length, KERNELS.length);
  for (const {id, spec} of examples) {
    const {weights, divisor} = kernelNamed(id.slice("kernel-".length));
    assert.deepEqual(spec.weights, [[weights]]);
    assert.equal(spec.divisor ?? 1, divisor);
  }
  assert.equal(kernelNamed("nonsense"), null);
});

test("the edge kernel of the slides is told from the standard Laplacian", () => {
  const total = (id) => kernelNamed(id).weights.flat().reduce((sum, weight) => sum + weight, 0);
  assert.equal(total("edge-4-slide"), -4);
  assert.equal(total("laplacian-4"), 0);
  assert.match(kernelNamed("edge-4-slide").note, /−4.*standard Laplacian/);
});

test("examples that give shapes alone are played with made-up digits, unless too large", () => {
  for (const example of EXAMPLES) {
    const spec = playable(example);
    if (!example.spec) assert.equal(spec, null);
    else if (spec) assert.deepEqual(evaluate(spec).shape.output, example.expect.shape, example.id);
  }
  assert.equal(playable(named("six-filters")), null);
  const stride = playable(named("stride-7x7"));
  assert.ok(new Set(stride.input.flat(2).map(toText)).size > 5, "the digits differ");
  assert.ok(evaluate(playable(named("grouped"))).terms(3, 0, 0).channels.every(({channel}) => channel >= 2));
});
