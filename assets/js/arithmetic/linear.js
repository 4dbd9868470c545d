// Sums of products at full speed and without a rounding error: whole numbers that a double holds exactly.

import {ZERO, decimal, unitsAt} from "./decimal.js";

const SAFE = 2 ** 53;

/** Decimals as whole units of one common scale. */
function commonUnits(values) {
  const places = values.reduce((most, value) => Math.max(most, value.places), 0);
  return {places, units: values.map((value) => unitsAt(value, places))};
}

const largest = (units) => {
  let most = 0n;
  for (const unit of units) {
    if (unit > most) most = unit;
    else if (-unit > most) most = -unit;
  }
  return most;
};

/** Digits of `units` to the base `radix`, lowest first, as doubles: a single one when the radix is not needed. */
function limbs(units, most, radix) {
  if (most < radix) return [Float64Array.from(units, Number)];
  const rest = units.map((unit) => unit / radix);
  return [Float64Array.from(units, (unit) => Number(unit % radix)), ...limbs(rest, most / radix, radix)];
}

/**
 * `run(inputs, weights) -> sums` on doubles, made exact: Decimals in, Decimals out. Each sum may have up to `count`
 * products. Inputs too long for a double are cut into digits that are not, and the sums put together again.
 */
export function exactSums(inputs, weights, count, run) {
  const [left, right] = [commonUnits(inputs), commonUnits(weights)];
  const bound = largest(right.units) * BigInt(Math.max(1, count));
  const radix = BigInt(SAFE) / (bound || 1n);
  if (radix < 10n) throw new RangeError("These weights have too many digits. Use at most 6 decimal places.");
  const factors = Float64Array.from(right.units, Number);
  const parts = limbs(left.units, largest(left.units), radix).map((part) => run(part, factors));
  const places = left.places + right.places;
  return Array.from(parts[0], (_, at) => {
    let units = 0n;
    for (let part = parts.length - 1; part >= 0; part -= 1) units = units * radix + BigInt(parts[part][at]);
    return units === 0n ? ZERO : decimal(units, places);
  });
}

/** Nested lists of Decimals in one list. */
export const flat = (nested) => nested.flat(Infinity);

/** One list as [channels][rows][columns]. */
export function nest(values, [channels, rows, columns]) {
  const channelSize = rows * columns;
  return Array.from({length: channels}, (_, channel) =>
    Array.from({length: rows}, (__, row) => {
      const start = channel * channelSize + row * columns;
      return values.slice(start, start + columns);
    }));
}
