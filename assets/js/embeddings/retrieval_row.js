// One ranking: a card per answer with picture, rank, label and distance, and whether the class is the same.

import {address} from "../api.js";
import {icon, make} from "../dom.js";
import {ICONS} from "../icons.js";
import {CUTS, distanceText, foundWords, precision, shareText} from "./retrieval_words.js";

const MARKS = {true: {sign: ICONS.tick, word: "same class"}, false: {sign: ICONS.close, word: "another class"}};

function card(answer, rank, {collection, choose, point}) {
  const {index, label, distance, same} = answer;
  const mark = MARKS[same] ?? null;
  const spoken = [`${rank}: picture ${index}`, label, mark?.word, `distance ${distanceText(distance)}`].filter(Boolean).join(", ");
  const state = mark ? (same ? "vz-rt-same" : "vz-rt-other") : "";
  const picture = make("img", {class: "vz-rt-picture", src: address(`collections/${collection}/${index}`), alt: "", loading: "lazy", decoding: "async", draggable: "false",
    onload: ({target}) => target.classList.toggle("vz-rt-coarse", target.naturalWidth <= 64)});
  const badge = mark && make("span", {class: "vz-rt-mark", title: mark.word, "aria-hidden": "true"}, icon(mark.sign));
  const words = make("span", {class: "vz-rt-words", "aria-hidden": "true"},
    make("span", {class: "vz-rt-label"}, label ?? `No. ${index}`), make("span", {class: "vz-rt-distance vz-number vz-muted"}, distanceText(distance)));
  const button = make("button", {type: "button", class: `vz-rt-card ${state}`, "aria-label": `${spoken}. Ask with this one.`, title: `Picture ${index}${label ? `, ${label}` : ""}: ask with this one`, "data-index": index,
    onclick: () => choose(index)}, make("span", {class: "vz-rt-frame"}, picture, badge), words);
  for (const [event, place] of [["pointerenter", index], ["focus", index], ["pointerleave", null], ["blur", null]]) button.addEventListener(event, () => point(place));
  return make("li", {}, button);
}

/** `show(answers, collection)`; `onChoose(index)` hears of a click, `onPoint(index | null)` of what is pointed at. */
export class RetrievalRow {
  constructor({name, title, note, onChoose, onPoint}) {
    Object.assign(this, {onChoose, onPoint});
    this.note = make("span", {class: "vz-muted vz-rt-note"}, note);
    this.found = make("strong", {class: "vz-rt-found"});
    this.scores = make("dl", {class: "vz-rt-cuts"});
    this.list = make("ol", {class: "vz-rt-list", "aria-label": title});
    const head = make("div", {class: "vz-rt-head"}, make("div", {class: "vz-rt-title"}, make("h3", {}, title), this.note), this.found, this.scores);
    this.element = make("section", {class: `vz-rt-row vz-rt-${name}`, id: `vz-rt-${name}`, "aria-label": title}, head, this.list);
  }

  show(answers, collection, {note = null} = {}) {
    if (note) this.note.textContent = note;
    this.found.textContent = foundWords(answers);
    const known = CUTS.map((k) => precision(answers, k)).filter(Boolean);
    this.scores.replaceChildren(...known.map(({k, right, share}) => make("div", {title: `${right} of ${k}`}, make("dt", {class: "vz-muted"}, `P@${k}`), make("dd", {class: "vz-number"}, shareText(share).replace(/0$/, "")))));
    this.list.replaceChildren(...answers.map((answer, at) => card(answer, at + 1, {collection, choose: this.onChoose, point: this.onPoint})));
  }

  /** Frame the card of a picture, where this row has it. */
  point(index) {
    for (const button of this.list.querySelectorAll(".vz-rt-card")) button.classList.toggle("vz-rt-pointed", index !== null && button.dataset.index === String(index));
  }
}
