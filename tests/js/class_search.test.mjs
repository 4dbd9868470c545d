import assert from "node:assert/strict";
import test from "node:test";
import {targetOf} from "../../assets/js/class_labels.js";
import {fitOf, searchClasses} from "../../assets/js/class_search.js";

const labels = ["tench", "tiger shark", "tabby", "tiger cat", "Egyptian cat", "cattle dog", "Crème brûlée", "jack-o'-lantern"];
const probabilities = [0, 0.01, 0.2, 0.5, 0.25, 0.02, 0, 0.02];

test("a label that begins as asked comes before one whose words do, and that before one that only holds it", () => {
  assert.equal(fitOf("tiger cat", "tig"), 0);
  assert.equal(fitOf("tiger cat", "cat"), 1);
  assert.equal(fitOf("cattle dog", "ttl"), 2);
  assert.equal(fitOf("tench", "cat"), null);
  assert.deepEqual(searchClasses(labels, "cat", {probabilities}).found, [5, 3, 4]);
});

test("words in any order; hyphens, accents and capitals do not matter", () => {
  assert.deepEqual(searchClasses(labels, "cat tig").found, [3]);
  assert.deepEqual(searchClasses(labels, "CREME bru").found, [6]);
  assert.deepEqual(searchClasses(labels, "jack o lantern").found, [7]);
});

test("without a question the most probable come first; ties by index", () => {
  assert.deepEqual(searchClasses(labels, "", {probabilities}).found, [3, 4, 2, 5, 7, 1, 0, 6]);
  assert.deepEqual(searchClasses(labels, " ", {limit: 3}), {found: [0, 1, 2], total: 8});
});

test("a number is the class of that index, digits in names count too", () => {
  const digits = ["0", "1", "2", "area 1"];
  assert.deepEqual(searchClasses(digits, "1").found, [1, 3]);
  assert.deepEqual(searchClasses(labels, "4").found, [4]);
  assert.deepEqual(searchClasses(labels, "9999"), {found: [], total: 0});
});

test("probabilities that are not numbers do not break the order", () => {
  assert.deepEqual(searchClasses(["a", "b", "c"], "", {probabilities: [NaN, 0.4, NaN]}).found, [1, 0, 2]);
});

test("the class explained: the chosen one, else the most probable", () => {
  const run = {top: [{index: 7, label: "seven", probability: 0.9}]};
  assert.equal(targetOf({target: null, run}), 7);
  assert.equal(targetOf({target: 0, run}), 0);
  assert.equal(targetOf({target: null, run: null}), null);
});
