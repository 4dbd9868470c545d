// Everything on screen recomputes: the texts of a cell's lines are read back and worked out again.

import assert from "node:assert/strict";
import test from "node:test";
import {add, decimal, divide, equal, multiply, parse, sum, toText} from "../../assets/js/arithmetic/decimal.js";
import {evaluate} from "../../assets/js/arithmetic/operations.js";
import {chainLine, groupLine, lineText} from "../../assets/js/equation_text.js";
import {isStamping, placeOf, stepsOf} from "../../assets/js/workbench_scene.js";
import {cellArithmetic, stampArithmetic} from "../../assets/js/workbench_terms.js";
import {changeControl, changeKind, changeSettings, fillInput, isLegal} from "../../assets/js/workbench_reshape.js";
import {limits} from "../../assets/js/arithmetic/geometry.js";
import {KINDS, ACTIVATIONS} from "../../assets/js/workbench_controls.js";

const SHAPES = 250;
const FILLS = 8; // of each shape with numbers
let seed = 20240607;

function random(limit) {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * limit);
}

const pick = (list) => list[random(list.length)];
const number = () => decimal(BigInt(random(4001) - 2000), random(4));
const START = {op: "convolution", input: [[[1, 2, 3, 4], [5, 6, 7, 8], [9, 1, 2, 3]].map((row) => row.map((value) => decimal(BigInt(value))))],
  weights: [[[[1, 0], [0, -1]].map((row) => row.map((value) => decimal(BigInt(value))))]], bias: null};

/** A number as it stands on screen, in brackets or not. */
function shown(text) {
  const answer = parse(text.replace(/[()]/g, "").replace("−", "-"), {places: 30, limit: 10 ** 20});
  assert.ok(answer.ok, `“${text}” is no number`);
  return answer.value;
}

/** `3·(−1)` or `5`. */
const worked = (text) => text.split("·").map(shown).reduce(multiply);

/** The part of a line before an equals sign, worked out from its own digits. */
function leftSide(pieces) {
  const values = pieces.filter(({kind}) => ["term", "sum", "bias"].includes(kind));
  return sum(values.map(({text}) => worked(text.replace(/^\+ /, "").replace(/\u00a0\(bias\)$/, ""))));
}

function checkSumLine(line, at) {
  const equals = line.findIndex(({text}) => text === "=");
  const lead = line.slice(0, equals);
  const result = shown(line[equals + 1].text);
  if (lead[0].text.startsWith("max(")) {
    const cells = lead.map(({text}) => text.replace(/^max\(|[,)]$/g, "")).filter((text) => text !== "−∞").map(shown);
    assert.ok(cells.some((cell) => equal(cell, result)) && cells.every((cell) => Number(toText(cell).replace("−", "-")) <= Number(toText(result).replace("−", "-"))), at);
    return;
  }
  assert.ok(equal(leftSide(lead), result), `${at}: ${lineText(line)}`);
  const rest = line.slice(equals + 2);
  if (rest.length) assert.ok(equal(worked(rest[1].text), shown(rest[3].text)), `${at}: ${lineText(line)}`);
}

/** `(158 + 2) ÷ 9 ≈ 17.7778 → 17.7778 + 1 = 18.7778 → ReLU: … = 18.7778`: each equation by itself. */
function checkChain(chain, terms, at) {
  const text = lineText(chain);
  const divided = chain.findIndex(({kind}) => kind === "rest");
  let from = 0;
  if (divided >= 0) {
    const total = leftSide(chain.slice(0, divided).map((piece) => ({...piece, text: piece.text.replace(/^\((?=\(|[^)]*$)|(?<=\)|^[^(]*)\)$/g, "")})));
    assert.ok(equal(total, terms.sum), `${at}: ${text}`);
    const quotient = divide(total, shown(chain[divided].text.replace("÷ ", "")), 4);
    assert.equal(chain[divided + 1].text, quotient.exact ? "=" : "≈");
    assert.ok(equal(shown(chain[divided + 2].text), quotient.value), `${at}: ${text}`);
    from = divided + 3;
    if (chain[from]?.text === "→" && chain[from + 1].kind === "sum") from += 1;
    else from = chain.length;
  }
  const equals = chain.findIndex(({text: sign}, index) => index >= from && sign === "=");
  if (equals > from && chain[equals - 1].kind !== "activation") assert.ok(equal(leftSide(chain.slice(from, equals)), shown(chain[equals + 1].text)), `${at}: ${text}`);
}

