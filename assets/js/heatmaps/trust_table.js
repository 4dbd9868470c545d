// The methods measured so far, side by side.

import {make} from "../dom.js";
import {energyInside, measured, pointsInside} from "./trust_measures.js";

const COLUMNS = [
  ["deletion", "Deletion", "small is good", -1],
  ["insertion", "Insertion", "large is good", 1],
  ["road", "ROAD", "large is good", 1],
];

/** Keys of the rows that are best in a column, the maps that know nothing left out. */
export function bestOf(rows, name, sign) {
  const known = rows.filter((row) => !row.baseline && Number.isFinite(row[name]));
  const best = Math.max(...known.map((row) => sign * row[name]));
  return known.length < 2 ? [] : known.filter((row) => sign * row[name] === best).map((row) => row.key);
}

/** Rows by ROAD, the highest first; what is not measured yet comes last. */
export const ranked = (rows) => [...rows].sort((one, other) => (other.road ?? -Infinity) - (one.road ?? -Infinity));

export class TrustTable {
  constructor({onPoint}) {
    this.onPoint = onPoint;
    this.body = make("tbody");
    const heads = COLUMNS.map(([, title, good]) => make("th", {scope: "col"}, title, make("span", {class: "vz-tr-head-note"}, good)));
    this.boxHeads = [
      make("th", {scope: "col", hidden: true}, "Peak in box"),
      make("th", {scope: "col", hidden: true}, "Heat in box"),
    ];
    const head = make("thead", {}, make("tr", {}, make("th", {scope: "col"}, "Map"), ...heads, ...this.boxHeads));
    this.table = make("table", {class: "vz-tr-table"}, make("caption", {class: "vz-tr-hidden"}, "Measured so far, best by ROAD first"), head, this.body);
    this.element = make("div", {class: "vz-tr-table-box", tabindex: "0", role: "region", "aria-label": "Measured so far"}, this.table);
  }

  show(rows, {own, box}) {
    const best = Object.fromEntries(COLUMNS.map(([name, , , sign]) => [name, bestOf(rows, name, sign)]));
    this.boxHeads.forEach((head) => (head.hidden = !box));
    this.body.replaceChildren(...ranked(rows).map((row) => this.row(row, {own, box, best})));
    this.element.hidden = rows.length === 0;
  }

  row(row, {own, box, best}) {
    const cells = COLUMNS.map(([name]) => {
      const good = best[name].includes(row.key);
      return make("td", {class: good ? "vz-number vz-tr-best" : "vz-number", title: good ? "the best so far" : null}, row.error ? "–" : measured(row[name]));
    });
    const name = make("th", {scope: "row"}, row.title, row.layer ? make("span", {class: "vz-muted vz-tr-layer"}, ` ${row.layer}`) : null);
    if (row.error) name.append(make("span", {class: "vz-tr-error"}, row.error));
    const line = make("tr", {"data-key": row.key, class: row.key === own ? "vz-tr-current" : row.baseline ? "vz-tr-baseline" : null}, name, ...cells, ...(box ? this.boxCells(row, box) : []));
    line.addEventListener("pointerenter", () => this.onPoint(row.key));
    line.addEventListener("pointerleave", () => this.onPoint(null));
    return line;
  }

  boxCells({heat}, box) {
    if (!heat) return [make("td", {}, "–"), make("td", {}, "–")];
    const hit = pointsInside(heat.values, heat.shape, box);
    const share = energyInside(heat.values, heat.shape, box);
    return [make("td", {}, hit === null ? "–" : hit ? "yes" : "no"), make("td", {class: "vz-number"}, share === null ? "–" : `${Math.round(100 * share)} %`)];
  }
}
