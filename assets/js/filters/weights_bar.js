// The controls of the weights: order, range, colours, size, what stands beside; the colour bar.

import {format, lookup} from "../colour.js";
import {labelledSelect, make} from "../dom.js";
import {gradient} from "../map_toolbar.js";
import {ORDERS, isNegligible, isTiled, reachOf} from "./sheet.js";
import {sizesOf} from "./sheet_layout.js";

const RANGES = {filter: "per filter", layer: "per layer"};
const PARTS = {colour: "in colour", 0: "red kernels", 1: "green kernels", 2: "blue kernels"};

/** What may stand beside a layer's filters: nothing, the other weights, the training. */
export function besides(sheet) {
  const other = sheet.trained ? {untrained: "untrained weights"} : {trained: "trained weights"};
  return {none: "nothing", ...other, ...(sheet.checkpoints > 0 ? {training: "the training"} : {})};
}

/** What is drawn, in a sentence or two. */
export function formText(sheet) {
  const reach = reachOf(sheet);
  let faint = 0;
  for (let filter = 0; filter < sheet.filters; filter += 1) faint += isNegligible(sheet, filter, reach) ? 1 : 0;
  return formSentence(sheet) + (faint === 0 ? "" : ` ${faint.toLocaleString("en")} of them ${faint === 1 ? "is" : "are"} all but zero and drawn as such.`);
}

function formSentence(sheet) {
  const {form, filters, inputs, height, width, pool, groups, flattened} = sheet;
  const count = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
  if (form === "colour") return `${count(filters, "filter")} of ${height} × ${width} × 3 weights, each drawn as a picture: it answers most to what looks like it.`;
  if (form === "single" && groups > 1) return `Depthwise: ${count(filters, "filter")} of ${height} × ${width}, each reads its own channel only.`;
  if (form === "single") return `${count(filters, "filter")} of ${height} × ${width} weights on one input channel.`;
  const shared = pool > 1 ? ` Each cell shows the strongest of ${pool} neighbouring inputs.` : "";
  if (form === "matrix") return `A matrix: ${count(filters, "row")} (${sheet.kind === "fully connected" ? "units" : "filters"}) of ${count(inputs, "input")}; each cell is one weight.${shared}`;
  const maps = flattened ? `It reads ${count(flattened[0], "map")} of ${height} × ${width} as one row: a convolution that fits in one place only.` : "";
  if (form === "norms") return `${count(filters, "row")} (filters) by ${count(inputs, "column")} (inputs); each cell is the norm of a kernel of ${height} × ${width}. ${maps}${shared} Choose a row to see its kernels.`;
  return `${count(filters, "row")} (${flattened ? "units" : "filters"}) by ${count(inputs, "column")} (input channels) of ${height} × ${width} kernels. ${maps}`;
}

/** The controls: `element`, `show(settings, sheet, limits, size)`; `onChange({order|range|part|size|beside})`. */
export function weightsBar({onChange}) {
  const chosen = (key) => ({onchange: (event) => onChange({[key]: event.target.value})});
  const order = labelledSelect("Sort by", ORDERS, chosen("order"));
  const range = labelledSelect("Range", RANGES, chosen("range"));
  const part = labelledSelect("Show", PARTS, chosen("part"));
  const beside = labelledSelect("Beside", {none: "nothing"}, chosen("beside"));
  const size = make("input", {type: "range", step: "1", oninput: () => onChange({size: Number(size.value)})});
  const sizing = make("label", {class: "vz-control vz-control-size"}, make("span", {class: "vz-control-name"}, "Size"), size);
  const ends = [make("span", {class: "vz-number"}), make("span", {class: "vz-number"})];
  const strip = make("span", {class: "vz-bar", "aria-hidden": "true"});
  const legend = make("div", {class: "vz-bar-row vz-fi-small"}, ends[0], strip, ends[1]);
  const about = make("p", {class: "vz-muted vz-fi-small"});
  const element = make("div", {class: "vz-tools"}, make("div", {class: "vz-toolbar"}, order.element, range.element, part.element, beside.element, sizing), make("div", {class: "vz-legend"}, about, legend));
  let [titles, bar] = ["", ""];

  function show(settings, sheet, limits, drawn) {
    const words = besides(sheet);
    if (titles !== JSON.stringify(words)) beside.select.replaceChildren(...Object.entries(words).map(([value, title]) => make("option", {value}, title)));
    titles = JSON.stringify(words);
    [order.select.value, range.select.value, part.select.value] = [settings.order, settings.range, String(settings.part)];
    beside.select.value = settings.beside in words ? settings.beside : "none";
    part.element.hidden = sheet.form !== "colour";
    const [least, most] = sizesOf(isTiled(sheet));
    Object.assign(size, {min: least, max: most});
    size.value = drawn;
    about.textContent = formText(sheet);
    legendFor(sheet, settings, limits);
  }

  function legendFor(sheet, {part: shown}, {shared}) {
    const norms = sheet.form === "norms";
    legend.hidden = sheet.form === "colour" && shown === "colour" && shared === null;
    const name = norms ? "viridis" : "diverging";
    if (bar !== name) strip.style.backgroundImage = gradient(lookup(name));
    bar = name;
    const end = shared === null ? "filter max" : format(shared, 3);
    ends[0].textContent = norms ? "0" : `−${end}`;
    ends[1].textContent = end;
  }

  return {element, show};
}
