// Which layers get a map: chips in the network's order, at most a dozen.

import {make} from "../dom.js";
import {marker, shapeText} from "../layers.js";
import {inOrder, MOST_LAYERS, spread, USUAL_LAYERS, worthwhile} from "./layers_depth.js";
import {layerWord} from "./layers_words.js";

export class LayersChoice {
  constructor({onChange}) {
    Object.assign(this, {onChange, layers: [], chosen: [], flat: false, byHand: false, boxes: new Map()});
    this.summary = make("summary", {class: "vz-el-summary"});
    this.list = make("div", {class: "vz-el-chips", role: "group", "aria-label": "Layers"});
    this.note = make("p", {class: "vz-muted vz-el-choice-note", role: "status"});
    const usual = make("button", {type: "button", class: "vz-button vz-quiet", onclick: () => this.choose(this.usual())}, "As at first");
    this.all = make("input", {type: "checkbox", onchange: () => this.draw()});
    const all = make("label", {class: "vz-el-all"}, this.all, "Show every layer");
    this.element = make("details", {class: "vz-el-choice"}, this.summary, this.list, make("div", {class: "vz-el-choice-row"}, all, usual), this.note);
  }

  usual() {
    return spread(this.layers, USUAL_LAYERS, this.flat);
  }

  /** The layers of a network, as in `run.layers`, and whether all cells are kept; a choice of the visitor's stays where the network has it. */
  take(layers, flat) {
    const key = JSON.stringify([flat, layers.map(({name}) => name)]);
    if (key === this.key) return;
    Object.assign(this, {key, layers, flat});
    const kept = this.byHand ? inOrder(this.chosen, layers) : [];
    this.byHand = kept.length > 0 && kept.length === this.chosen.length;
    this.chosen = this.byHand ? kept : this.usual();
    this.draw();
  }

  choose(names) {
    this.chosen = inOrder(names, this.layers);
    this.byHand = false;
    this.draw();
    this.onChange(this.chosen);
  }

  toggle(name, on) {
    const names = on ? [...this.chosen, name] : this.chosen.filter((one) => one !== name);
    if (names.length > MOST_LAYERS || names.length < 1) {
      this.boxes.get(name).checked = !on;
      this.note.textContent = names.length < 1 ? "At least one layer gets a map." : `${MOST_LAYERS} layers are the most. Take one away first.`;
      return;
    }
    this.chosen = inOrder(names, this.layers);
    this.byHand = true;
    this.say();
    this.onChange(this.chosen);
  }

  draw() {
    this.boxes.clear();
    const worth = worthwhile(this.layers, this.flat);
    const shown = this.layers.filter((layer) => this.all.checked || worth.includes(layer) || this.chosen.includes(layer.name));
    this.list.replaceChildren(...shown.map((layer) => this.chip(layer)));
    this.say();
  }

  chip({name, kind, shape}) {
    const box = make("input", {type: "checkbox", checked: this.chosen.includes(name), onchange: (event) => this.toggle(name, event.target.checked)});
    this.boxes.set(name, box);
    const {letter, family} = marker(kind);
    return make("label", {class: "vz-el-chip", title: `${kind}, ${shapeText(shape)}`}, box, make("span", {class: `vz-el-letter vz-el-of-${family}`, "aria-hidden": "true"}, letter), layerWord(name));
  }

  say() {
    const names = this.chosen.map(layerWord);
    this.summary.textContent = `${this.chosen.length} layers: ${names.length > 4 ? `${names.slice(0, 2).join(", ")} … ${names.at(-1)}` : names.join(", ")}`;
    this.note.textContent = "";
  }
}
