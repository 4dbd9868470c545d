// What is asked: which class, rather than which other, by which method, at which layer.

import {classPicker} from "../class_picker.js";
import {targetOf} from "../class_labels.js";
import {icon, make} from "../dom.js";
import {shapeText} from "../layers.js";
import {grouped} from "./depth.js";
import {readsLayer} from "./heat_desk.js";

const FAMILIES = {cam: "From a layer’s feature maps", attribution: "From the input’s pixels"};

/** The second class, kept by the panel; null asks about one class alone. */
function againstPlace(state) {
  return {
    read: () => state.get().against,
    write: (workspace, index) => state.set({against: index === targetOf(workspace.get()) ? null : index}),
    none: () => "no other class",
    nobody: () => null,
    clear: "Ask about one class alone",
  };
}

function field(label, id, control) {
  return make("div", {class: "vz-control"}, make("label", {class: "vz-control-name", for: id}, label), control);
}

export class QuestionBar {
  constructor({desk, workspace, state, choose}) {
    Object.assign(this, {desk, state, choose, filled: {}});
    this.target = classPicker({workspace, label: "Class"});
    this.against = classPicker({workspace, label: "rather than", place: againstPlace(state)});
    this.methods = make("select", {class: "vz-field", id: "vz-he-method", onchange: () => state.set({method: this.methods.value})});
    this.layers = make("select", {class: "vz-field", id: "vz-he-layer", onchange: () => choose(this.layers.value)});
    const step = (title, path, by) => make("button", {type: "button", class: "vz-button vz-quiet", title, "aria-label": title, onclick: () => this.step(by)}, icon(path));
    this.steps = [step("Shallower layer", "M10 3l-5 5 5 5", -1), step("Deeper layer", "M6 3l5 5-5 5", 1)];
    this.layerField = field("Layer", "vz-he-layer", make("div", {class: "vz-he-stepper"}, this.steps[0], this.layers, this.steps[1]));
    this.methodField = field("Method", "vz-he-method", this.methods);
    this.element = make("div", {class: "vz-he-question", role: "group", "aria-label": "What is asked"},
      this.target.element, this.against.element, this.methodField, this.layerField);
  }

  step(by) {
    const {layers} = this.desk.menu;
    const place = layers.findIndex(({name}) => name === this.desk.layer);
    this.choose(layers[Math.max(0, Math.min(layers.length - 1, place + by))].name);
  }

  /** Follow the desk; the view of all methods has no use for the choice of one. */
  show({view}) {
    this.against.draw();
    const {menu} = this.desk;
    this.methods.disabled = this.layers.disabled = !menu;
    if (!menu) return;
    this.fillMethods(menu);
    this.fillLayers(menu);
    const {method, layer} = this.desk;
    this.methods.value = method.id;
    this.layers.value = layer;
    const place = menu.layers.findIndex(({name}) => name === layer);
    this.steps[0].disabled = place <= 0;
    this.steps[1].disabled = place >= menu.layers.length - 1;
    this.methodField.hidden = view === "all";
    this.layerField.hidden = view !== "all" && !readsLayer(method);
  }

  fillMethods(menu) {
    if (this.filled.methods === menu) return;
    this.filled.methods = menu;
    this.methods.replaceChildren(...Object.entries(FAMILIES).map(([family, title]) => {
      const methods = menu.methods.filter((method) => method.family === family);
      if (methods.length === 0) return "";
      return make("optgroup", {label: title}, ...methods.map(({id, title: name, available, reason}) =>
        make("option", {value: id, disabled: !available, title: reason}, available ? name : `${name} (not here)`)));
    }));
  }

  fillLayers(menu) {
    if (this.filled.layers === menu.layers) return;
    this.filled.layers = menu.layers;
    this.layers.replaceChildren(...grouped(menu.layers).map(({label, layers}) =>
      make("optgroup", {label: `${label} cells`}, ...layers.map(({name, kind, shape}) =>
        make("option", {value: name, title: `${kind}, ${shapeText(shape)}`}, name === menu.default.layer ? `${name} (usual)` : name)))));
  }

  destroy() {
    this.target.destroy();
    this.against.destroy();
  }
}
