import assert from "node:assert/strict";
import test from "node:test";
import {
  add, compare, decimal, divide, equal, exactly, fromNumber, larger, multiply, negate, parse, round, subtract, sum, toNumber, toText,
} from "../../assets/js/arithmetic/decimal.js";
import {randomness} from "./random_specs.mjs";

const read = (text) => { const {ok, value} = parse(text); assert.ok(ok, text); return toText(value); };
const complaint = (text, limits) => { const {ok, message} = parse(text, limits); assert.equal(ok, false, text); return message; };

test("numbers are read as people type them", () => {
  const cases = [["4", "4"], [" -0.5 ", "−0.5"], ["−0,5", "−0.5"], ["+2", "2"], [".25", "0.25"], ["5.", "5"], ["1.5000", "1.5"], ["007", "7"],
    ["-0", "0"], ["9999", "9999"], ["-9999", "−9999"], ["9999.000", "9999"]];
  for (const [typed, text] of cases) assert.equal(read(typed), text);
});

test("whatever is no number is refused with a sentence about itself", () => {
  for (const typed of ["abc", "NaN", "1e30", "Infinity", "0x10", "1/9", "1 2", "1,234.5", ".", "-", "٣", "1n", "<b>"]) {
    assert.equal(complaint(typed), `“${typed}” is no number. Type digits, for example 4 or −0.5.`);
  }
  for (const typed of ["", "   ", null, undefined]) assert.equal(complaint(typed), "This cell is empty. Type a number, for example 0.");
});

test("numbers too large, too long and too fine name the limit", () => {
  assert.equal(complaint("10000"), "10000 is out of range. Type a number from −9999 to 9999.");
  assert.equal(complaint("-9999.001"), "-9999.001 is out of range. Type a number from −9999 to 9999.");
  assert.equal(complaint("256", {limit: 255}), "256 is out of range. Type a number from −255 to 255.");
  assert.equal(complaint("1.23456"), "1.23456 has 5 decimal places; at most 3 are kept. Type 1.235 instead.");
  assert.equal(complaint("-0.0005"), "-0.0005 has 4 decimal places; at most 3 are kept. Type −0.001 instead.");
  assert.equal(complaint("9".repeat(100000)), "100000 characters are too many. Type a number from −9999 to 9999.");
});

test("sums and products are exact where doubles are not", () => {
  assert.equal(toText(add(exactly(0.1), exactly(0.2))), "0.3");
  assert.equal(toText(multiply(exactly(1.1), exactly(-1.1))), "−1.21");
  assert.equal(toText(subtract(exactly(0.3), exactly(0.1))), "0.2");
  assert.equal(toText(sum([exactly(0.125), exactly(-9999), exactly(9999.875)])), "1");
  assert.equal(toText(sum([])), "0");
  assert.equal(toText(negate(exactly(2.5))), "−2.5");
  assert.equal(toText(multiply(decimal(9007199254740993n), decimal(3n))), "27021597764222979");
});

test("values are compared as numbers, however they are written", () => {
  assert.equal(compare(decimal(250n, 2), decimal(25n, 1)), 0);
  assert.equal(compare(exactly(-3), exactly(0.001)), -1);
  assert.equal(compare(exactly(2), exactly(1.999)), 1);
  assert.ok(equal(decimal(0n, 3), decimal(0n)));
  assert.equal(toText(larger(exactly(-2), exactly(-3))), "−2");
});

test("rounding goes half away from zero", () => {
  const cases = [[2.5, 0, "3"], [-2.5, 0, "−3"], [0.125, 2, "0.13"], [-0.125, 2, "−0.13"], [0.12499, 2, "0.12"], [-0.004, 2, "0"], [1.5, 4, "1.5"]];
  for (const [value, places, text] of cases) assert.equal(toText(round(exactly(value), places)), text);
});

test("doubles are rounded by their binary value", () => {
  assert.equal(toText(fromNumber(1.005, 2)), "1"); // 1.005 is 1.00499999999999989…
  assert.equal(toText(fromNumber(-0.125, 2)), "−0.13");
  assert.equal(toText(fromNumber(1e21, 2)), "1000000000000000000000");
  assert.equal(toText(fromNumber(-0, 3)), "0");
  for (const value of [NaN, Infinity, -Infinity]) assert.throws(() => fromNumber(value, 2), RangeError);
});

test("numbers of a file keep every digit they are written with", () => {
  for (const [value, text] of [[0.1, "0.1"], [1e-7, "0.0000001"], [1.5e300, `15${"0".repeat(299)}`], [-2.50, "−2.5"]]) assert.equal(toText(exactly(value)), text);
  for (const value of [NaN, Infinity, "abc"]) assert.throws(() => exactly(value), RangeError);
});

test("a quotient is given in full where its digits end, otherwise to four places", () => {
  const cases = [[7, 9, "0.7778", false], [-7, 9, "−0.7778", false], [11, 4, "2.75", true], [27, 9, "3", true], [1, 256, "0.00390625", true],
    [0.001, 16, "0.0000625", true], [0.5, 0.25, "2", true], [3, 0.7, "4.2857", false], [1, -8, "−0.125", true], [0, 7, "0", true], [4.5, 9, "0.5", true],
    [123.456, 1000, "0.123456", true], [1, 60000, "0", false]];
  for (const [top, bottom, text, exact] of cases) {
    const quotient = divide(exactly(top), exactly(bottom));
    assert.deepEqual([toText(quotient.value), quotient.exact], [text, exact], `${top} / ${bottom}`);
  }
  assert.throws(() => divide(exactly(1), exactly(0)), /cannot be divided by 0/);
});

test("text has a true minus and no idle zeros, unless so many places are asked for", () => {
  assert.equal(toText(decimal(-1200n, 2)), "−12");
  assert.equal(toText(decimal(1200n)), "1200");
  assert.equal(toText(decimal(5n, 4)), "0.0005");
  assert.equal(toText(exactly(2.5), {fixed: 3}), "2.500");
  assert.equal(toText(exactly(-2.555), {fixed: 2}), "−2.56");
  assert.equal(toText(exactly(0), {fixed: 1}), "0.0");
});

test("text read back is the number, and numbers are the nearest doubles", () => {
  const random = randomness(7);
  for (let count = 0; count < 2000; count += 1) {
    const places = Math.floor(random() * 4);
    const value = decimal(BigInt(Math.floor((random() - 0.5) * 19998 * 10 ** places)), places);
    assert.ok(equal(parse(toText(value)).value, value), toText(value));
    assert.equal(toNumber(value), Number(toText(value).replace("−", "-")));
    assert.ok(equal(exactly(toNumber(value)), value));
  }
});
