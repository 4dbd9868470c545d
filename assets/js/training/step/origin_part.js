// What made a gradient: the chain rule one layer at a time, back to probability minus target.

import {decimal, divide, exactly, round, subtract, toText} from "../../arithmetic/decimal.js";
import {make} from "../../dom.js";
import {placesFor, remainder, shown, sumLayout, written} from "../../trace_digits.js";
import {approximation, bracketed, equationLine, spelled, sumPieces} from "../../trace_parts.js";
import {counted, layerTitle} from "./step_words.js";
import {inUnit, shifted, unitOf, unitText} from "./units.js";

const cellText = ([channel, row, column], [, height, width]) => (height * width > 1 ? `channel ${channel} · row ${row} · column ${column}` : `value ${channel}`);

/** The terms as sumLayout wants them, in units of 10^−unit. */
export function originSum({terms, rest, value}, unit) {
  return {
    groups: terms.map(({upstream, factor}) => ({inputs: [[inUnit(upstream, unit)]], weights: [[factor]]})),
    rest: {channels: rest.count, sum: inUnit(rest.sum, unit)},
    bias: null,
    value: inUnit(value, unit),
  };
}

/** `(p − t) / n` with digits, and what the network's own value differs by: texts and Decimals. */
export function logitLayout({probability, target, pictures, value}) {
  const unit = unitOf([value]);
  const [share, wanted] = [exactly(probability), exactly(target)];
  const apart = subtract(share, wanted);
  const own = inUnit(value, unit);
  const places = placesFor(own);
  const quotient = written(round(divide(shifted(apart, unit), decimal(BigInt(pictures)), places).value, places), places);
  const total = shown(own, places);
  return {unit, share: toText(share), target: toText(wanted), apart: toText(apart), pictures, quotient, rounding: remainder(quotient.value, total.value, places), total};
}

export class OriginPart {
  constructor(clerk) {
    this.clerk = clerk;
    this.element = make("section", {class: "vz-ts-origin", "aria-live": "polite", hidden: true});
  }

  update(keys) {
    if (!keys.includes("origin")) return;
    const {path, origin} = this.clerk;
    const opened = this.element.hidden && path.length > 0;
    this.element.hidden = path.length === 0;
    if (path.length && origin) this.draw(origin);
    else if (path.length) this.element.setAttribute("aria-busy", "true");
    if (opened) this.wanted = true;
    if (this.wanted && origin) {
      this.wanted = false;
      this.element.scrollIntoView({block: "nearest", behavior: "smooth"});
    }
  }

  draw(origin) {
    this.element.removeAttribute("aria-busy");
    const {path} = this.clerk;
    const layers = this.clerk.step.header.layers;
    const title = layerTitle(layers.find(({name}) => name === origin.layer) ?? {kind: "input", name: ""});
    const crumbs = path.map(({layer, cell}, index) => make("button", {type: "button", class: "vz-ts-crumb", disabled: index === path.length - 1, onclick: () => this.clerk.back(index + 1)}, `${layer} (${cell.join(", ")})`));
    const head = make("div", {class: "vz-ts-head"}, make("h4", {}, "Where this gradient comes from"),
      make("button", {type: "button", class: "vz-button vz-quiet", onclick: () => this.clerk.back()}, path.length > 1 ? "← Back" : "Close"));
    const place = make("p", {}, `Picture ${origin.picture + 1}, ${title}, ${cellText(origin.cell, origin.shape)}: the value is ${String(origin.activation).replace("-", "−")}.`);
    this.element.replaceChildren(head, make("nav", {class: "vz-ts-crumbs", "aria-label": "Way back through the network"}, ...crumbs), place, ...this.body(origin));
  }

  body(origin) {
    if (origin.probability !== null) return this.logit(origin);
    if (origin.terms.length === 0) return [make("p", {}, "Nothing behind it reads this value: its gradient is 0.")];
    const unit = unitOf([origin.value, ...origin.terms.map(({upstream}) => upstream)]);
    const layout = sumLayout(originSum(origin, unit));
    const rows = origin.terms.map((term, index) => this.term(term, layout.groups[index]));
    const rest = origin.rest.count > 0 ? [{...layout.rest, kind: "rest", name: counted(origin.rest.count, "other term")}] : [];
    const line = sumPieces([...layout.groups.map((group) => ({...group.sum, kind: "sum"})), ...rest], layout.rounding, {...layout.total, kind: "result"});
    const all = origin.rest.count > 0 ? make("button", {type: "button", class: "vz-button", onclick: () => this.clerk.askOrigin(1)}, `Show all ${origin.terms.length + origin.rest.count}`) : "";
    const {layers} = this.clerk.step.header;
    const readers = origin.readers.map((name) => layerTitle(layers.find((one) => one.name === name)));
    const words = `${readers.join(" and ")} ${origin.readers.length > 1 ? "read" : "reads"} this value: each gradient upstream × how strongly the value counted there${unit ? `, in units of ${unitText(unit).slice(2)}` : ""}.`;
    const single = origin.terms.length === 1 && !rest.length && !layout.rounding.text;
    return [make("p", {}, words[0].toUpperCase() + words.slice(1)), make("ol", {class: "vz-ts-terms", "aria-label": "Terms"}, ...rows), all, equationLine([...(single ? [this.product(origin.terms[0], layout.groups[0]), "=", {text: layout.total.text, kind: "result"}] : spelled(line)), ...(unit ? [unitText(unit)] : [])], {id: "vz-ts-origin-line"})];
  }

  /** Upstream gradient times factor; a factor of 1 or 0 needs no places. */
  product({factor}, {inputs: [[up]], weights: [[shown]]}) {
    return `${up.text} · ${bracketed(Number.isInteger(factor) ? String(factor).replace("-", "−") : shown.text)}`;
  }

  term(term, group) {
    const from = term.cell ? `${term.layer} (${term.cell.join(", ")})` : `${term.layer}, mean over the batch`;
    const parts = [make("span", {}, from, make("span", {class: "vz-muted"}, ` · ${term.word}`)), make("span", {class: "vz-number"}, this.product(term, group)), make("span", {class: "vz-number vz-ts-value"}, group.sum.text)];
    if (!term.cell) return make("li", {}, make("span", {class: "vz-ts-term"}, ...parts));
    return make("li", {}, make("button", {type: "button", class: "vz-ts-term", title: `Open the gradient by ${from}`, onclick: () => this.clerk.open({layer: term.layer, cell: term.cell})}, ...parts));
  }

  logit(origin) {
    const {unit, share, target, apart, pictures, quotient, rounding, total} = logitLayout(origin);
    const name = this.clerk.step.header.classes[origin.cell[0]];
    return [
      make("p", {}, `This is a logit, the end of the network: its gradient is (probability − target) / number of pictures. The network gives ${name} ${share}; the label asks for ${target}.`),
      equationLine([`(${share} − ${target}) / ${pictures} =`, {text: `${apart} / ${pictures}`, kind: "sum"}, ...spelled(approximation(quotient, rounding, total)), ...(unit ? [unitText(unit)] : [])], {id: "vz-ts-origin-line"}),
    ];
  }
}
