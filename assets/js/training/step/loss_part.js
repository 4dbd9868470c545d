// The loss: one picture's cross-entropy from its logits, and the batch's mean.

import {make} from "../../dom.js";
import {averageLayout} from "../../trace_digits.js";
import {bracketed, equationLine, foldedLine, joined, sumPieces} from "../../trace_parts.js";
import {lossLayout} from "./loss_digits.js";
import {labelOf, labelWords, ownersOf} from "./step_words.js";

const HEADS = ["class", "logit z", "z − max", "e to that", "p = share"];
const OPEN_ROWS = 12;

/** The table's rows in order: all of few classes, else those of the label and the most probable. */
export function rowsShown(rows, owners) {
  const order = rows.map((_, index) => index);
  if (rows.length <= OPEN_ROWS) return order;
  const strongest = order.filter((index) => !owners.includes(index)).sort((one, other) => Number(rows[other].power.value.units - rows[one].power.value.units));
  return [...owners, ...strongest].slice(0, Math.max(OPEN_ROWS, owners.length));
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
    const label = labelOf(step, picture);
    const logits = Array.from(arrays.logits.subarray(picture * classes.length, (picture + 1) * classes.length));
    const layout = lossLayout({logits, label, smoothing, loss: arrays.losses[picture]});
    const mixed = Boolean(arrays.shares);
    this.element.replaceChildren(this.table(layout, classes, {owners: ownersOf(label), mixed, smoothing}),
      ...(mixed ? this.mixed(layout, label, smoothing) : [this.sentence(layout, classes[label.indexOf(1)], label.indexOf(1), smoothing)]), this.mean());
  }

  table(layout, classes, {owners, mixed, smoothing}) {
    const more = [...(mixed ? [["label y", "label"]] : []), ...(smoothing ? [["target t", "target"]] : [])];
    const heads = [...HEADS, ...more.map(([head]) => head)];
    const shown = rowsShown(layout.rows, owners);
    const rows = shown.map((index) => {
      const row = layout.rows[index];
      const own = owners.includes(index);
      const cells = [row.logit, row.apart.text, row.power.text, row.probability.text, ...more.map(([, key]) => row[key].text)];
      return make("tr", {class: own ? "vz-ts-label" : ""}, make("th", {scope: "row"}, classes[index], own ? make("span", {class: "vz-badge"}, "label") : null),
        ...cells.map((cell) => make("td", {class: "vz-number"}, cell)));
    });
    const hidden = layout.rows.length - shown.length;
    const foot = make("tr", {}, make("th", {scope: "row"}, hidden ? `sum, with ${hidden} other classes` : "sum"), make("td"), make("td"),
      make("td", {class: "vz-number"}, layout.total), make("td"), ...more.map(() => make("td")));
    const head = make("tr", {}, ...heads.map((name, index) => make("th", {scope: "col", class: index ? "vz-number" : ""}, name)));
    return make("div", {class: "vz-ts-scroll", role: "region", tabindex: "0", "aria-label": "The loss, class by class"}, make("table", {class: "vz-ts-table"}, make("thead", {}, head), make("tbody", {}, ...rows), make("tfoot", {}, foot)));
  }

  /** The pieces behind what is worked out: rounding and the loss. */
  result(layout) {
    const rounding = layout.rounding ? [{text: `${joined(layout.rounding)}\u00a0(rounding)`, kind: "rounding"}] : [];
    return [...rounding, "=", {text: layout.loss, kind: "result"}];
  }

  /** The loss of a label in shares: every class counts with its own. */
  mixed(layout, label, smoothing) {
    const words = labelWords(label, this.clerk.step.header.classes);
    const says = ownersOf(label).length > 1 ? `This picture was mixed with others of its batch, and its label with theirs: ${words}.` : `Labels have shares here, as pictures may be mixed; this one’s is ${words} alone.`;
    const letter = smoothing ? "t" : "y";
    const counting = layout.rows.filter(({target}) => target.text !== "0");
    const smooth = smoothing ? ` Label smoothing ${smoothing} makes of them t = (1 − ${smoothing}) · y + ${smoothing} / ${layout.rows.length}.` : "";
    const terms = counting.flatMap(({target, apart}, index) => [...(index ? ["+"] : []), {text: `${target.text} · ${bracketed(apart.text)}`, kind: "term"}]);
    return [
      make("p", {}, `${says}${smooth} Every class counts with its share: the loss is −Σ ${letter} · log p = log(sum) − Σ ${letter} · (z − max).`),
      ...(counting.length > OPEN_ROWS ? [] : [equationLine([`Σ ${letter} · (z − max) =`, ...terms, "≈", {text: layout.expected.text, kind: "sum"}], {id: "vz-ts-shares-line"})]),
      equationLine([`log(${layout.total}) − Σ ${letter} · (z − max) =`, {text: layout.log.text, kind: "sum"}, {text: `− ${bracketed(layout.expected.text)}`, kind: "sum"}, ...this.result(layout)], {id: "vz-ts-mixed-line"}),
    ];
  }

  sentence(layout, name, label, smoothing) {
    const row = layout.rows[label];
    const result = this.result(layout);
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
