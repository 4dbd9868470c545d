// The trace's outline: which number, the way to it, what to do next, and the places for drawing and picture.

import {percent} from "./colour.js";
import {make, labelledSelect} from "./dom.js";
import {kindMark} from "./layer_strip.js";
import {shapeText, splitName} from "./layers.js";
import {retryMessage} from "./retry_message.js";
import {samePlace} from "./trace_path.js";

const FIELDS = ["channel", "row", "column"];
const HELP = "Arrow keys move the traced cell, Enter opens the focused input, Backspace goes back.";

const button = (text, attributes) => make("button", {type: "button", class: "vz-button", ...attributes}, text);

function numberField(name) {
  const input = make("input", {class: "vz-field vz-number", id: `vz-trace-${name}`, type: "number", inputmode: "numeric", min: "0", step: "1"});
  const limits = make("span", {class: "vz-muted vz-number"});
  const title = make("span", {class: "vz-control-name"}, name[0].toUpperCase() + name.slice(1), " ", limits);
  return {
    element: make("label", {class: "vz-control"}, title, input),
    input,
    read: () => (/^\d{1,6}$/.test(input.value.trim()) ? Number(input.value) : NaN),
    show(value, count) {
      input.value = String(value);
      input.max = String(count - 1);
      input.removeAttribute("aria-invalid");
      limits.textContent = `0–${count - 1}`;
    },
  };
}

/** Menus for layer, channel, row and column; what cannot be is said below and changes nothing. */
function createFields({onPlace}) {
  const layer = labelledSelect("Layer", {}, {id: "vz-trace-layer"});
  const fields = Object.fromEntries(FIELDS.map((name) => [name, numberField(name)]));
  const complaint = make("p", {class: "vz-trace-complaint", id: "vz-trace-complaint", role: "alert", hidden: true});
  const read = (changed) => onPlace({layer: layer.select.value, ...Object.fromEntries(FIELDS.map((name) => [name, fields[name].read()]))}, changed);
  layer.select.addEventListener("change", () => read("layer"));
  FIELDS.forEach((name) => fields[name].input.addEventListener("change", () => read(name)));
  let known = null;
  return {
    element: make("div", {class: "vz-trace-fields"}, layer.element, ...FIELDS.map((name) => fields[name].element)),
    complaint,
    show(run, place) {
      if (run !== known) layer.select.replaceChildren(...run.layers.map(({name, kind}) => make("option", {value: name}, `${name} · ${kind}`)));
      known = run;
      const {shape} = run.layers.find(({name}) => name === place.layer);
      layer.select.value = place.layer;
      FIELDS.forEach((name, axis) => {
        fields[name].show(place[name], shape[axis]);
        fields[name].element.hidden = axis > 0 && shape[1] * shape[2] === 1;
      });
      complaint.hidden = true;
    },
    /** Say what is wrong, where it is wrong; the last good number stays on screen. */
    refuse({field, sentence}) {
      complaint.textContent = sentence;
      complaint.hidden = false;
      fields[field]?.input.setAttribute("aria-invalid", "true");
      fields[field]?.input.setAttribute("aria-describedby", complaint.id);
    },
  };
}

/** The way from where the trace began: every place a button, the present one last. */
function createWay({onBack}) {
  const list = make("ol", {class: "vz-way-list"});
  const element = make("nav", {class: "vz-way", id: "vz-trace-way", "aria-label": "The way to this number"}, list);
  let drawn = [];
  const crumb = (run, place, index) => {
    const {kind, shape} = run.layers.find(({name}) => name === place.layer);
    const cell = shape[1] * shape[2] > 1 ? ` (${place.row}, ${place.column})` : "";
    return make("li", {}, make("button", {type: "button", class: "vz-crumb", title: `${place.layer}: channel ${place.channel}${cell}`,
      "aria-label": `${index + 1}: ${place.layer}, channel ${place.channel}${cell}`, onclick: () => onBack(index)},
    kindMark(kind), make("span", {}, splitName(place.layer).own)));
  };
  return {
    element,
    show(run, path) {
      const kept = drawn.findIndex((place, index) => !samePlace(place, path[index]));
      const same = kept < 0 ? Math.min(drawn.length, path.length) : kept;
      if (same === path.length && same === drawn.length) return;
      while (list.childElementCount > same) list.lastElementChild.remove();
      path.slice(same).forEach((place, index) => list.append(crumb(run, place, same + index)));
      drawn = [...path];
      [...list.children].forEach((item, index) => {
        if (index === path.length - 1) item.firstChild.setAttribute("aria-current", "step");
        else item.firstChild.removeAttribute("aria-current");
      });
      requestAnimationFrame(() => (list.scrollLeft = list.scrollWidth));
    },
  };
}

