// The grid of draws: choose one by click or arrow keys; what the network says to each stands under it.

import {make} from "../dom.js";
import {ICONS} from "../icons.js";
import {icon} from "../dom.js";
import {percentage} from "../prediction.js";
import {COUNT} from "./au_words.js";
import {drawText} from "./draw_words.js";
import {paintTile, steppedTile} from "./draw_sheet.js";
import {drawMarks, marksLayer} from "./marks.js";

export class DrawGrid {
  /** `onChoose(number)` hears of the draw chosen. */
  constructor({onChoose}) {
    this.onChoose = onChoose;
    this.tiles = Array.from({length: COUNT}, (_, number) => this.tile(number));
    this.element = make("div", {class: "vz-au-grid", id: "vz-au-grid", role: "group", "aria-label": "Draws", onkeydown: (event) => this.key(event)},
      ...this.tiles.map(({button}) => button));
    this.choose(0);
  }

  tile(number) {
    const canvas = make("canvas", {class: "vz-au-tile-picture", width: "1", height: "1", "aria-hidden": "true"});
    const layer = marksLayer("vz-au-tile-marks");
    const mark = make("span", {class: "vz-au-verdict", hidden: true, "aria-hidden": "true"});
    const button = make("button", {type: "button", class: "vz-au-tile", "data-draw": number, tabindex: "-1", onclick: () => this.onChoose(number)}, canvas, layer, mark);
    return {button, canvas, layer, mark};
  }

  columns() {
    return getComputedStyle(this.element).gridTemplateColumns.split(" ").length;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = steppedTile(event.key, this.chosen, this.tiles.length, this.columns());
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.onChoose(next);
    this.tiles[next].button.focus();
  }

  choose(number) {
    this.chosen = number;
    this.tiles.forEach(({button}, at) => {
      button.setAttribute("aria-pressed", String(at === number));
      button.tabIndex = at === number ? 0 : -1;
    });
  }

  show(sheet) {
    this.sheet = sheet;
    this.tiles.forEach(({canvas}, number) => paintTile(canvas, sheet, number));
    this.verdicts(null);
  }

  /** Draw the objects of every draw over it: `marks[number]` as `marksOf` gives them, or null for none. */
  mark(marks) {
    this.tiles.forEach(({layer}, number) => drawMarks(layer, marks?.[number] ?? [], this.sheet.draws[number].at, {tile: true}));
  }

  /** What the network says to each draw: `[{label, probability, agrees}]`, or null while unknown. */
  verdicts(answers) {
    this.tiles.forEach(({button, mark}, number) => {
      const answer = answers?.[number];
      mark.hidden = !answer;
      mark.classList.toggle("vz-au-differs", Boolean(answer && !answer.agrees));
      mark.replaceChildren(...(answer ? [icon(answer.agrees ? ICONS.tick : ICONS.close), percentage(answer.probability)] : []));
      const words = this.sheet ? drawText(this.sheet.draws[number]) : "";
      const said = answer ? ` ${answer.label}, ${percentage(answer.probability)}.` : "";
      button.title = `Draw ${number + 1}: ${words}${said}`;
      button.setAttribute("aria-label", button.title);
    });
  }
}
