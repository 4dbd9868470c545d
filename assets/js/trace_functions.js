// Activation functions of the networks on offer: formula, the formula with a number in it, the curve's range.

const TERMS = 60; // of erf's series, enough for double precision up to |x| = 4
const FAR = 4;

/** The error function: its series near 0, its continued fraction further out. */
export function erf(x) {
  const size = Math.abs(x);
  if (size < FAR) {
    let term = size;
    let total = size;
    for (let n = 1; n < TERMS && term !== 0; n += 1) {
      term *= (-size * size) / n;
      total += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * total) / Math.sqrt(Math.PI);
  }
  let fraction = size;
  for (let n = 24; n > 0; n -= 1) fraction = size + n / (2 * fraction);
  return Math.sign(x) * (1 - Math.exp(-size * size) / (fraction * Math.sqrt(Math.PI)));
}

const clip = (x, low, high) => Math.max(low, Math.min(high, x));
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** `(−2)`: a negative number inside a formula. */
const inside = (text) => (text.startsWith("−") ? `(${text})` : text);

/**
 * op -> {name, of(x), formula, written(text of x), exact, gain}: `exact` where only whole steps are
 * taken, so that digits stay digits; `gain` bounds the slope.
 */
export const FUNCTIONS = {
  relu: {name: "ReLU", of: (x) => Math.max(0, x), formula: "max(0, x)", written: (x) => `max(0, ${x})`, exact: true, gain: 1},
  relu6: {name: "ReLU6", of: (x) => clip(x, 0, 6), formula: "min(max(0, x), 6)", written: (x) => `min(max(0, ${x}), 6)`, exact: true, gain: 1},
  sigmoid: {name: "sigmoid", of: sigmoid, formula: "1 / (1 + e^−x)", written: (x) => `1 / (1 + e^−${inside(x)})`, gain: 0.25},
  tanh: {name: "tanh", of: Math.tanh, formula: "tanh(x)", written: (x) => `tanh(${x})`, gain: 1},
  silu: {name: "SiLU", of: (x) => x * sigmoid(x), formula: "x / (1 + e^−x)", written: (x) => `${x} / (1 + e^−${inside(x)})`, gain: 1.1},
  gelu: {name: "GELU", of: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)), formula: "x · ½ · (1 + erf(x / √2))",
    written: (x) => `${x} · ½ · (1 + erf(${x} / √2))`, gain: 1.13},
  hardswish: {name: "Hardswish", of: (x) => (x * clip(x + 3, 0, 6)) / 6, formula: "x · min(max(0, x + 3), 6) / 6",
    written: (x) => `${x} · min(max(0, ${x} + 3), 6) / 6`, gain: 1.5},
  hardsigmoid: {name: "Hardsigmoid", of: (x) => clip(x + 3, 0, 6) / 6, formula: "min(max(0, x + 3), 6) / 6",
    written: (x) => `min(max(0, ${x} + 3), 6) / 6`, gain: 0.17},
};

/** GELU by its approximation with tanh, where a network asks for that. */
const TANH_GELU = {
  ...FUNCTIONS.gelu,
  of: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  formula: "x · ½ · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))",
  written: (x) => `${x} · ½ · (1 + tanh(√(2/π) · (${x} + 0.044715 · ${inside(x)}³)))`,
};

/** The function of a step, as its answer's formula words it; null for steps without one. */
export function functionOf({op, formula = ""}) {
  return op === "gelu" && formula.includes("tanh") ? TANH_GELU : (FUNCTIONS[op] ?? null);
}

/** Piece of the axis worth drawing: the bend, and the point. */
export function curveRange(x) {
  const reach = Math.max(4, 1.25 * Math.abs(x));
  return {low: -reach, high: reach};
}