/** A spec reached by a visitor: an operation, then a few legal turns of controls. */
function randomSpec() {
  let spec = changeKind(START, pick(Object.keys(KINDS)));
  for (let turn = 0; turn < 2; turn += 1) {
    const range = limits(spec);
    const control = pick(Object.keys(range));
    const {min, max, choices} = range[control];
    spec = changeControl(spec, control, pick(choices?.slice(0, 3) ?? [min, Math.min(max, min + random(5))]));
  }
  const patch = pick([{bias: true}, {activation: pick(Object.keys(ACTIVATIONS))}, {divisor: 9}, {paddingMode: "reflect"}, {ceil: true}, {view: "insert-zeros"}, {}]);
  const weighted = ["convolution", "transposed", "depthwise-separable"].includes(spec.op);
  const suits = weighted ? !("divisor" in patch) || spec.op === "convolution" : !("bias" in patch || "activation" in patch || "divisor" in patch);
  if (suits && isLegal(spec, patch)) spec = changeSettings(spec, patch);
  return spec;
}

/** The same shapes with other numbers. */
function filled(spec) {
  const numbered = fillInput(spec, number);
  if (!numbered.weights) return numbered;
  const refill = (nested) => (Array.isArray(nested) ? nested.map(refill) : number());
  const weights = numbered.weights.depthwise ? {depthwise: refill(numbered.weights.depthwise), pointwise: refill(numbered.weights.pointwise)} : refill(numbered.weights);
  return {...numbered, weights, bias: numbered.bias && numbered.bias.map(number)};
}

test(`digits on screen give the digits of the result: ${SHAPES * FILLS} random configurations reached by the controls`, () => {
  let shaped = null;
  for (let run = 0; run < SHAPES * FILLS; run += 1) {
    if (run % FILLS === 0) shaped = randomSpec();
    const spec = filled(shaped);
    const result = evaluate(spec);
    const place = placeOf(result.shape, random(stepsOf(result.shape).count));
    const at = `case ${run}, ${spec.op}, ${JSON.stringify(place)}`;
    if (isStamping(result.shape)) {
      for (const {text} of stampArithmetic(spec, result, place).lines[0].slice(1)) {
        const [product, value] = text.replace(/,$/, "").split(" = ");
        assert.ok(equal(worked(product), shown(value)), `${at}: ${text}`);
      }
      continue;
    }
    const {lines, chain, windows, terms} = cellArithmetic(spec, result, place);
    if (terms.combine !== "copy") lines.forEach((line) => checkSumLine(line, at));
    if (chain.length) checkChain(chain, terms, at);
    assert.ok(equal(sum(windows.map(({valueText, sumText}) => shown(valueText ?? sumText))), terms.sum) || terms.combine === "max", at);
    assert.equal(toText(terms.activated), toText(result.outputs[place.filter][place.row][place.column]), at);
  }
});

test("hidden results are question marks, and given numbers stay", () => {
  const spec = changeSettings(START, {bias: true, activation: "relu"});
  const {lines, chain} = cellArithmetic(spec, evaluate(spec), {filter: 0, row: 0, column: 0}, {hidden: true});
  assert.equal(lineText(lines[0]), "1·1 + 2·0 + 5·0 + 6·(−1) = ?");
  assert.equal(lineText(chain), "? + 1\u00a0(bias) = ? → ReLU(?) = ?");
});

test("a line and a chain as the lecture writes them", () => {
  const group = (title, sumText) => ({title, patch: [["4", "9"]], kernel: [["1", "−1"]], sumText});
  assert.equal(lineText(groupLine(group("R", "−5"), {})), "R: 4·1 + 9·(−1) = −5");
  const chain = chainLine({groups: [group("R", "158"), group("G", "−14")], biasText: "1", roundingText: "−0.0002", totalText: "144.9998", activation: {name: "ReLU"}, resultText: "144.9998"});
  assert.equal(lineText(chain), "158 + (−14) + 1\u00a0(bias) + (−0.0002)\u00a0(rounding) = 144.9998 → ReLU(144.9998) = 144.9998");
  assert.ok(add(decimal(1n), decimal(2n)).units === 3n);
});
