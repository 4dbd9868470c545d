// Which layer the live views look at.

import {labelledSelect, make} from "../../dom.js";
import {layerOption} from "./live_words.js";

/** `open(layers)`, `show(name)`; `onLayer(name)` hears of the visitor's choice. */
export class LayerBar {
  constructor({onLayer}) {
    const {element, select} = labelledSelect("Layer", {}, {class: "vz-field vz-tl-layers", onchange: () => onLayer(select.value)});
    Object.assign(this, {select, onLayer, layers: []});
    const arrow = (by, sign, title) => make("button", {class: "vz-button", type: "button", "aria-label": title, title, onclick: () => this.go(by)}, sign);
    this.element = make("div", {class: "vz-tl-layer-bar"}, element, arrow(-1, "‹", "Previous layer"), arrow(1, "›", "Next layer"));
  }

  open(layers) {
    this.layers = layers;
    const option = (layer) => make("option", {value: layer.name}, layerOption(layer));
    this.select.replaceChildren(...layers.map(option));
  }

  show(name) {
    if (this.select.value !== name) this.select.value = name;
  }

  go(by) {
    const at = this.layers.findIndex(({name}) => name === this.select.value) + by;
    if (this.layers[at]) this.onLayer(this.layers[at].name);
  }
}
