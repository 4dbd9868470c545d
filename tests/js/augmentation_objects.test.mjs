import assert from "node:assert/strict";
import test from "node:test";
import {colourOf, marksOf} from "../../assets/js/augmentation/marks.js";
import {countedPixels, outlines, pathOf} from "../../assets/js/augmentation/masks.js";
import {areaChange, objectLines} from "../../assets/js/augmentation/object_words.js";
import {partnerChoices} from "../../assets/js/augmentation/partner_view.js";

/** A sheet of masks from rows of digits. */
function masksOf(...rows) {
  const masks = {width: rows[0].length, numbers: Uint8Array.from(rows.join(""), Number)};
  return {...masks, fine: (place) => ({...masks, place, stride: 1}), coarse: (place) => ({...masks, place, stride: 2})};
}

/** Twice the area that closed lines hold, holes taken off (shoelace formula). */
const twiceArea = (rings) => rings.reduce((sum, ring) => sum + ring.reduce((part, [x, y], at) => {
  const [u, v] = ring[(at + 1) % ring.length];
  return part + x * v - u * y;
}, 0), 0);

test("pixels are counted within a picture's place in the sheet", () => {
  const masks = masksOf("0110022", "0110220", "0000000");
  assert.deepEqual(Object.entries(countedPixels(masks, [0, 0, 3, 3])), [["1", 4]]);
  assert.deepEqual(Object.entries(countedPixels(masks, [3, 0, 4, 2])), [["2", 4]]);
});

test("one pixel is a diamond around it, two at a corner are two, a hole runs the other way round", () => {
  const [ring, ...none] = outlines(masksOf("000", "010", "000"), [0, 0, 3, 3], 1);
  assert.equal(none.length, 0);
  assert.deepEqual(new Set(ring.map(String)), new Set(["1.5,1", "2,1.5", "1.5,2", "1,1.5"]));
  assert.equal(outlines(masksOf("10", "01"), [0, 0, 2, 2], 1).length, 2);
  const around = outlines(masksOf("111", "101", "111"), [0, 0, 3, 3], 1).map((one) => twiceArea([one]));
  assert.equal(around.length, 2);
  assert.ok(Math.max(...around) > 0 && Math.min(...around) < 0);
  assert.equal(pathOf([[[0, 0.25], [1, 2]]]), "M0 0.3L1 2Z");
});

test("an outline holds the area of its pixels, wherever they lie in the sheet, whatever was smoothed", () => {
  const [width, height, left, top] = [130, 90, 37, 11];
  const numbers = new Uint8Array(width * height);
  let pixels = 0;
  for (let row = 0; row < 60; row += 1) {
    for (let column = 0; column < 80; column += 1) {
      const distance = ((column - 40) / 33) ** 2 + ((row - 28) / 24) ** 2; // an ellipse with a round hole
      if (distance > 1 || (column - 40) ** 2 + (row - 28) ** 2 < 81) continue;
      numbers[(top + row) * width + left + column] = 3;
      pixels += 1;
    }
  }
  for (const rounds of [0, 2, 4]) {
    const rings = outlines({width, numbers}, [left, top, 80, 60], 3, rounds);
    assert.equal(rings.length, 2);
    assert.ok(Math.abs(Math.abs(twiceArea(rings)) / 2 / pixels - 1) < 0.02, `${rounds} rounds: ${twiceArea(rings) / 2} of ${pixels}`);
  }
});

test("an object cut by the frame is outlined along it, exactly", () => {
  const masks = {width: 12, numbers: new Uint8Array(12 * 12).fill(1)};
  const [ring] = outlines(masks, [0, 0, 12, 12], 1);
  for (const [x, y] of ring) assert.ok([x, y].some((value) => value <= 0.5 || value >= 11.5), `${x}, ${y}`);
  assert.deepEqual([Math.min(...ring.map(([x]) => x)), Math.max(...ring.map(([, y]) => y))], [0, 12]);
});

const step = (id, values = {}) => ({id, values});
const fired = (...entries) => ({applied: entries.map(([id, values = {}], at) => ({id, step: at, values}))});
const change = (steps, draw, before = {height: 300, width: 400}) => areaChange(draw, steps, before);

test("how much larger steps make an area", () => {
  const crop = step("resized_crop", {size: 224});
  const part = ["resized_crop", {height_px: 112, width_px: 56}];
  assert.equal(change([crop], fired(part)).factor, 8); // 224² / (112 × 56)
  assert.equal(change([crop, step("affine")], fired(part, ["affine", {scale: 0.5}])).factor, 2);
  assert.equal(change([step("resize", {size: 150})], fired(["resize"])).factor, 0.25);
  const after = [step("pad", {padding: 50, padding_mode: "constant"}), step("resize", {size: 200})];
  assert.deepEqual(change(after, fired(["pad"], ["resize"])), {factor: 0.25, exact: true, height: 200, width: 250});
  const canvas = ["zoom_out", {left_px: 100, top_px: 50, right_px: 100, bottom_px: 50}];
  assert.deepEqual(change([step("zoom_out"), step("crop", {size: 64, padding_mode: "constant"})], fired(canvas, ["crop"])), {factor: 1, exact: true, height: 64, width: 64});
  assert.deepEqual(change([step("hflip"), step("elastic")], fired(["hflip"], ["elastic"])), {factor: 1, exact: false, height: 300, width: 400});
});

