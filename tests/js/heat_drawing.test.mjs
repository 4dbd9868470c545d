import assert from "node:assert/strict";
import test from "node:test";
import {contour} from "../../assets/js/heatmaps/contour.js";
import {HEAT_COLOURS} from "../../assets/js/heatmaps/heat_colours.js";
import {heatPixels, opacityAt} from "../../assets/js/heatmaps/heat_pixels.js";
import {heatLimits, hottest, isGrainy, pixelLimits, rescaled} from "../../assets/js/heatmaps/heat_range.js";
import {PreparedHeat} from "../../assets/js/heatmaps/prepared_heat.js";
import {bilinear, blocks} from "../../assets/js/heatmaps/upsample.js";

const BLEND = {colours: "viridis", opacity: 1, even: true, threshold: 0};
const close = (found, wanted, within = 1e-6) => found.forEach((value, at) => assert.ok(Math.abs(value - wanted[at]) < within, `${at}: ${value} is not ${wanted[at]}`));

test("1 × 2 cells on 1 × 4: centres keep their places, by hand", () => {
  // positions −0.25 → 0, 0.25, 0.75, 1.25 → the last cell
  close(bilinear([0, 8], [1, 2], [1, 4]), [0, 2, 6, 8]);
  close(bilinear([0, 8, 4, 4], [2, 2], [4, 2]), [0, 8, 1, 7, 3, 5, 4, 4]);
});

test("cells as they are, without mixing, for sizes that do not divide", () => {
  assert.deepEqual([...blocks([1, 2, 3, 4], [2, 2], [2, 5])], [1, 1, 1, 2, 2, 3, 3, 3, 4, 4]);
});

test("the same size is the map itself", () => {
  assert.deepEqual([...bilinear([1, -2, 3, 5, 0, 7], [2, 3], [2, 3])], [1, -2, 3, 5, 0, 7]);
});

test("a map without a sign begins at 0; one below 0 begins at its least; a sign puts 0 in the middle", () => {
  assert.deepEqual(heatLimits([0.5, 2], false), {low: 0, high: 2});
  assert.deepEqual(heatLimits([-1, 2], false), {low: -1, high: 2});
  assert.deepEqual(heatLimits([-1, 2], true), {low: -2, high: 2});
  assert.deepEqual([...rescaled([-2, -1, 0, 2], {low: -2, high: 2}, true)], [-1, -0.5, 0, 1]);
  assert.deepEqual([...rescaled([0, 1, 3], {low: 0, high: 2}, false)], [0, 0.5, 1]);
});

test("a map of zeros, and one of nothing but NaN, have no limits: nothing is stretched to full range", () => {
  assert.equal(heatLimits([0, 0, 0], false), null);
  assert.equal(heatLimits([0, 0], true), null);
  assert.equal(heatLimits([NaN, Infinity], false), null);
  const empty = new PreparedHeat({values: new Float32Array(6), shape: [2, 3], signed: false, source: "layer"});
  assert.deepEqual([...empty.shares([4, 6], true)], Array(24).fill(0));
  assert.deepEqual(empty.lines(0), []);
});

test("single pixels are told from areas; their strongest half percent share the ends", () => {
  const noise = Float32Array.from({length: 1000}, (_, at) => (at % 2 ? 1 : -1) * (at === 500 ? 50 : 1));
  const area = Float32Array.from({length: 1000}, (_, at) => 2 + Math.sin(at / 40));
  assert.equal(isGrainy(noise, [10, 100]), true);
  assert.equal(isGrainy(area, [10, 100]), false);
  assert.deepEqual(pixelLimits(noise, true, true), {low: -1, high: 1, cut: true});
  const limits = pixelLimits(area, false, false); // RISE: all values positive, the least is the coldest
  assert.ok(limits.low > 0.9 && limits.high <= 3 && limits.cut === false);
  assert.equal(pixelLimits(new Float32Array(4), false, true), null);
});

