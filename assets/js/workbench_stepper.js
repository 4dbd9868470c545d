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

/** `{element, show({value, min, max} or {value, choices})}`; `change(value)` gets legal values only. */
export function stepper({name, label, change}) {
  let [now, choices] = [0, [0]];
  const field = make("input", {class: "vz-wb-number vz-number", type: "text", inputmode: "numeric", role: "spinbutton", "aria-label": label, autocomplete: "off", maxlength: 5, "data-control": name});
  const down = make("button", {class: "vz-wb-less", type: "button", tabindex: -1, "aria-label": `${label}: less`, "data-control": `${name}-less`, onclick: () => by(-1)}, "−");
  const up = make("button", {class: "vz-wb-more", type: "button", tabindex: -1, "aria-label": `${label}: more`, "data-control": `${name}-more`, onclick: () => by(1)}, "+");
  const message = make("span", {class: "vz-wb-refusal", role: "alert", hidden: true});
  const element = make("span", {class: "vz-wb-stepper", "data-stepper": name}, down, field, up, message);

  function say(text) {
    message.textContent = text ?? "";
    message.hidden = !text;
    field.setAttribute("aria-invalid", String(Boolean(text)));
  }

  function to(value) {
    say(null);
    if (value !== now) change(value);
  }

  const by = (step) => to(nextChoice(now, choices, step));

  field.addEventListener("input", () => {
    const answer = readWhole(field.value, choices, label);
    if (answer.ok) to(answer.value);
    else say(field.value.trim() ? answer.message : null);
  });
  field.addEventListener("blur", () => {
    say(null);
    field.value = now;
  });
  field.addEventListener("focus", () => field.select());
  field.addEventListener("keydown", (event) => {
    const target = {ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5, Home: -Infinity, End: Infinity}[event.key];
    event.stopPropagation();
    if (target === undefined) return;
    event.preventDefault();
    by(target);
    field.value = now;
  });

  function show({value, min, max, choices: given}) {
    [now, choices] = [value, given ?? range(min, max)];
    if (document.activeElement !== field || readWhole(field.value, choices, label).value !== value) field.value = value;
    field.setAttribute("aria-valuenow", value);
    field.setAttribute("aria-valuemin", choices[0]);
    field.setAttribute("aria-valuemax", choices.at(-1));
    down.disabled = value <= choices[0];
    up.disabled = value >= choices.at(-1);
    element.title = `${label}: ${choiceText(choices)}`;
    element.classList.toggle("vz-wb-fixed", choices.length === 1);
  }

  return {element, show};
}
