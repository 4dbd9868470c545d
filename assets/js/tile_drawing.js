// Drawing single tiles of the grid: maps, single values, dead and broken channels, outlines.

import {isBroken, isDead, isScalar} from "./channel_maps.js";
import {format} from "./colour.js";
import {colourIndex, layerLimits, paintSheet, sheetShape} from "./ranges.js";

const TEXT_FROM = 64; // single values of this width are written out
const LABEL_FROM = 150; // and carry the name of their class

/** All channels in colour on a canvas of their own, one pixel per cell. */
export function paintedSheet(maps, limits, table, canvas = document.createElement("canvas")) {
  const {columns, width, height} = sheetShape(maps);
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d").putImageData(new ImageData(paintSheet(maps, limits, table), width, height), 0, 0);
  return {canvas, columns};
}

/** Size of one item where maps are single values: squares, or lines of text with a bar that fill
 *  rows of `room`. */
export function itemSize(size, text, room) {
  if (size < TEXT_FROM) return {drawn: {width: size, height: size, cell: size}, gaps: {}};
  const gaps = {gapX: Math.round(1.6 * text), gapY: Math.round(0.5 * text)};
  const columns = Math.max(1, Math.round((room - gaps.gapX) / (size + gaps.gapX)));
  const width = Math.floor((room - gaps.gapX) / columns - gaps.gapX);
  return {drawn: {width, height: Math.round(2.1 * text), cell: width}, gaps};
}

function frame(context, {x, y}, {width, height}, ink) {
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
}

/** A tile of diagonal lines: nothing is drawn in this pattern but a channel that is 0 everywhere. */
export function deadTile({width, height}, ink, ratio = 1) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * ratio);
  canvas.height = Math.ceil(height * ratio);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.fillStyle = ink.panel;
  context.fillRect(0, 0, width, height);
  context.beginPath();
  for (let at = -height; at < width; at += 5) {
    context.moveTo(at, height);
    context.lineTo(at + height, 0);
  }
  context.globalAlpha = 0.5;
  context.strokeStyle = ink.edge;
  context.stroke();
  context.globalAlpha = 1;
  frame(context, {x: 0, y: 0}, {width, height}, ink.edge);
  return canvas;
}

function drawBroken(context, place, {width, height}, ink) {
  context.fillStyle = ink.panel;
  context.fillRect(place.x, place.y, width, height);
  frame(context, place, {width, height}, ink.warn);
  context.fillStyle = ink.warn;
  context.font = `600 ${Math.max(8, Math.min(ink.text * 0.85, width / 3))}px ${ink.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText("NaN", place.x + width / 2, place.y + height / 2, width - 2);
}

const hasFinite = ({values, height, width}, channel) =>
  values !== null && values.subarray(channel * height * width, (channel + 1) * height * width).some(Number.isFinite);

/** One channel's map. */
function drawMap(context, scene, channel, place) {
  const {maps, sheet, layout, ink, outlined} = scene;
  const {width, height, cell} = layout.drawn;
  if (isBroken(maps, channel) && !hasFinite(maps, channel)) drawBroken(context, place, layout.drawn, ink);
  else if (isDead(maps, channel)) context.drawImage(scene.dead, place.x, place.y, width, height);
  else {
    const {tileWidth, tileHeight} = maps;
    const left = (channel % sheet.columns) * tileWidth;
    const top = Math.floor(channel / sheet.columns) * tileHeight;
    context.imageSmoothingEnabled = cell < 3;
    context.drawImage(sheet.canvas, left, top, tileWidth, tileHeight, place.x, place.y, width, height);
    if (outlined) frame(context, place, layout.drawn, ink.edge);
  }
  if (layout.caption > 0) {
    context.fillStyle = isBroken(maps, channel) ? ink.warn : ink.muted;
    context.font = `${0.72 * ink.text}px ${ink.font}`;
    context.textAlign = "left";
    context.textBaseline = "top";
    context.fillText(String(channel), place.x, place.y + height + 2, width);
  }
}

function shortened(context, text, room) {
  if (context.measureText(text).width <= room) return text;
  let kept = text;
  while (kept.length > 1 && context.measureText(`${kept}…`).width > room) kept = kept.slice(0, -1);
  return `${kept}…`;
}

function drawBar(context, scene, value, place, {width, height}) {
  const {limits, bars, colours, ink} = scene;
  const span = bars.high - bars.low || 1;
  const at = (amount) => place.x + (width * (amount - bars.low)) / span;
  const [y, thickness] = [place.y + height - 7, 5];
  context.fillStyle = ink.line;
  context.fillRect(place.x, y + thickness, width, 1);
  if (Number.isFinite(value) && value !== 0) {
    const index = 4 * colourIndex(value, limits.of(0));
    const [left, right] = [Math.min(at(0), at(value)), Math.max(at(0), at(value))];
    context.fillStyle = `rgb(${colours.slice(index, index + 3).join(" ")})`;
    context.fillRect(left, y, Math.max(1, right - left), thickness);
    context.strokeStyle = ink.edge;
    context.lineWidth = 0.5;
    context.strokeRect(left, y, Math.max(1, right - left), thickness);
  }
  context.fillStyle = ink.muted;
  context.fillRect(at(0), y - 1, 1, thickness + 3);
}

/** One channel's single value: number, class where known, value, and a bar from 0. */
function drawValue(context, scene, channel, place) {
  const {maps, layout, limits, colours, labels, ink} = scene;
  const {width, height} = layout.drawn;
  const value = maps.maximum[channel];
  if (width < TEXT_FROM) {
    const index = 4 * colourIndex(value, limits.of(channel));
    context.fillStyle = Number.isFinite(value) ? `rgb(${colours.slice(index, index + 3).join(" ")})` : ink.warn;
    context.fillRect(place.x, place.y, width, height);
    if (scene.outlined) frame(context, place, layout.drawn, ink.edge);
    return;
  }
  const number = Number.isFinite(value) ? format(value, 4) : "NaN";
  const label = width >= LABEL_FROM ? labels.get(channel) : null;
  const y = place.y + 0.35 * ink.text;
  context.textBaseline = "top";
  context.font = `${0.78 * ink.text}px ${ink.font}`;
  context.textAlign = "right";
  context.fillStyle = Number.isFinite(value) ? (value === 0 ? ink.muted : ink.ink) : ink.warn;
  context.fillText(number, place.x + width, y);
  const room = width - context.measureText(number).width - 8;
  context.textAlign = "left";
  context.fillStyle = ink.muted;
  context.fillText(shortened(context, label ? `${channel} ${label}` : String(channel), room), place.x, y);
  drawBar(context, scene, value, place, layout.drawn);
}

/** One tile, whatever it holds. */
export function drawTile(context, scene, channel, place) {
  (isScalar(scene.maps) ? drawValue : drawMap)(context, scene, channel, place);
}

/** Ends of the bars of single values: the layer's, with 0 always inside. */
export function barLimits(maps) {
  const {low, high} = layerLimits(maps);
  return {low: Math.min(0, low), high: Math.max(0, high)};
}

/** A rectangle that stands out on any colour: light over dark. */
export function outline(context, {x, y, width, height}, colour, thickness = 2) {
  context.lineWidth = thickness + 2;
  context.strokeStyle = "#0b0d12";
  context.strokeRect(x, y, width, height);
  context.lineWidth = thickness;
  context.strokeStyle = colour;
  context.strokeRect(x, y, width, height);
}
