// The worst mistakes: wrong ones of the greatest loss, changing places as the training goes.

import {format} from "../../colour.js";
import {make} from "../../dom.js";
import {worstMistakes} from "./confusion.js";
import {partFrame} from "./part_frame.js";
import {thumbCanvas} from "./thumbs.js";

const MOST = 12;
const GONE_MS = 350; // as the transitions of training_live.css
const SHORT = 11; // letters of "4 → 9": longer ones take two lines
const QUICK_MS = 150; // between changes: as one scrubs, cards are simply where they belong

/** Columns, the way from row to row and where a card lies, in em, in `room` em for `count` cards. */
export function cardPlaces(count, room, {width = 8.2, height = 10.8} = {}) {
  const columns = Math.max(1, Math.min(MOST, Math.floor(room / width)));
  const rows = Math.max(1, Math.ceil(count / columns));
  return {columns, rows, step: height, at: (place) => [(place % columns) * (room / columns), Math.floor(place / columns) * height]};
}

export class MistakesPart {
  constructor({thumbs, choose}) {
    Object.assign(this, {thumbs, choose, cards: new Map(), spare: [], worst: [], dirty: true, example: null});
    this.words = make("span", {class: "vz-number vz-muted"});
    this.list = make("div", {class: "vz-tl-cards", role: "group", "aria-label": "Worst mistakes, the greatest loss first"});
    this.none = make("p", {class: "vz-muted", hidden: true}, "No picture is wrong at this moment.");
    this.frame = partFrame({name: "mistakes", title: "Worst mistakes", beside: [this.words]}, this.none, this.list);
    this.element = this.frame.element;
  }

  open() {
    for (const index of [...this.cards.keys()]) this.drop(index, 0);
    for (const card of this.spare) card.picture.forget();
    this.predicted = null;
  }

  take(display, {names, labels, example}) {
    const marked = example !== this.example;
    this.example = example;
    if (!display.predicted || !display.losses) return;
    if (display.predicted !== this.predicted || display.losses !== this.losses) {
      if (names !== this.names) [this.names, this.measured] = [names, null];
      if (this.measured === null) this.measure();
      Object.assign(this, {predicted: display.predicted, losses: display.losses});
      const {count, of, worst} = worstMistakes({labels, predicted: display.predicted, losses: display.losses}, MOST);
      this.worst = worst;
      this.words.textContent = count === 0 ? "" : `${count.toLocaleString("en")} of ${of.toLocaleString("en")} wrong${count > worst.length ? `, these ${worst.length} the worst` : ""}`;
      this.none.hidden = count > 0;
      this.dirty = true;
    } else if (marked) this.dirty = true;
  }

  card() {
    const picture = thumbCanvas(this.thumbs);
    const [names, loss] = [make("span", {class: "vz-tl-card-names"}), make("span", {class: "vz-number vz-tl-card-loss"})];
    const bar = make("i");
    const element = make("button", {class: "vz-tl-card", type: "button"}, picture.element, names, loss, make("span", {class: "vz-tl-card-bar", "aria-hidden": "true"}, bar));
    const card = {element, picture, names, loss, bar};
    element.addEventListener("click", () => this.choose(card.index));
    return card;
  }

  /** A picture that is no longer among the worst fades. */
  drop(index, after = GONE_MS) {
    const card = this.cards.get(index);
    this.cards.delete(index);
    card.element.classList.add("vz-tl-leaving");
    card.element.tabIndex = -1;
    const end = () => {
      card.element.hidden = true;
      this.spare.push(card);
    };
    if (after) setTimeout(end, after);
    else end();
  }

  /** A picture that comes among the worst appears where it belongs. */
  bring({index}, [x, y]) {
    const card = this.spare.pop() ?? this.card();
    card.index = index;
    card.element.classList.remove("vz-tl-leaving");
    card.element.hidden = false;
    card.element.tabIndex = 0;
    card.element.style.transform = `translate(${x}em, ${y}em)`;
    this.cards.set(index, card);
    if (!card.element.parentNode) this.list.append(card.element);
    return card;
  }

  write(card, {index, label, predicted, loss}, greatest) {
    const words = `${this.names[label]} → ${this.names[predicted]}`;
    const number = format(loss, 3);
    const title = `Picture ${index + 1}: true ${this.names[label]}, predicted ${this.names[predicted]}, loss ${number}`;
    if (card.title !== title) {
      card.title = title;
      card.names.textContent = words;
      card.loss.textContent = `loss ${number}`;
      card.element.title = title;
      card.element.setAttribute("aria-label", title);
    }
    card.bar.style.transform = `scaleX(${greatest > 0 && Number.isFinite(loss) ? loss / greatest : 1})`;
    const pressed = String(index === this.example);
    if (card.element.getAttribute("aria-pressed") !== pressed) card.element.setAttribute("aria-pressed", pressed);
  }

  /** Room for as many rows: taken at once, given back when nothing changes any more, so that nothing below jumps. */
  stretch(atRest = false) {
    const rows = Math.ceil(this.worst.length / this.laid.columns);
    if (rows === this.high || (rows < this.high && !atRest)) return;
    this.high = rows;
    this.list.style.height = `${rows * this.laid.step}em`;
  }

  /** Once nothing changes any more, the keyboard's order is that on the screen. */
  settle() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      this.stretch(true);
      if (this.list.contains(document.activeElement)) return;
      this.worst.forEach(({index}) => this.cards.has(index) && this.list.append(this.cards.get(index).element));
    }, 2 * GONE_MS);
  }

  /** Where cards lie. */
  measure() {
    const {clientWidth} = this.list;
    const em = parseFloat(getComputedStyle(this.list).fontSize);
    const long = (this.names ?? []).some((name) => 2 * name.length + 3 > SHORT);
    const key = `${clientWidth} ${em} ${long}`;
    if (key === this.measured) return;
    this.measured = key;
    this.laid = clientWidth ? cardPlaces(MOST, clientWidth / em, {height: long ? 12.2 : 10.8}) : null;
    this.list.classList.toggle("vz-tl-long", long);
    this.high = 0;
  }

  step() {
    for (const [index, card] of this.cards) card.picture.show(index);
    if (!this.dirty || !this.laid) return false;
    this.dirty = false;
    const now = performance.now();
    const quick = now - (this.changed ?? -Infinity) < QUICK_MS;
    this.changed = now;
    this.list.classList.toggle("vz-tl-quick", quick);
    const kept = new Set(this.worst.map(({index}) => index));
    for (const index of [...this.cards.keys()]) if (!kept.has(index)) this.drop(index, quick ? 0 : GONE_MS);
    const greatest = this.worst.reduce((most, {loss}) => (Number.isFinite(loss) ? Math.max(most, loss) : most), 0);
    this.worst.forEach((mistake, place) => {
      const at = this.laid.at(place);
      const card = this.cards.get(mistake.index) ?? this.bring(mistake, at);
      card.element.style.transform = `translate(${at[0]}em, ${at[1]}em)`;
      card.picture.show(mistake.index);
      this.write(card, mistake, greatest);
    });
    this.stretch();
    this.settle();
    return false;
  }

  destroy() {
    clearTimeout(this.settling);
  }
}
