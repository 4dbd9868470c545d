import assert from "node:assert/strict";
import {test} from "node:test";

import {colours as classColours} from "../../assets/js/embeddings/palette.js";
import {cellAt, cellLayout, cellText, confusion, picturesBehind, rowShare, steppedCell, strength, worstMistakes} from "../../assets/js/training/live/confusion.js";
import {joined} from "../../assets/js/training/displays.js";
import {Follower, readDisplay} from "../../assets/js/training/live/display.js";
import {formOf, layoutText, tilesOf} from "../../assets/js/training/live/filters_part.js";
import {followed, isOf} from "../../assets/js/training/live/follow.js";
import {FrameLoop} from "../../assets/js/training/live/frame_loop.js";
import {badgeText, mapText, momentText, nowText, weightText} from "../../assets/js/training/live/live_words.js";
import {inkOn, mixed, nameRoom} from "../../assets/js/training/live/matrix_drawing.js";
import {cardPlaces} from "../../assets/js/training/live/mistakes_part.js";
import {epochMarks, momentAt, nearestPlace, newestShare, placeOf, placesOf, steppedPlace} from "../../assets/js/training/live/moments_line.js";
import {Thumbs, spreadPixels} from "../../assets/js/training/live/thumbs.js";
import {cornerOf, fittingGrid, gridOf, paintColours, paintFrames, paintTiles, pixelSize, tileUnder} from "../../assets/js/training/live/tiles.js";

const close = (found, wanted, within = 1e-9) => assert.ok(Math.abs(found - wanted) <= within, `${found} is not ${wanted}`);

test("confusion counts, shares and words", () => {
  const labels = Uint8Array.of(0, 0, 0, 1, 1, 2, 2);
  const predicted = Uint8Array.of(0, 0, 1, 1, 2, 2); // one picture fewer
  const matrix = confusion(labels, predicted, 4);
  assert.deepEqual([...matrix.counts], [2, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
  assert.deepEqual([matrix.right, matrix.count], [4, 6]);
  close(rowShare(matrix, 0, 1), 1 / 3);
  assert.equal(rowShare(matrix, 3, 3), 0); // a class without a picture
  assert.equal(cellText(matrix, ["cat", "dog", "cow", "owl"], 0, 1), "true cat, predicted dog: 1 of 3");
  assert.equal(strength(0), 0);
  assert.ok(strength(0.01) > 0.15 && strength(1) === 1);
});

test("pictures of a cell and the worst mistakes, the greatest loss first", () => {
  const scene = {labels: Uint8Array.of(4, 4, 4, 4, 9), predicted: Uint8Array.of(9, 4, 9, 9, 9), losses: Float32Array.of(1.5, 0.1, 3, 1.5, 0)};
  assert.deepEqual(picturesBehind(scene, 4, 9), [2, 0, 3]);
  const {count, of, worst} = worstMistakes(scene, 2);
  assert.deepEqual([count, of], [3, 5]);
  assert.deepEqual(worst, [{index: 2, label: 4, predicted: 9, loss: 3}, {index: 0, label: 4, predicted: 9, loss: 1.5}]);
  assert.equal(worstMistakes({...scene, losses: Float32Array.of(1.5, 0.1, 3, NaN, 0)}).worst[0].index, 3);
  assert.deepEqual(worstMistakes({labels: [1], predicted: [1], losses: [9]}).worst, []);
});

test("the matrix fits its room from 2 to 30 classes, and a point finds its cell", () => {
  for (const classes of [2, 10, 30]) {
    for (const side of [300, 520]) {
      const names = Array.from({length: classes}, (_, at) => `a long name ${at}`);
      const layout = cellLayout({side, classes, ...nameRoom(names, {text: 14}, side)});
      assert.ok(layout.width <= side + 1, `${classes} classes take ${layout.width} of ${side}`);
      assert.ok(layout.cell >= 6);
      assert.deepEqual(cellAt(layout, classes, layout.left + layout.pitch * 1.5, layout.top + layout.pitch * 0.5), [0, 1]);
      assert.equal(cellAt(layout, classes, layout.left - 2, layout.top + 2), null);
    }
  }
  assert.deepEqual(steppedCell([0, 1], "ArrowDown", 2), [1, 1]);
  assert.deepEqual(steppedCell([1, 1], "ArrowRight", 2), [1, 1]);
  assert.deepEqual(steppedCell([1, 0], "End", 30), [1, 29]);
  assert.equal(steppedCell([1, 0], "a", 30), null);
  assert.deepEqual(mixed([0, 100, 200], [100, 0, 200], 0.25), [25, 75, 200]);
});

test("counts stay readable on every colour of a cell", () => {
  const luminance = (colour) => colour.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)).reduce((sum, part, at) => sum + [0.2126, 0.7152, 0.0722][at] * part, 0);
  for (const [ground, full] of [[[240, 242, 245], [10, 92, 184]], [[240, 242, 245], [180, 71, 15]], [[27, 32, 40], [124, 181, 247]], [[27, 32, 40], [244, 154, 99]]]) {
    for (let step = 0; step <= 20; step += 1) {
      const colour = mixed(ground, full, step / 20);
      const [a, b] = [luminance(colour), inkOn(colour) === "#ffffff" ? 1 : 0];
      assert.ok((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) >= 4.5, `${colour}`);
    }
  }
});

