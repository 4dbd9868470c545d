// The digits of a traced number: values of the network rounded so that what is on screen is an equation.
// Inputs and weights are rounded for the screen, products of these are rounded, sums are exact; what the
// network's own value still differs by is a term of its own, "rounding".

import {add, decimal, divide, fromNumber, isZero, multiply, negate, round, sum, toText} from "./arithmetic/decimal.js";

const SIGNIFICANT = 4; // digits of a result
const FLOAT_DIGITS = 9; // what a 32-bit float can tell apart
const MOST_PLACES = 12;
const EXACT_TIE_PLACES = 10;
const TYPICAL_ERROR = 0.4; // of rounding, in units of the last place

/** Position of the first digit: 3 for 1234, −2 for 0.05; 0 for 0. */
export const exponentOf = (value) => (value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value))));

const within = (places, most = MOST_PLACES) => Math.max(0, Math.min(places, most, MOST_PLACES));
const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const length = (values) => Math.sqrt(values.reduce((total, value) => total + value * value, 0));

/** Places that show `value` with four significant digits, but nothing finer than `terms` carry. */
export function placesFor(value, terms = []) {
  const most = largest(terms);
  if (value === 0) return within(most === 0 ? SIGNIFICANT : SIGNIFICANT - 1 - exponentOf(most));
  return within(SIGNIFICANT - 1 - exponentOf(value), FLOAT_DIGITS - 1 - exponentOf(Math.max(most, Math.abs(value))));
}

/** Places for numbers whose errors reach a result of `places` places multiplied by `factor`. */
export function placesBehind(places, factor, numbers) {
  if (factor === 0) return within(SIGNIFICANT - 1 - exponentOf(largest(numbers)));
  return within(places + Math.ceil(Math.log10(TYPICAL_ERROR * factor)), FLOAT_DIGITS - 1 - exponentOf(largest(numbers)));
}

/** A number as it is on screen: `{value: Decimal, text}`; only an exact 0 is written without places. */
export function shown(number, places) {
  const value = fromNumber(number, places);
  return {value, text: number === 0 ? "0" : toText(value, {fixed: places})};
}

export const written = (value, places) => ({value, text: isZero(value) ? "0" : toText(value, {fixed: places})});

/** What is left between a sum on screen and the network's value; text is null where nothing is. */
export function remainder(total, own, places) {
  const value = add(own, negate(total));
  return {value, text: isZero(value) ? null : toText(value, {fixed: places})};
}

const knownGroup = ({inputs, weights, rows, columns}) => inputs.every((line, row) => line.every((input, column) =>
  (Number.isFinite(input) || rows[row] === null || columns[column] === null) && (!weights || Number.isFinite(weights[row][column]))));

/** Whether all numbers of an answer are numbers; null stands for one that is not, outside the map for padding. */
export function isWritable({value, groups = [], inputs = [], constants = [], rest, bias}) {
  const known = ({value: number}) => Number.isFinite(number);
  return Number.isFinite(value) && groups.every(knownGroup) && inputs.every(known) && constants.every(known)
    && !(rest?.channels > 0 && !Number.isFinite(rest.sum)) && (bias === undefined || bias === null || Number.isFinite(bias));
}

function productGroup(group, {places, inputPlaces, weightPlaces}) {
  const inputs = group.inputs.map((line) => line.map((input) => ({...shown(input ?? 0, inputPlaces), padding: input === null})));
  const weights = group.weights.map((line) => line.map((weight) => shown(weight, weightPlaces)));
  const products = inputs.map((line, row) => line.map((input, column) =>
    written(round(multiply(input.value, weights[row][column].value), places), places)));
  return {inputs, weights, products, sum: written(sum(products.flat().map(({value}) => value)), places)};
}

/**
 * Input × weight, product by product, added up: the layout of convolutions and fully connected layers.
 *
 * answer = {groups: [{inputs, weights}], rest: {sum} | null, bias, value}; the result holds `{value, text}`
 * for every number on screen: groups[].inputs/weights/products[row][column], groups[].sum, rest, bias, rounding, total.
 */
export function sumLayout({groups, rest, bias, value}) {
  const inputs = groups.flatMap((group) => group.inputs.flat()).map((input) => input ?? 0);
  const weights = groups.flatMap((group) => group.weights.flat());
  const products = inputs.map((input, index) => input * weights[index]);
  const places = placesFor(value, [...products, rest?.sum ?? 0, bias ?? 0]);
  const scale = {
    places,
    inputPlaces: placesBehind(places, length(weights), inputs),
    weightPlaces: placesBehind(places, length(inputs), weights),
  };
  const drawn = groups.map((group) => productGroup(group, scale));
  const others = rest && rest.channels > 0 ? shown(rest.sum, places) : null;
  const added = bias === null || bias === undefined ? null : shown(bias, places);
  const parts = [...drawn.map((group) => group.sum), others, added].filter(Boolean);
  const total = shown(value, places);
  const rounding = remainder(sum(parts.map((part) => part.value)), total.value, places);
  return {...scale, groups: drawn, rest: others, bias: added, rounding, total};
}

/** All cells added up, then divided by their number. */
export function averageLayout({patch, divisor, value}) {
  const numbers = patch.flat().map((input) => input ?? 0);
  const places = placesFor(value, numbers.map((number) => number / divisor));
  const cells = patch.map((line) => line.map((input) => ({...shown(input ?? 0, places), padding: input === null})));
  const added = written(sum(cells.flat().map((cell) => cell.value)), places);
  const quotient = written(round(divide(added.value, decimal(BigInt(divisor)), places).value, places), places);
  const total = shown(value, places);
  return {places, cells, sum: added, divisor, quotient, rounding: remainder(quotient.value, total.value, places), total};
}

/** The largest cell wins; as many places as it takes to see that it does. */
export function maximumLayout({patch, value}) {
  const numbers = patch.flat().filter((number) => number !== null);
  const second = Math.max(...numbers.filter((number) => number !== value));
  let places = placesFor(value, numbers);
  const apart = () => toText(fromNumber(second, places)) !== toText(fromNumber(value, places));
  while (Number.isFinite(second) && places < EXACT_TIE_PLACES && !apart()) places += 1;
  const winner = patch.flat().indexOf(numbers.includes(value) ? value : Math.max(...numbers));
  const width = patch[0].length;
  const cells = patch.map((line, row) => line.map((input, column) => ({
    ...(input === null ? {value: null, text: "−∞"} : shown(input, places)),
    padding: input === null,
    winner: row * width + column === winner,
  })));
  return {places, cells, winner, ties: numbers.filter((number) => number === value).length, total: shown(value, places)};
}

/** Operands added. */
export function additionLayout({operands, value}) {
  const places = placesFor(value, operands);
  const terms = operands.map((operand) => shown(operand, places));
  const total = shown(value, places);
  return {places, terms, rounding: remainder(sum(terms.map((term) => term.value)), total.value, places), total};
}

/** Two operands multiplied. */
export function multiplicationLayout({operands, value}) {
  const places = placesFor(value);
  const [one, other] = operands;
  const factors = [
    shown(one, placesBehind(places, Math.abs(other), [one])),
    shown(other, placesBehind(places, Math.abs(one), [other])),
  ];
  const product = written(round(multiply(factors[0].value, factors[1].value), places), places);
  const total = shown(value, places);
  return {places, factors, product, rounding: remainder(product.value, total.value, places), total};
}

/** A value that passes unchanged. */
export function copyLayout({value}) {
  return {total: shown(value, placesFor(value))};
}