function createActions(calls) {
  const back = button("Back", {id: "vz-trace-back", title: "Back to where this number is used (Backspace)", onclick: calls.onUp});
  const follow = button("Follow the largest term", {id: "vz-trace-follow", class: "vz-button vz-primary", onclick: calls.onFollow});
  const dive = button("All the way down", {id: "vz-trace-dive", title: "Follow the largest terms, one after the other, down to a pixel", onclick: calls.onDive});
  return {
    element: make("div", {class: "vz-trace-actions"}, back, follow, dive),
    show({first, last, diving}) {
      back.disabled = first;
      follow.disabled = last;
      dive.disabled = last && !diving;
      dive.textContent = diving ? "Stop" : "All the way down";
    },
  };
}

/** Which number this is and how much it is. */
function createHeading(picture, sees) {
  const title = make("h2", {class: "vz-trace-title"});
  const facts = make("p", {class: "vz-trace-facts vz-muted vz-number"});
  const value = make("output", {class: "vz-trace-value vz-number", id: "vz-trace-value"});
  const badge = make("span", {class: "vz-badge vz-warning", hidden: true}, "untrained weights");
  return {
    element: make("header", {class: "vz-trace-head"}, picture, make("div", {class: "vz-trace-names"}, title, facts, sees), value),
    show(answer, {run, text, label}) {
      const layer = run.layers.find(({name}) => name === answer.layer);
      const scalar = layer.shape[1] * layer.shape[2] === 1;
      const cell = scalar ? "" : `, row ${answer.row}, column ${answer.column}`;
      title.replaceChildren(kindMark(layer.kind), make("span", {class: "vz-trace-name"}, layer.name), make("span", {class: "vz-trace-cell vz-number"}, `channel ${answer.channel}${cell}`));
      const settings = answer.settings ? ` ${answer.settings}` : "";
      facts.replaceChildren(`${label ? `${label} · ` : ""}${layer.kind}${settings} · map of ${shapeText(layer.shape)} `, badge);
      badge.hidden = run.trained;
      value.textContent = text;
      if (answer.family === "softmax") value.title = percent(answer.value);
      else value.removeAttribute("title");
    },
  };
}

/** All of it; `picture` = {element, words}. */
export function createTraceFrame(picture, calls) {
  const heading = createHeading(picture.element, picture.words);
  const [fields, way, actions, message] = [createFields(calls), createWay(calls), createActions(calls), retryMessage("trace", calls)];
  const progress = make("div", {class: "vz-progress", hidden: true});
  const drawing = make("div", {class: "vz-trace-drawing", id: "vz-trace-drawing"});
  const status = make("p", {class: "vz-unseen", role: "status", id: "vz-trace-status"});
  const help = make("p", {class: "vz-trace-help vz-muted"}, HELP);
  const body = make("div", {class: "vz-trace-body"}, heading.element, drawing, help);
  const bar = make("div", {class: "vz-trace-bar"}, fields.element, actions.element);
  const element = make("section", {class: "vz-trace vz-waiting", id: "vz-trace", tabindex: "-1", "aria-label": "Trace: a number and the arithmetic that made it"},
    progress, bar, fields.complaint, way.element, message.element, body, status);
  return {element, fields, way, actions, heading, message, progress, drawing, status};
}
