// Three numbers over the depth of the network, one mark per map; where the slider stands is a line.

import {make} from "../dom.js";
import {layerWord, MEASURES, score} from "./layers_words.js";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [440, 242];
const FRAME = {left: 38, right: 16, top: 14, bottom: 42};
const MARKS = {accuracy: "M-4.5,0A4.5,4.5 0 1 0 4.5,0A4.5,4.5 0 1 0 -4.5,0Z", trustworthiness: "M-4,-4H4V4H-4Z", silhouette: "M0,-5.5L5,4H-5Z"};

function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** The lower end of the upright axis: 0, or a step of 0.25 below the lowest number. */
export function lowest(maps) {
  const values = maps.flatMap(({quality}) => MEASURES.map(({key}) => quality?.[key])).filter(Number.isFinite);
  const low = Math.min(0, ...values);
  return low < -0.005 ? Math.floor(low / 0.25) * 0.25 : 0;
}

/** From a map's place and a number to a place in the figure. */
export function curvePlace(count, low) {
  const wide = WIDTH - FRAME.left - FRAME.right;
  const high = HEIGHT - FRAME.top - FRAME.bottom;
  return (place, value) => [FRAME.left + 12 + ((wide - 24) * place) / Math.max(1, count - 1), FRAME.top + high * (1 - (value - low) / (1 - low))];
}

/** A name that fits under its mark: the end of a long one says most. */
export const shortName = (name, most) => (name.length > most ? `…${name.slice(1 - most)}` : name);

/** `show(maps, of)`, `point(depth)`; `onChoose(place)` hears of a click. */
export class LayersCurve {
  constructor({onChoose}) {
    this.onChoose = onChoose;
    this.plot = svg("svg", {class: "vz-el-plot", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img"});
    this.legend = make("ul", {class: "vz-el-legend"}, ...MEASURES.map((measure) => this.entry(measure)));
    this.element = make("figure", {class: "vz-el-curve"}, this.legend, this.plot);
    this.plot.addEventListener("click", (event) => this.click(event));
  }

  entry({key, title, note}) {
    const sign = svg("svg", {viewBox: "-14 -7 28 14", class: `vz-el-sign vz-el-${key}`, "aria-hidden": "true"}, svg("path", {d: "M-14,0H14", class: "vz-el-line"}), svg("path", {d: MARKS[key], class: "vz-el-mark"}));
    this.values ??= {};
    this.values[key] = make("strong", {class: "vz-number vz-el-value"});
    const own = make("span", {class: "vz-number"});
    if (key === "accuracy") this.features = own;
    return make("li", {}, sign, make("span", {class: "vz-el-measure"}, title), this.values[key], make("span", {class: "vz-muted vz-el-note"}, note, own));
  }

  /** `of`: how many maps there will be. */
  show(maps, of) {
    const low = lowest(maps);
    Object.assign(this, {maps, of, place: curvePlace(of, low)});
    const lines = MEASURES.map(({key}) => this.line(key));
    this.stand = svg("line", {class: "vz-el-stand", y1: FRAME.top - 6, y2: HEIGHT - FRAME.bottom});
    this.plot.replaceChildren(this.axes(low), this.stand, ...lines, ...this.names());
    const spoken = maps.map(({layer, quality}) => `${layerWord(layer)}: ${MEASURES.map(({key, title}) => `${title} ${score(quality?.[key])}`).join(", ")}`);
    this.plot.setAttribute("aria-label", `Numbers over the depth. ${spoken.join(". ")}`);
  }

  axes(low) {
    const group = svg("g", {class: "vz-el-axes"});
    for (let value = low; value <= 1.001; value += low < 0 ? 0.25 : 0.2) {
      const [, y] = this.place(0, value);
      group.append(svg("line", {x1: FRAME.left, x2: WIDTH - FRAME.right, y1: y, y2: y, class: Math.abs(value) < 1e-9 ? "vz-el-zero" : "vz-el-grid"}));
      group.append(svg("text", {x: FRAME.left - 7, y: y + 4, "text-anchor": "end"}, score(value, low < 0 ? 2 : 1)));
    }
    return group;
  }

  line(key) {
    const known = this.maps.map(({quality}, place) => ({place, value: quality?.[key]})).filter(({value}) => Number.isFinite(value));
    const places = known.map(({place, value}) => this.place(place, value));
    const marks = places.map(([x, y]) => svg("path", {class: "vz-el-mark", d: MARKS[key], transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`}));
    const path = svg("polyline", {class: "vz-el-line", points: places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")});
    return svg("g", {class: `vz-el-${key}`}, path, ...marks);
  }

  names() {
    const most = this.of > 8 ? 7 : this.of > 5 ? 9 : 13;
    const names = this.maps.map(({layer}) => shortName(layer, most));
    const long = names.some((name) => name.length > 5); // then by turns on two lines
    this.plot.setAttribute("viewBox", `0 0 ${WIDTH} ${long ? HEIGHT : HEIGHT - 16}`);
    return names.map((name, place) => {
      const [x] = this.place(place, 0);
      const anchor = !long ? "middle" : place === 0 ? "start" : place === this.of - 1 ? "end" : "middle";
      return svg("text", {class: "vz-el-name", x, y: HEIGHT - FRAME.bottom + (long && place % 2 ? 32 : 18), "text-anchor": anchor}, name);
    });
  }

  /** Show where the slider stands, and the numbers of the map nearest to it. */
  point(depth) {
    if (!this.maps?.length) return;
    const [x] = this.place(depth, 0);
    this.stand.setAttribute("x1", x);
    this.stand.setAttribute("x2", x);
    const near = this.maps[Math.round(depth)]; // none while that map grows
    this.features.textContent = Number.isFinite(near?.quality?.accuracy_features) ? `; among the features themselves ${score(near.quality.accuracy_features)}` : "";
    for (const {key} of MEASURES) this.values[key].textContent = near ? score(near.quality?.[key]) : "…";
  }

  click(event) {
    const box = this.plot.getBoundingClientRect();
    const x = ((event.clientX - box.left) * WIDTH) / box.width;
    const near = this.maps.map((_, place) => Math.abs(this.place(place, 0)[0] - x));
    if (near.length) this.onChoose(near.indexOf(Math.min(...near)));
  }
}
