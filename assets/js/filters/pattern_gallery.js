// Finished pictures of this visit: small, to come back to, to compare and to take away.

import {icon, make} from "../dom.js";
import {ICONS} from "../icons.js";

const KEPT = 60;

/** A file name of plain characters for a picture. */
export const pictureName = ({net, asked}) =>
  `${[net, asked.kind === "class" ? "class" : asked.layer, asked.kind === "layer" ? "layer" : asked.channel, asked.negative ? "negative" : "", `seed${asked.seed}`]
    .filter((part) => part !== "").map((part) => String(part).replace(/[^\w.-]+/g, "-")).join("_")}.png`;

/** The gallery: `add(piece)`; `onChoose(piece)` when one is clicked. A piece is {net, asked, title, value, urls, small}. */
export class PatternGallery {
  constructor({onChoose}) {
    this.onChoose = onChoose;
    this.pieces = [];
    this.list = make("ul", {class: "vz-fp-pieces"});
    this.element = make("section", {class: "vz-fp-gallery", "aria-label": "Finished patterns", hidden: true},
      make("h3", {}, "Finished on this visit"), this.list);
  }

  add(piece) {
    this.pieces.unshift(piece);
    this.pieces.splice(KEPT).forEach((old) => this.release(old));
    this.draw();
  }

  remove(piece) {
    const place = this.pieces.indexOf(piece);
    this.pieces.splice(place, 1);
    this.release(piece);
    this.draw();
    (this.list.children[Math.min(place, this.pieces.length - 1)]?.querySelector("button") ?? this.element).focus();
  }

  release(piece) {
    if (!piece.shown) piece.urls.forEach((url) => URL.revokeObjectURL(url));
  }

  draw() {
    this.element.hidden = this.pieces.length === 0;
    this.list.replaceChildren(...this.pieces.map((piece) => this.item(piece)));
  }

  item(piece) {
    const {urls, title, value, small} = piece;
    const picture = (url) => make("img", {src: url, alt: "", class: small ? "vz-fp-small" : null});
    const show = make("button", {type: "button", class: "vz-fp-piece", "aria-label": `Show ${title}`, onclick: () => this.onChoose(piece)},
      make("span", {class: `vz-fp-thumbs vz-fp-thumbs-${urls.length > 1 ? "many" : "one"}`}, ...urls.slice(0, 4).map(picture)));
    const away = make("button", {type: "button", class: "vz-button vz-quiet vz-fp-remove", "aria-label": `Remove ${title}`, title: "Remove", onclick: () => this.remove(piece)}, icon(ICONS.close));
    return make("li", {}, show, make("p", {class: "vz-fp-caption"}, make("span", {}, title), make("span", {class: "vz-muted vz-number"}, value)), away);
  }

  destroy() {
    this.pieces.forEach((piece) => piece.urls.forEach((url) => URL.revokeObjectURL(url)));
    this.pieces = [];
  }
}
