import assert from "node:assert/strict";
import test from "node:test";
import {createWorkspace, formatAddress, parseAddress, viewParameters} from "../../assets/js/store.js";
import {unreadable} from "../../assets/js/view.js";
import {stoppedClock} from "./clock.mjs";

const turn = () => new Promise((resolve) => setTimeout(resolve));

function page(search) {
  const location = {pathname: "/", search, hash: ""};
  const history = {state: {kept: 1}, written: [], replaceState: (state, _title, url) => history.written.push([state, url])};
  return {location, history};
}

test("an address carries the whole view", () => {
  const address = "?net=lenet5&weights=untrained&picture=chelsea&framing=fit&layer=layer1.0.conv1&ch=17&cell=3,5&class=282&panel=cam";
  const state = {net: "lenet5", weights: "untrained", picture: "sample:chelsea", framing: "fit", layer: "layer1.0.conv1", channel: 17, cell: [3, 5], target: 282, panel: "cam"};
  assert.deepEqual(parseAddress(address), state);
  assert.equal(formatAddress(state), address);
});

test("unreadable values of an address are left out", () => {
  assert.deepEqual(parseAddress("?net=<b>&ch=-1&cell=1&framing=zoom&weights=best&picture=../x&class=1e3"), {});
});

test("foreign parameters stay, uploads and defaults are not written", () => {
  const state = {net: "vgg16", picture: "token-of-an-upload", framing: "crop", channel: null};
  assert.equal(formatAddress(state, "?__theme=dark&picture=coffee&ch=4"), "?__theme=dark&net=vgg16");
});

test("the server's view leaves out what is usual", () => {
  assert.deepEqual(viewParameters({net: "a", picture: "sample:b", weights: null, framing: "crop"}), {net: "a", picture: "sample:b"});
  assert.deepEqual(viewParameters({net: "a", picture: "p", weights: "untrained", framing: "fit"}), {net: "a", picture: "p", weights: "untrained", framing: "fit"});
});

test("changes are told once per turn, and only changes", async () => {
  const workspace = createWorkspace({});
  const told = [];
  const release = workspace.subscribe((state, keys) => told.push([state.channel, keys]));
  workspace.set({channel: 1, cell: [0, 1]});
  workspace.set({channel: 2, cell: [0, 1]});
  await turn();
  workspace.set({channel: 2, cell: [0, 1]});
  await turn();
  assert.deepEqual(told, [[2, ["channel", "cell"]]]);
  release();
  workspace.set({channel: 3});
  await turn();
  assert.equal(told.length, 1);
});

test("one listener's fault does not silence the next", async (context) => {
  context.mock.method(console, "error", () => {});
  const workspace = createWorkspace({});
  let told = 0;
  workspace.subscribe(() => { throw new Error("broken widget"); });
  workspace.subscribe(() => (told += 1));
  workspace.set({net: "lenet5"});
  await turn();
  assert.equal(told, 1);
});

test("the address follows 150 ms later, keeping the page's own history state", async (context) => {
  const clock = stoppedClock(context);
  const browser = page("?__theme=dark&net=vgg16");
  const workspace = createWorkspace(browser);
  assert.equal(workspace.get().net, "vgg16");
  workspace.set({channel: 3});
  await Promise.resolve();
  workspace.set({cell: [1, 2]});
  await Promise.resolve();
  clock.tick(150);
  assert.deepEqual(browser.history.written, [[{kept: 1}, "/?__theme=dark&net=vgg16&ch=3&cell=1,2"]]);
});

test("what a link asked for is kept after the address has been rewritten", async (context) => {
  const clock = stoppedClock(context);
  const browser = page("?net=vgg16&framing=zoom");
  browser.history.replaceState = (_state, _title, url) => (browser.location.search = url.slice(1));
  const workspace = createWorkspace(browser);
  workspace.set({channel: 3});
  await Promise.resolve();
  clock.tick(150);
  assert.equal(browser.location.search, "?net=vgg16&ch=3");
  assert.equal(workspace.opened, "?net=vgg16&framing=zoom");
  assert.equal(unreadable(workspace.opened).length, 1);
  assert.equal(createWorkspace({}).opened, "");
});

test("hovering is no part of the address", async (context) => {
  const clock = stoppedClock(context);
  const browser = page("");
  createWorkspace(browser).set({hover: {layer: "0", channel: 1, row: 2, column: 3, receptive: null}});
  await Promise.resolve();
  clock.tick(1000);
  assert.deepEqual(browser.history.written, []);
});

test("a misspelt key is refused", () => {
  assert.throws(() => createWorkspace({}).set({chanel: 1}), /no "chanel"; it has net, weights/);
});
