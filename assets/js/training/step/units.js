// Gradients are small: numbers of one calculation are written in a common unit, 10⁻³ or 10⁻⁶ or smaller.

import {decimal, power} from "../../arithmetic/decimal.js";

const PLAIN = 0.1; // numbers from here on need no unit
const STEP = 3;
const RAISED = {"-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹"};

/** The unit 10^−k that brings the largest number to between 1 and 1,000: k, a multiple of 3. */
export function unitOf(numbers) {
  const most = numbers.reduce((largest, number) => Math.max(largest, Math.abs(number ?? 0)), 0);
  if (most === 0 || most >= PLAIN) return 0;
  return STEP * Math.ceil(-Math.log10(most) / STEP - 1e-12);
}

/** `× 10⁻⁶`; nothing for the unit 1. */
export const unitText = (unit) => (unit === 0 ? "" : `× 10${String(-unit).replace(/./g, (sign) => RAISED[sign])}`);

/** `number` in units of 10^−unit, its digits moved, none changed. */
export function inUnit(number, unit) {
  if (number === null || number === undefined || unit === 0) return number;
  const [digits, exponent] = number.toExponential().split("e");
  return Number(`${digits}e${Number(exponent) + unit}`);
}

/** A Decimal times 10^unit. */
export function shifted(value, unit) {
  const places = value.places - unit;
  return places >= 0 ? decimal(value.units, places) : decimal(value.units * power(-places), 0);
}
