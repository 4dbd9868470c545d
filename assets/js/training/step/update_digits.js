// A weight's update in digits: every line can be worked out again from what is on screen.
//
// What PyTorch keeps (weight, gradient, buffers) is written with all nine digits of a float32; what follows from them
// with seven, worked out from the digits shown. Where PyTorch's own float32 ends in other digits, both are told.

import {ONE, add, decimal, divide, exactly, fromNumber, isZero, multiply, negate, round, subtract, toNumber, toText} from "../../arithmetic/decimal.js";
import {bracketed, joined} from "../../trace_parts.js";
import {shifted, unitOf, unitText} from "./units.js";

const DIGITS = 7;
const FINE = 10;
const MOST_PLACES = 30;

const exponent = (value) => (isZero(value) ? 0 : Math.floor(Math.log10(Math.abs(toNumber(value)))));
const placesOf = (value, digits = DIGITS) => Math.max(0, Math.min(MOST_PLACES, digits - 1 - exponent(value)));
const rounded = (value, digits) => round(value, placesOf(value, digits));
const quotient = (value, divisor) => {
  const estimate = decimal(BigInt(Math.round(1e15 * (toNumber(value) / toNumber(divisor)))), 15);
  const places = isZero(estimate) ? MOST_PLACES : placesOf(estimate);
  return round(divide(value, divisor, places).value, places);
};
const root = (value) => {
  const size = Math.sqrt(toNumber(value));
  return size === 0 ? decimal(0n) : fromNumber(size, Math.max(0, DIGITS - 1 - Math.floor(Math.log10(size))));
};

const text = (value) => toText(value);
const factor = (value) => bracketed(text(value));
const times = (...values) => values.map(factor).join(" · ");

/** A setting as it is used here: at most seven digits of it. */
const setting = (number) => rounded(exactly(number));

class Sheet {
  constructor() {
    this.lines = [];
  }

  /**
   * One line: what it is, its formula, the numbers put in, the result. `own` is PyTorch's float32 for it, with all its
   * digits: where it differs from the result in the digits shown, it is told and used from there on.
   */
  line(key, name, formula, numbers, value, {unit = 0, own = null, places = placesOf(value)} = {}) {
    const kept = own === null ? value : round(own, places);
    const other = own !== null && text(kept) !== text(value);
    this.lines.push({key, name, formula, numbers, result: text(value), float: other ? text(kept) : null, unit: unitText(unit), value: kept});
    return kept;
  }
}

function settings(update) {
  const {optimiser, decay} = {optimiser: update.name, decay: update.weight_decay};
  return {rate: setting(update.rate), decay: setting(decay), decoupled: optimiser === "adamw"};
}

/** The gradient with weight decay in it, as Adam and SGD take it; the gradient itself where there is none. */
function direction(sheet, {old, gradient, decay, unit}) {
  if (isZero(decay)) return gradient;
  const weighed = shifted(multiply(decay, old), unit);
  return sheet.line("direction", "gradient with weight decay", "d = g + λ · w", `${text(gradient)} + ${times(decay, old)}${unit ? ` (in ${unitText(unit).slice(2)})` : ""}`,
    rounded(add(gradient, weighed)), {unit});
}

/** The last line: what is taken off the weight, and what float32 keeps of it. */
function renewed(sheet, old, taken, own) {
  const parts = taken.map(({value}) => value);
  const whole = parts.reduce(subtract, old);
  const places = Math.max(own.places, old.places);
  const value = round(whole, places);
  const words = taken.map(({symbol}) => ` − ${symbol}`).join("");
  const numbers = parts.reduce((line, part) => `${line} ${joined(text(negate(part)))}`, text(old));
  sheet.line("new", "new weight", `w′ = w${words}`, numbers, value, {own, places});
}

function sgd(sheet, update, numbers) {
  const {old, gradient, unit, own} = numbers;
  const {rate, decay} = settings(update);
  let step = direction(sheet, {old, gradient, decay, unit});
  if (update.momentum && update.before.buffer !== undefined) {
    const share = setting(update.momentum);
    const buffer = shifted(exactly(update.before.buffer), unit);
    step = sheet.line("buffer", "velocity", "b′ = μ · b + d", `${times(share, buffer)} ${joined(text(step))}`, rounded(add(multiply(share, buffer), step)),
      {unit, own: shifted(exactly(update.after.buffer), unit)});
  } else if (update.momentum) step = sheet.line("buffer", "velocity, at its first step", "b′ = d", text(step), step, {unit});
  const moved = rounded(shifted(multiply(rate, step), -unit));
  const symbol = update.momentum ? "b′" : isZero(decay) ? "g" : "d";
  sheet.line("step", "step", `s = rate · ${symbol}`, `${times(rate, step)} ${unitText(unit)}`.trim(), moved);
  renewed(sheet, old, [{symbol: "s", value: moved}], own);
}