test("what a display holds, with and without its arrays", () => {
  const full = readDisplay({
    header: {step: 5, epoch: 0.2, moment: null, layer: "conv1", example: 3, maps_range: [-1, 3], arrays: {filters: {shape: [2, 1, 3, 3]}, maps: {shape: [2, 4, 5]}, features: {shape: [6, 8]}}},
    arrays: {filters: new Float32Array(18), maps: new Uint8Array(40), features: new Uint8Array(48), predicted: Uint8Array.of(1), loss_each: Float32Array.of(2)},
  });
  assert.deepEqual(full.filters.shape, [2, 1, 3, 3]);
  assert.deepEqual([full.maps.low, full.maps.high], [-1, 3]);
  assert.deepEqual(full.features.shape, [6, 8]);
  assert.equal(full.losses[0], 2);
  const bare = readDisplay({header: {step: 1, epoch: 0, arrays: {}}, arrays: {}});
  assert.deepEqual([bare.filters, bare.maps, bare.features, bare.predicted], [null, null, null, null]);
  assert.equal(readDisplay(null), null);
});

test("features that a frame does not bring stay those of their own step", () => {
  const fetched = {of: "0|0", header: {step: 0, moment: 0, arrays: {}}, arrays: {features: Uint8Array.of(1), predicted: Uint8Array.of(1)}};
  const bare = {header: {step: 41, moment: 1, arrays: {}}, arrays: {predicted: Uint8Array.of(2)}};
  const whole = {header: {step: 82, moment: 2, arrays: {}}, arrays: {features: Uint8Array.of(3), predicted: Uint8Array.of(3)}};
  const first = joined(fetched, bare, "0|0");
  assert.deepEqual([readDisplay(first).step, readDisplay(first).featured], [41, 0]);
  const second = joined(first, whole, "0|0");
  assert.deepEqual([readDisplay(second).step, readDisplay(second).featured], [82, 82]);
  const third = joined(second, {...bare, header: {...bare.header, step: 123}}, "0|0");
  assert.deepEqual([readDisplay(third).step, readDisplay(third).featured], [123, 82]);
  assert.equal(readDisplay(fetched).featured, 0);
});

test("numbers follow smoothly and arrive", () => {
  const follower = new Follower({time_ms: 70});
  follower.aim(Float32Array.of(0, 0));
  assert.equal(follower.step(16), false); // the first are there at once
  follower.aim(Float32Array.of(1, -2));
  follower.step(70);
  close(follower.values[0], 1 - 1 / Math.E, 1e-6);
  for (let frame = 0; frame < 60 && follower.step(16); frame += 1);
  assert.deepEqual([...follower.values], [1, -2]);
  assert.equal(follower.step(16), false);
  follower.aim(Float32Array.of(1, 2, 3)); // another layer: at once
  assert.deepEqual([...follower.values], [1, 2, 3]);
});

