// The cross-entropy of one picture in digits: exponentials, their sum, the logarithm.

import {add, divide, fromNumber, isZero, multiply, round, subtract, sum, toNumber, toText} from "../../arithmetic/decimal.js";
import {shown} from "../../trace_digits.js";

const PLACES = 6; // of logits
const FINE = 6; // of what follows from them
const SHARE_PLACES = 9; // of labels: what tells float32 numbers apart

const text = (value, places) => (isZero(value) ? "0" : toText(value, {fixed: places}));

/** What a class index asks for: all of its class, nothing of the others. */
export const oneHot = (label, classes) => Array.from({length: classes}, (_, index) => (index === label ? 1 : 0));

/** A label's shares as Decimals, and smoothed: `(1 − smoothing) · y + smoothing / classes`. */
export function targets(label, smoothing) {
  const [kept, given] = [1 - smoothing, smoothing / label.length].map((share) => fromNumber(share, SHARE_PLACES));
  return label.map((share) => {
    const own = fromNumber(share, SHARE_PLACES);
    return {own, smoothed: smoothing ? round(add(multiply(kept, own), given), SHARE_PLACES) : own};
  });
}

/**
 * Row by row: logit, its distance from the largest, exponential, probability, the label's share and the target; then the
 * sum, its logarithm and the loss. Each number follows from those on screen; `rounding` is what the network's own loss
 * differs by. `label` is one share a class.
 */
export function lossLayout({logits, label, smoothing = 0, loss}) {
  const cells = logits.map((logit) => shown(logit, PLACES));
  const most = cells.reduce((largest, {value}) => (toNumber(subtract(value, largest)) > 0 ? value : largest), cells[0].value);
  const shares = targets(label, smoothing);
  const rows = cells.map((cell, index) => {
    const apart = subtract(cell.value, most);
    return {logit: cell.text, apart: {value: apart, text: text(apart, PLACES)}, power: fromNumber(Math.exp(toNumber(apart)), FINE), share: shares[index]};
  });
  const total = sum(rows.map(({power}) => power));
  const log = fromNumber(Math.log(toNumber(total)), FINE);
  for (const row of rows) {
    const probability = round(divide(row.power, total, FINE).value, FINE);
    Object.assign(row, {probability: {value: probability, text: text(probability, FINE)}, power: {value: row.power, text: text(row.power, FINE)},
      label: {value: row.share.own, text: toText(row.share.own)}, target: {value: row.share.smoothed, text: toText(row.share.smoothed)}});
  }
  const expected = round(sum(rows.map((row) => multiply(row.target.value, row.apart.value))), FINE);
  const computed = subtract(log, expected);
  const own = fromNumber(loss, FINE);
  const rounding = subtract(own, computed);
  return {
    rows, most: text(most, PLACES), total: text(total, FINE), log: {value: log, text: text(log, FINE)},
    expected: {value: expected, text: text(expected, FINE)}, computed: text(computed, FINE),
    rounding: isZero(rounding) ? null : text(rounding, FINE), loss: text(own, FINE), places: FINE,
  };
}

