// The objective over the steps: one line per picture, and what real pictures reach as dashed lines.

import {format} from "../colour.js";
import {fitCanvas, inks} from "../dom.js";

const TOP = 10;
const LEFT = 46;
const BOTTOM = 22;
const RIGHT = 8;

/** The range that holds all numbers, with a little air; 0 to 1 where there are none. */
export function curveRange(lines, marks) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of [...lines.flat(), ...marks]) {
    if (value === null || !Number.isFinite(value)) continue;
    [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  if (low > high) return {low: 0, high: 1};
  const air = 0.06 * (high - low) || 0.5;
  return {low: low - (marks.length > 0 ? 2.5 : 1) * air, high: high + air}; // room for a mark’s label
}

/** Round numbers for an axis, two to five of them. */
export function ticks(low, high) {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((part) => part * power).find((size) => size >= rough);
  const found = [];
  for (let at = Math.ceil(low / step); at * step <= high; at += 1) found.push(at * step + 0); // never −0
  return found;
}

/** From step and value to a place in a box of `width` × `height`. */
export function curvePlace({steps, range, width, height}) {
  const across = width - LEFT - RIGHT;
  const down = height - TOP - BOTTOM;
  return (step, value) => ({
    x: LEFT + (across * step) / Math.max(1, steps),
    y: TOP + down * (1 - (value - range.low) / (range.high - range.low)),
  });
}

function drawAxes(context, {place, range, steps, width, ink}) {
  context.font = `${0.82 * ink.text}px ${ink.font}`;
  context.fillStyle = ink.muted;
  context.strokeStyle = ink.line;
  context.lineWidth = 1;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const value of ticks(range.low, range.high)) {
    const {y} = place(0, value);
    context.beginPath();
    context.moveTo(LEFT, y);
    context.lineTo(width - RIGHT, y);
    context.stroke();
    context.fillText(format(Math.abs(value) < 1e-9 ? 0 : value, 3).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, ""), LEFT - 6, y);
  }
  context.textBaseline = "alphabetic";
  const {y} = place(0, range.low);
  context.fillText(`step ${steps}`, width - RIGHT, y + 1.3 * 0.82 * ink.text);
  context.textAlign = "left";
  context.fillText("0", LEFT, y + 1.3 * 0.82 * ink.text);
}

/** Where a mark's label stands: above its line, or below where there is no room or another label. */
export function labelPlace(y, text, taken) {
  const free = (at) => at - text >= 0 && taken.every((other) => Math.abs(other - at) >= text);
  if (free(y - 4)) return y - 4;
  let at = y + text;
  while (!free(at)) at += text;
  return at;
}

function drawMark(context, {name, value}, {place, width, ink}, taken) {
  const {y} = place(0, value);
  context.setLineDash([5, 4]);
  context.strokeStyle = ink.warn;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(LEFT, y);
  context.lineTo(width - RIGHT, y);
  context.stroke();
  context.setLineDash([]);
  context.font = `${0.82 * ink.text}px ${ink.font}`;
  const at = labelPlace(y, ink.text, taken);
  taken.push(at);
  context.textAlign = "right";
  context.lineWidth = 4;
  context.strokeStyle = ink.paper;
  context.strokeText(name, width - RIGHT, at);
  context.fillStyle = ink.warn;
  context.fillText(name, width - RIGHT, at);
}

/** Draw `{lines: [[value per step] per picture], steps, marks: [{name, value}]}`. */
export function drawCurve(canvas, {width, height}, {lines, steps, marks}) {
  const ink = inks(canvas);
  const context = fitCanvas(canvas, width, height);
  context.clearRect(0, 0, width, height);
  const range = curveRange(lines, marks.map(({value}) => value));
  const scene = {range, steps, width, ink, place: curvePlace({steps, range, width, height})};
  drawAxes(context, scene);
  context.strokeStyle = ink.accent;
  context.lineWidth = 2;
  context.lineJoin = "round";
  for (const line of lines) {
    context.beginPath();
    line.forEach((value, index) => {
      if (value === null) return;
      const {x, y} = scene.place(index + 1, value);
      context.lineTo(x, y);
    });
    context.stroke();
  }
  const taken = [];
  for (const mark of [...marks].sort((a, b) => b.value - a.value)) drawMark(context, mark, scene, taken);
}
