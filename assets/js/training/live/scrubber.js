// The scrubber: every moment of the training, with its accuracy; all live views go there at once.

import {fitCanvas, icon, inks, make} from "../../dom.js";
import {WORKBENCH_ICONS} from "../../workbench_icons.js";
import {accuracyText, momentText, nowText} from "./live_words.js";
import {epochMarks, momentAt, nearestPlace, newestShare, placeOf, placesOf, steppedPlace} from "./moments_line.js";

const PLAY_MS = 420;
const SPARE = 14; // CSS pixels left and right of the line

export class Scrubber {
  /** `desk`; `wake()` asks for a frame; `warm()` hears that moments are about to be looked at. */
  constructor({desk, wake, warm}) {
    Object.assign(this, {desk, wake, warm, places: [], place: 0, dirty: true, timer: null, right: null});
    this.face = make("span", {class: "vz-tl-face"});
    this.button = make("button", {class: "vz-button", type: "button", onclick: () => this.toggle()}, this.face);
    this.canvas = make("canvas", {class: "vz-tl-line", "aria-hidden": "true"});
    this.track = make("div", {class: "vz-tl-track", role: "slider", tabindex: "0", "aria-label": "Moment of the training", "aria-orientation": "horizontal"}, this.canvas);
    this.words = make("p", {class: "vz-tl-moment vz-number"});
    this.now = make("button", {class: "vz-button vz-quiet", type: "button", hidden: true, onclick: () => this.go(this.places.length - 1)}, "Back to now");
    this.follow = make("span", {class: "vz-tl-follow"});
    this.element = make("section", {class: "vz-tl-scrubber", "aria-label": "Moments of the training"}, make("div", {class: "vz-tl-buttons"}, this.button, this.now), this.track, make("div", {class: "vz-tl-under"}, this.words, this.follow));
    this.listen();
    this.label();
  }