function adam(sheet, update, {old, gradient, unit, own}) {
  const {rate, decay, decoupled} = settings(update);
  const [first, second] = update.betas.map((beta) => rounded(exactly(beta), FINE)); // 1 − β has fewer digits
  const [rest, others] = [subtract(ONE, first), subtract(ONE, second)];
  const slope = decoupled ? gradient : direction(sheet, {old, gradient, decay, unit});
  const symbol = decoupled || isZero(decay) ? "g" : "d";
  const before = (name, scale) => shifted(exactly(update.before[name] ?? 0), scale);
  const after = (name, scale) => shifted(exactly(update.after[name]), scale);
  const [mean, square] = [before("mean", unit), before("square", 2 * unit)];
  const m = sheet.line("mean", "running mean of gradients", `m′ = β₁ · m + (1 − β₁) · ${symbol}`, `${times(first, mean)} + ${times(rest, slope)}`,
    rounded(add(multiply(first, mean), multiply(rest, slope))), {unit, own: after("mean", unit)});
  const v = sheet.line("square", "running mean of their squares", `v′ = β₂ · v + (1 − β₂) · ${symbol}²`, `${times(second, square)} + ${factor(others)} · ${factor(slope)}²`,
    rounded(add(multiply(second, square), multiply(others, multiply(slope, slope)))), {unit: 2 * unit, own: after("square", 2 * unit)});
  const count = update.after.step;
  const corrections = update.betas.map((beta, index) => correction(sheet, [first, second][index], index, count));
  const mHat = sheet.line("meanHat", "mean, corrected", "m̂ = m′ / c₁", `${text(m)} / ${text(corrections[0])}`, quotient(m, corrections[0]), {unit});
  const vHat = sheet.line("squareHat", "squares, corrected", "v̂ = v′ / c₂", `${text(v)} / ${text(corrections[1])}`, quotient(v, corrections[1]), {unit: 2 * unit});
  const deep = sheet.line("root", "root of the squares", "r = √v̂", `√${text(vHat)}`, root(vHat), {unit});
  const small = shifted(exactly(update.eps), unit);
  const moved = quotient(multiply(rate, mHat), add(deep, small));
  sheet.line("step", "step", "s = rate · m̂ / (r + ε)", `${times(rate, mHat)} / (${text(deep)} + ${text(small)})`, moved);
  const taken = [{symbol: "s", value: moved}];
  if (decoupled && !isZero(decay)) {
    const off = rounded(multiply(multiply(rate, decay), old));
    sheet.line("decay", "weight decay", "k = rate · λ · w", times(rate, decay, old), off);
    taken.unshift({symbol: "k", value: off});
  }
  renewed(sheet, old, taken, own);
}

/** What makes up for averages that began at 0. */
function correction(sheet, beta, index, count) {
  const lost = -Math.expm1(count * Math.log(toNumber(beta)));
  const value = rounded(fromNumber(toNumber(beta) === 0 ? 1 : lost, 20));
  const mark = "₁₂"[index];
  return sheet.line(`correction${index + 1}`, index === 0 ? "what the mean has seen so far" : "what the squares have", `c${mark} = 1 − β${mark}ᵗ`,
    `1 − ${text(beta)}^${count}`, value);
}

/** The update of one weight, as the server tells it: `{unit, old, gradient, new, lines}`, all numbers as text. */
export function updateLines(update) {
  const buffers = [update.before.mean, update.before.buffer];
  const unit = unitOf([update.gradient, ...buffers]);
  const sheet = new Sheet();
  const numbers = {old: exactly(update.old), gradient: shifted(exactly(update.gradient), unit), own: exactly(update.new), unit};
  if (update.betas) adam(sheet, update, numbers);
  else sgd(sheet, update, numbers);
  return {unit: unitText(unit), old: text(numbers.old), gradient: text(numbers.gradient), new: text(numbers.own), lines: sheet.lines};
}
