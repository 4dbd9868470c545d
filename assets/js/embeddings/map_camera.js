// Where points of the map stand on the screen: moving, zooming, and turning a map of three dimensions.

export const ZOOMS = [0.5, 60];
const MARGIN = 0.08; // of the shorter side, around the whole map

/** The box of points (n, d), flat, as `{low: [...], high: [...]}`. */
export function boundsOf(points, dimensions) {
  const low = Array(dimensions).fill(Infinity);
  const high = Array(dimensions).fill(-Infinity);
  for (let at = 0; at < points.length; at += 1) {
    const axis = at % dimensions;
    if (points[at] < low[axis]) low[axis] = points[at];
    if (points[at] > high[axis]) high[axis] = points[at];
  }
  return {low, high};
}

const clamp = (value, [low, high]) => Math.min(high, Math.max(low, value));

/** A camera looks at `centre` (map units) with `zoom` 1 = the whole map; `turn` are angles of a 3-D map. */
export class Camera {
  constructor() {
    Object.assign(this, {zoom: 1, shift: [0, 0], turn: [0.5, 0.35], width: 1, height: 1, box: {low: [0, 0], high: [1, 1]}, dimensions: 2});
  }

  reset() {
    Object.assign(this, {zoom: 1, shift: [0, 0], turn: [0.5, 0.35]});
  }

  get moved() {
    return this.zoom !== 1 || this.shift[0] !== 0 || this.shift[1] !== 0;
  }

  look(box, dimensions) {
    Object.assign(this, {box, dimensions});
  }

  /** CSS pixels per map unit at zoom 1. */
  get scale() {
    const {low, high} = this.box;
    const spans = low.map((from, axis) => Math.max(high[axis] - from, 1e-9));
    const room = Math.min(this.width, this.height) * 2 * MARGIN;
    if (this.dimensions === 3) return (Math.min(this.width, this.height) - room) / Math.hypot(...spans) * 1.5;
    return Math.min((this.width - room) / spans[0], (this.height - room) / spans[1]);
  }

  /** Place all points: `screen` (2n) gets x and y in CSS pixels, `depth` (n) 0 (far) to 1 (near) or stays. */
  project(points, screen, depth = null) {
    const {low, high} = this.box;
    const middle = low.map((from, axis) => (from + high[axis]) / 2);
    const scale = this.scale * this.zoom;
    const [left, top] = [this.width / 2 + this.shift[0], this.height / 2 + this.shift[1]];
    if (this.dimensions === 2) {
      for (let at = 0; at < points.length; at += 2) {
        screen[at] = left + (points[at] - middle[0]) * scale;
        screen[at + 1] = top - (points[at + 1] - middle[1]) * scale;
      }
      return;
    }
    this.projectTurned(points, screen, depth, {middle, scale, left, top});
  }

  projectTurned(points, screen, depth, {middle, scale, left, top}) {
    const [cosA, sinA, cosB, sinB] = [Math.cos(this.turn[0]), Math.sin(this.turn[0]), Math.cos(this.turn[1]), Math.sin(this.turn[1])];
    const reach = Math.hypot(...this.box.low.map((from, axis) => (this.box.high[axis] - from) / 2)) || 1;
    for (let point = 0, at = 0; at < points.length; point += 1, at += 3) {
      const [x, y, z] = [points[at] - middle[0], points[at + 1] - middle[1], points[at + 2] - middle[2]];
      const across = cosA * x + sinA * z;
      const into = -sinA * x + cosA * z;
      const up = cosB * y - sinB * into;
      const near = sinB * y + cosB * into;
      const closer = 1 / (1 - (0.35 * near) / reach); // a little perspective
      screen[2 * point] = left + across * scale * closer;
      screen[2 * point + 1] = top - up * scale * closer;
      if (depth) depth[point] = 0.5 + near / (2 * reach);
    }
  }

  /** Zoom by `factor`, the place (x, y) of the screen staying where it is. */
  zoomAt(x, y, factor) {
    const zoom = clamp(this.zoom * factor, ZOOMS);
    const grown = zoom / this.zoom;
    const [left, top] = [this.width / 2, this.height / 2];
    this.shift = [x - left - (x - left - this.shift[0]) * grown, y - top - (y - top - this.shift[1]) * grown];
    this.zoom = zoom;
  }

  /** Move by CSS pixels; a map always stays partly in view. */
  pan(dx, dy) {
    const reach = (size) => size * 0.6 * Math.max(1, this.zoom);
    this.shift = [clamp(this.shift[0] + dx, [-reach(this.width), reach(this.width)]), clamp(this.shift[1] + dy, [-reach(this.height), reach(this.height)])];
  }

  rotate(dx, dy) {
    this.turn = [this.turn[0] + dx * 0.008, clamp(this.turn[1] + dy * 0.008, [-Math.PI / 2, Math.PI / 2])];
  }

  /** Zoom and move so that screen box `{left, top, right, bottom}` fills the view. */
  frame({left, top, right, bottom}) {
    const factor = 0.7 * Math.min(this.width / Math.max(right - left, 20), this.height / Math.max(bottom - top, 20));
    this.shift = [this.shift[0] + this.width / 2 - (left + right) / 2, this.shift[1] + this.height / 2 - (top + bottom) / 2];
    this.zoomAt(this.width / 2, this.height / 2, factor);
  }
}
