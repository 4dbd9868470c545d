// One weight's gradient as a sum: over the batch's pictures, and each picture's part over its positions.

import {sum, toNumber} from "../../arithmetic/decimal.js";
import {renderEquation} from "../../cell_equation.js";
import {make} from "../../dom.js";
import {exponentOf, remainder, shown, sumLayout, written} from "../../trace_digits.js";
import {equationLine, foldedLine, spelled, sumPieces} from "../../trace_parts.js";
import {pictureCanvas} from "./batch_part.js";
import {PositionMaps} from "./position_maps.js";
import {arrayTitle, axesOf, counted, indexText, layerTitle} from "./step_words.js";
import {inUnit, unitOf, unitText} from "./units.js";

const PARTS = 12; // pictures listed at once
const GRID_MOST = 49; // positions drawn as digits
const TERMS = 12; // of more positions
const DIGITS = 6; // of the largest part
const MOST_PLACES = 12;

/** Positions by the size of their product, the largest first: [{row, column, upstream, input, product}]. */
export function positionsOf({upstream, inputs}) {
  const listed = upstream.flatMap((line, row) => line.map((gradient, column) => {
    const input = inputs ? (inputs[row][column] ?? 0) : 1;
    return {row, column, upstream: gradient, input, product: gradient * input};
  }));
  return listed.sort((one, other) => Math.abs(other.product) - Math.abs(one.product));
}

/** What the sum over positions needs to be laid out: all cells as one grid, or the largest terms and the rest. */
export function positionSum({upstream, inputs, parts, picture}, unit) {
  const value = inUnit(parts[picture], unit);
  const cells = upstream.length * upstream[0].length;
  if (cells <= GRID_MOST) {
    const rows = upstream.map((_, row) => row);
    const columns = upstream[0].map((_, column) => column);
    const group = {inputs: upstream.map((line) => line.map((one) => inUnit(one, unit))), weights: upstream.map((line, row) => line.map((_, column) => (inputs ? (inputs[row][column] ?? 0) : 1))), rows, columns};
    return {whole: true, answer: {groups: [group], rest: null, bias: null, value}};
  }
  const positions = positionsOf({upstream, inputs});
  const rest = positions.slice(TERMS);
  return {
    whole: false,
    positions: positions.slice(0, TERMS),
    answer: {
      groups: positions.slice(0, TERMS).map((one) => ({inputs: [[inUnit(one.upstream, unit)]], weights: [[one.input]]})),
      rest: {channels: rest.length, sum: inUnit(Number(rest.reduce((total, {product}) => total + product, 0).toPrecision(9)), unit)},
      bias: null,
      value,
    },
  };
}

/** The pictures' parts with as many places as their sum needs, and what float32 makes of it. */
export function partsLayout(values, value) {
  const most = values.reduce((largest, part) => Math.max(largest, Math.abs(part)), Math.abs(value));
  const places = Math.max(0, Math.min(MOST_PLACES, DIGITS - 1 - exponentOf(most)));
  const terms = values.map((part) => shown(part, places));
  const whole = written(sum(terms.map((term) => term.value)), places);
  const total = shown(value, places);
  return {places, terms, sum: whole, rounding: remainder(whole.value, total.value, places), total};
}

export class WeightPart {
  constructor(clerk) {
    this.clerk = clerk;
    this.title = make("p", {class: "vz-ts-which"});
    this.fields = make("div", {class: "vz-ts-fields"});
    this.parts = make("div", {class: "vz-ts-stack"});
    this.head = make("p");
    this.one = make("div", {class: "vz-ts-stack vz-ts-positions"});
    this.maps = new PositionMaps((row, column) => clerk.open(this.place(clerk.weight, row, column)));
    this.element = make("div", {class: "vz-ts-stack"}, this.title, this.fields, this.parts, this.head, this.maps.element, this.one);
    this.listed = PARTS;
  }

  update(keys) {
    if (keys.includes("choice")) this.choose();
    if (keys.includes("weight") && this.clerk.weight) this.draw();
  }

  get layer() {
    return this.clerk.step.header.layers.find(({name}) => name === this.clerk.choice.layer);
  }

