// Going through the depth: a slider between the maps, playing, arrow keys from map to map.

import {icon, make} from "../dom.js";
import {playedDepth} from "./layers_depth.js";
import {depthWords} from "./layers_words.js";

const MOVE_MS = 650;
const PLAY = "M5 3.2L12.5 8L5 12.8z";
const PAUSE = "M5.5 3v10M10.5 3v10";
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** `show(maps)`, `goTo(place)`; `onDepth(depth)` hears of every place on the way. */
export class LayersPlayer {
  constructor({onDepth}) {
    Object.assign(this, {onDepth, maps: [], depth: 0, moving: 0});
    this.face = make("span", {class: "vz-el-face"});
    this.button = make("button", {type: "button", class: "vz-button", id: "vz-el-play", onclick: () => this.toggle()}, this.face);
    this.slider = make("input", {type: "range", class: "vz-el-slider", id: "vz-el-depth", min: "0", max: "1", step: "0.01", value: "0", "aria-label": "Depth in the network",
      oninput: () => this.drag(), onchange: () => this.goTo(Math.round(this.depth)), onkeydown: (event) => this.key(event)});
    this.where = make("output", {class: "vz-el-where", for: "vz-el-depth"});
    this.element = make("div", {class: "vz-el-player"}, this.button, make("div", {class: "vz-el-track"}, this.slider, this.where));
    this.label(false);
  }

  label(playing) {
    this.face.replaceChildren(icon(playing ? PAUSE : PLAY), playing ? "Pause" : "Play");
  }

  show(maps) {
    this.maps = maps;
    this.slider.max = String(Math.max(1, maps.length - 1));
    this.slider.disabled = this.button.disabled = maps.length < 2;
    this.set(Math.min(this.depth, maps.length - 1));
  }

  set(depth) {
    this.depth = depth;
    this.slider.value = String(depth);
    const words = depthWords(this.maps, depth);
    this.where.textContent = words;
    this.slider.setAttribute("aria-valuetext", words);
    this.onDepth(depth);
  }

  drag() {
    this.stop();
    this.set(Number(this.slider.value));
  }

  key(event) {
    const by = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1}[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    this.goTo((this.aim ?? Math.round(this.depth)) + by);
    event.preventDefault();
    event.stopPropagation();
  }

  /** Move to a map, at once where motion is not wanted. */
  goTo(place) {
    const [from, to] = [this.depth, Math.max(0, Math.min(this.maps.length - 1, place))];
    this.stop();
    if (still() || from === to) return this.set(to);
    this.aim = to;
    const time_ms = Math.min(2, Math.max(0.4, Math.abs(to - from))) * MOVE_MS;
    return this.animate((spent_ms) => (spent_ms >= time_ms ? null : from + ((to - from) * spent_ms) / time_ms), to);
  }

  toggle() {
    if (this.playing) return this.stop();
    const [count, start] = [this.maps.length, this.depth >= this.maps.length - 1 ? 0 : Math.floor(this.depth)];
    this.stop();
    this.label((this.playing = true));
    return this.animate((spent_ms) => {
      const depth = playedDepth(spent_ms / 1000, start, count);
      return depth === null || !still() ? depth : Math.round(depth);
    }, count - 1);
  }

  /** Follow `depthAt(spent_ms)` until it is null, which is at `end`. */
  animate(depthAt, end) {
    const began = performance.now();
    const step = () => {
      const depth = depthAt(performance.now() - began);
      if (depth === null) {
        this.stop();
        this.set(end);
        return;
      }
      this.moving = requestAnimationFrame(step);
      this.set(depth);
    };
    this.moving = requestAnimationFrame(step);
  }

  stop() {
    cancelAnimationFrame(this.moving);
    this.aim = null;
    this.playing = false;
    this.label(false);
  }
}
