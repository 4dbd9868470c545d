import assert from "node:assert/strict";
import test from "node:test";
import {address, ApiError, configure, frameReader, getArrays, getJSON, lineReader, parseContainer, postBytes, postFrames, postLines} from "../../assets/js/api.js";

/** A container as the server writes it: header length, header, arrays, all padded to 4 bytes. */
function container(header, arrays) {
  const described = {};
  const parts = [];
  let offset = 0;
  for (const [name, [dtype, shape, values]] of Object.entries(arrays)) {
    described[name] = {dtype, shape, offset};
    const bytes = new Uint8Array(Math.ceil(values.byteLength / 4) * 4);
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    parts.push(bytes);
    offset += bytes.length;
  }
  let text = new TextEncoder().encode(JSON.stringify({...header, arrays: described}));
  const padded = new Uint8Array(Math.ceil(text.length / 4) * 4).fill(32);
  padded.set(text);
  text = padded;
  const bytes = new Uint8Array(4 + text.length + offset);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  let at = 4 + text.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes.buffer;
}

const answer = (body, init) => async () => new Response(body, init);

test("a container gives typed arrays by name", () => {
  const buffer = container({layer: "façade"}, {
    cells: ["uint8", [3], Uint8Array.of(1, 2, 255)],
    mean: ["float32", [2], Float32Array.of(-0.5, NaN)],
    rows: ["int32", [1, 2], Int32Array.of(-3, 7)],
  });
  const {header, arrays} = parseContainer(buffer);
  assert.equal(header.layer, "façade");
  assert.deepEqual(arrays.cells, Uint8Array.of(1, 2, 255));
  assert.deepEqual(arrays.mean, Float32Array.of(-0.5, NaN));
  assert.deepEqual(arrays.rows, Int32Array.of(-3, 7));
});

test("a container that is cut short says so", () => {
  const buffer = container({}, {values: ["float32", [4], Float32Array.of(1, 2, 3, 4)]});
  assert.throws(() => parseContainer(buffer.slice(0, buffer.byteLength - 4)), /cut short at "values"/);
  assert.throws(() => parseContainer(buffer.slice(0, 10)), /An answer of 10 bytes is cut short/);
  assert.throws(() => parseContainer(new ArrayBuffer(0)), ApiError);
});

test("an address leaves out empty parameters and keeps the prefix", () => {
  configure({root: "/cnn/"});
  assert.equal(address("maps", {net: "vgg16", weights: null, layer: "a b"}), "/cnn/vz/maps?net=vgg16&layer=a+b");
  configure({root: ""});
  assert.equal(address("catalogue"), "/vz/catalogue");
});

test("a refusal carries the server's sentence", async (context) => {
  context.mock.method(globalThis, "fetch", answer('{"error": "No weights.", "weights_missing": true}', {status: 409}));
  await assert.rejects(getJSON("run"), (error) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.message, error.status, error.body.weights_missing], ["No weights.", 409, true]);
    return true;
  });
});

test("a refusal without JSON and a lost connection give a sentence, too", async (context) => {
  context.mock.method(globalThis, "fetch", answer("<h1>Bad gateway</h1>", {status: 502}));
  await assert.rejects(getJSON("run"), /The server answered 502\. Reload/);
  context.mock.method(globalThis, "fetch", async () => { throw new TypeError("Failed to fetch"); });
  await assert.rejects(getArrays("maps"), {name: "ApiError", status: 0, message: /cannot be reached/});
});

test("an abort stays an abort", async (context) => {
  context.mock.method(globalThis, "fetch", async () => { throw new DOMException("stopped", "AbortError"); });
  await assert.rejects(getJSON("run"), {name: "AbortError"});
});

test("bytes are posted with the visitor's token", async (context) => {
  const {mock} = context.mock.method(globalThis, "fetch", answer('{"picture": "t"}'));
  configure({visitor: "me"});
  assert.deepEqual(await postBytes("pictures", new Blob(["x"])), {picture: "t"});
  const [url, {method, headers}] = mock.calls[0].arguments;
  assert.deepEqual([url, method, headers["X-Visitor"]], ["/vz/pictures", "POST", "me"]);
  configure({visitor: null});
});

test("streamed lines arrive whole, wherever the stream is cut", async (context) => {
  const seen = [];
  const lines = lineReader((line) => seen.push(line.received ?? "done"));
  for (const piece of ['{"recei', 'ved": 1}\n{"received": 2}\n\n{"do', 'ne": true}']) lines.push(piece);
  lines.end();
  assert.deepEqual(seen, [1, 2, "done"]);
  context.mock.method(globalThis, "fetch", answer('{"received": 5}\n{"done": true}\n'));
  const streamed = [];
  await postLines("download", {net: "vgg16"}, (line) => streamed.push(line));
  assert.deepEqual(streamed, [{received: 5}, {done: true}]);
});

/** Frames as the server streams them: the length of each, then its container. */
function framed(...headers) {
  const parts = headers.flatMap(([header, arrays = {}]) => {
    const body = new Uint8Array(container(header, arrays));
    return [...new Uint8Array(new Uint32Array([body.length]).buffer), ...body];
  });
  return new Uint8Array(parts);
}

test("frames arrive whole, wherever the stream is cut", () => {
  const bytes = framed([{step: 1}, {heat: ["float32", [2], new Float32Array([0.5, -2])]}], [{step: 2}]);
  for (const size of [1, 3, 7, 50, bytes.length]) {
    const seen = [];
    const frames = frameReader(({header, arrays}) => seen.push([header.step, ...(arrays.heat ?? [])]));
    for (let start = 0; start < bytes.length; start += size) frames.push(bytes.subarray(start, start + size));
    assert.deepEqual(seen, [[1, 0.5, -2], [2]], `pieces of ${size}`);
  }
});

test("a stream of frames ends with done, with the server's sentence, or broken off", async (context) => {
  const fetched = context.mock.method(globalThis, "fetch", answer(framed([{step: 1}], [{done: true}])));
  const steps = [];
  await postFrames("pattern", {}, ({header}) => steps.push(header.step));
  assert.deepEqual(steps, [1]);
  fetched.mock.mockImplementation(answer(framed([{step: 1}], [{error: "No such layer."}])));
  await assert.rejects(postFrames("pattern", {}, () => {}), {name: "ApiError", message: "No such layer."});
  fetched.mock.mockImplementation(answer(framed([{step: 1}])));
  await assert.rejects(postFrames("pattern", {}, () => {}), /stopped answering before the end/);
});
