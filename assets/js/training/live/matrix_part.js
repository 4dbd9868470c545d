// The confusion matrix: which class is taken for which, at every moment; a cell's pictures on demand.

import {make} from "../../dom.js";
import {CellPictures} from "./cell_pictures.js";
import {cellAt, cellLayout, cellText, confusion, picturesBehind, rowShare, steppedCell} from "./confusion.js";
import {Follower} from "./display.js";
import {matrixColours, drawMatrix, nameRoom} from "./matrix_drawing.js";
import {partFrame} from "./part_frame.js";

const HINT = "Point at a cell to read it; a click shows its pictures.";

export class MatrixPart {
  constructor({thumbs, choose}) {
    Object.assign(this, {matrix: null, display: null, follower: new Follower(), dirty: true, chosen: null, pointed: null});
    this.canvas = make("canvas", {class: "vz-tl-matrix", tabindex: "0", role: "application", "aria-roledescription": "confusion matrix"});
    this.canvas.setAttribute("aria-label", "Confusion matrix: rows are the true classes, columns the predicted. Arrow keys go from cell to cell, Enter shows the pictures.");
    this.ground = make("div", {class: "vz-tl-matrix-ground"}, this.canvas);
    this.readout = make("p", {class: "vz-number vz-tl-readout", "aria-live": "polite"}, HINT);
    this.right = make("span", {class: "vz-number vz-muted"});
    this.pictures = new CellPictures({thumbs, choose, onClose: () => this.choose(null)});
    this.frame = partFrame({name: "confusion", title: "Confusion matrix", beside: [this.right]}, this.ground, this.readout, this.pictures.element);
    this.element = this.frame.element;
    this.canvas.addEventListener("pointermove", (event) => this.point(this.under(event)));
    this.canvas.addEventListener("pointerleave", () => this.point(null));
    this.canvas.addEventListener("click", (event) => this.choose(this.under(event)));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("blur", () => this.point(null));
  }

  open() {
    Object.assign(this, {matrix: null, display: null, follower: new Follower(), chosen: null, pointed: null});
    this.pictures.open();
  }

  take(display, {names, labels, example}) {
    this.pictures.mark(example);
    if (!display.predicted) return;
    if (this.display?.predicted !== display.predicted) {
      const matrix = confusion(labels, display.predicted, names.length);
      const shares = Float32Array.from(matrix.counts, (_, at) => rowShare(matrix, Math.floor(at / names.length), at % names.length));
      this.follower.aim(shares);
      this.right.textContent = `${matrix.right.toLocaleString("en")} of ${matrix.count.toLocaleString("en")} right`;
      Object.assign(this, {matrix, names, labels, display});
      this.showPictures();
      this.tell();
    }
    this.dirty = true;
  }

  under(event) {
    if (!this.layout) return null;
    const box = this.canvas.getBoundingClientRect();
    return cellAt(this.layout, this.matrix.classes, event.clientX - box.left, event.clientY - box.top);
  }

  key(event) {
    if (!this.matrix || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = this.pointed ?? this.chosen ?? [0, 0];
    const next = this.pointed ? steppedCell(at, event.key, this.matrix.classes) : event.key.startsWith("Arrow") ? at : null;
    if (next) this.point(next);
    else if ((event.key === "Enter" || event.key === " ") && this.pointed) this.choose(this.pointed);
    else if (event.key === "Escape" && this.chosen) this.choose(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  point(cell) {
    if (`${cell}` === `${this.pointed}`) return;
    this.pointed = cell;
    this.tell();
    this.redraw();
  }

  choose(cell) {
    this.chosen = `${cell}` === `${this.chosen}` ? null : cell;
    this.showPictures();
    this.redraw();
  }

  redraw() {
    this.dirty = true;
    this.wake?.();
  }

  tell() {
    const words = this.pointed && this.matrix ? cellText(this.matrix, this.names, ...this.pointed) : HINT;
    if (this.readout.textContent !== words) this.readout.textContent = words;
  }

  showPictures() {
    if (!this.chosen || !this.matrix) return this.pictures.show(null);
    const behind = picturesBehind({labels: this.labels, predicted: this.display.predicted, losses: this.display.losses}, ...this.chosen);
    return this.pictures.show(behind, cellText(this.matrix, this.names, ...this.chosen), this.display.losses);
  }

  measure() {
    [this.room, this.colours] = [Math.floor(this.ground.clientWidth), matrixColours(this.canvas)];
  }

  step(ms) {
    const moving = this.follower.step(ms);
    this.pictures.draw();
    if (!this.matrix || !(moving || this.dirty)) return false;
    this.dirty = false;
    const {room, colours} = this;
    if (!room) return false;
    const names = nameRoom(this.names, colours, room);
    this.layout = cellLayout({side: Math.min(room, 40 * colours.text), classes: this.matrix.classes, ...names});
    const written = JSON.stringify([this.layout, colours, globalThis.devicePixelRatio]) + this.names;
    drawMatrix(this.canvas, {layout: this.layout, matrix: this.matrix, shares: this.follower.values, names: this.names, upright: names.upright, colours, pointed: this.pointed, chosen: this.chosen}, written !== this.written);
    this.written = written;
    return moving;
  }
}
