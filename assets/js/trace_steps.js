// The digits of steps that are no plain sum: functions, normalisation, softmax. Every line recomputes
// from the digits of the lines before it, rounded half away from zero where it says ≈.

import {add, divide, fromNumber, multiply, round, subtract, sum, toNumber} from "./arithmetic/decimal.js";
import {placesBehind, placesFor, remainder, shown, written} from "./trace_digits.js";

const SMALLEST_STEP = 1e-30;

/** One input through a function: `name(x) ≈ y`. */
export function functionLayout({input, value, step}) {
  const places = placesFor(value === 0 ? input : value, [input]);
  const x = shown(input, step.exact ? places : placesBehind(places, step.gain, [input]));
  const applied = written(fromNumber(step.of(toNumber(x.value)), places), places);
  const total = shown(value, places);
  return {places, x, applied, exact: Boolean(step.exact), text: step.written(x.text), rounding: remainder(applied.value, total.value, places), total};
}

/** The square root of a Decimal, rounded. */
export function squareRoot(value, places) {
  const root = Math.sqrt(toNumber(value));
  return fromNumber(root, places);
}

/** The numbers of an answer by name. */
export const byName = (constants) => Object.fromEntries(constants.map(({name, value}) => [name, value]));

/**
 * Normalisation step by step: difference, standard deviation, quotient, product, sum.
 * Every step is rounded so that its error stays below the result's last digit.
 */
export function normLayout({input, value, constants}) {
  const {mean, variance, eps, weight, bias} = byName(constants);
  const deviation = Math.sqrt(variance + eps);
  const gain = Math.abs(weight) / Math.max(deviation, SMALLEST_STEP);
  const scaled = (input - mean) / Math.max(deviation, SMALLEST_STEP);
  const places = placesFor(value, [scaled * weight, bias]);
  const near = placesBehind(places, gain, [input, mean]);
  const x = shown(input, near);
  const middle = shown(mean, near);
  const difference = written(subtract(x.value, middle.value), near);
  const bend = gain * Math.abs(scaled) || 1;
  const spreadPlaces = placesBehind(places, bend, [deviation]) + 1;
  const radicandPlaces = placesBehind(places, bend / (2 * Math.max(deviation, SMALLEST_STEP)), [variance + eps]);
  const variancePlaces = Math.max(radicandPlaces, eps > 0 ? Math.min(12, Math.ceil(-Math.log10(eps))) : 0);
  const [spread2, small] = [shown(variance, variancePlaces), shown(eps, variancePlaces)];
  const radicand = written(add(spread2.value, small.value), variancePlaces);
  const spread = written(squareRoot(radicand.value, spreadPlaces), spreadPlaces);
  const unitPlaces = placesBehind(places, Math.abs(weight), [scaled]);
  const unit = written(quotient(difference.value, spread.value, unitPlaces), unitPlaces);
  const factor = shown(weight, placesBehind(places, Math.abs(scaled), [weight]));
  const product = written(round(multiply(unit.value, factor.value), places), places);
  const offset = shown(bias, places);
  const total = shown(value, places);
  const rounding = remainder(add(product.value, offset.value), total.value, places);
  return {places, x, mean: middle, difference, variance: spread2, eps: small, radicand, deviation: spread, unit, weight: factor,
    product, bias: offset, rounding, total, line: lineLayout({input, value, constants})};
}

const quotient = (value, divisor, places) => (divisor.units === 0n ? fromNumber(0, places) : round(divide(value, divisor, places).value, places));

/** The same as one straight line: slope · x + offset. */
export function lineLayout({input, value, constants}) {
  const {mean, variance, eps, weight, bias} = byName(constants);
  const slope = weight / Math.sqrt(variance + eps);
  const offset = bias - mean * slope;
  const places = placesFor(value, [slope * input, offset]);
  const x = shown(input, placesBehind(places, Math.abs(slope), [input]));
  const factor = shown(slope, placesBehind(places, Math.abs(input), [slope]));
  const product = written(round(multiply(factor.value, x.value), places), places);
  const shift = shown(offset, places);
  const total = shown(value, places);
  return {places, x, slope: factor, product, offset: shift, rounding: remainder(add(product.value, shift.value), total.value, places), total};
}

/**
 * Softmax: e to every logit less the largest, each divided by the sum of all.
 *
 * `logits` = [{value, …}] on screen, `rest` = {channels, sum of their exponentials} | null, `own` = index of
 * the class asked for, `largest` = the largest logit of all.
 */
export function softmaxLayout({logits, rest, own, largest, value}) {
  const exponentials = logits.map((logit) => Math.exp(logit.value - largest));
  const all = exponentials.reduce((total, one) => total + one, rest?.sum ?? 0);
  const places = Math.max(4, placesFor(value, [value]));
  const finer = Math.min(12, Math.max(placesBehind(places, 1 / all, [1]), placesFor(exponentials[own])));
  const near = Math.min(8, placesBehind(finer, 1, [largest]));
  const top = shown(largest, near);
  const rows = logits.map((logit) => {
    const number = shown(logit.value, near);
    const difference = written(subtract(number.value, top.value), near);
    return {logit: number, difference, power: shown(Math.exp(toNumber(difference.value)), finer)};
  });
  const others = rest && rest.channels > 0 ? shown(rest.sum, finer) : null;
  const added = written(sum([...rows.map((row) => row.power.value), ...(others ? [others.value] : [])]), finer);
  const divided = written(quotient(rows[own].power.value, added.value, places), places);
  const total = shown(value, places);
  return {places, rows, top, rest: others, sum: added, quotient: divided, rounding: remainder(divided.value, total.value, places), total};
}

/** A pixel of the picture as the network gets it: (pixel / 255 − mean) / std. */
export function pixelLayout({value, constants}) {
  const {pixel: shade, mean, std} = byName(constants);
  const places = Math.max(4, placesFor(value));
  const near = places + 1;
  const pixel = shown(shade, Number.isInteger(shade) ? 0 : 3);
  const share = written(quotient(pixel.value, fromNumber(255, 0), near), near);
  const [middle, spread] = [shown(mean, near), shown(std, near)];
  const difference = written(subtract(share.value, middle.value), near);
  const divided = written(quotient(difference.value, spread.value, places), places);
  const total = shown(value, places);
  return {places, pixel, share, mean: middle, std: spread, difference, quotient: divided, rounding: remainder(divided.value, total.value, places), total};
}