test("the hottest cell; with a sign, the one of the greatest size", () => {
  assert.deepEqual(hottest([1, 5, -9, 2, 0, 3], [2, 3], false), [0, 1]);
  assert.deepEqual(hottest([1, 5, -9, 2, 0, 3], [2, 3], true), [0, 2]);
  assert.equal(hottest([NaN], [1, 1], false), null);
});

test("white means 0 exactly where a map has a sign, whatever colours are chosen", () => {
  const pixels = heatPixels(Float32Array.of(-1, 0, 1), true, {...BLEND, colours: "inferno"});
  assert.deepEqual([...pixels.slice(4, 8)], [255, 255, 255, 255]);
  const [against, towards] = [pixels.slice(0, 3), pixels.slice(8, 11)];
  assert.ok(against[2] > against[0], "against is blue");
  assert.ok(towards[0] > towards[2], "for is orange");
});

test("below the threshold nothing is drawn; the cold lets the picture through", () => {
  const alpha = (blend) => [...heatPixels(Float32Array.of(0, 0.25, 0.5, 1), false, {...BLEND, ...blend})].filter((_, at) => at % 4 === 3);
  assert.deepEqual(alpha({threshold: 0.5}), [0, 0, 255, 255]);
  assert.deepEqual(alpha({even: false, opacity: 0.8}), [0, 51, 102, 204]);
  assert.deepEqual(alpha({colours: "spotlight"}), [255, 191, 128, 0]);
  assert.equal(opacityAt(0.25, {opacity: 1, fine: true}), 0.5);
});

test("a value that is not a number is loud, not cold", () => {
  assert.deepEqual([...heatPixels(Float32Array.of(NaN), false, BLEND)], [226, 0, 116, 255]);
});

test("inferno begins black and ends light yellow", () => {
  const table = HEAT_COLOURS.inferno.table();
  assert.equal(table.length, 1024);
  assert.deepEqual([...table.slice(0, 4)], [0, 0, 4, 255]);
  assert.deepEqual([...table.slice(1020)], [252, 255, 164, 255]);
});

test("a contour lies where the value is crossed: by hand on 2 × 2 points", () => {
  // the left column 0, the right 4: the level 1 lies at a quarter of the way between the centres
  assert.deepEqual(contour([0, 4, 0, 4], [2, 2], 1), [[0.75, 0.5, 0.75, 1.5]]);
  assert.deepEqual(contour([3, 3, 3, 3], [2, 2], 1), []);
  assert.equal(contour([4, 0, 0, 4], [2, 2], 2).length, 2, "a saddle has two lines");
});

test("a contour around a hill is closed: every end is another one's beginning", () => {
  const side = 9;
  const hill = Float32Array.from({length: side * side}, (_, at) => Math.exp(-((at % side - 4) ** 2 + (Math.floor(at / side) - 4) ** 2) / 6));
  const ends = new Map();
  for (const [x0, y0, x1, y1] of contour(hill, [side, side], 0.4)) {
    for (const end of [`${x0.toFixed(6)} ${y0.toFixed(6)}`, `${x1.toFixed(6)} ${y1.toFixed(6)}`]) ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  assert.ok(ends.size > 8);
  assert.ok([...ends.values()].every((count) => count === 2));
});

test("lines with a threshold lie at it, without one at a quarter, half and three quarters, on both sides of 0", () => {
  const ramp = {values: Float32Array.of(-1, 0, 1), shape: [1, 3], signed: true, source: "layer"};
  const tall = {...ramp, values: Float32Array.of(-1, 0, 1, -1, 0, 1), shape: [2, 3]};
  const places = (lines) => [...new Set(lines.map(([x]) => Math.round(x * 600)))].sort((a, b) => a - b);
  assert.deepEqual(places(new PreparedHeat(tall).lines(0.5)), [200, 400]); // halfway between the centres 100, 300, 500
  assert.deepEqual(places(new PreparedHeat(tall).lines(0)), [150, 200, 250, 350, 400, 450]);
  assert.ok(new PreparedHeat(ramp).lines(0).length > 0, "one row of cells is stretched, too");
});
