import assert from "node:assert/strict";
import test from "node:test";
import {preload, shown} from "../../assets/js/mounting.js";

/** An element that is laid out once `appear()` is called, and the observer that tells. */
function hidden() {
  let rects = 0;
  const told = [];
  class Observer {
    constructor(tell) {
      told.push(tell);
    }
    observe() {
      told.at(-1)(); // a browser tells once at the start, whatever the size
    }
    disconnect() {
      told.splice(0);
    }
  }
  const appear = () => {
    rects = 1;
    told.forEach((tell) => tell());
  };
  return {host: {getClientRects: () => Array(rects)}, Observer, told, appear};
}

test("a panel behind another waits until it is laid out", async () => {
  const {host, Observer, told, appear} = hidden();
  let seen = false;
  const wait = shown(host, Observer).then(() => (seen = true));
  await null;
  assert.equal(seen, false);
  appear();
  await wait;
  assert.equal(told.length, 0, "it no longer listens");
});

test("a panel in front does not wait", async () => {
  await shown({getClientRects: () => [{}]}, null);
});

test("a module is asked for once, as urgently as wished", () => {
  const links = [];
  const page = {
    createElement: () => ({}),
    head: {append: (link) => links.push(link), querySelector: (words) => links.find(({href}) => words === `link[href="${href}"]`)},
  };
  preload(["/a.js", "/b.js"], {priority: "low", page});
  preload(["/b.js", "/c.js"], {page});
  assert.deepEqual(links, [
    {rel: "modulepreload", href: "/a.js", fetchPriority: "low"},
    {rel: "modulepreload", href: "/b.js", fetchPriority: "low"},
    {rel: "modulepreload", href: "/c.js", fetchPriority: "auto"},
  ]);
});
