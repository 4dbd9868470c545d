// A small heatmap with a title: one of many side by side.

import {make} from "../dom.js";
import {HeatPicture} from "./heat_picture.js";

export class HeatCard {
  /** `open()` follows the card; `onHover(cell, heat)` lets its neighbours point at the same place. */
  constructor({title, open, onHover = null, label}) {
    this.picture = new HeatPicture({onHover: onHover && ((cell) => onHover(cell, this.heat))});
    this.title = make("span", {class: "vz-he-card-title"}, title);
    this.note = make("span", {class: "vz-he-card-note vz-muted vz-number"});
    this.value = make("span", {class: "vz-he-card-value vz-number", "aria-hidden": "true"});
    this.veil = make("span", {class: "vz-he-veil", hidden: true});
    const stage = make("span", {class: "vz-he-card-stage"}, this.picture.element, this.veil, this.value);
    this.button = make("button", {type: "button", class: "vz-he-card-open", "aria-label": label ?? title, onclick: open}, stage);
    const words = make("div", {class: "vz-he-card-words"}, this.title, this.note);
    this.element = make("div", {class: "vz-he-card"}, this.button, words);
    this.heat = null;
  }

  show(scene) {
    this.heat = scene.heat;
    this.picture.show(scene);
    if (scene.heat && !this.picture.prepared.limits) this.cover("zero everywhere");
    else if (scene.heat) this.cover(null);
  }

  /** Words over the picture instead of heat; null takes them away. */
  cover(text, action = null) {
    this.veil.hidden = !text;
    this.veil.textContent = text ?? "";
    this.action?.remove();
    this.action = action;
    if (action) this.element.append(action);
  }

  say(note) {
    this.note.textContent = note;
  }

  /** Outline the cell at the same place of the picture, in shares of its sides; null for none. */
  point(place) {
    const {heat} = this;
    if (!heat || !place) {
      this.value.textContent = "";
      return this.picture.mark({});
    }
    const [rows, columns] = heat.shape;
    const cell = [Math.min(rows - 1, Math.floor(place[0] * rows)), Math.min(columns - 1, Math.floor(place[1] * columns))];
    const share = this.picture.prepared.shareOf(cell);
    this.value.textContent = `${Math.round(100 * share)} %`.replace("-", "−");
    return this.picture.mark({pointed: heat.source === "layer" ? cell : null, cell: null});
  }

  destroy() {
    this.picture.destroy();
  }
}

/** The middle of a cell in shares of the map's sides. */
export const placeOf = (cell, {shape: [rows, columns]}) => [(cell[0] + 0.5) / rows, (cell[1] + 0.5) / columns];
