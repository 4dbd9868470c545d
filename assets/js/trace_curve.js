// The curve of an activation function with the traced point on it.

import {make} from "./dom.js";
import {curveRange} from "./trace_functions.js";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, MARGIN, STEPS] = [320, 180, 14, 160];

function shape(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

/** A figure: axes, curve, and dashed lines from `x` up to the curve and over to `y`. */
export function functionCurve(step, x, y, {x: {text: xText}, total: {text: yText}}) {
  const {low, high} = curveRange(x);
  const points = Array.from({length: STEPS + 1}, (_, index) => low + ((high - low) * index) / STEPS).map((at) => [at, step.of(at)]);
  const heights = points.map(([, height]) => height).concat(y, 0);
  const [bottom, top] = [Math.min(...heights), Math.max(...heights)];
  const across = (at) => (MARGIN + ((at - low) / (high - low)) * (WIDTH - 2 * MARGIN)).toFixed(1);
  const down = (at) => (HEIGHT - MARGIN - ((at - bottom) / (top - bottom || 1)) * (HEIGHT - 2 * MARGIN)).toFixed(1);
  const line = (x1, y1, x2, y2, name) => shape("line", {x1: across(x1), y1: down(y1), x2: across(x2), y2: down(y2), class: name});
  const path = points.map(([at, height], index) => `${index === 0 ? "M" : "L"}${across(at)} ${down(height)}`).join("");
  const rightHalf = x > (low + high) / 2;
  const svg = shape("svg", {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "vz-curve", role: "img",
    "aria-label": `Curve of ${step.name}: at ${xText} it is ${yText}`});
  svg.append(
    line(low, 0, high, 0, "vz-curve-axis"), line(0, bottom, 0, top, "vz-curve-axis"),
    shape("path", {d: path, class: "vz-curve-line"}),
    line(x, 0, x, y, "vz-curve-guide"), line(x, y, 0, y, "vz-curve-guide"),
    shape("circle", {cx: across(x), cy: down(y), r: 5, class: "vz-curve-point"}),
    shape("text", {x: Number(across(x)) + (rightHalf ? -10 : 10), y: Math.max(MARGIN, Number(down(y)) - 9), class: "vz-curve-text",
      "text-anchor": rightHalf ? "end" : "start"}, `${xText} → ${yText}`));
  return make("figure", {class: "vz-curve-box"}, svg);
}
