// The confusion matrix on its canvas: right answers in one colour, mistakes in another, by their share of the row.

import {fitCanvas, inks} from "../../dom.js";
import {isDark, rgb} from "../../embeddings/palette.js";
import {strength} from "./confusion.js";

const RIGHT = {light: "#0a5cb8", dark: "#7cb5f7"};
const WRONG = {light: "#b4470f", dark: "#f49a63"};
const EMPTY = {light: "#f0f2f5", dark: "#1b2028"};
const COUNT_FROM = 13; // pixels of a cell that has room for its count

/** Inks, and the two colours between which cells lie. */
export function matrixColours(node) {
  const ground = isDark(node) ? "dark" : "light";
  return {...inks(node), ground: rgb(EMPTY[ground]), right: rgb(RIGHT[ground]), wrong: rgb(WRONG[ground])};
}

/** Between two colours [r, g, b]. */
export const mixed = (from, to, part) => from.map((value, at) => Math.round(value + part * (to[at] - value)));

/** Black or white, whatever is easier to read on a colour: by relative luminance. */
export function inkOn(colour) {
  const [red, green, blue] = colour.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000000" : "#ffffff";
}

/** Room for the classes' names, in pixels: `{names, head, upright}`; long names stand upright above their columns. */
export function nameRoom(names, {text}, room) {
  const longest = Math.max(...names.map((name) => name.length));
  const wide = Math.min(0.27 * room, 0.52 * text * longest + 1.9 * text);
  const column = (Math.min(room, 40 * text) - wide) / names.length;
  const upright = 0.6 * text * longest > column - 4;
  const size = Math.min(0.86 * text, Math.max(7, column));
  return {names: Math.round(wide), upright, size, head: Math.round(upright ? Math.min(7 * text, 0.56 * text * longest + 2 * text) : 2.6 * text)};
}

function writeAxes(context, {layout, names, upright, colours: {text, font, muted, ink}}) {
  const {left, top, pitch, cell, width, height} = layout;
  const size = Math.max(7, Math.min(0.86 * text, cell + 1));
  context.fillStyle = muted;
  context.font = `${0.86 * text}px ${font}`;
  context.textBaseline = "alphabetic";
  context.textAlign = "center";
  context.fillText("predicted", left + (width - left) / 2, 0.9 * text);
  context.save();
  context.translate(0.9 * text, top + (height - top) / 2);
  context.rotate(-Math.PI / 2);
  context.fillText("true", 0, 0);
  context.restore();
  context.fillStyle = ink;
  context.font = `${size}px ${font}`;
  context.textBaseline = "middle";
  names.forEach((name, at) => {
    const middle = at * pitch + cell / 2;
    context.textAlign = "right";
    context.fillText(cut(context, name, left - 1.6 * text), left - 0.4 * text, top + middle);
    context.save();
    context.translate(left + middle, top - 0.45 * text);
    if (upright) context.rotate(-Math.PI / 2);
    context.textAlign = upright ? "left" : "center";
    context.textBaseline = upright ? "middle" : "alphabetic";
    context.fillText(cut(context, name, upright ? top - 1.8 * text : cell), 0, 0);
    context.restore();
  });
}

function cut(context, name, room) {
  if (context.measureText(name).width <= room) return name;
  let kept = name;
  while (kept.length > 1 && context.measureText(`${kept}…`).width > room) kept = kept.slice(0, -1);
  return `${kept}…`;
}

function outlined(context, {left, top, pitch, cell}, [row, column], colour, thick) {
  context.strokeStyle = colour;
  context.lineWidth = thick;
  context.strokeRect(left + column * pitch - thick / 2, top + row * pitch - thick / 2, cell + thick, cell + thick);
}

/** Draw the cells, and the names around them where `axes` are to be written anew; `shares` by row are what the colours follow. */
export function drawMatrix(canvas, scene, axes = true) {
  const {layout, matrix: {classes, counts}, shares, colours, pointed, chosen} = scene;
  const {left, top, pitch, cell} = layout;
  const context = fitCanvas(canvas, layout.width + 3, layout.height + 3);
  if (axes) context.clearRect(0, 0, layout.width + 3, layout.height + 3);
  else context.clearRect(left - 3, top - 3, layout.width, layout.height);
  if (axes) writeAxes(context, scene);
  context.textAlign = "center";
  context.textBaseline = "middle";
  const size = Math.min(0.9 * colours.text, 0.5 * cell);
  context.font = `${size}px ${colours.font}`;
  for (let at = 0; at < classes * classes; at += 1) {
    const [row, column] = [Math.floor(at / classes), at % classes];
    const colour = mixed(colours.ground, row === column ? colours.right : colours.wrong, strength(shares[at]));
    const [x, y] = [left + column * pitch, top + row * pitch];
    context.fillStyle = `rgb(${colour.join(" ")})`;
    context.fillRect(x, y, cell, cell);
    if (counts[at] === 0 || cell < COUNT_FROM) continue;
    context.fillStyle = inkOn(colour);
    context.fillText(String(counts[at]), x + cell / 2, y + cell / 2 + 0.5, cell);
  }
  if (chosen) outlined(context, layout, chosen, colours.accent, 3);
  if (pointed) outlined(context, layout, pointed, colours.ink, 2);
}
