import assert from "node:assert/strict";
import test from "node:test";
import {cellAt, fittingSize, gridLayout, hit, mapSize, stepCell, tileAt, visibleRange} from "../../assets/js/tile_layout.js";

const SQUARE = {tileHeight: 7, tileWidth: 7};
// 10 tiles of 28 px, gap 2: (100 - 2) / 30 = 3 columns, 8 px spare stretch each by 2
const LAYOUT = gridLayout({count: 10, width: 100, drawn: {width: 28, height: 28}, captionHeight: 0});

test("cells from 3 device pixels on are whole device pixels", () => {
  assert.deepEqual(mapSize(SQUARE, 40), {width: 35, height: 35, cell: 5});
  assert.deepEqual(mapSize(SQUARE, 40, 2), {width: 38.5, height: 38.5, cell: 5.5});
  assert.deepEqual(mapSize({tileHeight: 112, tileWidth: 56}, 84), {width: 42, height: 84, cell: 0.75});
});

test("tiles fill rows", () => {
  assert.deepEqual([LAYOUT.columns, LAYOUT.rows, LAYOUT.pitchX, LAYOUT.pitchY, LAYOUT.height], [3, 4, 32, 30, 122]);
  assert.deepEqual(tileAt(LAYOUT, 4), {x: 34, y: 32});
});

test("a point finds its tile, a gap belongs to the tile before it, nothing lies outside", () => {
  assert.deepEqual(hit(LAYOUT, 34 + 7, 32 + 14), {position: 4, across: 0.25, down: 0.5});
  assert.equal(hit(LAYOUT, 63, 40).position, 4);
  assert.deepEqual(cellAt({height: 7, width: 7, tileHeight: 7, tileWidth: 7, pool: 1}, hit(LAYOUT, 63, 40).across, 0), {row: 0, column: 6});
  assert.equal(hit(LAYOUT, 1, 40), null);
  assert.equal(hit(LAYOUT, 99, 40), null);
  assert.equal(hit(LAYOUT, 40, 110), null); // row 3 has a single tile
});

test("only rows in view are drawn", () => {
  assert.deepEqual(visibleRange(LAYOUT, 0, 32), [0, 3]);
  assert.deepEqual(visibleRange(LAYOUT, 31, 40), [0, 9]);
  assert.deepEqual(visibleRange(LAYOUT, 90, 500), [6, 10]);
});

test("the fitting size shows all channels where it can", () => {
  const view = {width: 500, height: 600, least: 34, most: 132, captionHeight: 14};
  const size = fittingSize({...SQUARE, channels: 32}, view);
  const height = (side) => gridLayout({count: 32, width: 500, drawn: mapSize(SQUARE, side), captionHeight: 14}).height;
  assert.ok(height(size) <= 600 && height(size + 7) > 600);
  assert.equal(fittingSize({...SQUARE, channels: 1280}, view), 34);
  assert.equal(fittingSize({...SQUARE, channels: 1}, view), 132);
});

test("a share of a pooled tile is a cell of the map, also in its last, partial block", () => {
  const maps = {height: 5, width: 5, tileHeight: 3, tileWidth: 3, pool: 2};
  assert.deepEqual(cellAt(maps, 0, 0.5), {row: 3, column: 0});
  assert.deepEqual(cellAt(maps, 0.99, 0.99), {row: 4, column: 4});
});

test("the keyboard crosses from tile to tile and stops at the sheet's ends", () => {
  const maps = {height: 7, width: 7};
  assert.deepEqual(stepCell({row: 3, column: 6, position: 0}, [0, 1], maps, LAYOUT), {row: 3, column: 0, position: 1});
  assert.deepEqual(stepCell({row: 6, column: 2, position: 1}, [1, 0], maps, LAYOUT), {row: 0, column: 2, position: 4});
  assert.deepEqual(stepCell({row: 0, column: 2, position: 1}, [-1, 0], maps, LAYOUT), {row: 0, column: 2, position: 1});
  assert.deepEqual(stepCell({row: 0, column: 6, position: 9}, [0, 1], maps, LAYOUT), {row: 0, column: 6, position: 9});
});
