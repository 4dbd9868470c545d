// The way back: how long every layer's gradient is, a layer's weights beside their gradients, a picture's maps beside theirs.

import {format} from "../../colour.js";
import {make} from "../../dom.js";
import {arrayTitle, indexText, layerTitle, learning, vanishing} from "./step_words.js";
import {TensorPicture} from "./tensor_picture.js";

const FLOOR = 1e-12;
const DECADES = 5; // at least so many are drawn

const norm = (weights, key) => Math.sqrt(weights.reduce((sum, one) => sum + (one[key] ?? 0) ** 2, 0));

/** One row a layer with weights: lengths of weights, gradient and update, over all its arrays. */
export function normsOf(layers) {
  return learning(layers).map((layer) => {
    const [weight, gradient, change] = ["norm", "gradient", "change"].map((key) => norm(layer.weights, key));
    return {name: layer.name, title: layerTitle(layer), weight, gradient, change, ratio: weight > 0 ? change / weight : null};
  });
}

/** Bars on a scale of powers of ten: `{low, high}` as exponents, `share(value)` of the width. */
export function powersOfTen(values) {
  const known = values.filter((value) => value > FLOOR);
  const high = Math.ceil(Math.log10(Math.max(FLOOR, ...known)));
  const low = Math.min(high - DECADES, Math.floor(Math.log10(Math.min(1, ...known))));
  return {low, high, share: (value) => (value > FLOOR ? Math.max(0.01, (Math.log10(value) - low) / (high - low)) : 0)};
}

export class BackwardPart {
  constructor(clerk) {
    this.clerk = clerk;
    this.bars = make("ol", {class: "vz-ts-norms", "aria-label": "Length of each layer’s gradient"});
    this.says = make("p", {class: "vz-ts-says"});
    this.arrays = make("div", {class: "vz-ts-arrays"});
    this.maps = make("div", {class: "vz-ts-arrays"});
    this.pictures = [];
    this.element = make("div", {class: "vz-ts-stack"},
      make("p", {class: "vz-muted"}, "Backpropagation hands every weight its share of the loss. The bars show how long each layer’s gradient is, on a scale of powers of ten; choose a layer."),
      this.bars, this.says, this.arrays, this.maps);
  }

  update(keys) {
    if (keys.includes("step")) this.drawBars();
    if (keys.includes("choice") || keys.includes("step")) this.mark();
    if (keys.includes("layer") && this.clerk.layer) this.drawLayer();
  }

  drawBars() {
    const rows = normsOf(this.clerk.step.header.layers);
    const scale = powersOfTen(rows.map(({gradient}) => gradient));
    this.bars.replaceChildren(...rows.map((row) => this.bar(row, scale)),
      make("li", {class: "vz-ts-axis", "aria-hidden": "true"}, make("span"), make("span", {class: "vz-ts-ends"}, make("span", {}, `1e${scale.low}`.replace("-", "−")), make("span", {}, `1e${scale.high}`.replace("-", "−"))), make("span")));
    this.says.textContent = vanishing(rows, this.clerk.step.header.optimiser.name) ?? "";
  }

  bar(row, scale) {
    const ratio = row.ratio === null ? "" : `moves by ${format(100 * row.ratio, 2)} %`;
    return make("li", {}, make("button", {type: "button", class: "vz-ts-norm", "data-layer": row.name, title: `Length of the gradient ${format(row.gradient)}, of the weights ${format(row.weight)}, of the update ${format(row.change)}`,
      onclick: () => this.clerk.choose({layer: row.name})},
    make("span", {class: "vz-ts-name"}, row.title), make("span", {class: "vz-ts-bar"}, make("span", {style: `width: ${(100 * scale.share(row.gradient)).toFixed(1)}%`})),
    make("span", {class: "vz-ts-length vz-number"}, `‖g‖ ${format(row.gradient, 3)}`, make("span", {class: "vz-muted"}, ratio))));
  }

  mark() {
    for (const bar of this.bars.querySelectorAll(".vz-ts-norm")) bar.setAttribute("aria-pressed", String(bar.dataset.layer === this.clerk.choice.layer));
    const {weight} = this.clerk.choice;
    for (const picture of this.pictures) if (picture.array) picture.choose(picture.array === weight.name ? weight.index : null);
  }

  drawLayer() {
    const {step, layer: {header, arrays}, choice} = this.clerk;
    const layer = step.header.layers.find(({name}) => name === header.layer);
    const key = `${layer.name} ${header.arrays_of.map(({shape}) => shape)}`;
    if (key !== this.key) this.build(layer, header);
    this.key = key;
    header.arrays_of.forEach((one, place) => {
      this.pictures[2 * place].show(one.shape, arrays[`weight${place}`], one.weight);
      this.pictures[2 * place + 1].show(one.shape, arrays[`gradient${place}`], one.gradient);
    });
    const [values, gradients] = this.pictures.slice(-2);
    values.show(header.shape, arrays.values, header.values);
    gradients.show(header.shape, arrays.gradients, header.gradients);
    this.maps.querySelector(".vz-ts-maps-of").textContent = `Picture ${choice.picture + 1} at ${layerTitle(layer)}`;
    this.mark();
  }

  build(layer, header) {
    this.pictures.forEach((picture) => picture.destroy());
    this.pictures = header.arrays_of.flatMap((one) => ["", "gradient of the "].map((lead) => {
      const title = `${lead}${arrayTitle(one, layer.op)}`;
      const picture = new TensorPicture({title: title[0].toUpperCase() + title.slice(1), word: (index) => indexText(index, one.shape, layer.op),
        onPick: (index) => this.clerk.choose({weight: {name: one.name, index}})});
      picture.array = one.name;
      return picture;
    }));
    const cell = ([channel, row, column]) => (header.shape[1] * header.shape[2] > 1 ? `channel ${channel} · row ${row} · column ${column}` : `value ${channel}`);
    const open = ([channel, row, column]) => this.clerk.open({layer: layer.name, cell: [channel, row, column]});
    const maps = [new TensorPicture({title: "Feature maps", word: cell}), new TensorPicture({title: "Gradient of the loss by the maps", word: cell, onPick: open})];
    this.arrays.replaceChildren(...this.pictures.map(({element}) => element));
    this.pictures.push(...maps);
    this.maps.replaceChildren(make("p", {class: "vz-ts-wide"}, make("strong", {class: "vz-ts-maps-of"}), make("span", {class: "vz-muted"}, " · choose a cell of the gradient to see what made it")), ...maps.map(({element}) => element));
  }

  destroy() {
    this.pictures.forEach((picture) => picture.destroy());
  }
}
