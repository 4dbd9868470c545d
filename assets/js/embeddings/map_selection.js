// The pictures inside the loop: a grid of them, what they are, and a table to take away.

import {make} from "../dom.js";
import {CSV_HEADER} from "./map_data.js";
import {csvText, saveText} from "./map_choice.js";
import {thumbnail} from "./sprites.js";

const MOST_SHOWN = 300;

/** "42 pictures: 30 × 4, 12 × 9". */
export function mixText(places, data) {
  const counts = new Map();
  for (const place of places) {
    const label = data.labelOf(place) ?? "no label";
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const mix = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 6).map(([label, count]) => `${count} × ${label}`);
  const more = counts.size > 6 ? ", …" : "";
  return `${places.length.toLocaleString("en")} ${places.length === 1 ? "picture" : "pictures"}: ${mix.join(", ")}${more}`;
}

/** Save some points of a map as a table. */
export function saveRows(name, data, places) {
  saveText(name, csvText(CSV_HEADER.slice(0, 5 + data.dimensions), data.rows(places)));
}

export class MapSelection {
  constructor({onClear, onPick, onPoint}) {
    Object.assign(this, {onPick, onPoint, places: []});
    this.words = make("p", {class: "vz-mp-mix", id: "vz-mp-mix", role: "status"});
    this.grid = make("div", {class: "vz-mp-grid"});
    this.save = make("button", {type: "button", class: "vz-button", id: "vz-mp-csv", onclick: () => this.download()}, "Save as CSV");
    this.clear = make("button", {type: "button", class: "vz-button", id: "vz-mp-clear", onclick: onClear}, "Clear");
    this.element = make("section", {class: "vz-mp-selection", "aria-label": "Selected pictures", hidden: true},
      make("div", {class: "vz-mp-row"}, this.words, this.save, this.clear), this.grid);
  }

  show(places, data, sheet) {
    Object.assign(this, {places, data});
    this.element.hidden = places.length === 0;
    if (places.length === 0) return;
    this.words.textContent = mixText(places, data);
    const shown = places.slice(0, MOST_SHOWN);
    const more = places.length - shown.length;
    this.grid.replaceChildren(...shown.map((place) => this.one(place, data, sheet)),
      ...(more > 0 ? [make("p", {class: "vz-muted vz-mp-small"}, `and ${more.toLocaleString("en")} more, all of them in the table`)] : []));
  }

  one(place, data, sheet) {
    const text = `${data.nameOf(place)}: ${data.labelOf(place) ?? "no label"}, taken for ${data.predictionOf(place)}`;
    return make("button", {type: "button", class: `vz-mp-near-one${data.isCorrect(place) === false ? " vz-mp-differs" : ""}`, title: text, "aria-label": text,
      onclick: () => this.onPick(place), onpointerenter: () => this.onPoint(place)}, sheet ? thumbnail(sheet, data.points.indices[place], 40) : String(place));
  }

  download() {
    saveRows("selection.csv", this.data, this.places);
  }
}
