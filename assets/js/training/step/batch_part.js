// The batch: its pictures with label and prediction, one of them chosen.

import {percent} from "../../colour.js";
import {make} from "../../dom.js";
import {spreadPixels} from "../live/thumbs.js";
import {best, counted, labelOf, labelWords, ownersOf} from "./step_words.js";

const AT_ONCE = 64;
const MOVES = {ArrowLeft: -1, ArrowRight: 1};

/** Draw picture `index` of a batch of shape (n, height, width, channels). */
export function pictureCanvas({arrays, header}, index, attributes = {}) {
  const [, height, width, channels] = header.arrays.pictures.shape;
  const canvas = make("canvas", {class: "vz-ts-photo", width, height, "aria-hidden": "true", ...attributes});
  const image = new ImageData(width, height);
  spreadPixels(image.data, arrays.pictures, {height, width, channels}, index * height * width * channels, width, 0, 0);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** What the network says of a picture: `{label (one share a class), words, guess, right, sure (of the guess)}`. */
export function verdict(step, index) {
  const {arrays, header: {classes}} = step;
  const shares = arrays.probabilities.subarray(index * classes.length, (index + 1) * classes.length);
  const [label, guess] = [labelOf(step, index), best(Array.from(shares))];
  return {label, words: labelWords(label, classes), guess, right: arrays.labels[index] === guess, sure: shares[guess], shares};
}

export class BatchPart {
  constructor(clerk) {
    this.clerk = clerk;
    this.words = make("p", {class: "vz-muted"});
    this.list = make("div", {class: "vz-ts-batch", role: "group", "aria-label": "Pictures of the batch", onkeydown: (event) => this.key(event)});
    this.more = make("button", {type: "button", class: "vz-button", onclick: () => this.grow(Infinity)});
    this.one = make("div", {class: "vz-ts-one"});
    this.element = make("div", {class: "vz-ts-split"}, make("div", {class: "vz-ts-stack"}, this.words, this.list, this.more), this.one);
  }

  update(keys) {
    if (keys.includes("step")) this.renew();
    if (keys.includes("step") || keys.includes("choice")) this.mark();
  }

  renew() {
    const {step} = this.clerk;
    const count = step.arrays.labels.length;
    const right = Array.from({length: count}, (_, index) => verdict(step, index)).filter((one) => one.right).length;
    this.words.textContent = `${counted(count, "picture")} with label and prediction; ${right} right, ${count - right} wrong. Choose one to follow it through the step.${step.arrays.shares ? " Mixed pictures have labels in shares; an answer is right that names the class of the largest." : ""}`;
    this.list.replaceChildren();
    this.grow(AT_ONCE);
  }

  grow(count) {
    const {step} = this.clerk;
    const all = step.arrays.labels.length;
    for (let index = this.list.childElementCount; index < Math.min(all, this.list.childElementCount + count, 4096) && index < all; index += 1) {
      this.list.append(this.tile(step, index));
      if (this.list.childElementCount >= count) break;
    }
    this.more.hidden = this.list.childElementCount >= all;
    this.more.textContent = `Show all ${all}`;
    if (this.clerk.choice.picture >= this.list.childElementCount) this.grow(Infinity);
    else this.mark();
  }

  tile(step, index) {
    const {words, guess, right, sure} = verdict(step, index);
    const {classes} = step.header;
    const said = `${classes[guess]} ${percent(sure)}`;
    return make("button", {type: "button", class: `vz-ts-tile${right ? "" : " vz-ts-wrong"}`, "data-index": index, tabindex: "-1",
      "aria-label": `Picture ${index + 1}: ${words}, network says ${said}`, title: `Picture ${index + 1}: ${words}, network says ${said}`,
      onclick: () => this.clerk.choose({picture: index})},
    pictureCanvas(step, index), make("span", {class: "vz-ts-said"}, right ? `✓ ${classes[guess]}` : `${classes[step.arrays.labels[index]]} ≠ ${classes[guess]}`));
  }

  key(event) {
    const tiles = [...this.list.children];
    const from = tiles.indexOf(document.activeElement);
    const across = tiles.filter((tile) => tile.offsetTop === tiles[0].offsetTop).length;
    const step = MOVES[event.key] ?? {ArrowUp: -across, ArrowDown: across}[event.key];
    if (step === undefined || from < 0) return;
    const next = tiles[Math.min(tiles.length - 1, Math.max(0, from + step))];
    next.focus();
    next.click();
    event.preventDefault();
    event.stopPropagation();
  }

  mark() {
    const {step, choice} = this.clerk;
    if (!step) return;
    for (const [index, tile] of [...this.list.children].entries()) {
      const chosen = index === choice.picture;
      tile.setAttribute("aria-pressed", String(chosen));
      tile.tabIndex = chosen ? 0 : -1;
    }
    this.show(step, choice.picture);
  }

  show(step, picture) {
    const {label, words, right, guess, shares} = verdict(step, picture);
    const owners = ownersOf(label);
    const {classes} = step.header;
    const rows = classes.map((name, index) => {
      const bar = make("span", {class: `vz-ts-bar${owners.includes(index) ? " vz-ts-own" : ""}`}, make("span", {style: `width: ${(100 * shares[index]).toFixed(2)}%`}));
      return make("li", {class: owners.includes(index) ? "vz-ts-label" : ""}, make("span", {}, name), bar, make("span", {class: "vz-number"}, percent(shares[index])));
    });
    const says = right && owners.length === 1 ? `labelled ${words}, and the network says so` : `labelled ${words}; the network says ${classes[guess]}`;
    this.one.replaceChildren(
      make("figure", {class: "vz-ts-figure"}, pictureCanvas(step, picture, {class: "vz-ts-photo vz-ts-large"}),
        make("figcaption", {}, make("strong", {}, `Picture ${picture + 1}`), `, ${says}.`)),
      make("ol", {class: "vz-ts-shares", "aria-label": "Probabilities"}, ...rows));
  }
}
