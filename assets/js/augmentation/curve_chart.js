// The response curve: probability of the class against one parameter, a line for each network.

import {make} from "../dom.js";
import {percentage} from "../prediction.js";

const SVG = "http://www.w3.org/2000/svg";
const USUAL = {width: 640, height: 300};
const UNIT = 14; // one em of the page in the figure's units, so that its text is as large as the page's
export const FRAME = {left: 46, right: 14, top: 12, bottom: 40};
export const DASHES = ["none", "7 4", "2 4", "10 3 2 3", "4 2"]; // told apart without colour, too

function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const ANGLES = [5, 15, 30, 45, 60, 90];

/** About `count` round numbers from `low` to `high`; of degrees, parts of a turn. */
export function roundTicks(low, high, unit = "", count = 6) {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const sizes = unit === "°" ? ANGLES : [1, 2, 2.5, 5, 10].map((factor) => factor * power);
  const step = sizes.find((size) => size >= rough * 0.999) ?? sizes.at(-1);
  const ticks = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + 1e-9 * step; at += 1) ticks.push(Number((at * step).toPrecision(10)) || 0);
  return ticks;
}

/** Places in a figure of this size: `across(value)`, `down(probability)`, and back: `valueAt(x)`. */
export function scales(low, high, {width, height} = USUAL) {
  const span = high - low || 1;
  const wide = width - FRAME.left - FRAME.right;
  return {
    across: (value) => FRAME.left + ((value - low) / span) * wide,
    down: (probability) => height - FRAME.bottom - probability * (height - FRAME.top - FRAME.bottom),
    valueAt: (x) => low + (Math.max(0, Math.min(wide, x - FRAME.left)) / wide) * span,
  };
}

/** A line through its points, broken nowhere: points are sorted by value as they stream in. */
export function linePoints(points, {across, down}) {
  return [...points].sort((one, other) => one.value - other.value).map(({value, probability}) => `${across(value).toFixed(1)},${down(probability).toFixed(1)}`).join(" ");
}

/** The place among sorted `values` that lies nearest to `value`. */
export function nearestPlace(values, value) {
  return values.reduce((best, here, at) => (Math.abs(here - value) < Math.abs(values[best] - value) ? at : best), 0);
}

const plain = (value) => String(value).replace("-", "−");

export class CurveChart {
  /** `onPoint(place)` hears which of the values is pointed at. */
  constructor({onPoint}) {
    Object.assign(this, {onPoint, values: [], lines: [], place: null, size: USUAL});
    this.plot = svg("svg", {class: "vz-ac-plot", "aria-hidden": "true"});
    this.element = make("div", {class: "vz-ac-chart", id: "vz-ac-chart", role: "slider", tabindex: "0", "aria-label": "Value of the parameter"}, this.plot);
    this.element.addEventListener("pointermove", (event) => this.follow(event));
    this.element.addEventListener("pointerdown", (event) => this.follow(event));
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.element);
  }

  /** Take the size that the page gives. */
  fit() {
    const across = this.element.clientWidth;
    if (across === 0) return;
    const width = Math.round((across * UNIT) / parseFloat(getComputedStyle(this.element).fontSize));
    this.size = {width, height: Math.round(Math.min(340, Math.max(230, width * 0.52)))};
    this.plot.setAttribute("viewBox", `0 0 ${this.size.width} ${this.size.height}`);
    this.draw();
  }

  follow(event) {
    if (!this.values.length) return;
    const box = this.plot.getBoundingClientRect();
    const value = this.scale.valueAt(((event.clientX - box.left) / box.width) * this.size.width);
    this.point(nearestPlace(this.values, value));
  }

  key(event) {
    const last = this.values.length - 1;
    const here = this.place ?? Math.round(last / 2);
    const to = {ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: last}[event.key];
    if (to === undefined || last < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    this.point(Math.max(0, Math.min(last, to)));
    event.preventDefault();
    event.stopPropagation();
  }

  point(place) {
    if (place === this.place) return;
    this.place = place;
    this.drawCursor();
    this.onPoint(place);
  }

  /** A new question: the values on the axis, its name, where nothing is changed. */
  start({values, title, unit, neutral}) {
    Object.assign(this, {values, title, unit, neutral, place: null, lines: []});
    this.element.setAttribute("aria-label", title);
    this.element.setAttribute("aria-valuemin", values[0]);
    this.element.setAttribute("aria-valuemax", values.at(-1));
    this.draw();
  }

  /** `lines`: [{net, title, points: [{value, probability, top}]}]. */
  show(lines) {
    this.lines = lines;
    this.draw();
  }

  draw() {
    if (!this.values.length) return;
    const scale = scales(this.values[0], this.values.at(-1), this.size);
    this.scale = scale;
    this.cursor = svg("g", {class: "vz-ac-cursor"});
    const drawn = this.lines.map(({points}, at) => svg("polyline", {class: `vz-ac-line vz-ac-ink-${at % 5}`, points: linePoints(points, scale), "stroke-dasharray": DASHES[at % 5]}));
    this.plot.replaceChildren(this.axes(), ...drawn, this.cursor);
    this.drawCursor();
  }

  axes() {
    const {across, down} = this.scale;
    const group = svg("g", {class: "vz-ac-axes"});
    const [left, right] = [FRAME.left, this.size.width - FRAME.right];
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      group.append(svg("line", {x1: left, x2: right, y1: down(share), y2: down(share)}));
      if (share % 0.5 === 0) group.append(svg("text", {x: left - 7, y: down(share) + 4, "text-anchor": "end"}, `${100 * share} %`));
    }
    for (const value of roundTicks(this.values[0], this.values.at(-1), this.unit, this.size.width < 420 ? 4 : 6)) {
      group.append(svg("line", {class: "vz-ac-tick", x1: across(value), x2: across(value), y1: down(0), y2: down(0) + 4}));
      group.append(svg("text", {x: across(value), y: down(0) + 18, "text-anchor": "middle"}, `${plain(value)}${this.unit === "°" ? "°" : ""}`));
    }
    if (this.neutral !== null && this.neutral >= this.values[0] && this.neutral <= this.values.at(-1)) {
      group.append(svg("line", {class: "vz-ac-neutral", x1: across(this.neutral), x2: across(this.neutral), y1: down(1), y2: down(0)}));
    }
    group.append(svg("text", {class: "vz-ac-title", x: (left + right) / 2, y: this.size.height - 4, "text-anchor": "middle"}, this.title));
    return group;
  }

  destroy() {
    this.observer.disconnect();
  }

  drawCursor() {
    const {across, down} = this.scale;
    if (this.place === null) return this.cursor.replaceChildren();
    const value = this.values[this.place];
    const parts = [svg("line", {x1: across(value), x2: across(value), y1: down(1), y2: down(0)})];
    const said = [];
    this.lines.forEach(({points, title}, at) => {
      const point = points.find((entry) => entry.place === this.place);
      if (!point) return;
      parts.push(svg("circle", {class: `vz-ac-dot vz-ac-ink-${at % 5}`, cx: across(value), cy: down(point.probability), r: 5}));
      said.push(`${title} ${percentage(point.probability)}`);
    });
    this.element.setAttribute("aria-valuenow", value);
    this.element.setAttribute("aria-valuetext", `${plain(value)}: ${said.join(", ")}`);
    return this.cursor.replaceChildren(...parts);
  }
}
