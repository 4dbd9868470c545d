// Beside the large map: what the colours mean, and the picture under the pointer.

import {address} from "../api.js";
import {make} from "../dom.js";
import {percent} from "./layers_words.js";

const HINT = "Point at a picture, or use the arrow keys on the map: its way through all layers is drawn.";
const MOST_KINDS = 24;

/** What is said of a picture: `[first line, second line, whether right | null]`. */
export function picturedWords({index, label, prediction, probability, isRight}) {
  const first = label === null ? `No. ${index.toLocaleString("en")}` : label;
  if (prediction === null) return [first, "", null];
  const said = probability === null ? "" : ` (${percent(probability)})`;
  return [first, isRight ? `recognised${said}` : `taken for ${prediction}${said}`, isRight];
}

export class LayersDetail {
  constructor({onKind}) {
    this.onKind = onKind;
    this.title = make("h4", {class: "vz-el-kinds-title"});
    this.kinds = make("div", {class: "vz-el-kinds", role: "group", "aria-label": "Classes; press one to fade the others"});
    this.picture = make("img", {class: "vz-el-picture", alt: "", hidden: true});
    this.first = make("strong", {class: "vz-el-first"});
    this.second = make("span", {class: "vz-el-second"});
    this.hint = make("span", {class: "vz-muted"}, HINT);
    this.words = make("div", {class: "vz-el-pictured-words", role: "status"}, this.first, this.second, this.hint);
    this.element = make("div", {class: "vz-el-detail"}, make("div", {class: "vz-el-pictured"}, this.picture, this.words), this.title, this.kinds);
  }

  take(cast, record) {
    Object.assign(this, {cast, record});
    this.title.textContent = cast.mode === "label" ? "Label" : "What the network takes it for";
    this.draw();
    this.show(null);
  }

  draw() {
    const {cast} = this;
    const colours = cast.colours();
    const order = cast.kinds.map((kind, group) => ({...kind, group})).sort((one, other) => (cast.kinds.length > MOST_KINDS ? other.count - one.count : 0));
    const focus = this.kinds.contains(document.activeElement) ? document.activeElement.dataset.group : null;
    this.kinds.replaceChildren(...order.slice(0, MOST_KINDS).map(({name, count, group}) => make("button", {
      type: "button", class: "vz-el-kind", "aria-pressed": String(cast.isOnly(group)), "data-group": group,
      title: `${count.toLocaleString("en")} pictures`, onclick: () => this.onKind(group)},
    make("span", {class: "vz-el-swatch", style: `background: ${colours[group]}`, "aria-hidden": "true"}), name)));
    if (order.length > MOST_KINDS) this.kinds.append(make("span", {class: "vz-muted"}, `and ${order.length - MOST_KINDS} more`));
    if (focus !== null) this.kinds.querySelector(`[data-group="${focus}"]`)?.focus();
  }

  show(place) {
    this.hint.hidden = place !== null;
    this.picture.hidden = place === null;
    const [first, second, right] = place === null ? ["", "", null] : picturedWords(this.cast.describe(place));
    this.first.textContent = first;
    this.second.textContent = right === null ? second : `${right ? "✓" : "✗"} ${second}`;
    this.second.classList.toggle("vz-el-wrong", right === false);
    if (place === null) return;
    const index = this.cast.indices[place];
    this.picture.src = address(`collections/${this.record.name}/${index}`);
    this.picture.alt = `Picture ${index}`;
  }
}
