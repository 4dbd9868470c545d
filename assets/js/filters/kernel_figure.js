// One kernel large, with its numbers; and the waves it lets through.

import {format, lookup} from "../colour.js";
import {make} from "../dom.js";
import {frequencyResponse, waveText} from "./frequency.js";
import {colourPart, signedIndex} from "./sheet.js";

const NUMBERS_TO = 7; // sides up to which the numbers are written out
const FREQUENCIES = 32;

const shade = (value, limit) => {
  const at = 4 * signedIndex(value, limit);
  return [...lookup("diverging").subarray(at, at + 3)];
};
const isDark = ([red, green, blue]) => 0.299 * red + 0.587 * green + 0.114 * blue < 140;

/** A number in a cell: three digits, no more. */
const short = (value) => (value === 0 ? "0" : Math.abs(value) >= 0.0995 ? value.toFixed(2).replace("-", "−") : format(value, 2).replace(/^(−?)0\./, "$1."));

/** A kernel of `height` × `width` numbers as a table of coloured cells. */
export function kernelTable(values, {height, width}, limit, name) {
  const written = Math.max(height, width) <= NUMBERS_TO;
  const cell = (row, column) => {
    const value = values[row * width + column];
    const colour = shade(value, limit);
    return make("td", {class: isDark(colour) ? "vz-fi-on-dark" : "", style: `background: rgb(${colour.join(" ")})`, title: `row ${row}, column ${column}: ${format(value, 6)}`}, written ? short(value) : "");
  };
  const rows = Array.from({length: height}, (_, row) => make("tr", {}, ...Array.from({length: width}, (__, column) => cell(row, column))));
  return make("table", {class: `vz-fi-kernel vz-number${written ? "" : " vz-fi-fine"}`, "aria-label": name}, make("tbody", {}, ...rows));
}

/** A filter of three input channels as one picture in its own colours. */
export function colourPicture(values, {height, width}, limit) {
  const canvas = make("canvas", {class: "vz-fi-colour-picture", width, height, role: "img", "aria-label": "The filter in colour: grey is 0"});
  const pixels = new Uint8ClampedArray(4 * height * width);
  for (let cell = 0; cell < height * width; cell += 1) {
    for (let channel = 0; channel < 3; channel += 1) pixels[4 * cell + channel] = colourPart(values[channel * height * width + cell], limit);
    pixels[4 * cell + 3] = 255;
  }
  canvas.getContext("2d").putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas;
}

/** The frequency response of kernels, with a sentence; null for single weights. */
export function frequencyFigure(kernels, {height, width}, title) {
  if (height * width === 1) return null;
  const response = frequencyResponse(kernels, height, width, FREQUENCIES);
  const most = response.reduce((a, b) => Math.max(a, b), 0);
  const table = lookup("viridis");
  const canvas = make("canvas", {class: "vz-fi-frequency", width: FREQUENCIES, height: FREQUENCIES, role: "img", "aria-label": "Frequency response"});
  const pixels = new Uint8ClampedArray(4 * response.length);
  response.forEach((value, at) => pixels.set(table.subarray(4 * Math.round((255 * value) / (most || 1)), 4 * Math.round((255 * value) / (most || 1)) + 4), 4 * at));
  canvas.getContext("2d").putImageData(new ImageData(pixels, FREQUENCIES, FREQUENCIES), 0, 0);
  const axis = (name) => make("span", {class: `vz-fi-axis vz-fi-axis-${name} vz-number`, "aria-hidden": "true"}, make("span", {}, "−½"), make("span", {}, "0"), make("span", {}, "½"));
  const plot = make("div", {class: "vz-fi-plot"}, axis("down"), canvas, axis("across"));
  const scale = `In cycles per cell, down and across; dark is 0, bright × ${format(most, 3)}.`;
  return make("figure", {class: "vz-fi-waves"}, make("figcaption", {class: "vz-control-name"}, title), plot, make("p", {}, waveText(response, FREQUENCIES, {kernels: kernels.length})), make("p", {class: "vz-muted vz-fi-small"}, scale));
}
