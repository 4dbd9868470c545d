import assert from "node:assert/strict";
import test from "node:test";
import {linkNote, linkOf} from "../../assets/js/share.js";
import {isStageKey} from "../../assets/js/stage.js";

const state = {net: "lenet5", picture: "sample:digit_2", framing: "fit", layer: "0", channel: 3, cell: [1, 2]};

test("the link carries the view and what others put into the address", () => {
  assert.equal(
    linkOf(state, "https://room.example/cnn/?__theme=dark#top"),
    "https://room.example/cnn/?__theme=dark&net=lenet5&picture=digit_2&framing=fit&layer=0&ch=3&cell=1,2",
  );
});

test("an upload stays out of the link, and the reader is told", () => {
  const upload = {...state, picture: "0123456789abcdef"};
  assert.ok(!linkOf(upload, "https://room.example/").includes("0123"));
  assert.match(linkNote(upload, "https://room.example/"), /stays private/);
  assert.equal(linkNote(state, "https://room.example/"), "");
});

test("an address that only this computer knows is pointed out", () => {
  assert.match(linkNote(state, "http://127.0.0.1:7860/"), /^127\.0\.0\.1 means this computer only/);
  assert.equal(
    linkNote(state, "http://localhost:7860/"),
    "localhost means this computer only: open this page by this computer's network address (start the app with --host 0.0.0.0 if it does not answer there).",
  );
});

test("s means stage mode only where nothing is typed", () => {
  const key = (patch) => ({key: "s", target: {closest: () => null}, ...patch});
  assert.equal(isStageKey(key({})), true);
  assert.equal(isStageKey(key({target: {closest: () => ({})}})), false);
  assert.equal(isStageKey(key({ctrlKey: true})), false);
  assert.equal(isStageKey(key({defaultPrevented: true})), false);
  assert.equal(isStageKey(key({key: "t"})), false);
});
