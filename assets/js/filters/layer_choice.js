// The layer and the channel that the views of the filters panel look at; both are the workspace's own.

import {make} from "../dom.js";
import {marker, shapeText, stages} from "../layers.js";

/** Layers with filters of their own: convolutions and fully connected ones. */
export const hasWeights = ({kind}) => ["convolution", "connected"].includes(marker(kind).family);

/** Layers whose channels a picture can drive: everything between the input and the probabilities. */
export const hasActivations = ({kind}) => !["input", "softmax"].includes(marker(kind).family);

/** The layers that suit, by stage: `[{label, layers}]`. */
export function choices(layers, suits) {
  return stages(layers)
    .map(({label, first, last}) => ({label, layers: layers.slice(first, last + 1).filter(suits)}))
    .filter((stage) => stage.layers.length > 0);
}

/** The layer asked for, else the nearest before it that suits, else the first; null where none does. */
export function fitting(layers, name, suits) {
  const asked = layers.findIndex((layer) => layer.name === name);
  return layers.slice(0, asked + 1).findLast(suits) ?? layers.find(suits) ?? null;
}

/** The place `by` channels on, round the ends. */
export const stepped = (channel, by, count) => (((channel + by) % count) + count) % count;

const layerWord = (name) => (/^\d+$/.test(name) ? `layer ${name}` : name);

/**
 * A menu of the layers that suit, and a stepper of channels: `{element, current(), destroy()}`.
 *
 * `current()` is `{layer, channel, count}`, the layer as in `run.layers`; null until the network has run. `onChange(current)` hears
 * of every other one. Where the workspace's layer does not suit, the nearest before it is meant, and a line says so. `channels: false`
 * leaves out the stepper; `count(layer)` tells how many channels there are.
 */
export function layerChoice({workspace, suits = hasActivations, onChange = () => {}, channels = true, count = ({shape}) => shape[0], lacking = "is not of this kind", label = "Layer"}) {
  const select = make("select", {class: "vz-field vz-fi-layers", onchange: () => workspace.set({layer: select.value, channel: null, cell: null, hover: null})});
  const number = make("input", {class: "vz-field vz-fi-channel", type: "number", min: "0", step: "1", inputmode: "numeric", onchange: () => typed(), onkeydown: (event) => key(event)});
  const of = make("span", {class: "vz-muted vz-number"});
  const arrow = (by, sign, title) => make("button", {class: "vz-button", type: "button", "aria-label": title, title, onclick: () => step(by)}, sign);
  const stepper = make("span", {class: "vz-fi-stepper"}, arrow(-1, "‹", "Previous channel"), number, arrow(1, "›", "Next channel"), of);
  const named = (name, field) => make("label", {class: "vz-control"}, make("span", {class: "vz-control-name"}, name), field);
  const channelField = make("div", {class: "vz-control", role: "group", "aria-label": "Channel"}, make("span", {class: "vz-control-name"}, "Channel"), stepper);
  const note = make("p", {class: "vz-fi-choice-note vz-muted", "aria-live": "polite", hidden: true});
  const element = make("div", {class: "vz-fi-choice"}, named(label, select), channels ? channelField : null, note);
  number.setAttribute("aria-label", "Channel");
  let [layers, now] = [null, null];

  function key(event) {
    const by = {ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1}[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    step(by);
    event.preventDefault();
    event.stopPropagation();
  }

  function step(by) {
    if (now) workspace.set({channel: stepped(now.channel, by, now.count), cell: null});
  }

  function typed() {
    if (!now) return;
    const wanted = Number(number.value);
    const fits = number.value !== "" && Number.isInteger(wanted) && wanted >= 0 && wanted < now.count;
    if (fits) workspace.set({channel: wanted, cell: null});
    else say(`There is no channel “${number.value}”: ${now.layer.name} has channels 0 to ${now.count - 1}.`);
    if (!fits) number.value = now.channel;
  }

  function say(sentence) {
    note.textContent = sentence ?? "";
    note.hidden = !sentence;
  }

  function fill(run) {
    layers = run.layers;
    const option = (layer) => make("option", {value: layer.name}, `${layer.name} · ${layer.settings || layer.kind} · ${shapeText(layer.shape)}`);
    const groups = choices(layers, suits).map((stage) => make("optgroup", {label: stage.label}, ...stage.layers.map(option)));
    select.replaceChildren(...groups);
  }

  function follow(state) {
    if (!state.run) return; // the last network stays in view while the next is on its way
    const old = layers;
    if (state.run.layers !== layers) fill(state.run);
    const layer = fitting(layers, state.layer, suits);
    const total = layer ? count(layer) : 0;
    const next = layer && {layer, channel: state.channel !== null && state.channel < total ? state.channel : 0, count: total};
    const same = old === layers && next?.layer === now?.layer && next?.channel === now?.channel;
    now = next;
    show(state);
    if (!same) onChange(now);
  }

  function show(state) {
    select.disabled = number.disabled = now === null;
    if (!now) {
      say("This network has no such layer.");
      return;
    }
    select.value = now.layer.name;
    number.value = now.channel;
    number.max = now.count - 1;
    of.textContent = `of ${now.count.toLocaleString("en")}`;
    const elsewhere = state.layer !== null && state.layer !== now.layer.name && layers.some(({name}) => name === state.layer);
    say(elsewhere ? `${layerWord(state.layer)} ${lacking}: this is ${layerWord(now.layer.name)}.` : null);
  }

  const release = workspace.subscribe((state, keys) => {
    if (keys.some((name) => ["run", "layer", "channel"].includes(name))) follow(state);
  });
  follow(workspace.get());
  return {element, current: () => now, destroy: release};
}
