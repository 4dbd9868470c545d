// Which networks' curves are drawn: a key to the lines, and a menu that adds one.

import {icon, make} from "../dom.js";
import {ICONS} from "../icons.js";
import {modelOf} from "../view.js";
import {DASHES} from "./curve_chart.js";

export const MOST_NETS = 5;
const SVG = "http://www.w3.org/2000/svg";

function stroke(at) {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "line");
  for (const [name, value] of Object.entries({viewBox: "0 0 28 8", class: "vz-ac-key-line", "aria-hidden": "true"})) svg.setAttribute(name, value);
  for (const [name, value] of Object.entries({x1: 1, x2: 27, y1: 4, y2: 4, class: `vz-ac-line vz-ac-ink-${at % 5}`, "stroke-dasharray": DASHES[at % 5]})) line.setAttribute(name, value);
  svg.append(line);
  return svg;
}

/** Networks that can be added: ready here, of pictures with as many channels, not drawn yet. */
export function addable(catalogue, net, drawn) {
  const own = modelOf(catalogue, net);
  return (catalogue?.models ?? []).filter((model) => model.ready && model.input[0] === own?.input[0] && !drawn.includes(model.name));
}

export class CurveLegend {
  constructor({add, remove}) {
    Object.assign(this, {add, remove});
    this.list = make("ul", {class: "vz-ac-keys", id: "vz-ac-keys"});
    this.select = make("select", {class: "vz-field vz-ac-add", id: "vz-ac-add", "aria-label": "Add a network", onchange: () => {
      const {value} = this.select;
      this.select.value = "";
      if (value) this.add(value);
    }});
    this.element = make("div", {class: "vz-ac-legend"}, this.list, this.select);
  }

  show(lines, catalogue, net) {
    const drawn = lines.map((line) => line.net);
    this.list.replaceChildren(...lines.map(({net: name, title, label}, at) => make("li", {class: "vz-ac-key"}, stroke(at), make("span", {}, title, label ? make("span", {class: "vz-muted"}, ` “${label}”`) : null),
      name === net ? null : make("button", {type: "button", class: "vz-button vz-quiet vz-ac-remove", "aria-label": `Remove ${title}`, onclick: () => this.remove(name)}, icon(ICONS.close)))));
    const others = addable(catalogue, net, drawn);
    this.select.replaceChildren(make("option", {value: ""}, "+ Compare with …"), ...others.map(({name, title}) => make("option", {value: name}, title)));
    this.select.hidden = others.length === 0 || lines.length >= MOST_NETS;
  }
}