  /** Which weight: by its array and its place in it. */
  choose() {
    if (!this.clerk.step) return;
    const {layer, clerk: {choice: {weight}}} = this;
    const array = layer.weights.find(({name}) => name === weight.name);
    this.title.textContent = `${layerTitle(layer)} · ${arrayTitle(array, layer.op)} · ${indexText(weight.index, array.shape, layer.op)}`;
    const select = make("select", {class: "vz-field", onchange: () => this.take(select.value)}, ...layer.weights.map((one) => make("option", {value: one.name}, arrayTitle(one, layer.op))));
    select.value = weight.name;
    const key = `${weight.name} ${array.shape}`;
    if (this.key === key) {
      [...this.fields.querySelectorAll("input")].forEach((input, axis) => document.activeElement !== input && (input.value = weight.index[axis]));
      return;
    }
    this.key = key;
    const control = (name, field) => make("label", {class: "vz-control"}, make("span", {class: "vz-control-name"}, name), field);
    this.fields.replaceChildren(control("array", select), ...axesOf(array.shape, layer.op).map((axis, place) => control(`${axis} (0–${array.shape[place] - 1})`,
      make("input", {class: "vz-field vz-number", type: "number", min: 0, max: array.shape[place] - 1, step: 1, value: weight.index[place], onchange: (event) => this.move(place, event.target)}))));
  }

  take(name) {
    const {shape} = this.layer.weights.find((one) => one.name === name);
    this.clerk.choose({weight: {name, index: shape.map(() => 0)}});
  }

  move(axis, input) {
    const {weight} = this.clerk.choice;
    const most = Number(input.max);
    const wanted = Number(input.value);
    if (!Number.isInteger(wanted) || wanted < 0 || wanted > most) {
      input.setAttribute("aria-invalid", "true");
      return;
    }
    input.removeAttribute("aria-invalid");
    this.clerk.choose({weight: {name: weight.name, index: weight.index.map((own, place) => (place === axis ? wanted : own))}});
  }

  draw() {
    const {weight} = this.clerk;
    this.unit = unitOf([...weight.parts, weight.gradient, ...weight.upstream.flat()]);
    this.drawParts();
    this.drawOne();
  }

  drawParts() {
    const {weight, choice} = this.clerk;
    const values = weight.parts.map((part) => inUnit(part, this.unit));
    const layout = partsLayout(values, inUnit(weight.gradient, this.unit));
    const most = Math.max(...values.map(Math.abs)) || 1;
    const order = values.map((_, index) => index).sort((one, other) => Math.abs(values[other]) - Math.abs(values[one]));
    const shown = order.slice(0, this.listed);
    if (!shown.includes(choice.picture)) shown.push(choice.picture);
    const rows = shown.map((index) => this.partRow(index, layout.terms[index], values[index] / most));
    const more = order.length > shown.length ? make("button", {type: "button", class: "vz-button", onclick: () => ((this.listed = Infinity), this.drawParts())}, `Show all ${order.length} pictures`) : "";
    const total = {...layout.total, kind: "sum"};
    const line = sumPieces([{text: layout.sum.text, name: counted(values.length, "part"), kind: "sum"}], layout.rounding, total);
    this.parts.replaceChildren(
      make("p", {}, "The gradient is a sum over the batch’s pictures. Each part already holds the mean’s 1 / ", make("span", {class: "vz-number"}, String(values.length)), `. ${this.unit ? `All in units of ${unitText(this.unit).slice(2)}.` : ""}`),
      make("ol", {class: "vz-ts-parts"}, ...rows), more,
      equationLine([...spelled(line), ...(this.unit ? [unitText(this.unit)] : [])], {id: "vz-ts-gradient"}),
      foldedLine(`All ${values.length} parts in one line`, () => sumPieces(layout.terms, layout.rounding, total)));
  }

