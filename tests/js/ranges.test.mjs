import assert from "node:assert/strict";
import test from "node:test";
import {lookup} from "../../assets/js/colour.js";
import {BROKEN_COLOUR, colourIndex, colourLimits, colourValues, paintSheet, sheetShape} from "../../assets/js/ranges.js";

const GREY = lookup("grey");
const shape = {channels: 3, height: 1, width: 2, tileHeight: 1, tileWidth: 2, levels: 256, pool: 1};
const rounded = {...shape, exact: false, cells: Uint8Array.of(0, 255, 0, 255, 0, 255),
  minimum: Float32Array.of(0, -2, NaN), maximum: Float32Array.of(1, 2, NaN)};
const exact = {...shape, exact: true, values: Float32Array.of(0, 1, -2, NaN, 3, 3),
  minimum: Float32Array.of(0, NaN, 3), maximum: Float32Array.of(1, NaN, 3)};

/** Grey levels of each channel's cells, "!" for the broken colour. */
function greys(maps, range) {
  const pixels = paintSheet(maps, colourLimits(maps, range), GREY);
  const {columns, width} = sheetShape(maps);
  return Array.from({length: maps.channels}, (_, channel) => [0, 1].map((cell) => {
    const at = 4 * (Math.floor(channel / columns) * width + (channel % columns) * 2 + cell);
    return pixels[at] === BROKEN_COLOUR[0] && pixels[at + 1] === BROKEN_COLOUR[1] ? "!" : pixels[at];
  }));
}

test("per channel, each channel uses the whole map", () => {
  assert.deepEqual(greys(rounded, "channel").slice(0, 2), [[0, 255], [0, 255]]);
});

test("per layer, equal values have equal colours", () => {
  // limits -2 to 2: 0 lies at 127.5, 1 at 191.25
  assert.deepEqual(greys(rounded, "layer").slice(0, 2), [[128, 191], [0, 255]]);
});

test("symmetric puts 0 into the middle", () => {
  assert.deepEqual(colourLimits(exact, "symmetric").shared, {low: -3, high: 3});
  assert.deepEqual(greys(exact, "symmetric"), [[128, 170], [43, "!"], [255, 255]]);
});

test("channels that are not a number, and channels of one value, are drawn apart", () => {
  assert.deepEqual(greys(rounded, "channel")[2], ["!", "!"]);
  assert.deepEqual(greys(exact, "channel"), [[0, 255], [128, "!"], [128, 128]]);
});

test("single values share the layer's range", () => {
  const maps = {...shape, width: 1, tileWidth: 1, minimum: Float32Array.of(1, 2, 3), maximum: Float32Array.of(1, 2, 3)};
  assert.deepEqual(colourLimits(maps, "channel").shared, {low: 1, high: 3});
});

test("values beyond the limits take the ends' colours", () => {
  assert.deepEqual([-9, 0, 0.5, 1, 9].map((value) => colourIndex(value, {low: 0, high: 1})), [0, 0, 128, 255, 255]);
  assert.deepEqual([...colourValues([1, NaN, Infinity], {low: 0, high: 1}, GREY)], [255, 255, 255, 255, ...BROKEN_COLOUR, ...BROKEN_COLOUR]);
});

test("a sheet holds every tile and is about square", () => {
  for (const [channels, tileHeight, tileWidth] of [[1280, 7, 7], [3072, 1, 1], [5, 3, 9], [1, 224, 224]]) {
    const {columns, rows, width, height} = sheetShape({channels, tileHeight, tileWidth});
    assert.ok(columns * rows >= channels);
    assert.ok(Math.max(width, height) <= 2 * Math.min(width, height) + 2 * Math.max(tileWidth, tileHeight));
  }
});
