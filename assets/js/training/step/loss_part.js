// The loss: one picture's cross-entropy from its logits, and the batch's mean.

import {make} from "../../dom.js";
import {averageLayout} from "../../trace_digits.js";
import {bracketed, equationLine, foldedLine, joined, sumPieces} from "../../trace_parts.js";
import {lossLayout} from "./loss_digits.js";

const HEADS = ["class", "logit z", "z − max", "e to that", "p = share"];
const OPEN_ROWS = 12;

/** The table's rows in order: all of few classes, else the label's and the most probable. */
export function rowsShown(rows, label) {
  const order = rows.map((_, index) => index);
  if (rows.length <= OPEN_ROWS) return order;
  const strongest = order.filter((index) => index !== label).sort((one, other) => Number(rows[other].power.value.units - rows[one].power.value.units));
  return [label, ...strongest.slice(0, OPEN_ROWS - 1)];
}

export class LossPart {
  constructor(clerk) {
    this.clerk = clerk;
    this.element = make("div", {class: "vz-ts-stack"});
  }

  update(keys) {
    if (keys.includes("step") || keys.includes("choice")) this.draw();
  }

  draw() {
    const {step, choice: {picture}} = this.clerk;
    if (!step || picture === this.drawn && step === this.of) return;
    Object.assign(this, {drawn: picture, of: step});
    const {header: {classes, smoothing}, arrays} = step;
    const label = arrays.labels[picture];
    const logits = Array.from(arrays.logits.subarray(picture * classes.length, (picture + 1) * classes.length));
    const layout = lossLayout({logits, label, smoothing, loss: arrays.losses[picture]});
    this.element.replaceChildren(this.table(layout, classes, label, smoothing), this.sentence(layout, classes[label], label, smoothing), this.mean());
  }

  table(layout, classes, label, smoothing) {
    const heads = [...HEADS, ...(smoothing ? ["target t"] : [])];
    const shown = rowsShown(layout.rows, label);
    const rows = shown.map((index) => {
      const row = layout.rows[index];
      const cells = [row.logit, row.apart.text, row.power.text, row.probability.text, ...(smoothing ? [row.target.text] : [])];
      return make("tr", {class: index === label ? "vz-ts-label" : ""}, make("th", {scope: "row"}, classes[index], index === label ? make("span", {class: "vz-badge"}, "label") : null),
        ...cells.map((cell) => make("td", {class: "vz-number"}, cell)));
    });
    const hidden = layout.rows.length - shown.length;
    const foot = make("tr", {}, make("th", {scope: "row"}, hidden ? `sum, with ${hidden} other classes` : "sum"), make("td"), make("td"),
      make("td", {class: "vz-number"}, layout.total), make("td"), ...(smoothing ? [make("td")] : []));
    const head = make("tr", {}, ...heads.map((name, index) => make("th", {scope: "col", class: index ? "vz-number" : ""}, name)));
    return make("div", {class: "vz-ts-scroll", role: "region", tabindex: "0", "aria-label": "The loss, class by class"}, make("table", {class: "vz-ts-table"}, make("thead", {}, head), make("tbody", {}, ...rows), make("tfoot", {}, foot)));
  }

  sentence(layout, name, label, smoothing) {
    const row = layout.rows[label];
    const rounding = layout.rounding ? [{text: `${joined(layout.rounding)}\u00a0(rounding)`, kind: "rounding"}] : [];
    const result = [...rounding, "=", {text: layout.loss, kind: "result"}];
    if (smoothing) {
      return make("div", {class: "vz-ts-stack"},
        make("p", {}, `With label smoothing ${smoothing} the label ${name} counts ${row.target.text} and every other class ${layout.rows[label === 0 ? 1 : 0].target.text}: the loss is −Σ t · log p = log(sum) − Σ t · (z − max).`),
        equationLine([`log(${layout.total}) − Σ t · (z − max) =`, {text: layout.log.text, kind: "sum"}, {text: `− ${bracketed(layout.expected.text)}`, kind: "sum"}, ...result]));
    }
    return make("div", {class: "vz-ts-stack"},
      make("p", {}, `The label is ${name}. Its loss is −log p = −log(${row.power.text} / ${layout.total}), which is the logarithm of the sum less the label’s own z − max:`),
      equationLine([`log(${layout.total}) − ${bracketed(row.apart.text)} =`, {text: layout.log.text, kind: "sum"}, {text: `− ${bracketed(row.apart.text)}`, kind: "sum"}, ...result]));
  }

  mean() {
    const {step} = this.clerk;
    const losses = Array.from(step.arrays.losses, (loss) => Number(loss.toPrecision(9)));
    const layout = averageLayout({patch: [losses], divisor: losses.length, value: step.header.loss});
    const cells = layout.cells.flat();
    const rounding = layout.rounding.text ? [{text: `${joined(layout.rounding.text)}\u00a0(rounding)`, kind: "rounding"}] : [];
    return make("div", {class: "vz-ts-stack"},
      make("p", {}, `The batch’s loss is the mean over its ${losses.length} pictures:`),
      equationLine([{text: layout.sum.text, kind: "sum"}, `/ ${losses.length}`, "≈", {text: layout.quotient.text, kind: "term"}, ...rounding, "=", {text: layout.total.text, kind: "result"}], {id: "vz-ts-loss"}),
      foldedLine(`All ${losses.length} losses`, () => sumPieces(cells, null, layout.sum, {kind: "sum"})));
  }
}
