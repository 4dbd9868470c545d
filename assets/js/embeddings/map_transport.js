// Back through the growth of a map: a slider over the kept frames, play, and the curve of the divergence.

import {fitCanvas, inks, make} from "../dom.js";
import {format} from "../colour.js";

const FRAME_MS = 60;

/** Where a frame stands, in words. */
export function frameText({iteration, iterations, phase, kl}) {
  const early = phase === "early exaggeration" ? " · early exaggeration" : "";
  return `Iteration ${iteration} of ${iterations}${early}${kl === null || kl === undefined ? "" : ` · KL ${format(kl, 3)}`}`;
}

/** Points [x, y] of the divergence over the frames, in a box; frames without a value are left out. */
export function curvePoints(frames, width, height) {
  const known = frames.map(({kl}, place) => [place, kl]).filter(([, kl]) => Number.isFinite(kl));
  if (known.length < 2) return [];
  const values = known.map(([, kl]) => kl);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return known.map(([place, kl]) => [(place / Math.max(1, frames.length - 1)) * width, height - ((kl - low) / (high - low || 1)) * height]);
}

export class MapTransport {
  constructor({onFrame}) {
    Object.assign(this, {onFrame, frames: [], timer: null});
    this.play = make("button", {type: "button", class: "vz-button", id: "vz-mp-play", "aria-label": "Play the growth of the map", onclick: () => this.toggle()}, "▶");
    this.slider = make("input", {type: "range", class: "vz-mp-slider", id: "vz-mp-frame", min: "0", max: "0", step: "1", value: "0", "aria-label": "Iteration of the map", oninput: () => this.seek(Number(this.slider.value))});
    this.curve = make("canvas", {class: "vz-mp-curve", "aria-hidden": "true"});
    this.words = make("span", {class: "vz-mp-frame vz-number vz-muted"});
    this.element = make("div", {class: "vz-mp-transport", hidden: true}, this.play, make("div", {class: "vz-mp-track"}, this.curve, this.slider), this.words);
  }

  /** The frames there are; while a map grows, the last is shown. */
  show(frames, growing) {
    this.frames = frames;
    this.element.hidden = frames.length < 2;
    this.slider.max = Math.max(0, frames.length - 1);
    this.play.disabled = growing;
    if (growing || this.timer === null) this.slider.value = frames.length - 1;
    this.describe();
    this.drawCurve();
  }

  describe() {
    const frame = this.frames[Number(this.slider.value)];
    this.words.textContent = frame ? frameText(frame) : "";
    if (frame) this.slider.setAttribute("aria-valuetext", frameText(frame));
  }

  drawCurve() {
    const {clientWidth: width, clientHeight: height} = this.curve;
    if (!width) return;
    const context = fitCanvas(this.curve, width, height);
    this.curve.style.width = this.curve.style.height = "";
    context.clearRect(0, 0, width, height);
    const points = curvePoints(this.frames, width - 16, height - 4);
    context.beginPath();
    points.forEach(([x, y], index) => (index ? context.lineTo(x + 8, y + 2) : context.moveTo(x + 8, y + 2)));
    context.strokeStyle = inks(this.curve).accent;
    context.globalAlpha = 0.55;
    context.lineWidth = 1.5;
    context.stroke();
  }

  seek(place) {
    this.pause();
    this.go(place);
  }

  go(place) {
    this.slider.value = place;
    this.describe();
    this.onFrame(place);
  }

  toggle() {
    if (this.timer !== null) this.pause();
    else this.run();
  }

  run() {
    let place = Number(this.slider.value);
    if (place >= this.frames.length - 1) place = -1;
    this.play.textContent = "⏸";
    this.timer = setInterval(() => {
      place += 1;
      this.go(place);
      if (place >= this.frames.length - 1) this.pause();
    }, FRAME_MS);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.play.textContent = "▶";
  }
}
