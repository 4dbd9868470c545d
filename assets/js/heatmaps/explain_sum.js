// One cell's heat as an equation: the strongest channels, weight times activation, the rest, the sum.

import {isWritable, sumLayout} from "../trace_digits.js";
import {joined} from "../equation_text.js";

const piece = (text, kind = "sign") => ({text, kind});

/**
 * Digits for the answer of /vz/heat/explain: {channels: [{channel, activation, weight, product}], rest, total,
 * rounding}, each a text; on screen activation × weight gives the product, and all parts add up. Null where
 * a number is not one.
 */
export function explainLayout({channels, rest, sum}) {
  const inputs = [channels.map(({activation}) => activation)];
  const weights = [channels.map(({weight}) => weight)];
  const question = {value: sum, groups: [{inputs, weights, rows: [0], columns: channels.map((_, at) => at)}], rest, bias: null};
  if (!isWritable(question)) return null;
  const layout = sumLayout(question);
  const [group] = layout.groups;
  return {
    places: layout.places,
    channels: channels.map(({channel}, at) => ({
      channel,
      activation: group.inputs[0][at].text,
      weight: group.weights[0][at].text,
      product: group.products[0][at].text,
    })),
    sum: group.sum.text,
    rest: layout.rest?.text ?? null,
    rounding: layout.rounding.text,
    total: layout.total.text,
  };
}

/** The line below the channels: strongest + rest = sum, through ReLU, as pieces for equation_text.js. */
export function sumLine(layout, {rest, sum, after_relu}) {
  const line = [piece(`${layout.sum}\u00a0(these ${layout.channels.length})`, "sum")];
  if (layout.rest !== null) line.push(piece(`${joined(layout.rest)}\u00a0(${rest.channels.toLocaleString("en")} others)`, "rest"));
  if (layout.rounding !== null) line.push(piece(`${joined(layout.rounding)}\u00a0(rounding)`, "rounding"));
  const rectified = after_relu !== null && after_relu !== undefined;
  if (line.length > 1) line.push(piece("="), piece(layout.total, rectified ? "total" : "result"));
  if (!rectified) return line;
  const result = sum > 0 ? layout.total : "0";
  return [...line, piece("→"), piece(`ReLU(${layout.total})`, "activation"), piece("="), piece(result, "result")];
}