test("where areas do not change alike everywhere, or the size is not known, there is no factor", () => {
  assert.equal(change([step("perspective"), step("affine")], fired(["perspective"], ["affine", {scale: 2}])).factor, null);
  assert.equal(change([step("pad", {padding: 4, padding_mode: "reflect"})], fired(["pad"])).factor, null);
  assert.equal(change([step("crop", {size: 8, padding_mode: "edge"})], fired(["crop"])).factor, null);
  const turned = [step("rotate", {expand: true}), step("resize", {size: 100})];
  assert.equal(change(turned, fired(["rotate"])).factor, 1);
  assert.equal(change(turned, fired(["rotate"], ["resize"])).factor, null);
});

const sheet = (masks, boxes, {width, height} = {width: 4, height: 2}, more = {}) => ({masks, draws: [{at: [0, 0, 4, 2], width, height, boxes: boxes.map((label) => ({label, box: [0, 0, 2, 2]})), applied: [], ...more}]});
const objects = [{label: "cat"}, {label: "eye"}, {label: "eye"}, {label: "cup"}];

test("what is left of each object is told, and what has left", () => {
  const origin = sheet(masksOf("1111", "0000"), ["cat", "eye", "eye", "cup"]);
  const lines = (masks, boxes, more) => objectLines({...sheet(masks, boxes, undefined, more), objects}, 0, origin, [step("affine"), step("elastic"), step("perspective")]);
  assert.deepEqual(lines(masksOf("1000", "0000"), ["cat", "eye", "cup"]), [
    {label: "cat", text: "25\u00a0% of it is still in the picture; it fills 13\u00a0% of the draw"},
    {label: "eye", text: "1 of 2 in the picture"},
    {label: "cup", text: "in the picture"},
  ]);
  const larger = {applied: [{id: "affine", step: 0, values: {scale: Math.SQRT2}}]};
  assert.match(lines(masksOf("1111", "0000"), ["cat"], larger)[0].text, /^50\u00a0% of it/);
  assert.match(lines(masksOf("1111", "0000"), ["cat"], {applied: [{id: "elastic", step: 1, values: {}}]})[0].text, /^about all of it/);
  assert.equal(lines(masksOf("1111", "0000"), ["cat"], {applied: [{id: "perspective", step: 2, values: {}}]})[0].text, "it fills 50\u00a0% of the draw");
  assert.deepEqual(lines(null, []).map(({text}) => text), ["out of the picture", "out of the picture", "out of the picture"]);
  assert.deepEqual(lines(null, [], {boxes_lost: true}), []);
});

test("marks keep their colours from draw to draw, boxes are in the sheet's pixels", () => {
  assert.deepEqual(["cat", "eye", "cup", "?"].map((label) => colourOf(label, objects)), [0, 1, 2, 0]);
  const drawn = {...sheet(masksOf("0110", "0110"), ["cup"], {width: 8, height: 4}), objects};
  const [mark] = marksOf(drawn, 0);
  assert.deepEqual([mark.label, mark.colour, mark.box], ["cup", 2, [0, 0, 1, 1]]);
  assert.deepEqual(mark.path.match(/[\d.]+/g).map(Number).sort((one, other) => one - other).filter((value, at, all) => value !== all[at - 1]), [0, 0.5, 1, 1.5, 2, 2.5, 3]);
  const twice = marksOf(drawn, 0, {coarse: true})[0].path;
  assert.equal(Math.max(...twice.match(/[\d.]+/g).map(Number)), 6);
  assert.equal(marksOf({...drawn, masks: null}, 0)[0].path, "");
});

test("a second picture is one's own or a sample that suits the network, never the first", () => {
  const samples = [["cat", "imagenet"], ["two", "mnist"], ["cup", "imagenet"]].map(([name, suits]) => ({name, suits}));
  const models = [{name: "net", labels: "imagenet", input: [3, 8, 8]}, {name: "le", labels: "mnist", input: [1, 8, 8]}];
  const choices = (more) => partnerChoices({catalogue: {samples, models}, net: "net", picture: "sample:cat", own: new Set(["f0"]), mixed: null, ...more});
  assert.deepEqual(choices(), ["f0", "sample:cup"]);
  assert.deepEqual(choices({net: "le", mixed: "sample:cup"}), ["sample:cup", "f0", "sample:two"]);
  assert.deepEqual(choices({picture: "f0", mixed: "sample:cat"}), ["sample:cat", "sample:cup"]);
});
