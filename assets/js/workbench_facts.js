// Beside the figure: the size formula with its numbers, parameters, multiplications, and other layers' costs.

import {channelByChannel, costs, formula, neverRead, settle} from "./arithmetic/geometry.js";
import {make} from "./dom.js";

const WORDS = new Intl.NumberFormat("en-GB");

export const grouped = (number) => WORDS.format(number);
const times = (number) => (number >= 10 ? grouped(Math.round(number)) : String(Math.round(10 * number) / 10));
const shapeText = ([channels, height, width]) => `${height} × ${width}${channels > 1 ? ` × ${channels}` : ""}`;

/** Every fact as {name, value, note, formula}: plain data, so that a test can read it. */
export function facts(spec) {
  const shape = settle(spec);
  const list = [0, 1].map((axis) => {
    const {pieces, unrounded, note} = formula(spec, axis);
    return {name: axis ? "columns" : "rows", pieces, note: [unrounded, note].filter(Boolean).join("; ")};
  });
  list.push({name: "shape", value: `${shapeText(shape.inputShape)} → ${shapeText(shape.output)}`});
  if (channelByChannel(spec.op)) return [...list, {name: "parameters", value: "0", note: "Nothing to learn here."}];
  const cost = costs(spec);
  list.push({name: "parameters", value: grouped(cost.parameters), note: parameterNote(shape, cost)});
  list.push({name: "multiplications", value: grouped(cost.multiplications), note: multiplicationNote(spec, shape, cost)});
  list.push({name: "fully connected instead", value: grouped(cost.dense.parameters),
    note: `parameters between the same shapes: ${times(cost.dense.parameters / Math.max(1, cost.parameters))} times as many, because nothing is shared.`});
  if (cost.saving) list.push(separableFact(spec, cost));
  return list;
}

function parameterNote({filters, kernel, channels, groups, bias, op}, {perFilter}) {
  const size = `${kernel[0]}·${kernel[1]}`;
  const plus = bias ? " + 1" : "";
  if (op === "depthwise-separable") return `${size}·${channels} depthwise + ${channels}·${filters} pointwise${bias ? ` + ${filters} bias` : ""}`;
  const each = `${size}·${channels / groups}${plus} = ${perFilter}`;
  return filters > 1 ? `${each} a filter, ${filters} filters` : each;
}

function multiplicationNote(spec, {output, filters, kernel, channels, groups, inputShape}, {depthwise, pointwise}) {
  if (spec.op === "depthwise-separable") return `${grouped(depthwise)} depthwise + ${grouped(pointwise)} pointwise`;
  const inner = `${kernel[0]}·${kernel[1]}·${channels / groups}`;
  if (spec.op === "transposed") return `${inputShape[1]}·${inputShape[2]} stamps of ${inner}·${filters}`;
  return `${output[1]}·${output[2]} places × ${inner}${filters > 1 ? ` × ${filters} filters` : ""}`;
}

function separableFact(spec, {plain, separable, saving}) {
  if (spec.op === "depthwise-separable") {
    return {name: "plain convolution instead", value: grouped(plain.multiplications), note: `multiplications, ${grouped(plain.parameters)} parameters: separable needs ${comparison(saving)} multiplications.`};
  }
  return {name: "depthwise-separable instead", value: grouped(separable.multiplications), note: `multiplications (${grouped(separable.depthwise)} + ${grouped(separable.pointwise)}), ${grouped(separable.parameters)} parameters: ${comparison(saving)}.`};
}

const comparison = (saving) => (saving >= 1 ? `${saving.toFixed(1)} times fewer` : `${(1 / saving).toFixed(1)} times more`);

/** The list on the page; with `hidden`, what a class should answer first is a button that shows it. */
export class Facts {
  constructor() {
    this.list = make("dl", {class: "vz-wb-facts vz-number"});
    this.unread = make("p", {class: "vz-wb-unread-note", role: "status", hidden: true});
    this.element = make("section", {class: "vz-wb-facts-box", "aria-label": "Sizes and costs"}, this.unread, this.list);
    this.shown = new Set();
  }

  show(spec, {hidden}) {
    const text = neverRead(spec).sentence;
    this.unread.textContent = text;
    this.unread.hidden = !text || hidden;
    if (!hidden) this.shown.clear();
    this.list.replaceChildren(...facts(spec).map((fact) => this.row(fact, hidden && !this.shown.has(fact.name), () => {
      this.shown.add(fact.name);
      this.show(spec, {hidden});
    })));
  }

  row({name, value, note, pieces}, hidden, reveal) {
    const answer = pieces ? String(pieces.at(-1).text) : value;
    const numbers = pieces?.slice(0, -1).map(({text, control}) => make("span", control ? {class: "vz-wb-from", "data-from": control} : {}, text)) ?? [];
    const result = hidden
      ? make("button", {class: "vz-wb-ask", type: "button", "aria-label": `Reveal ${name}`, onclick: reveal}, "?")
      : make("b", {}, answer);
    const details = note && !hidden ? make("span", {class: "vz-wb-fact-note"}, note) : null;
    return make("div", {class: "vz-wb-fact", "data-fact": name}, make("dt", {}, name), make("dd", {}, ...numbers, result, details ? " " : null, details));
  }
}
