// Dots written as pixels: what one looks like, and how one lies over another.

import assert from "node:assert/strict";
import {test} from "node:test";
import {DotLayer, blended, dotStamp} from "../../assets/js/embeddings/map_dots.js";

const parts = (pixel) => [pixel & 255, (pixel >>> 8) & 255, (pixel >>> 16) & 255, pixel >>> 24];
const pack = ([red, green, blue, alpha]) => (alpha << 24) | (blue << 16) | (green << 8) | red;
const LOOK = {fill: [200, 100, 50], outline: [0, 0, 0, 0], radius: 3, ratio: 1, isCross: false};

test("one colour over another, worked by hand and by the definition in fractions", () => {
  // half of 200 over a solid 100: 128/255 · 200 + 127/255 · 100 = 150.2
  assert.deepEqual(parts(blended(pack([200, 0, 0, 128]), pack([100, 0, 0, 255]))), [150, 0, 0, 255]);
  let seed = 7;
  const random = (most) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % most;
  for (let turn = 0; turn < 500; turn += 1) {
    const [above, below] = [0, 1].map(() => [random(256), random(256), random(256), 1 + random(255)]);
    const [over, under] = [above[3] / 255, below[3] / 255];
    const alpha = over + under * (1 - over);
    const wanted = [0, 1, 2].map((at) => (above[at] * over + below[at] * under * (1 - over)) / alpha);
    const found = parts(blended(pack(above), pack(below)));
    [...wanted, 255 * alpha].forEach((value, at) => assert.ok(Math.abs(value - found[at]) <= 1.6, `${above} over ${below}: ${found}`));
  }
  assert.deepEqual(parts(blended(pack([9, 8, 7, 30]), 0)), [9, 8, 7, 30]);
});

test("a dot is as large as its radius says, in its own colour", () => {
  const {side, middle, pixels} = dotStamp(LOOK, 0, 0, 1);
  const area = pixels.reduce((sum, pixel) => sum + (pixel >>> 24) / 255, 0);
  assert.ok(Math.abs(area - Math.PI * 9) < 0.5, String(area));
  assert.deepEqual(parts(pixels[middle * side + middle]), [200, 100, 50, 255]);
  assert.equal(pixels[0], 0);
  const faint = dotStamp(LOOK, 0, 0, 0.5);
  assert.equal(parts(faint.pixels[middle * side + middle])[3], 128);
});

test("between two pixels a dot's middle of mass is where it should be", () => {
  const {side, middle, pixels} = dotStamp({...LOOK, ratio: 2}, 0.75, 0.25, 1);
  const sums = [0, 0, 0];
  pixels.forEach((pixel, at) => {
    const weight = pixel >>> 24;
    sums[0] += weight;
    sums[1] += weight * ((at % side) - middle);
    sums[2] += weight * (Math.floor(at / side) - middle);
  });
  assert.ok(Math.abs(sums[1] / sums[0] - 0.75) < 0.03 && Math.abs(sums[2] / sums[0] - 0.25) < 0.03);
});

test("a cross is open between its arms", () => {
  const {side, middle, pixels} = dotStamp({...LOOK, radius: 4, isCross: true}, 0, 0, 1);
  const alpha = (across, down) => pixels[(middle + down) * side + middle + across] >>> 24;
  assert.deepEqual([alpha(0, 0), alpha(3, 3), alpha(-3, 3), alpha(4, 0), alpha(0, -4)], [255, 255, 255, 0, 0]);
});

test("dots are cut at the edge of the canvas, never wrapped to the other side", () => {
  globalThis.ImageData = class {
    constructor(width, height) {
      Object.assign(this, {width, height, data: new Uint8ClampedArray(4 * width * height)});
    }
  };
  const layer = new DotLayer();
  layer.dress([LOOK], "plain");
  layer.begin(20, 10);
  layer.dot(0, 0, 5, 1);
  layer.dot(0, 500, 5, 1);
  layer.dot(0, 10, -500, 1);
  const columns = [...layer.pixels].flatMap((pixel, at) => (pixel ? [at % 20] : []));
  assert.ok(columns.length > 10 && Math.max(...columns) <= 3, String(columns));
  layer.begin(20, 10);
  assert.ok(layer.pixels.every((pixel) => pixel === 0));
});
