import assert from "node:assert/strict";
import test from "node:test";
import {channelMaps, channelOrder, countChannels, isBroken, isDead, overviewValue, receptiveField, liveliestChannel} from "../../assets/js/channel_maps.js";
import {MapView, readoutText, sorting} from "../../assets/js/map_view.js";

/** 3 channels of 3 × 5, pooled 2 × 2 into tiles of 2 × 3, 256 levels. */
function pooled() {
  const header = {layer: "conv", kind: "convolution", shape: [3, 3, 5], tile: [2, 3], pool: 2, exact: false, levels: 256};
  const arrays = {
    minimum: Float32Array.of(-1, 0, NaN), maximum: Float32Array.of(1, 0, NaN), mean: Float32Array.of(0.25, 0, NaN), zeros: Float32Array.of(0, 1, 0),
    cells: Uint8Array.of(0, 51, 102, 153, 204, 255, ...Array(12).fill(0)),
    receptive_rows: Int32Array.of(-1, 3, 1, 5, 3, 7), receptive_columns: Int32Array.of(-1, 3, 1, 5, 3, 7, 5, 9, 7, 11),
  };
  return channelMaps({header, arrays});
}

function exact(values, shape) {
  const header = {layer: "conv", kind: "convolution", shape, tile: shape.slice(1), pool: 1, exact: true, levels: 256};
  const count = values.length / (shape[1] * shape[2]);
  const parts = Array.from({length: count}, (_, channel) => values.slice(channel * (values.length / count), (channel + 1) * (values.length / count)));
  const arrays = {
    minimum: Float32Array.from(parts, (part) => Math.min(...part)), maximum: Float32Array.from(parts, (part) => Math.max(...part)),
    mean: Float32Array.from(parts, (part) => part.reduce((sum, value) => sum + value, 0) / part.length),
    zeros: Float32Array.from(parts, (part) => part.filter((value) => value === 0).length / part.length),
    values: Float32Array.from(values), receptive_rows: new Int32Array(2 * shape[1]), receptive_columns: new Int32Array(2 * shape[2]),
  };
  return channelMaps({header, arrays});
}

test("a rounded cell means minimum + cell / 255 of the range", () => {
  const maps = pooled();
  const near = (row, column, value) => assert.ok(Math.abs(overviewValue(maps, 0, row, column).value - value) < 1e-6);
  near(0, 0, -1);
  near(1, 3, -0.6); // tile column 1: cell 51
  near(2, 0, 0.2); // tile row 1: cell 153
  near(2, 4, 1); // the last, partial block
  assert.equal(overviewValue(maps, 0, 0, 0).exact, false);
});

test("a dead channel's values are known exactly, a broken one's not at all", () => {
  const maps = pooled();
  assert.deepEqual(overviewValue(maps, 1, 2, 4), {value: 0, exact: true});
  assert.deepEqual(overviewValue(maps, 2, 0, 0), {value: NaN, exact: false});
  assert.deepEqual([countChannels(maps, isDead), countChannels(maps, isBroken)], [1, 1]);
});

test("exact maps answer with their own values", () => {
  const maps = exact([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [2, 2, 3]);
  assert.deepEqual(overviewValue(maps, 1, 1, 0), {value: 10, exact: true});
});

test("the receptive field of a cell pairs its row's with its column's", () => {
  assert.deepEqual(receptiveField(pooled(), 2, 0), {top: 3, left: -1, bottom: 7, right: 3});
});

test("sorting is stable, and what is not a number comes last either way", () => {
  const maps = {...pooled(), channels: 5, mean: Float32Array.of(2, NaN, 1, 2, -Infinity)};
  assert.deepEqual([...channelOrder(maps, "mean", true)], [0, 3, 2, 4, 1]);
  assert.deepEqual([...channelOrder(maps, "mean", false)], [4, 2, 0, 3, 1]);
  assert.deepEqual([...channelOrder(maps, "index", true)], [4, 3, 2, 1, 0]);
});

test("probabilities begin with the largest until the visitor says otherwise", () => {
  assert.deepEqual(sorting({sort: null, descending: false}, "softmax"), {sort: "maximum", descending: true});
  assert.deepEqual(sorting({sort: "index", descending: false}, "softmax"), {sort: "index", descending: false});
  assert.deepEqual(sorting({sort: null, descending: false}, "conv1"), {sort: "index", descending: false});
});

test("the readout marks what is rounded, and stops once the exact values are there", () => {
  const maps = pooled();
  assert.equal(readoutText(maps, {channel: 17, row: 3, column: 5}, {value: 1.2344, exact: false}), "channel 17 · row 3, column 5 · ≈ 1.234");
  const view = new MapView({maps, run: {top: [], input: [3, 8, 8]}, state: {}});
  const cell = view.looking({channel: 0, row: 1, column: 1});
  assert.equal(view.readout(cell), "channel 0 · row 1, column 1 · ≈ −1.000 · sees 5 × 5 pixels");
  view.exact.set(0, Float32Array.from({length: 15}, (_, at) => at / 8));
  assert.equal(view.readout(cell), "channel 0 · row 1, column 1 · 0.7500 · sees 5 × 5 pixels");
  assert.equal(view.readout(view.looking({channel: 2, row: 0, column: 0})), "channel 2 · row 0, column 0 · not a number · sees 5 × 5 pixels, some of them padding");
});

test("until one is selected, the channel that varies most is shown", () => {
  // 1 3 | 9 9 | 2 6: deviations 1, 0, 2
  assert.equal(liveliestChannel(exact([1, 3, 9, 9, 2, 6], [3, 1, 2])), 2);
  assert.equal(liveliestChannel(exact([1, 3, 2], [3, 1, 1])), 1);
  assert.equal(liveliestChannel(pooled()), 0); // dead and broken channels never
  assert.equal(liveliestChannel(exact([NaN, NaN], [2, 1, 1])), 0);
});

test("the next channel is the next in the order shown", () => {
  const view = new MapView({maps: exact([3, 1, 2], [3, 1, 1]), run: {top: []}, state: {}});
  view.arrange({sort: "maximum", descending: true, range: "channel"});
  assert.deepEqual([view.neighbour(0, 1), view.neighbour(2, 1), view.neighbour(1, 1), view.neighbour(0, -1)], [2, 1, 1, 0]);
  assert.equal(view.placeText(2), "number 2 of 3 by maximum");
  assert.deepEqual([view.channel(null), view.channel(1), view.channel(9)], [0, 1, 0]);
});
