// The choices above all views: which pictures, which network, which layer, how it is pooled.

import {getJSON} from "../api.js";
import {collectionPicker} from "../collection_picker.js";
import {labelledSelect, make} from "../dom.js";
import {chosenNetwork, modelOf} from "../view.js";
import {suitsNetwork} from "../collection_list.js";
import {POOL_TITLES} from "./map_words.js";

const layerText = ({name, kind, shape}) => `${name} · ${kind} · ${shape.join(" × ")}`;

/** What is said where network and pictures are not of one kind; null where they are. */
export function misfitText({borrowed, model, record}, own) {
  if (borrowed) return `The workspace’s ${own.title} was not trained for these pictures, so ${model.title} sees them here.`;
  if (record && !suitsNetwork(record, model)) return `${model.title} was not trained for these pictures: it arranges them by what it has learned from others.`;
  return null;
}

export class SourceBar {
  constructor({workspace, state, source}) {
    Object.assign(this, {workspace, state, source});
    this.picker = collectionPicker({workspace, suits: "mnist", first: state.get().collection, onChange: (record) => this.chosen(record)});
    this.network = make("p", {class: "vz-em-network"});
    this.layer = labelledSelect("Layer", {}, {id: "vz-em-layer", title: "The usual layer is the classifier’s input.", onchange: () => this.chooseLayer()});
    this.pool = labelledSelect("Pooled over space by", POOL_TITLES, {id: "vz-em-pool", onchange: () => state.set({pool: this.pool.select.value})});
    this.power = make("input", {class: "vz-field vz-em-number vz-number", id: "vz-em-power", type: "number", min: "1", max: "20", step: "any", required: true,
      onchange: () => this.power.reportValidity() && state.set({power: Number(this.power.value)})});
    this.powerField = make("label", {class: "vz-control", hidden: true}, make("span", {class: "vz-control-name"}, "Power"), this.power);
    this.words = make("span");
    this.everywhere = make("button", {type: "button", class: "vz-button", id: "vz-em-everywhere", onclick: () => this.useEverywhere()});
    this.allTheSame = make("button", {type: "button", class: "vz-button vz-quiet", id: "vz-em-own", onclick: () => this.useOwn()});
    this.misfit = make("div", {class: "vz-em-misfit", role: "status", hidden: true}, this.words, make("span", {class: "vz-em-offers"}, this.everywhere, this.allTheSame));
    this.element = make("div", {class: "vz-em-source"}, this.picker.element,
      make("div", {class: "vz-em-row"}, this.network, this.layer.element, this.pool.element, this.powerField), this.misfit);
    this.release = [source.subscribe((found) => this.draw(found)), workspace.subscribe((_, keys) => keys.includes("net") && this.draw(source.get()))];
  }

  show(view) {
    this.layer.element.hidden = view === "layers";
  }

  chosen(record) {
    this.state.set({collection: record.own || record.name === "digits" ? null : record.name});
    this.source.take(record);
  }

  chooseLayer() {
    const {value} = this.layer.select;
    this.state.set({layer: value === this.source.get().usual ? null : value});
  }

  draw(found) {
    if (!found) return;
    const {layers, usual, model, weights} = found;
    const options = layers.map((layer) => make("option", {value: layer.name}, layerText(layer) + (layer.name === usual ? " (usual)" : "")));
    this.layer.select.replaceChildren(...options);
    this.layer.select.value = found.layer;
    this.pool.select.value = found.pool;
    this.power.value = found.power;
    this.powerField.hidden = found.pool !== "generalised-mean";
    this.network.replaceChildren(make("span", {class: "vz-control-name"}, "Network"), make("strong", {}, weights ? `${model.title}, untrained` : model.title));
    const own = modelOf(this.source.catalogue, this.workspace.get().net);
    const text = own ? misfitText(found, own) : null;
    this.misfit.hidden = !text;
    this.words.textContent = text ?? "";
    this.everywhere.hidden = !found.borrowed && this.fitting(found) === null;
    this.everywhere.textContent = found.borrowed ? `Use ${model.title} everywhere` : `See them with ${this.fitting(found)?.title}`;
    this.allTheSame.hidden = !found.borrowed;
    this.allTheSame.textContent = `Use ${own?.title} all the same`;
  }

  /** A network that was trained for the pictures, or null. */
  fitting({record}) {
    return this.source.catalogue.models.find((model) => model.ready && suitsNetwork(record, model)) ?? null;
  }

  async useEverywhere() {
    const found = this.source.get();
    const name = found.borrowed ? found.net : null;
    if (name) this.workspace.set(chosenNetwork(this.workspace.get(), name, await getJSON("catalogue")));
    this.state.set({net: null});
  }

  useOwn() {
    this.state.set({net: "workspace"});
  }

  destroy() {
    this.release.forEach((release) => release());
    this.picker.destroy();
  }
}
