// The pictures behind a cell of the confusion matrix; each may be chosen.

import {format} from "../../colour.js";
import {make} from "../../dom.js";
import {thumbCanvas} from "./thumbs.js";

const MOST = 30;

export class CellPictures {
  constructor({thumbs, choose, onClose}) {
    Object.assign(this, {thumbs, choose, shown: "", buttons: [], waiting: false, example: null});
    this.words = make("p", {class: "vz-number"});
    this.row = make("div", {class: "vz-tl-row", role: "group", "aria-label": "Pictures of the cell"});
    this.more = make("p", {class: "vz-muted"});
    const close = make("button", {class: "vz-button vz-quiet", type: "button", onclick: onClose}, "Close");
    this.element = make("div", {class: "vz-tl-behind", hidden: true}, make("div", {class: "vz-tl-behind-head"}, this.words, close), this.row, this.more);
  }

  /** Another training: its pictures are others. */
  open() {
    for (const {picture} of this.buttons) picture.forget();
    this.show(null);
  }

  /** The pictures `indices`, null for none. */
  show(indices, words = "", losses = null) {
    this.element.hidden = indices === null;
    this.indices = (indices ?? []).slice(0, MOST);
    if (indices === null) return;
    this.words.textContent = `${words[0].toUpperCase()}${words.slice(1)}`;
    const rest = indices.length - this.indices.length;
    this.more.textContent = indices.length === 0 ? "No picture is here at this moment." : rest > 0 ? `and ${rest.toLocaleString("en")} more; those of the greatest loss come first.` : "";
    while (this.buttons.length < this.indices.length) this.add();
    this.buttons.forEach(({button}, at) => {
      const index = this.indices[at];
      button.hidden = index === undefined;
      if (index === undefined) return;
      const title = `Picture ${index + 1}${losses ? `, loss ${format(losses[index], 3)}` : ""}`;
      button.title = title;
      button.setAttribute("aria-label", title);
    });
    this.waiting = true;
    this.mark(this.example);
  }

  add() {
    const at = this.buttons.length;
    const picture = thumbCanvas(this.thumbs);
    const button = make("button", {class: "vz-tl-picture", type: "button", onclick: () => this.choose(this.indices[at])}, picture.element);
    this.buttons.push({button, picture});
    this.row.append(button);
  }

  /** The picture chosen in all views. */
  mark(example) {
    this.example = example;
    this.buttons.forEach(({button}, at) => button.setAttribute("aria-pressed", String(this.indices[at] === example)));
  }

  /** Draw what has come by now. */
  draw() {
    if (!this.waiting) return;
    this.waiting = false;
    this.indices.forEach((index, at) => {
      if (!this.buttons[at].picture.show(index)) this.waiting = true;
    });
  }
}
