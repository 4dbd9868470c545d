// Drawing the live map: dots or pictures, rings around mistakes, the pointed picture large.

import {fitCanvas} from "../../dom.js";
import {rgb} from "../../embeddings/palette.js";

const MARGIN = 16; // CSS pixels around dots
const FADED = 0.13;
const ZOOM_MS = 160;
const LARGE_EM = 5.4;

/** The box around points (x, y, x, y, …): `[left, top, right, bottom]`. */
export function boxOf(points) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < points.length; at += 2) {
    box[0] = Math.min(box[0], points[at]);
    box[1] = Math.min(box[1], points[at + 1]);
    box[2] = Math.max(box[2], points[at]);
    box[3] = Math.max(box[3], points[at + 1]);
  }
  return box;
}

/** Half the width of a dot, and the width of a picture, among `count` points. */
export function dotSizes({width, height}, count) {
  const radius = Math.max(3, Math.min(5.5, Math.sqrt((width * height) / (2 * count)) / 7));
  return {radius, size: 5.2 * radius};
}

/** Where points lie on the screen: the box around them follows smoothly, `{box, screen, moving}`. */
export function placeOn(points, {width, height, margin = MARGIN}, before, ms) {
  const aim = boxOf(points);
  const part = before ? 1 - Math.exp(-ms / ZOOM_MS) : 1;
  const size = Math.max(aim[2] - aim[0], aim[3] - aim[1]);
  const towards = aim.map((edge, at) => (before ? before.box[at] + part * (edge - before.box[at]) : edge));
  const moving = towards.some((edge, at) => Math.abs(edge - aim[at]) > 0.002 * size);
  const box = moving ? towards : aim;
  const scale = Math.min((width - 2 * margin) / (box[2] - box[0] || 1), (height - 2 * margin) / (box[3] - box[1] || 1));
  const screen = before?.screen.length === points.length ? before.screen : new Float32Array(points.length);
  for (let at = 0; at < points.length; at += 2) {
    screen[at] = width / 2 + scale * (points[at] - (box[0] + box[2]) / 2);
    screen[at + 1] = height / 2 + scale * (points[at + 1] - (box[1] + box[3]) / 2);
  }
  return {box, screen, moving};
}

/** One picture around (x, y): as ink in the colour of its class, or in a frame of it. */
function drawPicture(context, {thumbs, labels, colours, dark, names}, index, x, y, size) {
  if (!thumbs.want(index)) return false;
  if (thumbs.isInk) return thumbs.drawInk(context, index, x - size / 2, y - size / 2, size, (at) => rgb(colours[labels[at]] ?? colours[0]), `${dark} ${names.length}`);
  thumbs.draw(context, index, x - size / 2, y - size / 2, size);
  context.strokeStyle = colours[labels[index]];
  context.lineWidth = Math.max(1.5, size / 14);
  context.strokeRect(x - size / 2, y - size / 2, size, size);
  return true;
}

function drawPoints(context, part, radius) {
  const {screen, labels, colours, display, only, asPictures} = part;
  const {size} = dotSizes(part, screen.length / 2);
  for (let index = 0; index < screen.length / 2; index += 1) {
    const [x, y] = [screen[2 * index], screen[2 * index + 1]];
    context.globalAlpha = only === null || labels[index] === only ? 1 : FADED;
    const drawn = asPictures && drawPicture(context, part, index, x, y, size);
    if (!drawn) {
      context.fillStyle = colours[labels[index]];
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
    }
    if (!display?.predicted || display.predicted[index] === labels[index]) continue;
    context.strokeStyle = colours[display.predicted[index]];
    context.lineWidth = 1.8;
    context.beginPath();
    context.arc(x, y, drawn ? size * 0.62 : radius + 2.6, 0, 2 * Math.PI);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** The picture pointed at, large beside its dot, inside the canvas. */
function drawPointed(context, part, ink, {width, height}) {
  const {screen, pointed, thumbs, colours, labels} = part;
  const [x, y] = [screen[2 * pointed], screen[2 * pointed + 1]];
  const size = LARGE_EM * ink.text;
  const left = Math.max(2, Math.min(width - size - 2, x < width / 2 ? x + 14 : x - 14 - size));
  const top = Math.max(2, Math.min(height - size - 2, y - size / 2));
  ring(context, x, y, 7, ink.ink);
  context.fillStyle = ink.paper;
  context.fillRect(left - 2, top - 2, size + 4, size + 4);
  context.imageSmoothingEnabled = (thumbs.shape?.width ?? 0) > size / 2;
  thumbs.draw(context, pointed, left, top, size);
  context.imageSmoothingEnabled = true;
  context.strokeStyle = colours[labels[pointed]];
  context.lineWidth = 3;
  context.strokeRect(left - 1, top - 1, size + 2, size + 2);
}

function ring(context, x, y, radius, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
}

/** Draw `part` as it is now. */
export function drawMap(canvas, part, {width, height}) {
  const context = fitCanvas(canvas, width, height);
  context.clearRect(0, 0, width, height);
  const {screen, example, pointed, ink} = part;
  if (!screen) return;
  const {radius} = dotSizes(part, screen.length / 2);
  drawPoints(context, part, radius);
  if (example < screen.length / 2) ring(context, screen[2 * example], screen[2 * example + 1], part.asPictures ? 4.2 * radius : radius + 5, ink.ink);
  if (pointed >= 0) drawPointed(context, part, ink, {width, height});
}