  listen() {
    this.track.addEventListener("keydown", (event) => this.key(event));
    this.track.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.track.setPointerCapture(event.pointerId);
      this.stop();
      this.warm();
      this.drag(event);
    });
    this.track.addEventListener("pointermove", (event) => this.track.hasPointerCapture(event.pointerId) && this.drag(event));
    for (const near of ["focus", "pointerenter"]) this.track.addEventListener(near, () => this.warm());
  }

  drag(event) {
    const box = this.canvas.getBoundingClientRect();
    const share = (event.clientX - box.left - SPARE) / (box.width - 2 * SPARE);
    this.go(nearestPlace(this.places, share * this.desk.info.epochs));
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = event.key === " " ? null : steppedPlace(event.key, this.place, this.places.length);
    if (event.key === " ") this.toggle();
    else if (next === null) return;
    else {
      this.stop();
      this.go(next);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  go(place) {
    if (place < 0 || place >= this.places.length) return;
    this.desk.chooseMoment(momentAt(this.places, place));
  }

  /** Where the training and the visitor are; `right` counts what the newest display has right. */
  take({right = this.right} = {}) {
    const {info, history, moment, labels} = this.desk;
    this.right = right;
    this.places = placesOf(history.moments, {step: info.step ?? 0, epoch: info.epoch ?? 0});
    this.place = placeOf(this.places, moment);
    const place = this.places[this.place];
    const words = place.moment === null ? nowText({step: place.step, steps: info.steps}, newestShare(this.places, right)) : momentText(place, info.epochs, Math.max(1, labels?.length ?? 0));
    if (this.words.textContent !== words) this.words.textContent = words;
    for (const [name, value] of [["aria-valuemin", 0], ["aria-valuemax", this.places.length - 1], ["aria-valuenow", this.place], ["aria-valuetext", words]]) this.track.setAttribute(name, value);
    this.now.hidden = this.place === this.places.length - 1;
    this.button.disabled = this.places.length < 2;
    this.dirty = true;
  }

  toggle() {
    if (this.timer) return this.stop();
    if (this.places.length < 2) return undefined;
    this.warm();
    if (this.place >= this.places.length - 1) this.go(0);
    this.timer = setInterval(() => {
      this.go(this.place + 1);
      if (this.place >= this.places.length - 1) this.stop();
    }, PLAY_MS);
    return this.label();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.label();
  }

  label() {
    const words = this.timer ? "Stop" : "Replay";
    this.face.replaceChildren(icon(this.timer ? WORKBENCH_ICONS.pause : WORKBENCH_ICONS.play), words);
  }

  measure() {
    Object.assign(this, {width: this.track.clientWidth, height: this.track.clientHeight, ink: inks(this.canvas)});
  }

  step() {
    if (!this.dirty || !this.places.length) return false;
    this.dirty = false;
    const {width, height, ink} = this;
    if (width && height) this.draw(fitCanvas(this.canvas, width, height), ink, {width, height});
    return false;
  }

  draw(context, ink, {width, height}) {
    const {epochs} = this.desk.info;
    const [top, bottom] = [0.5 * ink.text, height - 1.5 * ink.text];
    const x = (epoch) => SPARE + (Math.min(epoch, epochs) / Math.max(1, epochs)) * (width - 2 * SPARE);
    const y = (accuracy) => bottom - Math.max(0, Math.min(1, accuracy)) * (bottom - top);
    context.clearRect(0, 0, width, height);
    context.font = `${0.8 * ink.text}px ${ink.font}`;
    context.textBaseline = "alphabetic";
    context.textAlign = "center";
    context.fillStyle = ink.line;
    for (const level of [0, 0.5, 1]) context.fillRect(SPARE, Math.round(y(level)), width - 2 * SPARE, 1);
    context.fillStyle = ink.muted;
    for (const epoch of epochMarks(epochs, (width - 2 * SPARE) / (2.6 * ink.text))) context.fillText(epoch === 0 ? "start" : String(epoch), Math.max(1.2 * ink.text, x(epoch)), height - 0.3 * ink.text);
    this.drawCurve(context, ink, x, y);
    this.drawPlace(context, ink, x, y, {top, bottom});
  }

  drawCurve(context, ink, x, y) {
    const known = this.places.filter(({accuracy}) => Number.isFinite(accuracy));
    context.strokeStyle = context.fillStyle = ink.accent;
    context.lineWidth = 1.6;
    context.lineJoin = "round";
    context.beginPath();
    known.forEach(({epoch, accuracy}) => context.lineTo(x(epoch), y(accuracy)));
    context.stroke();
    context.beginPath();
    const radius = known.length > 60 ? 1.5 : 3;
    for (const {epoch, accuracy} of known) {
      context.moveTo(x(epoch) + radius, y(accuracy));
      context.arc(x(epoch), y(accuracy), radius, 0, 2 * Math.PI);
    }
    context.fill();
  }

  drawPlace(context, ink, x, y, {top, bottom}) {
    const {epoch, accuracy} = this.places[this.place];
    const share = accuracy ?? newestShare(this.places, this.right)?.share;
    context.fillStyle = ink.ink;
    context.fillRect(Math.round(x(epoch)) - 1, top - 4, 2, bottom - top + 8);
    if (!Number.isFinite(share)) return;
    context.beginPath();
    context.arc(x(epoch), y(share), 6, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = ink.paper;
    context.beginPath();
    context.arc(x(epoch), y(share), 3.2, 0, 2 * Math.PI);
    context.fill();
    const words = accuracyText(share);
    const room = 0.5 * ink.text * words.length + 12;
    const toLeft = x(epoch) + room > this.width;
    context.fillStyle = ink.ink;
    context.textAlign = toLeft ? "right" : "left";
    context.font = `600 ${0.86 * ink.text}px ${ink.font}`;
    context.fillText(words, x(epoch) + (toLeft ? -10 : 10), Math.min(bottom - 4, Math.max(top + 0.9 * ink.text, y(share) + 1.3 * ink.text)));
  }

  destroy() {
    clearInterval(this.timer);
  }
}
