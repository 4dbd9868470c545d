// Top patches: sentences, the part of a patch that is padding, keys among the cards, the search.

import assert from "node:assert/strict";
import {test} from "node:test";

import {steppedCard} from "../../assets/js/filters/patches_grid.js";
import {inside, share} from "../../assets/js/filters/patches_picture.js";
import {PatchSearch} from "../../assets/js/filters/patches_search.js";
import {cardText, classText, driving, foundText, lasting, placeText, progressText, pythonLine, tally, valueText} from "../../assets/js/filters/patches_words.js";

const patch = (value, label = null, more = {}) => ({value, label, picture: 7, name: null, ...more});

test("the search tells pictures and time, and a rest without time", () => {
  assert.equal(progressText({indexed: 512, total: 1797, remaining_s: 3.2}), "512 of 1,797 pictures searched, about 3 seconds left");
  assert.equal(progressText({indexed: 512, total: 1797}), "512 of 1,797 pictures searched");
  assert.equal(progressText({indexed: 0, total: 1, remaining_s: 0}), "0 of 1 picture searched");
  assert.deepEqual([1.2, 89, 90, 600].map(lasting), ["about a second", "about 89 seconds", "about 2 minutes", "about 10 minutes"]);
});

test("classes are counted, the most frequent first", () => {
  const patches = ["5", "3", "5", null, "8", "3", "5"].map((label) => patch(1, label));
  assert.deepEqual(tally(patches), [{label: "5", count: 3}, {label: "3", count: 2}, {label: "8", count: 1}]);
  assert.equal(classText(patches), "Classes: 3 × “5”, 2 × “3”, 1 × “8”.");
  assert.equal(classText([patch(1), patch(2)]), "");
  assert.equal(classText([..."abcdef"].map((label) => patch(1, label))), "Classes: 1 × “a”, 1 × “b”, 1 × “c”, 1 × “d”, and 2 more.");
});

test("a channel that is 0 in some pictures or in all says so", () => {
  const found = {layer: "4", channel: 3, indexed: 1797};
  assert.equal(foundText({...found, patches: [patch(2, "5"), patch(1, "5")]}),
    "Channel 3 of layer 4: the 2 places that drive it most in 1,797 pictures, one in each. Classes: 2 × “5”.");
  assert.equal(foundText({...found, patches: [patch(2), patch(0)]}),
    "Channel 3 of layer 4: the one place that drives it most in 1,797 pictures, one in each. It is 0 everywhere in the others.");
  assert.equal(foundText({...found, indexed: 4, part: [8, 9, 10, 11], patches: [patch(2)]}),
    "Channel 3 of layer 4: the one place that drives it most in 4 pictures, one in each. Only the 4 samples that suit this network were searched.");
  assert.equal(foundText({...found, layer: "act1", patches: [patch(0), patch(0)]}), "Channel 3 of act1 is dead here: 0 everywhere in 1,797 pictures.");
  assert.equal(foundText({...found, patches: []}), "Channel 3 of layer 4 has no value that is a number in 1,797 pictures.");
  assert.equal(foundText({...found, indexed: 0, patches: []}), "");
  assert.equal(driving([patch(-1), patch(0), patch(3)]).length, 2);
});

test("a patch tells its place, its size and whether it holds padding", () => {
  const found = {picture: 1309, row: 0, column: 6, box: [-2, 10, 14, 14], name: null};
  assert.equal(placeText(found, [28, 28], "Handwritten digits"), "Picture 1,309 of Handwritten digits. The cell in row 0, column 6 sees " +
    "14 × 14 pixels; some lie outside the 28 × 28 of the input, where there is only padding.");
  assert.equal(placeText({...found, box: [0, 14, 14, 14], name: "Cat"}, [28, 28], "Samples"), "Cat (Samples). The cell in row 0, column 6 sees 14 × 14 pixels.");
  assert.equal(cardText(patch(2.06, "5"), 0), "Place 1, value 2.060, picture 7, class 5");
});

