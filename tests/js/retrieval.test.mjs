// Retrieval: precision by hand, words, offered pictures, and the table's sentence.

import assert from "node:assert/strict";
import {test} from "node:test";
import {bestOf, numbersOf, scoresProgress, verdict} from "../../assets/js/embeddings/retrieval_scores.js";
import {queryOf} from "../../assets/js/embeddings/retrieval_view.js";
import {distanceText, foundWords, isItself, judged, lesson, offered, precision, pythonLines} from "../../assets/js/embeddings/retrieval_words.js";

const answers = (...same) => same.map((one, index) => ({index, label: one ? "cat" : "dog", distance: index, same: one}));

test("precision at k by hand; unknown where any answer is", () => {
  const found = answers(true, false, true, true);
  assert.deepEqual(precision(found, 1), {k: 1, right: 1, share: 1});
  assert.deepEqual(precision(found, 4), {k: 4, right: 3, share: 0.75});
  assert.equal(precision(found, 5), null);
  assert.equal(precision([{same: null}], 1), null);
});

test("the visitor's word for the own picture judges the answers", () => {
  const unjudged = answers(true, false).map((answer) => ({...answer, same: null}));
  assert.deepEqual(judged(unjudged, "dog").map(({same}) => same), [false, true]);
  assert.deepEqual(judged(unjudged, null).map(({same}) => same), [null, null]);
});

test("rows in words", () => {
  assert.equal(foundWords(answers(true, false, true)), "2 of the first 3 are of its class");
  assert.equal(foundWords(answers(true, true)), "all of the first 2 are of its class");
  assert.equal(foundWords(answers(false, true)), "1 of the first 2 is of its class");
  assert.equal(foundWords([]), "");
  const other = answers(false, false).map((answer) => ({...answer, index: answer.index + 1}));
  assert.equal(lesson(answers(true, true), other), "Of the first 2, 2 by the network and 0 by the pixels are of the same class; 1 picture is in both rows.");
});

test("an own picture is itself in the collection where both rankings begin with it", () => {
  const [one] = answers(true);
  assert.equal(isItself([one], [{...one, distance: 0}]), true);
  assert.equal(isItself([one], [{...one, distance: 3}]), false);
  assert.equal(isItself([one], [{...one, index: 4, distance: 0}]), false);
  assert.equal(isItself([], []), false);
});

test("distances for the screen", () => {
  assert.deepEqual([0, 0.0123456, 12.345, 12345.6, 0.00001234, null].map(distanceText), ["0", "0.0123", "12.3", "12346", "1.2e−5", "–"]);
});

test("offered pictures are distinct, of every class in turn, and others the next time", () => {
  const labels = Array.from({length: 90}, (_, index) => Math.floor(index / 30));
  const found = offered(90, labels, 6, 0);
  assert.deepEqual(found.map((index) => labels[index]), [0, 1, 2, 0, 1, 2]);
  assert.equal(new Set(found).size, 6);
  assert.deepEqual(found, offered(90, labels, 6, 0));
  assert.notDeepEqual(found, offered(90, labels, 6, 1));
  assert.equal(new Set(offered(4, null, 9, 0)).size, 4);
  assert.equal(offered(3, [0, 0, 1], 9, 0).length, 3);
});

test("the address names a picture, the own one, or none", () => {
  assert.equal(queryOf("?em-query=17"), 17);
  assert.equal(queryOf("?em-query=own"), null);
  assert.equal(queryOf("?em-query=-3"), undefined);
  assert.equal(queryOf(""), undefined);
});

test("the table's sentence says which is better, also where pixels are", () => {
  assert.equal(verdict({map: 0.9}, {map: 0.5}, "Digits"), "On Digits deep features beat raw pixels: mean average precision 0.900 against 0.500.");
  assert.match(verdict({map: 0.4}, {map: 0.5}, "Digits"), /raw pixels beat this layer/);
  assert.match(verdict({map: 0.5}, {map: 0.5001}, "Digits"), /equally good/);
  assert.equal(verdict({map: null}, {map: 0.5}, "Digits"), "");
});

test("the best of a column, chance left out; none of a single row", () => {
  const rows = [{key: "a", kind: "deep", numbers: {map: 0.9}}, {key: "pixels", kind: "pixels", numbers: {map: 0.6}}, {key: "chance", kind: "chance", numbers: {map: 0.95}}];
  assert.deepEqual(bestOf(rows, "map"), ["a"]);
  assert.deepEqual(bestOf(rows.slice(0, 1), "map"), []);
});

test("Python asks with the same picture", () => {
  const lines = pythonLines({net: "lenet5", weights: null, collection: "digits", layer: "10", pool: "average", power: null, metric: "l2", index: 17});
  assert.match(lines, /vz\.nearest\(features, features\[17\], k=20, metric="l2"\)/);
});
