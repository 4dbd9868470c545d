// Four curves in one chart: the share of right answers by the number of pictures a class, with the spread over seeds.

import {make} from "../../dom.js";
import {ticks, vertical} from "../curve_math.js";
import {emptied, endLabels, pointed, redrawn, widest} from "../pointed_chart.js";
import {accuracyRange, curveOf, nearestCount, places, reached} from "./transfer_points.js";
import {pictures, withSpread} from "./transfer_words.js";

const MARGIN = {left: 3, right: 1.2, top: 0.6, bottom: 2.9}; // em
const ROOMY = 36; // em of width from which labels stand beside their curves
const MARKS = {
  scratch: (context, x, y, r) => context.arc(x, y, r, 0, 7),
  start: (context, x, y, r) => context.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r),
  frozen: (context, x, y, r) => polygon(context, [[x, y - 1.2 * r], [x + 1.15 * r, y + 0.85 * r], [x - 1.15 * r, y + 0.85 * r]]),
  head: (context, x, y, r) => polygon(context, [[x, y - 1.3 * r], [x + 1.3 * r, y], [x, y + 1.3 * r], [x - 1.3 * r, y]]),
};
const DASHES = {scratch: [0.6, 0.35], start: [], frozen: [], head: []}; // em

function polygon(context, corners) {
  corners.forEach(([x, y], at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
}

export class TransferChart {
  constructor() {
    Object.assign(this, {ways: [], counts: [], outcomes: [], classes: 0, cursor: null});
    this.canvas = make("canvas", {class: "vz-tt-canvas", "aria-hidden": "true"});
    this.where = make("span", {class: "vz-muted vz-number"});
    this.legend = make("ul", {class: "vz-tt-legend", id: "vz-tt-legend"});
    this.figure = make("div", {class: "vz-tt-figure", id: "vz-tt-figure", role: "slider", tabindex: "0", "aria-label": "Pictures a class", "aria-valuemin": "0"}, this.canvas);
    this.element = make("section", {class: "vz-tt-chart", "aria-label": "Right answers by number of pictures"},
      make("div", {class: "vz-tt-chart-head"}, make("span", {}, "Share of right answers"), this.where), this.figure, this.legend);
    this.drawing = redrawn(this.canvas, this.figure, () => this.draw());
    pointed(this.figure, this.canvas, {at: (x) => this.placeAt(x), keys: () => this.keys(), point: (place) => this.point(place)});
  }

  placeAt(x) {
    return this.counts.length ? nearestCount(places(this.counts), (x - this.left) / (this.right - this.left || 1)) : null;
  }

  /** Where the keys lead. */
  keys() {
    const last = this.counts.length - 1;
    const here = this.cursor ?? last;
    return last < 0 ? {} : {ArrowLeft: Math.max(0, here - 1), ArrowRight: Math.min(last, here + 1), Home: 0, End: last};
  }

  point(place) {
    if (place === this.cursor) return;
    this.cursor = place;
    this.redraw();
  }

  /** `ways`: [{name, title}]; `counts`: the axis; `classes` tells what guessing would get. */
  take({ways, counts, outcomes, classes}) {
    Object.assign(this, {ways, counts, outcomes, classes});
    if (this.cursor >= counts.length) this.cursor = null;
    this.redraw();
  }

  redraw() {
    this.drawing.redraw();
  }

  draw() {
    const {context, width, height, ink, em} = emptied(this.canvas);
    this.roomy = width > ROOMY * em;
    const beside = this.roomy ? widest(context, this.ways.map(({title}) => title)) + 1.5 * em : 0;
    Object.assign(this, {left: (MARGIN.left + 0.8) * em, right: width - MARGIN.right * em - beside});
    const frame = {top: MARGIN.top * em, bottom: height - MARGIN.bottom * em};
    const range = accuracyRange(this.outcomes, this.classes ? 1 / this.classes : 0);
    const shares = this.counts.length ? places(this.counts) : [];
    const scale = {ink, em, frame, range, down: vertical(range, false, frame.top, frame.bottom), across: (place) => this.left + shares[place] * (this.right - this.left)};
    this.axes(context, scale);
    const curves = this.ways.map((way) => ({way, points: curveOf(this.outcomes, way.name)}));
    if (this.cursor !== null && this.counts.length) this.upright(context, scale);
    curves.forEach((one, at) => this.curve(context, one, (at - (curves.length - 1) / 2) * 0.5 * em, scale));
    if (this.roomy) this.labels(context, curves, scale);
    this.say(curves);
  }

  axes(context, {ink, em, frame, range, down, across}) {
    context.lineWidth = 1;
    context.textBaseline = "middle";
    context.textAlign = "right";
    const line = (y, style, dash = []) => {
      context.strokeStyle = style;
      context.setLineDash(dash);
      context.beginPath();
      context.moveTo(this.left - 0.8 * em, Math.round(y) + 0.5);
      context.lineTo(this.right + 0.8 * em, Math.round(y) + 0.5);
      context.stroke();
      context.setLineDash([]);
    };
    for (const value of ticks(...range, Math.max(2, Math.round((frame.bottom - frame.top) / (3.4 * em))))) {
      line(down(value), ink.line);
      context.fillStyle = ink.muted;
      context.fillText(`${Math.round(100 * value)} %`, this.left - 1.2 * em, down(value));
    }
    if (this.classes) {
      line(down(1 / this.classes), ink.muted, [0.15 * em, 0.35 * em]);
      context.textAlign = "left";
      context.textBaseline = "bottom";
      context.fillText("guessing", this.left - 0.7 * em, down(1 / this.classes) - 0.15 * em);
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    this.counts.forEach((count, place) => context.fillText(count.toLocaleString("en"), across(place), frame.bottom + 0.4 * em));
    context.fillText("pictures a class", (this.left + this.right) / 2, frame.bottom + 1.6 * em);
  }

  /** One way: its mean as a line with marks, the spread as a bar, each seed as a faint dot; moved `aside` so that bars do not hide each other. */
  curve(context, {way, points}, aside, {ink, em, down, across}) {
    const tint = this.colour(way.name);
    const spots = points.map((point) => ({...point, x: across(this.counts.indexOf(point.count)) + aside, y: down(point.mean)}));
    context.strokeStyle = context.fillStyle = tint;
    context.lineJoin = "round";
    context.lineWidth = Math.max(1.5, 0.14 * em);
    context.setLineDash((DASHES[way.name] ?? []).map((part) => part * em));
    context.beginPath();
    spots.forEach(({x, y}, at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.stroke();
    context.setLineDash([]);
    for (const {x, y, mean, spread, values} of spots) {
      context.lineWidth = Math.max(1, 0.09 * em);
      if (spread) {
        context.beginPath();
        context.moveTo(x, down(mean - spread));
        context.lineTo(x, down(mean + spread));
        context.stroke();
      }
      context.globalAlpha = 0.4;
      for (const value of values.length > 1 ? values : []) {
        context.beginPath();
        context.arc(x, down(value), 0.13 * em, 0, 7);
        context.fill();
      }
      context.globalAlpha = 1;
      context.beginPath();
      MARKS[way.name](context, x, y, 0.34 * em);
      context.fill();
      context.strokeStyle = ink.paper;
      context.stroke();
      context.strokeStyle = tint;
    }
  }

  labels(context, curves, {em, frame, down}) {
    const ends = curves.filter(({points}) => points.length).map(({way, points}) => ({y: down(points.at(-1).mean), text: way.title, colour: this.colour(way.name)}));
    endLabels(context, ends, {x: this.right + 1.6 * em, gap: 1.25 * em, ...frame});
  }

  upright(context, {ink, em, frame, across}) {
    context.fillStyle = ink.panel;
    context.fillRect(across(this.cursor) - 1.1 * em, frame.top, 2.2 * em, frame.bottom - frame.top);
  }

  /** The values at the number of pictures pointed at, or at the largest known. */
  say(curves) {
    const count = this.cursor === null ? null : this.counts[this.cursor];
    const spoken = [];
    const shown = count ?? reached(curves);
    this.legend.replaceChildren(...curves.map(({way, points}) => {
      const point = points.find((one) => one.count === shown);
      if (point) spoken.push(`${way.title} ${withSpread(point)}`);
      const says = point ? withSpread(point) : "–";
      return make("li", {}, make("span", {class: `vz-tt-key vz-tt-key-${way.name}`, "aria-hidden": "true"}), make("span", {}, way.title), make("strong", {class: "vz-number"}, says));
    }));
    this.where.textContent = shown ? pictures(shown) : "";
    this.figure.setAttribute("aria-valuemax", String(Math.max(0, this.counts.length - 1)));
    this.figure.setAttribute("aria-valuenow", String(this.cursor ?? Math.max(0, this.counts.length - 1)));
    this.figure.setAttribute("aria-valuetext", spoken.length ? `${pictures(shown)}: ${spoken.join("; ")}` : "No curves yet");
  }

  colour(way) {
    return getComputedStyle(this.canvas).getPropertyValue(`--vz-tt-${way}`).trim();
  }

  destroy() {
    this.drawing.destroy();
  }
}
