// One picture from the inside: as the network sees it, the heat of a class, and one channel's map.

import {format, lookup} from "../colour.js";
import {make} from "../dom.js";
import {colourValues} from "../ranges.js";
import {HeatPicture} from "../heatmaps/heat_picture.js";
import {BLEND} from "../heatmaps/heat_words.js";

/** The least and greatest finite value of several maps: they are drawn in one range, to be compared. */
export function sharedLimits(...maps) {
  const finite = maps.flatMap((values) => Array.from(values)).filter(Number.isFinite);
  return finite.reduce(({low, high}, value) => ({low: Math.min(low, value), high: Math.max(high, value)}), finite.length ? {low: finite[0], high: finite[0]} : {low: 0, high: 0});
}

/** What a map holds, in short: its only value, that it is 0 throughout, or its ends. */
export function mapText(values) {
  const {low, high} = sharedLimits(values);
  if (values.length === 1) return format(values[0], 3);
  return low === 0 && high === 0 ? "0 everywhere" : `${format(low, 3)} to ${format(high, 3)}`;
}

const figure = (picture) => {
  const caption = make("figcaption", {class: "vz-au-inside-caption"});
  return {element: make("figure", {class: "vz-au-inside-figure"}, picture, caption), caption};
};

export class InsideRow {
  constructor(id) {
    this.seen = new HeatPicture();
    this.heat = new HeatPicture();
    this.map = make("canvas", {class: "vz-au-inside-map", role: "img"});
    this.figures = [this.seen.element, this.heat.element, this.map].map(figure);
    this.title = make("h3", {class: "vz-au-inside-title"});
    this.said = make("p", {class: "vz-number"});
    this.element = make("section", {class: "vz-au-inside-row", id},
      make("div", {class: "vz-au-inside-head"}, this.title, this.said),
      make("div", {class: "vz-au-inside-figures"}, ...this.figures.map(({element}) => element)));
  }

  /** `side`: {image, run, heat, values}; `place`: {layer, channel, shape, limits} of the map. */
  show({image, run, heat, values}, {layer, channel, shape, limits}, {title, said, name}) {
    this.title.textContent = title;
    this.said.textContent = said;
    const scene = {image, run, blend: BLEND};
    this.seen.show({...scene, heat: null, label: `${title}, as the network sees it`});
    this.heat.show({...scene, heat, label: `${title}: Grad-CAM for “${name}”`});
    this.map.setAttribute("aria-label", `${title}: channel ${channel} of ${layer}, ${mapText(values)}`);
    this.paint(values, shape, limits);
    const warmth = this.heat.prepared.limits ? "Grad-CAM" : "Grad-CAM: zero everywhere";
    [`${run.input[1]} × ${run.input[2]} pixels`, warmth, mapText(values)].forEach((text, at) => (this.figures[at].caption.textContent = text));
  }

  paint(values, [, height, width], limits) {
    Object.assign(this.map, {width, height});
    this.map.style.aspectRatio = `${width} / ${height}`;
    this.map.getContext("2d").putImageData(new ImageData(colourValues(values, limits, lookup("viridis")), width, height), 0, 0);
  }

  destroy() {
    this.seen.destroy();
    this.heat.destroy();
  }
}
