// A whole number between two limits: − and + stop there, and say why; typing beyond them is answered at the field.

import {make} from "./dom.js";

const range = (low, high) => Array.from({length: high - low + 1}, (_, index) => low + index);

/** "1 to 5", or "1, 2 or 4" where there are gaps. */
export function choiceText(choices) {
  const [low, high] = [choices[0], choices.at(-1)];
  if (choices.length === 1) return `only ${low}`;
  if (high - low + 1 === choices.length) return `${low} to ${high}`;
  return `${choices.slice(0, -1).join(", ")} or ${high}`;
}

/** A typed number among `choices`: {ok, value} or {ok: false, message}; never another than was typed. */
export function readWhole(text, choices, name) {
  const typed = text.trim().replace("−", "-");
  if (!/^-?\d{1,4}$/.test(typed)) return {ok: false, message: `“${text.trim().slice(0, 20)}” is no whole number: ${choiceText(choices)}.`};
  const value = Number(typed);
  if (!choices.includes(value)) return {ok: false, message: `${name} ${value} is not possible here: ${choiceText(choices)}.`};
  return {ok: true, value};
}

/** The choice `step` places on, or the last there is. */
export function nextChoice(value, choices, step) {
  const at = choices.indexOf(value) + step;
  return choices[Math.min(choices.length - 1, Math.max(0, at))];
}

class Stepper {
  constructor({name, label, change}) {
    Object.assign(this, {label, change, now: 0, choices: [0]});
    const key = (kind, text, step) => make("button", {class: `vz-wb-${kind}`, type: "button", tabindex: -1, "aria-label": `${label}: ${kind}`, "data-control": `${name}-${kind}`, onclick: () => this.by(step)}, text);
    this.field = make("input", {class: "vz-wb-number vz-number", type: "text", inputmode: "numeric", role: "spinbutton", "aria-label": label, autocomplete: "off", maxlength: 5, "data-control": name});
    this.down = key("less", "−", -1);
    this.up = key("more", "+", 1);
    this.message = make("span", {class: "vz-wb-refusal", role: "alert", hidden: true});
    this.element = make("span", {class: "vz-wb-stepper", "data-stepper": name}, this.down, this.field, this.up, this.message);
    this.listen();
  }

  listen() {
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("focus", () => this.field.select());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => {
      this.say(null);
      this.field.value = this.now;
    });
  }

  say(text) {
    this.message.textContent = text ?? "";
    this.message.hidden = !text;
    this.field.setAttribute("aria-invalid", String(Boolean(text)));
  }

  to(value) {
    this.say(null);
    if (value !== this.now) this.change(value);
  }

  by(step) {
    this.to(nextChoice(this.now, this.choices, step));
  }

  typed() {
    const answer = readWhole(this.field.value, this.choices, this.label);
    if (answer.ok) this.to(answer.value);
    else this.say(this.field.value.trim() ? answer.message : null);
  }

  key(event) {
    event.stopPropagation();
    const step = {ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5, Home: -Infinity, End: Infinity}[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.by(step);
    this.field.value = this.now;
  }

  show({value, min, max, choices}) {
    const {field, label} = this;
    [this.now, this.choices] = [value, choices ?? range(min, max)];
    const [low, high] = [this.choices[0], this.choices.at(-1)];
    if (document.activeElement !== field || readWhole(field.value, this.choices, label).value !== value) field.value = value;
    for (const [name, number] of [["now", value], ["min", low], ["max", high]]) field.setAttribute(`aria-value${name}`, number);
    this.down.disabled = value <= low;
    this.up.disabled = value >= high;
    this.element.title = `${label}: ${choiceText(this.choices)}`;
  }
}

/** `{element, show({value, min, max} or {value, choices})}`; `change(value)` gets legal values only. */
export const stepper = (options) => new Stepper(options);
