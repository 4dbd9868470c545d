// The ways as pictures: the network's layers in a row, what is frozen, what learns, what is new.

import {make} from "../../dom.js";

const FILL = {scratch: () => "random", start: () => "learned", frozen: (at, cut) => (at < cut ? "frozen" : "learned"), head: () => "frozen"};
const EACH_MOST = 20; // layers that are drawn one by one
const SAYS = {random: "random, learns", learned: "learned before, goes on learning", frozen: "learned before, frozen", new: "new, learns"};

/** What each layer of a way is: `["frozen", "learned", …, "new"]`; `cut` layers of `layers` come before the cut. */
export function layersOf(way, layers, cut) {
  return [...Array.from({length: layers - 1}, (_, at) => FILL[way](at, cut)), way === "scratch" ? "random" : "new"];
}

/** Layers of a kind one after the other, counted: `[["frozen", 33], ["learned", 16], ["new", 1]]`. */
export function runsOf(kinds) {
  const runs = [];
  for (const kind of kinds) {
    if (runs.at(-1)?.[0] === kind) runs.at(-1)[1] += 1;
    else runs.push([kind, 1]);
  }
  return runs;
}

/** Cards of all ways for a network with `layers` layers with weights; `choose(way, on)` hears which are to be compared. */
export function wayCards(ways, {layers, cut, chosen, locked = false, choose}) {
  return ways.map((way) => {
    const kinds = layersOf(way.name, layers, cut);
    const label = Object.entries(SAYS).map(([kind, text]) => [kinds.filter((one) => one === kind).length, text]).filter(([count]) => count).map(([count, text]) => `${count} ${text}`).join("; ");
    return make("li", {class: "vz-tt-way", "data-way": way.name},
      make("h4", {}, make("label", {class: "vz-tt-way-name"},
        make("input", {type: "checkbox", id: `vz-tt-way-${way.name}`, checked: chosen.includes(way.name), disabled: locked || (chosen.length === 1 && chosen[0] === way.name), onchange: (event) => choose(way.name, event.target.checked)}),
        make("span", {class: `vz-tt-key vz-tt-key-${way.name}`, "aria-hidden": "true"}), way.title)),
      make("div", {class: `vz-tt-layers${layers > EACH_MOST ? " vz-tt-many" : ""}`, role: "img", "aria-label": `${layers} layers with weights: ${label}`}, ...(layers > EACH_MOST ? runsOf(kinds) : kinds.map((kind) => [kind, 1])).map(([kind, count]) => make("span", {class: `vz-tt-layer vz-tt-${kind}`, style: `flex-grow: ${count}`, title: count > 1 ? `${count} layers: ${SAYS[kind]}` : SAYS[kind]}))),
      make("p", {class: "vz-muted"}, way.sentence));
  });
}

/** What the blocks mean. */
export const layerLegend = () => make("p", {class: "vz-tt-layer-legend", "aria-hidden": "true"},
  ...Object.entries(SAYS).map(([kind, text]) => make("span", {}, make("span", {class: `vz-tt-layer vz-tt-${kind}`}), text)));
