// One picture's part of a gradient, drawn: upstream gradients, the inputs under the weight, their products.

import {make} from "../../dom.js";
import {TensorPicture} from "./tensor_picture.js";

const TITLES = {upstream: "Upstream gradient", inputs: "Input under the weight", products: "Products"};

const flat = (table) => Float32Array.from(table.flat(), (value) => value ?? 0);
const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

export class PositionMaps {
  /** `open(row, column)` hears of a chosen position. */
  constructor(open) {
    const word = ([, row, column]) => `row ${row} · column ${column}`;
    const pick = ([, row, column]) => open(row, column);
    this.maps = Object.fromEntries(Object.entries(TITLES).map(([name, title]) => [name, new TensorPicture({title, word, onPick: pick})]));
    this.element = make("div", {class: "vz-ts-arrays vz-ts-three"}, ...Object.values(this.maps).map(({element}) => element));
  }

  show({upstream, inputs}) {
    const shape = [1, upstream.length, upstream[0].length];
    const up = flat(upstream);
    const read = inputs && flat(inputs);
    this.maps.inputs.element.hidden = this.maps.products.element.hidden = !inputs;
    const drawn = {upstream: up, ...(inputs ? {inputs: read, products: up.map((value, cell) => value * read[cell])} : {})};
    for (const [name, values] of Object.entries(drawn)) this.maps[name].show(shape, values, {most: largest(values), scale: null});
  }

  destroy() {
    Object.values(this.maps).forEach((map) => map.destroy());
  }
}
