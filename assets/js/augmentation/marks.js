// Where the objects of a sample are in a draw: boxes, and masks as an outline and a light fill.

import {countedPixels, pathAround} from "./masks.js";

const SVG = "http://www.w3.org/2000/svg";
const COLOURS = 4; // of the objects, in augmentation_objects.css

function node(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** An empty drawing that lies over a picture. */
export const marksLayer = (name) => node("svg", {class: `vz-au-marks ${name}`, "aria-hidden": "true"});

/** The colour of each label: by its first place among the sample's objects, the same in all draws. */
export function colourOf(label, objects) {
  const labels = [...new Set(objects.map((object) => object.label))];
  return Math.max(0, labels.indexOf(label)) % COLOURS;
}

/** Every object of a draw, to be drawn: `[{label, colour, box: [left, top, right, bottom], path}]` in the sheet's pixels; `coarse` for a tile. */
export function marksOf({draws, objects, masks}, number, {coarse = false} = {}) {
  const {boxes, at, width, height} = draws[number];
  const found = coarse ? masks?.coarse(at) : masks?.fine(at);
  const counts = found ? countedPixels(found, found.place) : [];
  const scale = [at[2] / width, at[3] / height];
  return boxes.map(({label, box}, place) => ({
    label,
    colour: colourOf(label, objects),
    box: box.map((value, side) => value * scale[side % 2]),
    path: counts[place + 1] ? pathAround(found, place + 1) : "",
  }));
}

/** Draw the marks of a draw over its picture. In a `tile` there are no labels, and a box only where there is no mask. */
export function drawMarks(layer, marks, [, , width, height], {tile = false} = {}) {
  layer.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const side = Math.max(width, height);
  layer.replaceChildren(...marks.map((mark) => node("g", {class: `vz-au-mark vz-au-colour-${mark.colour}`}, ...shapes(mark, tile), ...(tile ? [] : [name(mark, side)]))));
}

function shapes({box: [left, top, right, bottom], path}, tile) {
  const place = {x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top)};
  const twice = (tag, attributes, kind) => ["edge", "line"].map((part) => node(tag, {...attributes, class: `vz-au-${kind}-${part}`, "vector-effect": "non-scaling-stroke"}));
  const outline = path ? twice("path", {d: path}, "mask") : [];
  return tile && path ? outline : [...outline, ...twice("rect", place, "box")];
}

function name({label, box: [left, top]}, side) {
  const size = side / 24;
  return node("text", {x: left + size / 3, y: Math.max(top - size / 3, size), "font-size": size, class: "vz-au-box-name"}, label);
}
