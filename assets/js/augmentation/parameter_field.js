// One parameter of a transform: a slider, a slider with two thumbs, a choice or a switch.

import {make} from "../dom.js";
import {valueText} from "./pipeline.js";

let fields = 0;

const slider = (parameter, attributes) => make("input", {type: "range", min: parameter.minimum, max: parameter.maximum, step: parameter.step, ...attributes});

/** What a setting does, and torchvision's own default where the one here differs. */
function hint({sentence, official}) {
  const theirs = official === null || official === undefined ? "" : `torchvision’s own default: ${Array.isArray(official) ? official.map((one) => Number(one.toFixed(3))).join(" to ") : official}.`;
  return [sentence, theirs].filter(Boolean).join(" ") || null;
}

function row(parameter, control, output, id) {
  const name = make(id ? "label" : "span", {class: "vz-au-parameter-name", for: id ?? null}, parameter.title);
  return make("div", {class: `vz-au-parameter vz-au-${parameter.kind}`, "data-parameter": parameter.name, title: hint(parameter)}, name, control, output);
}

function single(parameter, value, onInput) {
  const id = `vz-au-field-${(fields += 1)}`;
  const output = make("output", {class: "vz-number vz-au-value", for: id});
  const input = slider(parameter, {id, value: String(value)});
  const say = () => {
    output.textContent = valueText(parameter, Number(input.value));
    input.style.setProperty("--vz-au-at", String((Number(input.value) - parameter.minimum) / (parameter.maximum - parameter.minimum || 1)));
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", () => {
    say();
    onInput(Number(input.value));
  });
  say();
  return row(parameter, input, output, id);
}

/** Two thumbs on one track: the one cannot pass the other. */
function pair(parameter, [low, high], onInput) {
  const output = make("output", {class: "vz-number vz-au-value"});
  const least = slider(parameter, {value: String(low), "aria-label": `${parameter.title}, least`});
  const most = slider(parameter, {value: String(high), "aria-label": `${parameter.title}, most`});
  const box = make("span", {class: "vz-au-two"}, least, most);
  const span = parameter.maximum - parameter.minimum || 1;
  const say = () => {
    const values = [Number(least.value), Number(most.value)];
    const at = (value) => String((value - parameter.minimum) / span);
    box.style.setProperty("--vz-au-low", at(values[0]));
    box.style.setProperty("--vz-au-high", at(values[1]));
    output.textContent = valueText(parameter, values);
  };
  const moved = (changed, other, wrong) => {
    if (wrong(Number(changed.value), Number(other.value))) changed.value = other.value;
    say();
    onInput([Number(least.value), Number(most.value)]);
  };
  least.addEventListener("input", () => moved(least, most, (one, two) => one > two));
  most.addEventListener("input", () => moved(most, least, (one, two) => one < two));
  least.value = String(low);
  most.value = String(high);
  say();
  return row(parameter, box, output);
}

function choice(parameter, value, onInput) {
  const id = `vz-au-field-${(fields += 1)}`;
  const select = make("select", {class: "vz-field", id, onchange: () => onInput(select.value)},
    ...parameter.choices.map((name) => make("option", {value: name}, String(name))));
  select.value = value;
  return row(parameter, select, null, id);
}

function flag(parameter, value, onInput) {
  const id = `vz-au-field-${(fields += 1)}`;
  const box = make("input", {type: "checkbox", id, checked: Boolean(value), onchange: () => onInput(box.checked)});
  return row(parameter, box, null, id);
}

const KINDS = {range: pair, choice, flag};

/** The control of `parameter`; `onInput(value)` while it moves. */
export function parameterField(parameter, value, onInput) {
  return (KINDS[parameter.kind] ?? single)(parameter, value, onInput);
}
