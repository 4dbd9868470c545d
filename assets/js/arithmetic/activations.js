// Activations: exact where the result is a decimal, otherwise rounded to four places, half away from zero.

import {ZERO, add, compare, decimal, divide, fromNumber, isZero, larger, multiply, negate, toNumber, toText} from "./decimal.js";

export const ROUNDED_PLACES = 4;
const SIX = decimal(6n);
const SLOPE = decimal(1n, 2); // of leaky ReLU, as in PyTorch

const smaller = (one, other) => (compare(one, other) < 0 ? one : other);
const clamp6 = (value) => smaller(larger(ZERO, value), SIX);
const exact = (value) => ({value, exact: true});

/** Values of a smooth function; 0 goes to `atZero` exactly, everything else is rounded. */
const rounded = (compute, atZero) => (value) =>
  isZero(value) ? exact(atZero) : {value: fromNumber(compute(toNumber(value)), ROUNDED_PLACES), exact: false};

/** The error function to double precision: series up to 3, continued fraction beyond (Abramowitz & Stegun 7.1.6, 7.1.14). */
export function erf(x) {
  if (Math.abs(x) > 6) return Math.sign(x);
  const scale = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (Math.abs(x) > 3) {
    let tail = 0;
    for (let step = 60; step > 0; step -= 1) tail = step / 2 / (Math.abs(x) + tail);
    return Math.sign(x) * (1 - scale / (Math.abs(x) + tail));
  }
  let [term, total] = [x, x];
  for (let step = 1; step < 100; step += 1) {
    term *= (2 * x * x) / (2 * step + 1);
    total += term;
  }
  return 2 * scale * total;
}

const sigmoid = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const minus = (value) => toText(negate(value));
const inBrackets = (value) => (value.units < 0n ? `(${toText(value)})` : toText(value));

/** Name -> title, apply(Decimal) -> {value, exact}, expression(Decimal) -> the formula with the number put in. */
export const ACTIVATIONS = {
  none: {title: "none", apply: exact, expression: toText},
  relu: {title: "ReLU", apply: (x) => exact(x.units < 0n ? ZERO : x), expression: (x) => `max(0, ${toText(x)})`},
  relu6: {title: "ReLU6", apply: (x) => exact(clamp6(x)), expression: (x) => `min(max(0, ${toText(x)}), 6)`},
  "leaky-relu": {
    title: "leaky ReLU",
    apply: (x) => exact(larger(x, multiply(SLOPE, x))),
    expression: (x) => `max(${toText(x)}, 0.01 · ${inBrackets(x)})`,
  },
  sigmoid: {title: "sigmoid", apply: rounded(sigmoid, decimal(5n, 1)), expression: (x) => `1 / (1 + e^(${minus(x)}))`},
  tanh: {title: "tanh", apply: rounded(Math.tanh, ZERO), expression: (x) => `tanh(${toText(x)})`},
  gelu: {
    title: "GELU",
    apply: rounded((x) => (x / 2) * (1 + erf(x / Math.SQRT2)), ZERO),
    expression: (x) => `${toText(x)} / 2 · (1 + erf(${toText(x)} / √2))`,
  },
  silu: {title: "SiLU", apply: rounded((x) => x * sigmoid(x), ZERO), expression: (x) => `${toText(x)} / (1 + e^(${minus(x)}))`},
  hardswish: {
    title: "Hardswish",
    apply: (x) => divide(multiply(x, clamp6(add(x, decimal(3n)))), SIX, ROUNDED_PLACES),
    expression: (x) => `${toText(x)} · min(max(0, ${toText(x)} + 3), 6) / 6`,
  },
};

/** The activation of that name; throws a RangeError that lists the names. */
export function activationOf(name) {
  if (Object.hasOwn(ACTIVATIONS, name)) return ACTIVATIONS[name];
  throw new RangeError(`There is no activation “${name}”; there are ${Object.keys(ACTIVATIONS).join(", ")}.`);
}
