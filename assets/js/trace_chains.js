// Steps of several lines: normalisation with its four constants, softmax, a pixel.

import {make} from "./dom.js";
import {toNumber} from "./arithmetic/decimal.js";
import {approximation, bracketed, equationLine, foldedLine, operand, placeText, sumPieces} from "./trace_parts.js";
import {largestTerm, termsOf} from "./trace_path.js";
import {normLayout, pixelLayout, softmaxLayout} from "./trace_steps.js";
import {barList} from "./trace_sums.js";

const KINDS = {batch_norm: "running statistics of training", layer_norm: "statistics of this cell’s channels"};

const minus = (text) => `− ${bracketed(text)}`;
const words = (text) => make("p", {class: "vz-muted vz-trace-words"}, text);
const show = (text, kind = "term") => ({text, kind});

/** A numbered list of steps: what is done, and the equation. */
function chain(steps) {
  return make("ol", {class: "vz-chain"}, ...steps.map(([name, ...pieces]) =>
    make("li", {}, make("span", {class: "vz-chain-name vz-muted"}, name), equationLine(pieces))));
}

function facts(entries) {
  return make("dl", {class: "vz-constants vz-number"}, ...entries.map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", {}, text))));
}

/** The input, mean, variance, weight and bias; five steps; and the same as slope · x + offset. */
export function drawNorm(box, answer, call) {
  const term = termsOf(answer)[0];
  const layout = normLayout({input: term.value, value: answer.value, constants: answer.constants});
  const {x, mean, difference, variance, eps, radicand, deviation, unit, weight, product, bias, rounding, total, line} = layout;
  const input = operand(x.text, term, {open: call.open, caption: placeText(term.place), largest: true});
  const constants = facts([["mean", mean.text], ["variance", variance.text], ["weight γ", weight.text], ["bias β", bias.text]]);
  const steps = [
    ["Centre", show(x.text), minus(mean.text), "=", show(difference.text, "sum")],
    ["Spread", show(`√(${variance.text} + ${eps.text})`), "=", show(`√${radicand.text}`), "≈", show(deviation.text, "sum")],
    ["Normalise", show(`${bracketed(difference.text)} / ${deviation.text}`), "≈", show(unit.text, "sum")],
    ["Weigh", show(`${unit.text} · ${bracketed(weight.text)}`), "≈", show(product.text, "sum")],
    ["Shift", ...sumPieces([product, {...bias, name: "bias", kind: "bias"}], rounding, total)],
  ];
  const straight = equationLine([
    show(`${bracketed(line.slope.text)} · ${bracketed(line.x.text)}`), "≈", show(line.product.text),
    "→", ...sumPieces([line.product, {...line.offset, name: "offset", kind: "bias"}], line.rounding, line.total, {kind: "sum"}),
  ], {class: "vz-eq-chain vz-number vz-trace-line vz-trace-straight"});
  box.dataset.drawing = "norm";
  box.replaceChildren(words(`(x − mean) / √(variance + eps) · γ + β, with ${KINDS[answer.op] ?? "these constants"}.`),
    make("div", {class: "vz-trace-flow"}, input, constants), chain(steps),
    ...(answer.op === "batch_norm" ? [words("With constants this is a straight line, slope · x + offset:"), straight] : otherInputs(answer, call)));
  box.querySelector(".vz-chain li:last-child .vz-trace-line").id = "vz-trace-equation";
  return total.text;
}

/** Mean and variance of a layer normalisation come from all channels of the cell: the largest to open. */
function otherInputs(answer, call) {
  const terms = termsOf(answer).slice(1);
  if (terms.length === 0) return [];
  const most = Math.max(...terms.map(({value}) => Math.abs(value))) || 1;
  const rows = terms.map((term) => ({label: `channel ${term.place.channel}`, text: term.value.toPrecision(4).replace("-", "−"), value: term.value / most, term}));
  return [make("h3", {}, "Channels that mean and variance come from"), barList(rows, call)];
}

/** e to every logit less the largest, as bars; the class's own bar over the sum of all. */
export function drawSoftmax(box, answer, call) {
  const terms = termsOf(answer);
  const own = terms.findIndex(({place}) => place.channel === answer.channel);
  const {value: largest} = answer.constants.find(({name}) => name === "largest");
  const layout = softmaxLayout({logits: terms, rest: answer.rest, own, largest, value: answer.value});
  const most = Math.max(...layout.rows.map(({power}) => toNumber(power.value)));
  const rows = terms.map((term, index) => {
    const {logit, difference, power} = layout.rows[index];
    const label = answer.inputs[index].label ?? call.labels.get(term.place.channel) ?? `class ${term.place.channel}`;
    return {label, factors: [`${logit.text} → e`, make("sup", {}, difference.text)], text: power.text, value: toNumber(power.value) / (most || 1),
      share: answer.inputs[index].share, term, own: index === own};
  });
  const {channels} = answer.rest;
  const added = [...layout.rows.map(({power}) => power), layout.rest && {...layout.rest, kind: "rest", name: `${channels} other classes`}].filter(Boolean);
  const sumLine = () => sumPieces(added, null, layout.sum, {kind: "sum"});
  const all = channels > 0 ? make("button", {type: "button", class: "vz-button", id: "vz-trace-all", onclick: call.all}, `Show all ${terms.length + channels}`) : null;
  const fold = added.length > 40 ? foldedLine(`All ${added.length} terms in one line: their sum is ${layout.sum.text}`, sumLine) : equationLine(sumLine());
  box.dataset.drawing = "softmax";
  box.replaceChildren(
    make("div", {class: "vz-trace-part"}, words(`e to each logit less the largest (${layout.top.text}), then this class’s share of the sum.`), ...(all ? [all] : [])),
    barList(rows, {...call, largest: largestTerm(answer)}), fold,
    equationLine([show(`${layout.rows[own].power.text} / ${layout.sum.text}`), ...approximation(layout.quotient, layout.rounding, layout.total)], {id: "vz-trace-equation"}));
  return layout.total.text;
}

/** The end of the way: a pixel, and how its number was normalised. */
export function drawPixel(box, answer, call) {
  const {pixel, share, mean, std, difference, quotient, rounding, total} = pixelLayout(answer);
  const steps = [
    ["Scale", show(`${pixel.text} / 255`), "≈", show(share.text, "sum")],
    ["Centre", show(share.text), minus(mean.text), "=", show(difference.text, "sum")],
    ["Normalise", show(`${bracketed(difference.text)} / ${std.text}`), ...approximation(quotient, rounding, total)],
  ];
  box.dataset.drawing = "pixel";
  box.replaceChildren(words("This is a pixel of the picture: nothing lies below it."), call.loupe(answer), chain(steps),
    make("p", {class: "vz-trace-note vz-muted"}, answer.note ?? ""));
  box.querySelector(".vz-chain li:last-child .vz-trace-line").id = "vz-trace-equation";
  return total.text;
}
