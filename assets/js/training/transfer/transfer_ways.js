// The ways as pictures: the network's layers in a row, what is frozen, what learns, what is new.

import {make} from "../../dom.js";

const FILL = {scratch: () => "random", start: () => "learned", frozen: (at, cut) => (at < cut ? "frozen" : "learned"), head: () => "frozen"};
const SAYS = {random: "random, learns", learned: "learned before, goes on learning", frozen: "learned before, frozen", new: "new, learns"};

/** What each layer of a way is: `["frozen", "learned", …, "new"]`; `cut` layers of `layers` come before the cut. */
export function layersOf(way, layers, cut) {
  return [...Array.from({length: layers - 1}, (_, at) => FILL[way](at, cut)), way === "scratch" ? "random" : "new"];
}

/** Cards of all ways for a network with `layers` layers with weights. */
export function wayCards(ways, {layers, cut}) {
  return ways.map((way) => {
    const kinds = layersOf(way.name, layers, cut);
    const label = Object.entries(SAYS).map(([kind, text]) => [kinds.filter((one) => one === kind).length, text]).filter(([count]) => count).map(([count, text]) => `${count} ${text}`).join("; ");
    return make("li", {class: "vz-tt-way", "data-way": way.name},
      make("h4", {}, make("span", {class: `vz-tt-key vz-tt-key-${way.name}`, "aria-hidden": "true"}), way.title),
      make("div", {class: "vz-tt-layers", role: "img", "aria-label": `${layers} layers with weights: ${label}`}, ...kinds.map((kind) => make("span", {class: `vz-tt-layer vz-tt-${kind}`, title: SAYS[kind]}))),
      make("p", {class: "vz-muted"}, way.sentence));
  });
}

/** What the blocks mean. */
export const layerLegend = () => make("p", {class: "vz-tt-layer-legend", "aria-hidden": "true"},
  ...Object.entries(SAYS).map(([kind, text]) => make("span", {}, make("span", {class: `vz-tt-layer vz-tt-${kind}`}), text)));