test("a value at the ceiling tells what was above it", () => {
  assert.equal(valueText({value: 6, before: 8.21}), "6.000 (8.210 before the ceiling)");
  assert.deepEqual([{value: 2.5, before: 2.5}, {value: 0, before: -1}].map(valueText), ["2.500", "0"]);
});

test("the line of Python names what is shown", () => {
  const asked = {layer: "4", channel: 3, collection: '"digits"', guided: true};
  assert.equal(pythonLine(asked), 'vz.top_patches(model, "4", 3, "digits", guided=True)');
  assert.equal(pythonLine({...asked, collection: '"samples"', part: [8, 9]}), 'vz.top_patches(model, "4", 3, vz.collection("samples").part([8, 9]), guided=True)');
  assert.equal(pythonLine({...asked, framing: "fit", guided: false}), 'vz.top_patches(model, "4", 3, "digits", framing="fit")');
});

test("what lies inside the input, by hand", () => {
  assert.deepEqual(inside([-2, 25, 5, 5], [28, 28]), {x: 0, y: 2, width: 3, height: 3});
  assert.deepEqual(inside([4, 5, 6, 7], [28, 40]), {x: 0, y: 0, width: 7, height: 6});
  assert.deepEqual(inside([-6, 0, 5, 5], [28, 28]), {x: 0, y: 6, width: 5, height: 0});
  assert.deepEqual(share([-2, 7, 14, 28], [28, 56]), {top: `${(100 * -2) / 28}%`, left: "12.5%", height: "50%", width: "50%"});
});

test("arrows move among nine cards in rows of three, and stop at the edges", () => {
  const from = (key, place) => steppedCard(key, place, 9, 3);
  assert.deepEqual(["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End", "x"].map((key) => from(key, 4)), [5, 3, 7, 1, 0, 8, null]);
  assert.deepEqual([from("ArrowUp", 1), from("ArrowDown", 7), from("ArrowLeft", 0), from("ArrowRight", 8)], [1, 7, 0, 8]);
});

function rehearsal(frames, {wait = async () => {}} = {}) {
  const heard = {progress: [], found: 0, signals: []};
  let now = 0;
  const search = new PatchSearch({
    onProgress: (header) => heard.progress.push(header.indexed),
    onFound: () => (heard.found += 1),
    visitor: (send) => send(),
    clock: () => now,
    post: async (path, params, onFrame, {signal}) => {
      heard.signals.push(signal);
      for (const [at, indexed] of frames) {
        now = at;
        onFrame({header: {indexed, total: 4}});
        await wait(indexed);
        if (signal.aborted) throw Object.assign(new Error("ended"), {name: "AbortError"});
      }
    },
  });
  return {search, heard};
}

test("findings are shown now and then, and at the end", async () => {
  const {search, heard} = rehearsal([[0, 0], [300, 1], [800, 2], [900, 3], [1000, 4]]);
  assert.equal(await search.start({}), true);
  assert.deepEqual(heard.progress, [0, 1, 2, 3, 4]);
  assert.equal(heard.found, 2); // after 800 ms, and when all were searched
  assert.equal(search.running, null);
});

test("a search that was stopped ends on the server and says nothing more", async () => {
  const {search, heard} = rehearsal([[0, 1], [1, 2], [2, 3]], {wait: async (indexed) => indexed === 2 && search.stop()});
  assert.equal(await search.start({}), false);
  assert.deepEqual(heard.progress, [1, 2]);
  assert.equal(heard.signals[0].aborted, true);
  assert.equal(search.running, null);
});

test("another fault than stopping is told", async () => {
  const search = new PatchSearch({onProgress: () => {}, onFound: () => {}, visitor: (send) => send(), post: () => Promise.reject(new Error("busy")), clock: () => 0});
  await assert.rejects(search.start({}), /busy/);
  assert.equal(search.running, null);
});
