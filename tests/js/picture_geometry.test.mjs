import assert from "node:assert/strict";
import test from "node:test";
import {extentOf, fitted, insideInput, onPicture, onScreen, reachesPadding, receptiveLabel} from "../../assets/js/picture_geometry.js";

const picture = {height: 300, width: 451};
const crop = {top: 18.75, left: 94, height: 262.5, width: 263};
const input = [3, 224, 224];

test("a crop lies in the picture, a border goes beyond it", () => {
  assert.deepEqual(extentOf(picture, crop), {top: 0, left: 0, height: 300, width: 451});
  assert.deepEqual(extentOf(picture, {top: -75.5, left: 0, height: 451, width: 451}), {top: -75.5, left: 0, height: 451, width: 451});
  assert.deepEqual(extentOf(picture, null), {top: 0, left: 0, height: 300, width: 451});
});

test("the extent is centred, as large as the box and its margin allow", () => {
  const place = fitted({top: 0, left: 0, height: 100, width: 200}, {height: 220, width: 220}, 10);
  assert.deepEqual(place, {scale: 1, top: 60, left: 10});
  assert.deepEqual(onScreen({top: 0, left: 0, height: 100, width: 200}, place), {top: 60, left: 10, height: 100, width: 200});
});

test("a border's negative offset shifts the picture down, not out", () => {
  const place = fitted({top: -50, left: 0, height: 200, width: 200}, {height: 200, width: 200});
  assert.deepEqual(onScreen({top: 0, left: 0, height: 100, width: 200}, place), {top: 50, left: 0, height: 100, width: 200});
});

test("a receptive field in picture pixels: first to last input pixel, both included", () => {
  const frame = {top: 10, left: 20, height: 448, width: 112};
  const region = onPicture({top: 0, left: 112, bottom: 0, right: 223}, frame, input);
  assert.deepEqual(region, {top: 10, left: 76, height: 2, width: 56});
  const whole = onPicture({top: 0, left: 0, bottom: 223, right: 223}, frame, input);
  assert.deepEqual(whole, frame);
});

test("padding is told apart from the input", () => {
  const field = {top: -3, left: 5, bottom: 3, right: 11};
  assert.deepEqual(insideInput(field, input), {top: 0, left: 5, bottom: 3, right: 11});
  assert.equal(reachesPadding(field, input), true);
  assert.equal(reachesPadding({top: 0, left: 0, bottom: 223, right: 223}, input), false);
  assert.equal(insideInput({top: -9, left: 0, bottom: -1, right: 5}, input), null);
});

test("the label gives height before width", () => {
  assert.equal(receptiveLabel({top: 0, left: 0, bottom: 34, right: 30}, input), "receptive field 35 × 31");
  assert.equal(receptiveLabel({top: -1, left: 0, bottom: 33, right: 34}, input), "receptive field 35 × 35, partly padding");
});
