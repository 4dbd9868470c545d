// The map of the last hidden layer, drawn: coloured by class, wrong ones ringed, pictures on hover.

import {inks, make} from "../../dom.js";
import {colours as classColours, isDark} from "../../embeddings/palette.js";
import {nearestPoint} from "../../embeddings/map_choice.js";
import {steppedPoint} from "../../embeddings/layers_depth.js";
import {LiveMap} from "./live_map.js";
import {dotSizes, drawMap, placeOn} from "./map_drawing.js";
import {verdictText} from "./live_words.js";
import {partFrame} from "./part_frame.js";

const BUDGET_MS = 5;
const REACH = 18; // CSS pixels around the pointer
const HINT = "Point at a dot to see its picture. A ring: taken for the class of the ring’s colour.";

export class MapPart {
  constructor({thumbs, choose}) {
    Object.assign(this, {thumbs, choose, map: new LiveMap(), dirty: true, pointed: -1, only: null, asPictures: false, view: null});
    this.canvas = make("canvas", {class: "vz-tl-map-canvas", tabindex: "0", role: "application", "aria-roledescription": "map"});
    this.canvas.setAttribute("aria-label", "t-SNE map of the last hidden layer. Arrow keys go from picture to picture, Enter chooses one.");
    this.ground = make("div", {class: "vz-tl-map-ground"}, this.canvas);
    this.legend = make("div", {class: "vz-tl-legend", role: "group", "aria-label": "Classes"});
    this.dots = make("button", {class: "vz-button", type: "button", "aria-pressed": "false", onclick: () => this.togglePictures()}, "Pictures");
    this.readout = make("p", {class: "vz-tl-readout", "aria-live": "polite"}, HINT);
    this.frame = partFrame({name: "map", title: "Last hidden layer, t-SNE", beside: [this.dots]}, this.ground, this.readout, this.legend);
    this.element = this.frame.element;
    this.canvas.addEventListener("pointermove", (event) => this.over(event));
    this.canvas.addEventListener("pointerdown", (event) => this.over(event));
    this.canvas.addEventListener("pointerleave", () => this.point(-1));
    this.canvas.addEventListener("blur", () => this.point(-1));
    this.canvas.addEventListener("click", () => this.pointed >= 0 && this.choose(this.pointed));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  open() {
    this.map.restart();
    Object.assign(this, {display: null, pointed: -1, only: null, view: null, names: null, colours: null});
  }

  /** The untrained network's display, where every map begins. */
  begin({features}) {
    if (features) this.map.prepare(features, 0);
  }

  /** A moment that may be looked at next. */
  prepare({features, moment}) {
    if (features) this.map.prepare(features, moment);
  }

  take(display, {names, labels, example}) {
    Object.assign(this, {labels, example, dirty: true});
    if (names !== this.names) this.name(names);
    if (!display.features) return;
    this.display = display;
    this.map.aim(display.features, display.featured === display.answered ? display.moment : null); // a frame may bring a moment's answers alone
    this.tellBusy(this.map.busy);
    if (this.pointed >= 0) this.tell();
  }

  name(names) {
    Object.assign(this, {names, colours: null});
    this.swatches = names.map((name, kind) => make("i", {class: "vz-tl-swatch"}));
    this.kinds = names.map((name, kind) => make("button", {class: "vz-tl-kind", type: "button", "aria-pressed": "false", title: `Only ${name}`, onclick: () => this.single(kind)}, this.swatches[kind], name));
    this.legend.replaceChildren(...this.kinds);
    this.dress();
  }

  single(kind) {
    this.only = this.only === kind ? null : kind;
    this.kinds.forEach((button, at) => button.setAttribute("aria-pressed", String(at === this.only)));
    this.redraw();
  }

  togglePictures() {
    this.asPictures = !this.asPictures;
    this.dots.setAttribute("aria-pressed", String(this.asPictures));
    this.redraw();
  }

  /** Look at the page: size, and colours for a light or a dark one. */
  measure() {
    Object.assign(this, {width: Math.floor(this.ground.clientWidth), height: Math.floor(this.ground.clientHeight), ink: inks(this.canvas)});
    if (this.names) this.dress();
  }

  dress() {
    const dark = isDark(this.element);
    if (this.colours && dark === this.dark) return;
    this.dark = dark;
    this.colours = classColours(this.names.length, dark);
    this.swatches.forEach((swatch, kind) => (swatch.style.background = this.colours[kind]));
  }

  redraw() {
    this.dirty = true;
    this.wake?.();
  }

  over(event) {
    if (!this.screen) return;
    const box = this.canvas.getBoundingClientRect();
    const allowed = (index) => this.only === null || this.labels[index] === this.only;
    this.point(nearestPoint(this.screen, event.clientX - box.left, event.clientY - box.top, REACH, {allowed}));
  }

  key(event) {
    if (!this.screen || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key.startsWith("Arrow")) this.point(this.pointed < 0 ? 0 : (steppedPoint(this.screen, this.pointed, event.key) ?? this.pointed));
    else if ((event.key === "Enter" || event.key === " ") && this.pointed >= 0) this.choose(this.pointed);
    else if (event.key === "Escape" && this.pointed >= 0) this.point(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  point(index) {
    if (index === this.pointed) return;
    this.pointed = index;
    this.tell();
    this.redraw();
  }

  tell() {
    const {pointed, display, labels} = this;
    const words = pointed < 0 || !display?.predicted ? HINT : `Picture ${pointed + 1}: ${verdictText({label: labels[pointed], predicted: display.predicted[pointed], loss: display.losses[pointed]}, this.names)}`;
    if (this.readout.textContent !== words) this.readout.textContent = words;
  }

  /** Whether the map is on its way to where it belongs. */
  tellBusy(busy) {
    if (busy !== this.busy) this.canvas.setAttribute("aria-busy", String((this.busy = busy)));
  }

  step(ms) {
    const moved = this.map.busy && this.map.step(BUDGET_MS, ms);
    if (this.names && this.width && (moved || this.dirty || this.view?.moving)) this.draw(ms);
    const going = this.map.busy || Boolean(this.view?.moving);
    this.tellBusy(going);
    return going;
  }

  draw(ms) {
    this.dirty = false;
    const {width, height, map: {points}} = this;
    const margin = points && this.asPictures ? 6 + dotSizes(this, points.length / 2).size * 0.7 : undefined;
    this.view = points && placeOn(points, {width, height, margin}, this.view, ms);
    this.screen = this.view?.screen ?? null;
    drawMap(this.canvas, this, {width, height});
  }
}
