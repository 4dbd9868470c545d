// One step of the pipeline as a card: handle, switch, probability, sliders.

import {icon, make} from "../dom.js";
import {ICONS} from "../icons.js";
import {parameterField} from "./parameter_field.js";

const GRIP = "M6 3.2v.1M6 8v.1M6 12.8v.1M10.4 3.2v.1M10.4 8v.1M10.4 12.8v.1";
const SELDOM = ["interpolation", "expand", "fill", "padding_mode", "pad_if_needed", "ratio", "mean"];
const PROBABILITY = {name: "probability", title: "Probability", kind: "number", minimum: 0, maximum: 1, step: 0.05, sentence: "How often the step fires"};

/** `{element, handle}`; `changed(patch)`, `removed()`, `key(event)` of the handle. */
export function stepCard({record, step, changed, removed, key}) {
  const handle = make("button", {type: "button", class: "vz-au-handle-grip", "aria-label": `Move ${record.title}: drag, or press the arrow keys`,
    title: "Drag, or press ↑ ↓", onkeydown: key}, icon(GRIP));
  const on = make("input", {type: "checkbox", role: "switch", class: "vz-au-switch", checked: step.on, "aria-label": `${record.title} switched on`,
    onchange: () => {
      element.classList.toggle("vz-au-off", !on.checked);
      changed({on: on.checked});
    }});
  const remove = make("button", {type: "button", class: "vz-button vz-quiet vz-au-remove", "aria-label": `Remove ${record.title}`, title: "Remove", onclick: removed}, icon(ICONS.close));
  const head = make("div", {class: "vz-au-card-head"}, handle, make("h3", {class: "vz-au-card-title", title: record.sentence}, record.title), on, remove);
  let {values} = step;
  const field = (parameter) => parameterField(parameter, values[parameter.name], (value) => {
    values = {...values, [parameter.name]: value};
    changed({values});
  });
  const seldom = record.parameters.filter(({name}) => SELDOM.includes(name));
  const fields = record.parameters.filter((parameter) => !seldom.includes(parameter)).map(field);
  const more = seldom.length ? make("details", {class: "vz-au-more"}, make("summary", {}, "More"), ...seldom.map(field)) : null;
  const chance = parameterField(PROBABILITY, step.probability, (probability) => changed({probability}));
  const body = make("div", {class: "vz-au-card-body"}, chance, ...fields, more);
  const element = make("li", {class: `vz-au-card${step.on ? "" : " vz-au-off"}`, "data-step": record.id}, head, body);
  return {element, handle};
}
