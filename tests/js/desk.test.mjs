import assert from "node:assert/strict";
import test from "node:test";
import {faultSentence} from "../../assets/js/desk.js";

test("missing weights are told in the page's words where a download helps", () => {
  const error = {message: "The library's words.", status: 409, body: {weights_missing: true}};
  assert.equal(
    faultSentence(error, {download: true, ready: false}),
    "This network’s weights are not on this machine. Choose at the left: download them, or untrained ones.",
  );
  assert.equal(faultSentence(error, {download: false, ready: false}), error.message);
  assert.equal(faultSentence(error, {download: true, ready: true}), error.message); // a damaged file
  assert.equal(faultSentence({message: "No."}, null), "No.");
});