test("filters become tiles: single, in colour, or rows of kernels", () => {
  assert.equal(formOf([6, 1, 5, 5]), "single");
  assert.equal(formOf([16, 3, 3, 3]), "colour");
  assert.equal(formOf([16, 3, 1, 1]), "matrix");
  assert.equal(formOf([16, 6, 5, 5]), "rows");
  assert.deepEqual(tilesOf([16, 6, 5, 5]), {count: 96, height: 5, width: 5, across: 16, columnwise: true});
  assert.deepEqual(tilesOf([16, 6, 5, 5], true), {count: 96, height: 5, width: 5, across: 6, columnwise: false});
  assert.deepEqual(tilesOf([6, 16, 5, 5], true), {count: 96, height: 5, width: 5, across: 6, columnwise: true});
  assert.deepEqual(tilesOf([10, 84, 1, 1]), {count: 1, height: 10, width: 84, across: 1, columnwise: false});
  assert.equal(layoutText([16, 6, 5, 5]), "16 columns, one a filter; 6 rows, one an input; all in one range.");
  assert.equal(layoutText([16, 6, 5, 5], 16, true), "16 rows, one a filter; 6 columns, one an input; all in one range.");
  assert.equal(layoutText([10, 84, 1, 1]), "10 rows, one a unit; 84 columns, one an input; all in one range.");
  assert.equal(layoutText([40, 1, 3, 3], 128), "The first 40 of 128 filters. All in one range.");
});

test("tiles are painted where a point finds them", () => {
  for (const columnwise of [false, true]) {
    const grid = gridOf({count: 6, height: 2, width: 3, across: 3, columnwise, scale: 2});
    const pixels = new Uint32Array(grid.columns * grid.rows);
    paintFrames(pixels, grid, 9);
    paintTiles(pixels, grid, Float32Array.from({length: 36}, (_, at) => at), Uint32Array.from({length: 256}, (_, at) => 1000 + at), (value) => value);
    assert.equal(pixels.filter((pixel) => pixel >= 1000).length, 36 * 4);
    assert.ok(pixels.every((pixel) => pixel === 9 || pixel >= 1000));
    for (const place of [{tile: 0, row: 0, column: 0}, {tile: 4, row: 1, column: 2}]) {
      const [x, y] = cornerOf(grid, place);
      assert.equal(pixels[y * grid.columns + x], 1000 + place.tile * 6 + place.row * 3 + place.column);
      assert.deepEqual(tileUnder(grid, x + 1.5, y + 1.5), place);
    }
    assert.equal(tileUnder(grid, 0.5, 0.5), null);
    assert.equal(tileUnder(grid, -1, 3), null);
  }
  const [second] = [1].map((tile) => tileUnder(gridOf({count: 6, height: 1, width: 1, across: 3, columnwise: true}), 1.5, 3.5).tile - tile);
  assert.equal(second, 0); // column by column: below the first lies the second
});

test("colour filters keep their own colours", () => {
  const grid = gridOf({count: 1, height: 1, width: 2, across: 1});
  const pixels = new Uint32Array(grid.columns * grid.rows);
  paintColours(pixels, grid, [10, 20, 30, 40, 50, 60], (value) => value);
  assert.deepEqual([...new Uint8Array(pixels.buffer)].slice(4 * (grid.columns + 1), 4 * (grid.columns + 3)), [10, 30, 50, 255, 20, 40, 60, 255]);
});

test("a grid fills its room and wastes no place", () => {
  const space = {room: 480, most: 364, ratio: 1};
  const six = fittingGrid({count: 6, height: 28, width: 28}, space);
  assert.deepEqual([six.across, six.down], [3, 2]);
  for (const shape of [{count: 6, height: 5, width: 5}, {count: 64, height: 14, width: 14}, {count: 120, height: 1, width: 1}, {count: 96, height: 5, width: 5, across: 16, columnwise: true}]) {
    const grid = fittingGrid(shape, space);
    assert.ok(grid.columns * pixelSize(grid, space) <= space.room, JSON.stringify(shape));
    assert.ok(grid.across * grid.down >= shape.count);
  }
  const large = fittingGrid({count: 128 * 128, height: 3, width: 3, across: 128}, space); // scrolls rather than vanishes
  assert.equal(pixelSize(large, space), 1);
  const phone = {room: 340, most: 640, ratio: 2, least: 4};
  for (const shape of [[16, 6, 5, 5], [64, 32, 3, 3], [120, 400, 1, 1], [10, 84, 1, 1]]) {
    const grid = fittingGrid(tilesOf(shape, true), phone);
    assert.ok(grid.scale * pixelSize(grid, phone) >= 4, `${shape}: ${grid.scale * pixelSize(grid, phone)} px a weight`);
  }
});

