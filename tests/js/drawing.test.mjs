import assert from "node:assert/strict";
import test from "node:test";
import {digitPlacement, inkOf} from "../../assets/js/digit.js";
import {Pacing} from "../../assets/js/pacing.js";
import {stoppedClock} from "./clock.mjs";

test("bounding box and centre of mass, by hand", () => {
  // row 1: 2 at column 1; row 2: 1 at column 1 and 1 at column 3
  const grey = Uint8Array.from([0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 1, 0]);
  assert.deepEqual(inkOf(grey, 3, 5), {
    box: {top: 1, left: 1, bottom: 3, right: 4},
    centre: {row: (2 * 1.5 + 2 * 2.5) / 4, column: (3 * 1.5 + 3.5) / 4},
  });
  assert.equal(inkOf(new Uint8Array(15), 3, 5), null);
});

test("MNIST's frame: the longer side becomes 20 of 28 cells, the mass goes to the middle", () => {
  const ink = {box: {top: 40, left: 100, bottom: 240, right: 150}, centre: {row: 130, column: 120}};
  const {scale, top, left} = digitPlacement(ink, 280);
  assert.equal(scale * 200, 200); // 20 cells of 10 pixels
  assert.deepEqual([top + scale * 130, left + scale * 120], [140, 140]);
  assert.equal(digitPlacement({...ink, box: {top: 0, left: 0, bottom: 50, right: 100}}, 28).scale, 0.2);
});

test("a stroke is sent while it is drawn, and 300 ms after it ends", async (t) => {
  const clock = stoppedClock(t);
  let sent = 0;
  const pacing = new Pacing({send: async () => (sent += 1), isBusy: () => false});
  pacing.moved();
  clock.tick(200);
  pacing.moved();
  assert.equal(sent, 0);
  clock.tick(150);
  await Promise.resolve();
  assert.equal(sent, 1);
  await Promise.resolve();
  pacing.lifted();
  clock.tick(299);
  assert.equal(sent, 1);
  clock.tick(1);
  assert.equal(sent, 2);
});

test("one at a time, and never while a run is under way", async (t) => {
  const clock = stoppedClock(t);
  let busy = true;
  let sent = 0;
  const pacing = new Pacing({send: async () => (sent += 1), isBusy: () => busy});
  pacing.lifted();
  clock.tick(1000);
  assert.equal(sent, 0);
  busy = false;
  clock.tick(100);
  assert.equal(sent, 1);
});

test("a closed pad sends nothing more", (t) => {
  const clock = stoppedClock(t);
  let sent = 0;
  const pacing = new Pacing({send: async () => (sent += 1), isBusy: () => false});
  pacing.lifted();
  pacing.stop();
  clock.tick(1000);
  assert.equal(sent, 0);
});
