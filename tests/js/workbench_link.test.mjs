import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import test from "node:test";
import {parse, toText} from "../../assets/js/arithmetic/decimal.js";
import {evaluate} from "../../assets/js/arithmetic/operations.js";
import {playable} from "../../assets/js/arithmetic/presets.js";
import {addressOf, wordOf} from "../../assets/js/workbench_address.js";
import {formatBench, parseBench} from "../../assets/js/workbench_link.js";

const PRESETS = JSON.parse(readFileSync(new URL("../../assets/presets/worked_examples.json", import.meta.url)));
const read = (text) => parse(text.replace("−", "-"));
const opened = (text, presets = ["pool-4x4", "transposed"]) => parseBench(text, {presets, read});
const outputs = (spec) => evaluate(spec).outputs.map((channel) => channel.map((line) => line.map((value) => toText(value))));

test("every playable example survives as a link with its numbers in it", () => {
  for (const preset of PRESETS) {
    const spec = playable(preset);
    if (!spec) continue;
    const word = formatBench({spec, at: [0, 1, 0]}, toText);
    const answer = opened(word);
    assert.equal(answer.ok, true, `${preset.id}: ${answer.message}`);
    assert.deepEqual(answer.at, [0, 1, 0]);
    assert.deepEqual(outputs(answer.spec), outputs(spec), preset.id);
    assert.equal(formatBench({spec: answer.spec, at: [0, 1, 0]}, toText), word);
  }
});

test("an example is named by its id, with or without a cell", () => {
  assert.deepEqual(opened("pool-4x4"), {ok: true, preset: "pool-4x4", at: null});
  assert.deepEqual(opened("pool-4x4*at:0,1,1"), {ok: true, preset: "pool-4x4", at: [0, 1, 1]});
  assert.equal(formatBench({preset: "pool-4x4", at: [0, 0, 0]}, toText), "pool-4x4");
  assert.equal(opened("transposed*i:1,2/3,4*w:1").spec.op, "transposed"); // an example has the name of an operation
});

test("nonsense is answered with a sentence, never with a spec", () => {
  const words = ["", "nonsense", "convolution", "convolution*i:1,2/3", "convolution*i:a", "convolution*i:1e30*w:1", "convolution*i:1*w:1*d:0,1",
    "convolution*i:1*w:1*s:1", "convolution*i:1*w:1*m:mirror", "convolution*i:1_2*w:1_1*g:3", "convolution*i:1*w:1*at:1,2", "convolution*i:1*w:1*__proto__:1",
    `convolution*i:${Array(2000).fill(1).join(",")}`, "x".repeat(9000), "pool-4x4*i:1*foo", "depthwise-separable*i:1_2*w:1_1*q:1_2_3"];
  for (const word of words) {
    const answer = opened(word);
    assert.equal(answer.ok, false, word);
    assert.match(answer.message, /^The link's workbench could not be read: .+\. The usual example is shown instead\.$/s);
  }
});

test("the word stands in the address without escapes, and others' parameters stay", () => {
  const page = {pathname: "/a", search: "?net=lenet5&trace=x&__theme=dark", hash: ""};
  const word = "convolution*i:1.5,-2/3,4_1,1/1,1*w:1_2*at:0,1,1";
  const address = addressOf(word, page);
  assert.equal(address, `/a?net=lenet5&__theme=dark&wb=${word}`);
  assert.equal(wordOf(address.slice(2)), word);
});
