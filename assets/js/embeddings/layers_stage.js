// The large map that turns from one layer's into the next: pictures where there is room, dots elsewhere.

import {fitCanvas, inks, make} from "../dom.js";
import {between, steppedPoint} from "./layers_depth.js";
import {nearestPoint} from "./map_choice.js";
import {ThumbChooser} from "./map_thumbs.js";

const REACH = 16; // CSS pixels around the pointer
const MARGIN = 0.045; // of the side, around the points
const FADED = 0.12;

/** Where the points are drawn in a square of `side` pixels; `points` from −1 to 1. */
export function onScreen(points, side, screen) {
  const half = side / 2;
  const scale = half * (1 - 2 * MARGIN);
  for (let at = 0; at < points.length; at += 1) screen[at] = half + scale * points[at];
  return screen;
}

/** How large a dot is: small where there are many. */
export const dotRadius = (side, count) => Math.max(1.2, Math.min(4.5, side / (7 * Math.sqrt(count))));

/** Draw the dots of each class at once; those that are not `allowed` pale. */
export function drawDots(context, screen, {radius, groups, colours, allowed, skip = null}) {
  groups.forEach((members, group) => {
    context.fillStyle = colours[group];
    context.globalAlpha = allowed(group) ? 1 : FADED;
    context.beginPath();
    for (const index of members) {
      if (skip?.[index]) continue;
      const [x, y] = [screen[2 * index], screen[2 * index + 1]];
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    context.fill();
  });
  context.globalAlpha = 1;
}

/** `take(points)`, `show({maps, depth})`, `mark(place)`; `onPoint(place | null)` hears of the pointer and the arrow keys. */
export class LayersStage {
  constructor({onPoint}) {
    Object.assign(this, {onPoint, maps: [], depth: 0, marked: null, cast: null, sheet: null, asked: 0});
    this.canvas = make("canvas", {class: "vz-el-canvas", tabindex: "0", role: "img", "aria-label": "Map of the pictures. Arrow keys go from picture to picture."});
    this.element = make("div", {class: "vz-el-stage"}, this.canvas);
    this.canvas.addEventListener("pointermove", (event) => this.over(event));
    this.canvas.addEventListener("pointerdown", (event) => this.over(event));
    this.canvas.addEventListener("pointerleave", () => this.onPoint(null));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.sizes = new ResizeObserver(() => this.redraw());
    this.sizes.observe(this.element);
  }

  /** Other pictures: `{count, indices, groups, groupOf, colours(), allowed(group)}`. */
  take(cast) {
    Object.assign(this, {cast, maps: [], depth: 0, marked: null, sheet: null, wear: null, worn: null});
    this.points = new Float32Array(2 * cast.count);
    this.screen = new Float32Array(2 * cast.count);
    this.chooser = new ThumbChooser(cast.count);
  }

  /** The pictures themselves, once they are here: `wear()` gives the sheet in the colours of the moment. */
  dress(wear) {
    this.wear = wear;
    this.redraw();
  }

  /** In a dark page the colours are others, and so is the ink. */
  wardrobe() {
    const colours = this.cast.colours();
    if (this.wear && this.worn !== colours) [this.sheet, this.worn] = [this.wear(), colours];
  }

  show({maps, depth}) {
    Object.assign(this, {maps, depth});
    this.redraw();
  }

  mark(place) {
    this.marked = place;
    this.redraw();
  }

  redraw() {
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      this.draw();
    });
  }

  draw() {
    const side = Math.floor(this.element.clientWidth);
    if (!side || !this.cast || !this.maps.length) return;
    const context = fitCanvas(this.canvas, side, side);
    const ink = inks(this.canvas);
    context.clearRect(0, 0, side, side);
    onScreen(between(this.maps, this.depth, this.points), side, this.screen);
    this.wardrobe();
    const {cast, screen, sheet} = this;
    const size = Math.max(15, Math.min(30, side / 22)) * (cast.count > 3000 ? 0.85 : 1);
    const radius = dotRadius(side, cast.count);
    const shown = sheet ? this.chooser.choose(screen, {width: side, height: side, size: size * (sheet.isInk ? 0.72 : 1.06), allowed: (index) => cast.allowed(cast.groupOf[index])}) : [];
    this.size = sheet ? size : 0;
    const skip = sheet ? this.chooser.isShown : null;
    drawDots(context, screen, {radius: sheet ? Math.min(radius, 2) : radius, groups: cast.groups, colours: cast.colours(), allowed: cast.allowed, skip});
    for (const index of shown) this.picture(context, index, size);
    this.drawMark(context, ink);
  }

  picture(context, index, size) {
    const {cast, screen, sheet} = this;
    const [x, y] = [screen[2 * index] - size / 2, screen[2 * index + 1] - size / 2];
    sheet.draw(context, cast.indices[index], x, y, size, sheet.isInk);
    if (sheet.isInk) return;
    context.strokeStyle = cast.colours()[cast.groupOf[index]];
    context.lineWidth = 2;
    context.strokeRect(x, y, size, size);
  }

  /** The marked picture, and the way it takes through all maps. */
  drawMark(context, {ink, paper}) {
    const {marked, maps, screen} = this;
    if (marked === null) return;
    const half = this.element.clientWidth / 2;
    const place = (points) => [half + half * (1 - 2 * MARGIN) * points[2 * marked], half + half * (1 - 2 * MARGIN) * points[2 * marked + 1]];
    for (const [width, colour] of [[4, paper], [1.6, ink]]) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.beginPath();
      maps.forEach(({points}) => context.lineTo(...place(points)));
      context.stroke();
    }
    maps.forEach(({points}, at) => ring(context, ...place(points), at === 0 ? 2 : 3.5, {ink, paper}));
    const [x, y] = [screen[2 * marked], screen[2 * marked + 1]];
    if (!this.sheet) return ring(context, x, y, 7, {ink, paper});
    const size = 1.9 * this.size;
    context.fillStyle = paper;
    context.fillRect(x - size / 2 - 1, y - size / 2 - 1, size + 2, size + 2);
    this.picture(context, marked, size);
    context.lineWidth = 2;
    context.strokeStyle = ink;
    context.strokeRect(x - size / 2 - 1, y - size / 2 - 1, size + 2, size + 2);
  }

  over(event) {
    if (!this.cast || !this.maps.length) return;
    const box = this.canvas.getBoundingClientRect();
    const allowed = (index) => this.cast.allowed(this.cast.groupOf[index]);
    const found = nearestPoint(this.screen, event.clientX - box.left, event.clientY - box.top, REACH, {allowed, preferred: this.sheet ? this.chooser.isShown : null, size: this.size});
    this.onPoint(found < 0 ? null : found);
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || !this.maps.length) return;
    if (event.key === "Escape" && this.marked !== null) this.onPoint(null);
    else if (event.key.startsWith("Arrow")) this.onPoint(this.marked === null ? 0 : (steppedPoint(this.screen, this.marked, event.key) ?? this.marked));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  destroy() {
    this.sizes.disconnect();
    cancelAnimationFrame(this.asked);
  }
}

function ring(context, x, y, radius, {ink, paper}) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = paper;
  context.fill();
  context.lineWidth = 1.6;
  context.strokeStyle = ink;
  context.stroke();
}
