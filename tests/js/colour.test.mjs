import assert from "node:assert/strict";
import test from "node:test";
import {COLOUR_MAPS, format, lookup, percent} from "../../assets/js/colour.js";

const colour = (name, index) => [...lookup(name).slice(4 * index, 4 * index + 4)];

test("viridis is matplotlib's", () => {
  // matplotlib 3.11: colormaps["viridis"]([0, 64, 128, 255], bytes=True)
  assert.deepEqual(colour("viridis", 0), [68, 1, 84, 255]);
  assert.deepEqual(colour("viridis", 64), [58, 82, 139, 255]);
  assert.deepEqual(colour("viridis", 128), [32, 144, 140, 255]);
  assert.deepEqual(colour("viridis", 255), [253, 231, 36, 255]);
});

test("the diverging map is white exactly in the middle and equally dark at its ends", () => {
  assert.deepEqual(colour("diverging", 127), [255, 255, 255, 255]);
  assert.deepEqual(colour("diverging", 128), [255, 255, 255, 255]);
  assert.deepEqual(colour("diverging", 0), [5, 48, 97, 255]);
  assert.deepEqual(colour("diverging", 255), [127, 59, 8, 255]);
});

test("every map is opaque and has 256 colours", () => {
  for (const name of COLOUR_MAPS) {
    const table = lookup(name);
    assert.equal(table.length, 1024);
    assert.ok(table.every((value, at) => at % 4 !== 3 || value === 255), name);
  }
  assert.throws(() => lookup("jet"), /no colour map "jet"; there are viridis, grey, diverging/);
});

test("grey and viridis grow lighter steadily", () => {
  for (const name of ["grey", "viridis"]) {
    const lightness = (index) => { const [r, g, b] = colour(name, index); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    for (let index = 8; index < 256; index += 8) assert.ok(lightness(index) > lightness(index - 8), `${name} ${index}`);
  }
});

test("numbers have four significant digits and a true minus", () => {
  const cases = [[1.23456, "1.235"], [-0.5, "−0.5000"], [0, "0"], [-0, "0"], [123456.7, "123457"], [1e7, "1.000e7"],
    [-0.000012345, "−1.234e−5"], [NaN, "not a number"], [Infinity, "∞"], [-Infinity, "−∞"], [0.062, "0.06200"]];
  for (const [value, text] of cases) assert.equal(format(value), text);
  assert.equal(format(Math.PI, 2), "3.1");
});

test("only none and all are 0 % and 100 %", () => {
  assert.deepEqual([0, 0.001, 0.434, 0.9999, 1, NaN].map(percent), ["0 %", "< 1 %", "43 %", "> 99 %", "100 %", "not a number"]);
});
