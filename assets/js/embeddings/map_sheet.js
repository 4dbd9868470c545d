// The canvas with its tools: what is pointed at, pinned and selected, zoom, loop, pictures or dots.

import {make} from "../dom.js";
import {Camera, boundsOf} from "./map_camera.js";
import {MapCanvas} from "./map_canvas.js";
import {nearestPoint, pointsInside} from "./map_choice.js";
import {MapHands} from "./map_hands.js";
import {kindsOf} from "./palette.js";

const REACH = 14;
const HELP = "Map of pictures. Arrow keys move, plus and minus zoom, 0 shows all, Enter pins the picture nearest to the middle, Escape lets go.";

export class MapSheet {
  constructor({state, mine, onPoint, onSelect}) {
    Object.assign(this, {state, mine, onPoint, onSelect, camera: new Camera(), data: null, queued: false});
    this.scene = {data: null, positions: null, camera: this.camera, sheet: null, mode: "label", kinds: null, faded: new Set(), dots: false, active: -1, pinned: -1, selected: new Set(), mine: null, loop: null, names: true};
    this.build();
    this.drawing = new MapCanvas(this.canvas);
    this.hands = new MapHands(this.canvas, {
      camera: this.camera,
      isLoop: () => this.loopButton.getAttribute("aria-pressed") === "true",
      redraw: () => this.redraw(),
      hover: (x, y, far) => this.hover(x, y, far),
      leave: () => this.point(-1),
      tap: (x, y) => this.pin(this.hit(x, y, REACH * 1.6)),
      loop: (points, done) => this.loop(points, done),
      key: (key) => this.key(key),
    });
    this.resizing = new ResizeObserver(() => this.redraw());
    this.resizing.observe(this.stage);
    this.theming = new MutationObserver(() => this.data && (this.drawing.restyle(this.scene), this.redraw()));
    this.theming.observe(document.body, {attributes: true, attributeFilter: ["class"]});
  }

  build() {
    const tool = (id, text, title, onclick, more = {}) => make("button", {type: "button", class: "vz-button vz-mp-tool", id, title, "aria-label": title, onclick, ...more}, text);
    this.canvas = make("canvas", {class: "vz-mp-canvas", id: "vz-mp-canvas", tabindex: "0", role: "img", "aria-label": HELP});
    this.loopButton = tool("vz-mp-loop", "Loop", "Select pictures by drawing a loop around them (or hold Shift)", () => this.toggleLoop(), {"aria-pressed": "false"});
    this.dotsButton = tool("vz-mp-dots", "Dots", "Dots instead of pictures", () => this.state.set({dots: this.state.get().dots ? null : "dots"}), {"aria-pressed": "false"});
    this.namesButton = tool("vz-mp-names", "Names", "Names of the groups", () => this.toggleNames(), {"aria-pressed": "true"});
    const zoom = (factor) => () => (this.camera.zoomAt(this.camera.width / 2, this.camera.height / 2, factor), this.redraw());
    this.tools = make("div", {class: "vz-mp-tools", role: "group", "aria-label": "Tools of the map"},
      tool("vz-mp-in", "+", "Zoom in", zoom(1.5)), tool("vz-mp-out", "−", "Zoom out", zoom(1 / 1.5)), tool("vz-mp-all", "All", "Show the whole map", () => this.reset()),
      this.loopButton, this.dotsButton, this.namesButton);
    this.invitation = make("p", {class: "vz-mp-invitation vz-muted"}, "The map appears here.");
    this.stage = make("div", {class: "vz-mp-stage"}, this.canvas, this.tools, this.invitation);
    this.element = this.stage;
  }

  invite(sentence) {
    this.invitation.hidden = !sentence;
    this.invitation.textContent = sentence;
  }

  /** A new map begins. */
  show(data) {
    this.data = data;
    Object.assign(this.scene, {data, positions: null, sheet: null, active: -1, pinned: -1, kinds: null});
    this.camera.reset();
    this.select([]);
    this.invite("");
  }

  pictures(sheet) {
    this.scene.sheet = sheet;
  }

  /** The last frame there is. */
  grow(data) {
    this.place = Infinity;
    this.lay(data.positions(Infinity));
  }

  seek(place) {
    this.place = place;
    this.lay(this.data.positions(place));
  }

  lay(positions) {
    this.scene.positions = positions;
    this.camera.look(boundsOf(positions, this.data.dimensions), this.data.dimensions);
    this.redraw();
  }

  recolour() {
    const {colour, dots} = this.state.get();
    const {scene} = this;
    scene.mode = colour === "correct" && !this.data.isComparable ? "label" : colour;
    scene.dots = dots === "dots";
    scene.kinds = kindsOf(scene.mode, this.data.points);
    this.dotsButton.setAttribute("aria-pressed", String(scene.dots));
    this.drawing.restyle(scene);
    return {kinds: scene.kinds, colours: this.drawing.colours, mode: scene.mode};
  }

  redraw() {
    if (this.queued) return;
    this.queued = true;
    requestAnimationFrame(() => {
      this.queued = false;
      this.paint();
    });
  }

  paint() {
    const {clientWidth: width, clientHeight: height} = this.stage;
    if (!width || !height) return;
    Object.assign(this.camera, {width, height});
    const atEnd = this.place === Infinity || this.place >= this.data?.frames.length - 1;
    this.scene.mine = atEnd ? this.mine.scene(this.camera) : null;
    this.drawing.draw(this.scene);
    this.canvas.dataset.thumbs = this.drawing.chooser?.shown.length ?? 0;
    this.canvas.dataset.zoom = this.camera.zoom.toFixed(3);
  }

  hit(x, y, reach) {
    if (!this.scene.positions) return -1;
    const {drawing, scene} = this;
    return nearestPoint(drawing.screen, x, y, reach, {allowed: (place) => !drawing.isFaded(scene, place), preferred: drawing.chooser?.isShown, size: drawing.size});
  }

  hover(x, y, far = false) {
    this.point(this.hit(x, y, far ? Infinity : REACH));
  }

  point(place) {
    if (place === this.scene.active) return;
    this.scene.active = place;
    this.onPoint(place >= 0 ? place : this.scene.pinned);
    this.redraw();
  }

  pin(place) {
    this.scene.pinned = place;
    this.scene.active = -1;
    this.onPoint(place);
    this.redraw();
  }

  key(key) {
    if (key === "0") this.reset();
    else if (key === "Enter") this.pin(this.hit(this.camera.width / 2, this.camera.height / 2, Infinity));
    else if (key === "Escape") this.letGo();
    else return false;
    return true;
  }

  letGo() {
    this.pin(-1);
    this.select([]);
  }

  reset() {
    this.camera.reset();
    this.redraw();
  }

  toggleLoop() {
    const on = this.loopButton.getAttribute("aria-pressed") !== "true";
    this.loopButton.setAttribute("aria-pressed", String(on));
    this.canvas.classList.toggle("vz-mp-looping", on);
  }

  toggleNames() {
    this.scene.names = !this.scene.names;
    this.namesButton.setAttribute("aria-pressed", String(this.scene.names));
    this.redraw();
  }

  loop(points, done) {
    this.scene.loop = done ? null : points;
    if (done && points) this.select(pointsInside(this.drawing.screen, points, (place) => !this.drawing.isFaded(this.scene, place)));
    this.redraw();
  }

  select(places) {
    this.scene.selected = new Set(places);
    this.onSelect(places);
    this.redraw();
  }

  destroy() {
    this.resizing.disconnect();
    this.theming.disconnect();
  }
}
