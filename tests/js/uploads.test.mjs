import assert from "node:assert/strict";
import test from "node:test";
import {createWorkspace} from "../../assets/js/store.js";
import {Uploads, chosenFile, refusalOf} from "../../assets/js/uploads.js";
import {cameraProblem} from "../../assets/js/webcam.js";

const file = (name, type, size = 1000) => ({name, type, size});

test("refusals give the value, the limit and the way out", () => {
  assert.equal(
    refusalOf(file("big.jpg", "image/jpeg", 34e6), {bytes: 20e6}),
    "“big.jpg” has 34 MB; the limit is 20 MB. Choose a smaller picture.",
  );
  assert.match(refusalOf(file("a.pdf", "application/pdf"), null), /is not a picture but application\/pdf/);
  assert.match(refusalOf(file("a.png", "image/png", 0), null), /is empty/);
  assert.equal(refusalOf(file("a.png", "image/png"), {bytes: 20e6}), null);
  assert.equal(refusalOf(file("no-type", ""), undefined), null);
});

test("of several files the first picture is taken", () => {
  const picture = file("b.png", "image/png");
  assert.deepEqual(chosenFile([file("a.txt", "text/plain"), picture]), {file: picture, ignored: 1});
  assert.deepEqual(chosenFile([]), {file: null, ignored: 0});
  assert.deepEqual(chosenFile(null), {file: null, ignored: 0});
});

function visitor(post) {
  const store = createWorkspace({});
  store.set({net: "lenet5", picture: "sample:cat"});
  const heard = [];
  const uploads = new Uploads({store, context: {catalogue: {limits: {bytes: 5000}}}, post, changed: (status) => heard.push({...status})});
  return {store, uploads, heard};
}

test("an upload becomes the picture, with the server's notes", async () => {
  const {store, uploads, heard} = visitor(async () => ({picture: "token", notes: ["Animated: the first frame is shown."]}));
  assert.equal(await uploads.send(file("a.gif", "image/gif")), "token");
  assert.equal(store.get().picture, "token");
  assert.deepEqual(heard.at(-1), {busy: false, error: null, notes: ["Animated: the first frame is shown."]});
});

test("a refusal leaves the old picture, from here and from the server", async () => {
  const {store, uploads, heard} = visitor(async () => Promise.reject(new Error("This is a text file.")));
  assert.equal(await uploads.send(file("big.png", "image/png", 6000)), null);
  assert.match(heard.at(-1).error, /the limit is 5 kB/);
  assert.equal(await uploads.send(file("a.png", "image/png")), null);
  assert.deepEqual([heard.at(-1).error, heard.at(-1).busy, store.get().picture], ["This is a text file.", false, "sample:cat"]);
});

test("the last of two uploads wins, whichever answers first", async () => {
  const waiting = [];
  const {store, uploads} = visitor((sent) => new Promise((resolve) => waiting.push(() => resolve({picture: sent.name}))));
  const first = uploads.send(file("first", "image/png"));
  const second = uploads.send(file("second", "image/png"));
  waiting[1]();
  waiting[0]();
  assert.deepEqual(await Promise.all([first, second]), [null, "second"]);
  assert.equal(store.get().picture, "second");
});

test("the camera's failures are told apart", () => {
  assert.match(cameraProblem({name: "NotFoundError"}), /No camera was found/);
  assert.match(cameraProblem({name: "NotAllowedError"}), /did not allow/);
  assert.match(cameraProblem(new TypeError("x"), false), /only over https or on localhost/);
});