  partRow(index, {text}, share) {
    const {step, choice} = this.clerk;
    const bar = make("span", {class: `vz-ts-signed${share < 0 ? " vz-negative" : ""}`, "aria-hidden": "true"}, make("span", {style: `width: ${(100 * Math.abs(share)).toFixed(1)}%`}));
    return make("li", {}, make("button", {type: "button", class: "vz-ts-part", "aria-pressed": String(index === choice.picture), "aria-label": `Picture ${index + 1}: ${text}`, onclick: () => this.clerk.choose({picture: index})},
      pictureCanvas(step, index), make("span", {}, `${index + 1}: ${step.header.classes[step.arrays.labels[index]]}`), bar, make("span", {class: "vz-number vz-ts-value"}, text)));
  }

  drawOne() {
    const {weight} = this.clerk;
    const found = positionSum(weight, this.unit);
    const layout = sumLayout(found.answer);
    const total = {...layout.total, kind: "result"};
    const line = found.whole ? (layout.rounding.text ? sumPieces([{...layout.groups[0].sum, kind: "sum"}], layout.rounding, total) : ["=", total])
      : sumPieces([...layout.groups.map((group) => ({...group.sum, kind: "sum"})), {...layout.rest, kind: "rest", name: counted(found.answer.rest.channels, "other position")}], layout.rounding, total);
    const box = make("div", {class: "vz-ts-equation"});
    this.maps.element.hidden = found.whole;
    if (!found.whole) this.maps.show(weight);
    if (found.whole) renderEquation(box, {groups: [this.grid(layout.groups[0], weight)], chain: spelled([...line, ...(this.unit ? [unitText(this.unit)] : [])]), compact: weight.upstream[0].length > 6});
    else box.append(this.terms(found.positions, layout), equationLine([...line, ...(this.unit ? [unitText(this.unit)] : [])]));
    this.head.replaceChildren(make("strong", {}, `Picture ${weight.picture + 1}’s part. `), this.words(weight));
    this.one.replaceChildren(box);
  }

  words(weight) {
    const positions = weight.upstream.length * weight.upstream[0].length;
    const over = positions === 1 ? "" : `, added up over ${counted(positions, "position")}`;
    const open = " Choose an upstream gradient to see where it comes from.";
    if (!weight.inputs) return `The bias is added everywhere, so its gradient is the gradient by the layer’s output (upstream)${over}.${open}`;
    if (weight.deviation !== null) return `Upstream gradient × normalised input (x − ${weight.mean.toPrecision(4)}) / ${weight.deviation.toPrecision(4)}, with mean and deviation of this batch${over}.${open}`;
    return `Upstream gradient × the input that the weight multiplied there${over}.${open}`;
  }

  place(weight, row, column) {
    return {layer: weight.layer, cell: [weight.channel, row, column]};
  }

  grid({inputs, weights, products, sum: own}, weight) {
    const most = (cells) => Math.max(...cells.flat().map(({value}) => Math.abs(toNumber(value)))) || 1;
    const [up, read, made] = [most(inputs), most(weights), most(products)];
    const tinted = (cells, strongest) => cells.map((line) => line.map(({text, value}) => ({text, tint: toNumber(value) / strongest})));
    const patch = tinted(inputs, up).map((line, row) => line.map((cell, column) => ({...cell, title: `upstream at row ${row}, column ${column}`, onOpen: () => this.clerk.open(this.place(weight, row, column))})));
    const kernel = tinted(weights, read).map((line, row) => line.map((cell, column) => ({...cell, padding: Boolean(weight.inputs) && weight.inputs[row][column] === null})));
    return {title: "upstream × input", patch, kernel, products: tinted(products, made), sumText: own.text, line: []};
  }

  terms(positions, layout) {
    const rows = positions.map(({row, column}, index) => {
      const {inputs: [[up]], weights: [[read]], sum: product} = layout.groups[index];
      return make("li", {}, make("button", {type: "button", class: "vz-ts-term", onclick: () => this.clerk.open(this.place(this.clerk.weight, row, column))},
        make("span", {}, `row ${row}, column ${column}`), make("span", {class: "vz-number"}, `${up.text} · ${read.text.startsWith("−") ? `(${read.text})` : read.text}`), make("span", {class: "vz-number vz-ts-value"}, product.text)));
    });
    return make("ol", {class: "vz-ts-terms", "aria-label": "The largest products"}, ...rows);
  }

  destroy() {
    this.maps.destroy();
  }
}
