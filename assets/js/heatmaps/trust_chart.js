// Curves of a class's probability while cells are taken away or given back.

import {make} from "../dom.js";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [320, 196];
const FRAME = {left: 40, right: 18, top: 10, bottom: 34};
const TICKS = [0, 0.25, 0.5, 0.75, 1];

function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Limits for the upright axis: from 0, or −1 where differences are below it, to the next of a few round values. */
export function limitsOf(curves) {
  let [low, high] = [0, 0];
  for (const {scores} of curves) for (const score of scores) if (Number.isFinite(score)) [low, high] = [Math.min(low, score), Math.max(high, score)];
  const top = [0.05, 0.1, 0.2, 0.5, 1].find((limit) => high <= limit + 1e-9) ?? 1;
  const bottom = low >= -0.005 ? 0 : -([0.05, 0.1, 0.2, 0.5].find((limit) => -low <= limit) ?? 1);
  return {low: bottom, high: top};
}

/** A curve's points in the figure: "x,y x,y …". */
export function pathOf({shares, scores}, {low, high}) {
  const across = (share) => FRAME.left + share * (WIDTH - FRAME.left - FRAME.right);
  const down = (score) => HEIGHT - FRAME.bottom - ((score - low) / (high - low)) * (HEIGHT - FRAME.top - FRAME.bottom);
  const points = [];
  shares.forEach((share, at) => Number.isFinite(scores[at]) && points.push(`${across(share).toFixed(1)},${down(scores[at]).toFixed(1)}`));
  return points.join(" ");
}

const label = (value) => (value === 0 ? "0" : `${Number((100 * value).toPrecision(3))} %`.replace("-", "−"));

function axes({low, high}, axis) {
  const group = svg("g", {class: "vz-tr-axes"});
  const bottom = HEIGHT - FRAME.bottom;
  for (const part of [0, 0.5, 1]) {
    const y = bottom - part * (bottom - FRAME.top);
    group.append(svg("line", {x1: FRAME.left, x2: WIDTH - FRAME.right, y1: y, y2: y}));
    group.append(svg("text", {x: FRAME.left - 5, y: y + 4, "text-anchor": "end"}, label(low + part * (high - low))));
  }
  for (const share of TICKS) {
    const x = FRAME.left + share * (WIDTH - FRAME.left - FRAME.right);
    group.append(svg("text", {x, y: bottom + 14, "text-anchor": "middle"}, share === 1 ? "100 %" : `${100 * share}`));
  }
  group.append(svg("text", {class: "vz-tr-axis", x: (FRAME.left + WIDTH - FRAME.right) / 2, y: HEIGHT - 4, "text-anchor": "middle"}, axis));
  return group;
}

/** A figure: `show([{key, kind, shares, scores}], label)`, the emphasised one drawn last. */
export class TrustChart {
  constructor({title, good, note, axis}) {
    this.axis = axis;
    this.plot = svg("svg", {class: "vz-tr-plot", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title});
    const caption = make("figcaption", {class: "vz-tr-caption"}, make("strong", {}, title), make("span", {class: "vz-tr-good"}, good), make("span", {class: "vz-muted vz-tr-note"}, note));
    this.element = make("figure", {class: "vz-tr-chart"}, caption, this.plot);
  }

  show(curves, spoken) {
    const limits = limitsOf(curves);
    const order = [...curves].sort((one, other) => (one.kind === "own") - (other.kind === "own"));
    const lines = order.map((curve) => svg("polyline", {class: `vz-tr-line vz-tr-${curve.kind}`, points: pathOf(curve, limits), "data-key": curve.key}));
    this.plot.replaceChildren(axes(limits, this.axis), ...lines);
    this.plot.setAttribute("aria-label", spoken);
  }

  /** Lift one curve out of the others; null for none. */
  point(key) {
    for (const line of this.plot.querySelectorAll(".vz-tr-line")) line.classList.toggle("vz-tr-on", line.dataset.key === key);
  }
}
