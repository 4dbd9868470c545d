// A slider with its name and value: evenly spaced, by factors, or over a list of values.

import {make} from "../dom.js";

const NOTCHES = 200; // of a slider that goes by factors
let fields = 0;

/** Two digits that matter, as the notches of a slider by factors have them. */
export const rounded = (value) => (value === 0 ? 0 : Number(value.toPrecision(2)));

/** From notch to value and back: `{from, to, step, valueAt(notch), notchOf(value)}`. */
export function scaleOf({low, high, step = 1, log = false, values = null, zero = false}) {
  if (values) {
    const nearest = (value) => values.reduce((best, one, at) => (Math.abs(one - value) < Math.abs(values[best] - value) ? at : best), 0);
    return {from: 0, to: values.length - 1, step: 1, valueAt: (notch) => values[notch], notchOf: nearest};
  }
  if (!log) return {from: low, to: high, step, valueAt: (notch) => notch, notchOf: (value) => value};
  const ratio = Math.log(high / low);
  const least = zero ? -1 : 0; // a notch of its own for nothing at all
  const whole = (value) => (step >= 1 ? Math.round(value) : value);
  return {
    from: least,
    to: NOTCHES,
    step: 1,
    valueAt: (notch) => (notch < 0 ? 0 : whole(Math.min(high, Math.max(low, rounded(low * Math.exp((ratio * notch) / NOTCHES)))))),
    notchOf: (value) => (value < low ? least : Math.round((NOTCHES * Math.log(value / low)) / ratio)),
  };
}

/** `{element, set(value), value()}`; `text(value)` says it, `onInput(value)` hears of every move, `usual` is marked by a way back. */
export function sliderField({name, title, hint = null, value, usual = null, text = String, onInput, ...range}) {
  const scale = scaleOf(range);
  const id = `vz-tn-field-${(fields += 1)}`;
  const output = make("output", {class: "vz-number vz-tn-value", for: id});
  const input = make("input", {type: "range", id, min: scale.from, max: scale.to, step: scale.step, "data-field": name, oninput: () => moved()});
  let now = value;

  function say() {
    output.textContent = text(now);
    input.setAttribute("aria-valuetext", output.textContent);
    input.style.setProperty("--vz-tn-at", String((Number(input.value) - scale.from) / (scale.to - scale.from || 1)));
    element.classList.toggle("vz-tn-own", usual !== null && now !== usual);
  }

  function moved() {
    now = scale.valueAt(Number(input.value));
    say();
    onInput(now);
  }

  function set(next, nextUsual = usual) {
    now = next;
    usual = nextUsual;
    input.value = String(scale.notchOf(next));
    say();
  }

  const element = make("div", {class: "vz-tn-slider", title: hint}, make("label", {class: "vz-tn-name", for: id}, title), input, output);
  set(value);
  return {element, set, input, value: () => now};
}

/** A labelled select on one line: `{element, set(value)}`; options as `[[value, title]]`. */
export function choiceField({name, title, hint = null, options, value, onChange}) {
  const id = `vz-tn-field-${(fields += 1)}`;
  const select = make("select", {class: "vz-field", id, "data-field": name, onchange: () => onChange(select.value)}, ...options.map(([key, label]) => make("option", {value: key}, label)));
  select.value = value;
  return {element: make("div", {class: "vz-tn-choice", title: hint}, make("label", {class: "vz-tn-name", for: id}, title), select), select, set: (next) => (select.value = next)};
}

/** A tick with its words: `{element, set(on)}`. */
export function tickField({name, title, hint = null, on, onChange}) {
  const box = make("input", {type: "checkbox", "data-field": name, checked: on, onchange: () => onChange(box.checked)});
  return {element: make("label", {class: "vz-tn-tick", title: hint}, box, title), set: (next) => (box.checked = next)};
}
