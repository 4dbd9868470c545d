// The cross-entropy of one picture in digits: exponentials, their sum, the logarithm.

import {divide, fromNumber, isZero, multiply, round, subtract, sum, toNumber, toText} from "../../arithmetic/decimal.js";
import {shown} from "../../trace_digits.js";

const PLACES = 6; // of logits
const FINE = 6; // of what follows from them

const text = (value, places) => (isZero(value) ? "0" : toText(value, {fixed: places}));

/** The shares a label stands for: all for its class, or `smoothing / classes` for every class. */
export function targets(label, classes, smoothing) {
  return Array.from({length: classes}, (_, index) => (index === label ? 1 - smoothing : 0) + smoothing / classes);
}

/**
 * Row by row: logit, its distance from the largest, exponential, probability, target; then the sum, its logarithm and the
 * loss. Each number follows from those on screen; `rounding` is what the network's own loss differs by.
 */
export function lossLayout({logits, label, smoothing = 0, loss}) {
  const cells = logits.map((logit) => shown(logit, PLACES));
  const most = cells.reduce((largest, {value}) => (toNumber(subtract(value, largest)) > 0 ? value : largest), cells[0].value);
  const shares = targets(label, logits.length, smoothing).map((share) => round(fromNumber(share, 9), 9));
  const rows = cells.map((cell, index) => {
    const apart = subtract(cell.value, most);
    return {logit: cell.text, apart: {value: apart, text: text(apart, PLACES)}, power: fromNumber(Math.exp(toNumber(apart)), FINE), share: shares[index]};
  });
  const total = sum(rows.map(({power}) => power));
  const log = fromNumber(Math.log(toNumber(total)), FINE);
  for (const row of rows) {
    const probability = round(divide(row.power, total, FINE).value, FINE);
    Object.assign(row, {probability: {value: probability, text: text(probability, FINE)}, power: {value: row.power, text: text(row.power, FINE)},
      target: {value: row.share, text: toText(row.share)}});
  }
  const expected = round(sum(rows.map((row) => multiply(row.share, row.apart.value))), FINE);
  const computed = subtract(log, expected);
  const own = fromNumber(loss, FINE);
  const rounding = subtract(own, computed);
  return {
    rows, most: text(most, PLACES), total: text(total, FINE), log: {value: log, text: text(log, FINE)},
    expected: {value: expected, text: text(expected, smoothing ? FINE : PLACES)}, computed: text(computed, FINE),
    rounding: isZero(rounding) ? null : text(rounding, FINE), loss: text(own, FINE), places: FINE,
  };
}

