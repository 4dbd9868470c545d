// How heat is laid over the picture: opacity, colours, threshold, contour; the colour bar.

import {format} from "../colour.js";
import {labelledSelect, make} from "../dom.js";
import {gradient} from "../map_toolbar.js";
import {HEAT_COLOURS} from "./heat_colours.js";
import {tableOf} from "./heat_pixels.js";

function slider(name, title, hint, onInput) {
  const output = make("output", {class: "vz-number", for: `vz-he-${name}`});
  const input = make("input", {type: "range", id: `vz-he-${name}`, min: "0", max: "100", step: "1", title: hint, oninput: () => onInput(Number(input.value))});
  const label = make("label", {class: "vz-control-name", for: input.id}, title);
  const element = make("div", {class: "vz-control vz-he-slider"}, make("span", {class: "vz-control-row"}, label, output), input);
  return {
    element,
    show(value) {
      input.value = String(value);
      input.setAttribute("aria-valuetext", `${value} %`);
      output.textContent = `${value} %`;
    },
  };
}

const toggle = (name, title, hint, onclick) => make("button", {type: "button", class: "vz-button", id: `vz-he-${name}`, title: hint, onclick}, title);

/** The controls, bound to the panel's `state`: `{element, show(signed)}`. */
export function createBlendBar(state) {
  const change = (patch) => state.set({blend: {...state.get().blend, ...patch}});
  const flip = (key) => () => change({[key]: !state.get().blend[key]});
  const opacity = slider("opacity", "Opacity", "How much the heat covers the picture", (value) => change({opacity: value}));
  const threshold = slider("threshold", "Threshold", "Hide heat below this share of the strongest", (value) => change({threshold: value}));
  const titles = Object.fromEntries(Object.entries(HEAT_COLOURS).map(([name, {title}]) => [name, title]));
  const diverging = make("option", {value: "diverging", hidden: true}, "diverging");
  const colours = labelledSelect("Colours", titles, {id: "vz-he-colours", onchange: () => change({colours: colours.select.value})});
  colours.select.append(diverging);
  const switches = {
    contour: toggle("contour", "Contour", "Lines of equal heat: at the threshold, or at a quarter, half and three quarters", flip("contour")),
    even: toggle("even", "Even", "The same opacity everywhere, instead of letting the picture show through where it is cold", flip("even")),
    smooth: toggle("cells", "Cells", "Draw the cells as they are, not interpolated", flip("smooth")),
  };
  const buttons = make("div", {class: "vz-he-switches", role: "group", "aria-label": "Drawing"}, ...Object.values(switches));
  const element = make("div", {class: "vz-he-blend", role: "group", "aria-label": "How the heat is laid over the picture"},
    opacity.element, threshold.element, colours.element, buttons);
  return {
    element,
    show(signed) {
      const {blend} = state.get();
      opacity.show(blend.opacity);
      threshold.show(blend.threshold);
      colours.select.value = signed ? "diverging" : blend.colours;
      colours.select.disabled = signed;
      colours.select.title = signed ? "This map has a sign: orange speaks for the class, blue against it, white is 0" : "";
      switches.contour.setAttribute("aria-pressed", String(blend.contour));
      switches.even.setAttribute("aria-pressed", String(blend.even));
      switches.smooth.setAttribute("aria-pressed", String(!blend.smooth));
    },
  };
}

/** The colour bar: what its ends stand for. */
export function createLegend() {
  const [low, high] = [make("span", {class: "vz-number"}), make("span", {class: "vz-number"})];
  const middle = make("span", {class: "vz-he-legend-zero vz-number"}, "0");
  const bar = make("span", {class: "vz-he-legend-bar", "aria-hidden": "true"});
  const element = make("div", {class: "vz-he-legend", id: "vz-he-legend"}, low, make("span", {class: "vz-he-legend-middle"}, bar, middle), high);
  return {
    element,
    show(heat, limits, blend) {
      element.classList.toggle("vz-he-hidden", !limits);
      if (!limits) return;
      bar.style.backgroundImage = gradient(tableOf(blend.colours, heat.signed));
      const [least, most] = limits.cut ? ["≤ ", "≥ "] : ["", ""];
      low.textContent = heat.signed ? `against ${least}${format(limits.low, 3)}` : format(limits.low, 3);
      high.textContent = `${most}${format(limits.high, 3)}${heat.signed ? " for" : ""}`;
      middle.hidden = !heat.signed;
    },
  };
}
