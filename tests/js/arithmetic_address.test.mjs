import assert from "node:assert/strict";
import test from "node:test";
import {createAddressTurns} from "../../assets/js/arithmetic_address.js";

function page(search) {
  const location = {pathname: "/", search, hash: ""};
  const replaceState = (_state, _title, url) => (location.search = url.slice(1));
  return {location, history: {state: null, replaceState}};
}

test("the address carries the view on screen; the other's word comes back with it", () => {
  const browser = page("?net=lenet5&wb=s:2,2&trace=5-7");
  const turns = createAddressTurns(browser);
  turns.show("workbench");
  assert.equal(browser.location.search, "?net=lenet5&wb=s:2,2");
  turns.show("trace");
  assert.equal(browser.location.search, "?net=lenet5&trace=5-7");
  turns.show("workbench");
  assert.equal(browser.location.search, "?net=lenet5&wb=s:2,2");
});

test("a view that is not on screen writes nothing, but its last word waits", () => {
  const browser = page("?__theme=dark");
  const turns = createAddressTurns(browser);
  turns.show("trace");
  assert.equal(browser.location.search, "?__theme=dark");
  assert.equal(turns.take("trace", "1-2"), true);
  assert.equal(turns.take("workbench", "own"), false);
  turns.show("workbench");
  assert.equal(browser.location.search, "?__theme=dark&wb=own");
});