test("the scrubber's places, and what keys and pointers mean", () => {
  const moments = [0, 1, 2].map((k) => ({moment: k, epoch: k, step: 10 * k, accuracy: k / 4}));
  const ended = placesOf(moments, {step: 20, epoch: 2});
  const running = placesOf(moments, {step: 24, epoch: 2.4});
  assert.equal(ended.length, 3);
  assert.equal(running.length, 4);
  assert.equal(placesOf([], {step: 0, epoch: 0}).length, 1);
  assert.deepEqual([placeOf(running, null), placeOf(running, 1), placeOf(running, 77)], [3, 1, 3]);
  assert.deepEqual([momentAt(running, 3), momentAt(running, 2), momentAt(ended, 2)], [null, 2, null]);
  assert.deepEqual(["ArrowLeft", "ArrowUp", "Home", "End", "PageDown", "x"].map((key) => steppedPlace(key, 2, 4)), [1, 3, 0, 3, 0, null]);
  assert.equal(nearestPlace(running, 1.4), 1);
  assert.equal(nearestPlace(running, 9), 3);
  assert.deepEqual(epochMarks(10, 12), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.deepEqual(epochMarks(60, 7), [0, 10, 20, 30, 40, 50, 60]);
});

test("sentences", () => {
  assert.equal(momentText({epoch: 3, accuracy: 0.9722}, 10, 180), "Epoch 3 of 10: 97.2 % of 180 validation pictures right");
  assert.equal(momentText({epoch: 0, accuracy: null}, 10, 180), "Start, before the first step");
  assert.equal(nowText({step: 1312, steps: 4000}, {right: 172, count: 180, step: 1312}), "Now, step 1,312 of 4,000: 172 of 180 validation pictures right");
  assert.equal(nowText({step: 1312, steps: 4000}, {right: 172, count: 180, step: 1200}), "Now, step 1,312 of 4,000: at step 1,200, 172 of 180 validation pictures right");
  assert.equal(nowText({step: 1312, steps: 4000}, {share: 0.9722, step: 1300}), "Now, step 1,312 of 4,000: at step 1,300, 97.2 % of the validation pictures right");
  assert.equal(badgeText({status: "running", moment: null, step: 12, epochs: 3}), "the network being trained, step 12");
  assert.equal(badgeText({status: "ended", moment: null, step: 12, epochs: 3, kept: 8}), "the network of step 8, kept when the training failed");
  assert.equal(badgeText({status: "ended", moment: null, step: 12, epochs: 3, kept: 0}), "the untrained network, kept when the training failed");
  assert.equal(badgeText({status: "ended", moment: 2, step: 12, epochs: 3}), "the network in training, after epoch 2 of 3");
  assert.equal(weightText([2, 1, 1, 2], {tile: 1, row: 0, column: 1}, [0, 0, 0, 0.5], "single"), "Filter 1, row 0, column 1: 0.5000");
  assert.equal(weightText([2, 3, 1, 1], {tile: 0, row: 1, column: 2}, [0, 0, 0, 0, 0.5, -0.25], "matrix"), "Unit 1 ← input 2: −0.2500");
  assert.equal(weightText([2, 2, 1, 2], {tile: 2, row: 0, column: 1}, [0, 0, 0, 0, 0, -0.25, 0, 0], "rows"), "Filter 1 ← input 0, row 0, column 1: −0.2500");
  assert.equal(weightText([1, 3, 1, 2], {tile: 0, row: 0, column: 1}, [0, 1, 0, 2, 0, 3], "colour"), "Filter 0, row 0, column 1: red 1.00, green 2.00, blue 3.00");
  assert.equal(mapText({shape: [2, 1, 2], values: [0, 0, 0, 255], low: -1, high: 4}, {tile: 1, row: 0, column: 1}), "Channel 1, row 0, column 1: ≈ 4.00");
});

test("the other tabs follow by the network's name", () => {
  const training = "0123456789abcdef".repeat(2);
  assert.ok(isOf(training, `${training}_3`) && isOf(training, training));
  assert.ok(!isOf(training, "lenet5") && !isOf(null, training) && !isOf("f".repeat(32), training));
  const state = {net: "lenet5", weights: "untrained", layer: "0", channel: 2, picture: "sample:seven"};
  const patch = followed(state, training, 4);
  assert.equal(patch.net, `${training}_4`);
  assert.deepEqual([patch.weights, patch.layer, patch.channel, patch.run], [null, null, null, null]);
  const next = followed({...state, net: `${training}_4`}, training, 5);
  assert.equal(next.net, `${training}_5`);
  assert.ok(!("layer" in next)); // the same layers: what was chosen stays
});

test("nothing runs while hidden", () => {
  const asked = [];
  globalThis.requestAnimationFrame = (callback) => asked.push(callback);
  globalThis.cancelAnimationFrame = () => (asked.length = 0);
  try {
    let drawn = 0;
    const loop = new FrameLoop(() => (drawn += 1) < 3);
    loop.wake();
    assert.equal(asked.length, 0);
    loop.run(true);
    loop.wake(); // asked once only
    assert.equal(asked.length, 1);
    for (let time = 0; asked.length; time += 16) asked.shift()(time);
    assert.equal(drawn, 3);
    loop.wake();
    loop.run(false);
    assert.equal(asked.length, 0);
    loop.wake();
    assert.equal(asked.length, 0);
  } finally {
    delete globalThis.requestAnimationFrame;
    delete globalThis.cancelAnimationFrame;
  }
});

test("pictures are asked for a hundred at a time, each once", async () => {
  const asked = [];
  const thumbs = new Thumbs({desk: {labels: new Uint8Array(150), pictures: async (indices) => (asked.push([indices[0], indices.length]), {height: 1, width: 1, channels: 1, pixels: new Uint8Array(indices.length)})}, onReady: () => {}});
  thumbs.drawn = () => "canvas";
  assert.ok(!thumbs.want(7) && !thumbs.want(8) && !thumbs.want(120));
  await new Promise(setImmediate);
  assert.deepEqual(asked, [[0, 100], [100, 50]]);
  assert.ok(thumbs.want(99) && thumbs.want(149));
  const data = new Uint8ClampedArray(4 * 4);
  spreadPixels(data, Uint8Array.of(1, 2, 3, 4), {height: 2, width: 1, channels: 1}, 1, 2, 1, 0);
  assert.deepEqual([...data], [0, 0, 0, 0, 2, 2, 2, 255, 0, 0, 0, 0, 3, 3, 3, 255]);
});

test("mistakes lie in rows; thirty classes have colours", () => {
  const {columns, rows, at} = cardPlaces(12, 41);
  assert.deepEqual([columns, rows], [5, 3]);
  assert.deepEqual(at(6).map((value) => Math.round(10 * value) / 10), [8.2, 10.8]);
  assert.equal(cardPlaces(3, 5).columns, 1);
  assert.equal(new Set(classColours(30, false)).size, 30);
});

test("the newest share of right answers is the last validation's or what was counted since", () => {
  const places = [{moment: 0, step: 0, accuracy: 0.1}, {moment: 1, step: 40, accuracy: 0.9}, {moment: null, step: 52, accuracy: null}];
  assert.deepEqual(newestShare(places, {right: 10, count: 100, step: 0}), {step: 40, share: 0.9});
  assert.deepEqual(newestShare(places, {right: 93, count: 100, step: 45}), {right: 93, count: 100, step: 45, share: 0.93});
  assert.deepEqual(newestShare(places, {right: 90, count: 100, step: 40}), {right: 90, count: 100, step: 40, share: 0.9});
  assert.deepEqual(newestShare(places, null), {step: 40, share: 0.9});
  assert.equal(newestShare([{moment: 0, step: 0, accuracy: null}], null), null);
});
