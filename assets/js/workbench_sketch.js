// Examples too large for digits: volumes with their sizes, a chain of layers as a table, or two pictures compared.

import {chainRows, l1Distance} from "./arithmetic/presets.js";
import {settle} from "./arithmetic/geometry.js";
import {make} from "./dom.js";
import {renderEquation} from "./cell_equation.js";
import {grouped} from "./workbench_facts.js";

const SVG = "http://www.w3.org/2000/svg";
const SIDE = 150; // of the largest volume

function draw(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Width, height and depth on paper of a volume of cells. */
export function boxSize([channels, height, width], largest) {
  const scale = SIDE / largest;
  return {width: Math.max(8, width * scale), height: Math.max(8, height * scale), depth: 5 + 9 * Math.log2(1 + channels)};
}

/** A box seen from the front and a little from the right and above. */
function volume(shape, name, x, middle, largest) {
  const {width, height, depth} = boxSize(shape, largest);
  const [top, right, slope] = [middle - height / 2, x + width, depth * 0.6];
  const face = (points, kind) => draw("polygon", {points: points.map((point) => point.join(",")).join(" "), class: `vz-wb-face vz-wb-face-${kind}`});
  const [channels, rows, columns] = shape;
  const label = draw("text", {x: x + width / 2, y: middle + height / 2 + 22, class: "vz-wb-face-size"}, `${rows} × ${columns} × ${grouped(channels)}`);
  const title = draw("text", {x: x + width / 2, y: middle + height / 2 + 42, class: "vz-wb-face-name"}, name);
  return {
    nodes: [
      face([[x, top], [right, top], [right, top + height], [x, top + height]], "front"),
      face([[x, top], [x + slope, top - slope], [right + slope, top - slope], [right, top]], "top"),
      face([[right, top], [right + slope, top - slope], [right + slope, top + height - slope], [right, top + height]], "side"),
      label, title,
    ],
    right: right + slope,
  };
}

/** Input, kernels and output of one layer. */
export function sketchOf(spec) {
  const {inputShape, output, kernel, filters, channels, groups, op} = settle(spec);
  const largest = Math.max(...inputShape.slice(1), ...output.slice(1));
  const middle = 130;
  const one = volume(inputShape, "input", 40, middle, largest);
  const two = volume([op === "depthwise-separable" ? 1 : channels / groups, ...kernel], `${grouped(filters)} filters`, one.right + 90, middle, largest);
  const three = volume(output, "output", Math.max(two.right, one.right + 130) + 90, middle, largest);
  const mark = (text, x) => draw("text", {x, y: middle + 6, class: "vz-wb-face-sign"}, text);
  const svg = draw("svg", {viewBox: `0 0 ${three.right + 50} 280`, class: "vz-wb-sketch", role: "img",
    "aria-label": `Input ${inputShape.join(" × ")}, ${filters} filters, output ${output.join(" × ")}`},
  ...one.nodes, mark("∗", one.right + 42), ...two.nodes, mark("→", Math.max(two.right, one.right + 130) + 42), ...three.nodes);
  return svg;
}

/** Layers one below the other with sizes, formulas and costs; the last row adds up. */
export function chainTable(layers) {
  const rows = chainRows(layers);
  const total = rows.reduce((sum, {parameters}) => sum + parameters, 0);
  const head = ["Layer", "Output", "Size along one axis", "Parameters"];
  const cells = (row) => [row.name, [...row.output].slice(1).concat(row.output[0]).map(grouped).join(" × "), row.formula?.[0] ?? "", grouped(row.parameters)];
  return make("table", {class: "vz-wb-chain-table vz-number"},
    make("thead", {}, make("tr", {}, ...head.map((text) => make("th", {scope: "col"}, text)))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...cells(row).map((text) => make("td", {}, text))))),
    make("tfoot", {}, make("tr", {}, make("td", {colspan: 3}, "together"), make("td", {}, grouped(total)))));
}

const minus = (value) => String(value).replace("-", "−");

/** |one − other| cell by cell, and their sum. */
export function distanceFigure(one, other) {
  const {differences, distance} = l1Distance(one, other);
  const host = make("div", {class: "vz-wb-distance"});
  const terms = differences.flat();
  renderEquation(host, {
    groups: [{
      patch: one.map((row) => row.map(minus)), kernel: other.map((row) => row.map(minus)), products: differences.map((row) => row.map(minus)),
      sumText: String(distance),
      line: [{text: "sum of |one − other|:", kind: "lead"}, ...terms.map((value, index) => ({text: `${index ? "+ " : ""}${value}`, kind: "term"})), {text: "=", kind: "sign"}, {text: String(distance), kind: "result"}],
    }],
    hidden: false,
  });
  const [, minusSign, , equals] = host.querySelectorAll(".vz-eq-group > *");
  minusSign.textContent = "−";
  minusSign.setAttribute("aria-label", "minus");
  equals.setAttribute("aria-label", "differ by");
  return host;
}
