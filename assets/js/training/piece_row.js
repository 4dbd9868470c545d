// One layer of the stack: a line with its shape; opened, the sliders that change it.

import {icon, make} from "../dom.js";
import {ICONS} from "../icons.js";
import {sliderField, tickField} from "./slider_field.js";
import {CLASSES, amount, shapeText, shortWords} from "./stack_text.js";

const GRIP = "M6 3.2v.1M6 8v.1M6 12.8v.1M10.4 3.2v.1M10.4 8v.1M10.4 12.8v.1";
const WIDE = 200; // from this ratio of most to least on, a slider goes by factors
const FAMILIES = {Convolutions: "convolution", Nonlinearities: "activation", Regularisation: "normalisation", Pooling: "pooling", "Fully connected": "connected", Blocks: "joining"};

export class PieceRow {
  /** `changed(settings)`, `removed()`, `toggled()`, `key(event)` of the grip. */
  constructor({kind, piece, changed, removed, toggled, key}) {
    Object.assign(this, {kind, piece, changed, removed, expanded: false});
    this.handle = make("button", {type: "button", class: "vz-tn-grip", title: "Drag, or press ↑ ↓; Delete removes", "aria-label": `Move ${kind.title}: drag, or press the arrow keys`, onkeydown: key}, icon(GRIP));
    this.words = make("span", {class: "vz-tn-piece-words vz-muted"});
    this.shape = make("span", {class: "vz-number vz-tn-shape"});
    this.weights = make("span", {class: "vz-number vz-muted vz-tn-weights"});
    this.head = make("button", {type: "button", class: "vz-tn-piece-head", "aria-expanded": "false", title: kind.sentence, onclick: toggled},
      make("span", {class: "vz-tn-piece-title"}, kind.title, " ", this.words), this.shape, this.weights);
    const remove = make("button", {type: "button", class: "vz-button vz-quiet vz-tn-remove", "aria-label": `Remove ${kind.title}`, title: "Remove", onclick: removed}, icon(ICONS.close));
    this.body = make("div", {class: "vz-tn-piece-body", hidden: true});
    this.fault = make("p", {class: "vz-tn-fault", hidden: true});
    this.element = make("li", {class: "vz-tn-piece", "data-kind": kind.name, style: `--vz-tn-kind: var(--vz-kind-${FAMILIES[kind.family] ?? "other"})`},
      make("div", {class: "vz-tn-piece-line"}, this.handle, this.head, remove), this.fault, this.body);
    this.say();
  }

  say() {
    this.words.textContent = shortWords(this.piece);
  }

  expand(open) {
    this.expanded = open;
    this.head.setAttribute("aria-expanded", String(open));
    this.element.classList.toggle("vz-tn-open", open);
    this.body.hidden = !open;
    if (!open || this.body.childElementCount) return;
    this.costs = make("p", {class: "vz-muted vz-number vz-tn-costs"});
    this.body.append(make("p", {class: "vz-muted vz-tn-sentence"}, this.kind.sentence), ...this.kind.parameters.flatMap((parameter) => this.fields(parameter)), this.costs);
    this.describe(this.row);
  }

  change(name, value) {
    this.piece = {...this.piece, settings: {...this.piece.settings, [name]: value}};
    this.say();
    this.changed(this.piece.settings);
  }

  /** The controls of one parameter; a number that may be the number of classes has a tick for it. */
  fields(parameter) {
    const {name, title, low, high, step} = parameter;
    const value = this.piece.settings[name];
    if (parameter.flag) return [tickField({name, title, on: Boolean(value), onChange: (on) => this.change(name, on ? 1 : 0)}).element];
    const number = typeof value === "number" ? value : 64;
    const log = high / Math.max(1, low) > WIDE && step >= 1;
    const slider = sliderField({name, title, low: log ? Math.max(1, low) : low, high, step, log, value: number, text: (one) => (name === "p" ? `${Math.round(100 * one)} %` : one === 0 && name === "stride" ? "as window" : String(one)), onInput: (one) => this.change(name, one)});
    if (!parameter.counts_classes) return [slider.element];
    const classes = tickField({name: `${name}-of`, title: "as many as there are classes", on: value === CLASSES, onChange: (on) => {
      slider.element.hidden = on;
      this.change(name, on ? CLASSES : slider.value());
    }});
    slider.element.hidden = value === CLASSES;
    return [slider.element, classes.element];
  }

  /** What the server says about this layer. */
  describe(row) {
    this.row = row;
    const error = row?.error ?? null;
    this.shape.textContent = shapeText(row?.output_shape);
    this.weights.textContent = row?.parameters ? amount(row.parameters) : "";
    this.element.classList.toggle("vz-tn-misfit", Boolean(error));
    this.element.classList.toggle("vz-tn-unknown", !error && !row?.output_shape);
    this.fault.hidden = !error;
    this.fault.textContent = error ? [error, row.way_out].filter((part) => part && !(part !== error && error.includes(part))).join(" ") : "";
    if (this.costs) this.costs.textContent = row?.output_shape ? `${amount(row.parameters)} parameters · ${amount(row.macs)} MACs a picture` : "";
    this.head.setAttribute("aria-label", [this.kind.title, shortWords(this.piece), row?.output_shape ? `makes ${shapeText(row.output_shape)}` : "", error].filter(Boolean).join(", "));
  }
}
