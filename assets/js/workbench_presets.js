// Lecture examples: one click and one link each.

import {kernelNamed} from "./arithmetic/kernels.js";
import {make} from "./dom.js";
import {addressOf} from "./workbench_address.js";

/** Groups in the order of the file: [{title, presets}]. */
export function grouping(presets) {
  const groups = new Map();
  for (const preset of presets) {
    if (!groups.has(preset.group)) groups.set(preset.group, []);
    groups.get(preset.group).push(preset);
  }
  return [...groups].map(([title, list]) => ({title, presets: list}));
}

export class Presets {
  constructor({choose}) {
    this.choose = choose;
    this.tabs = make("div", {class: "vz-wb-groups", role: "group", "aria-label": "Kinds of examples"});
    this.list = make("div", {class: "vz-wb-presets", role: "group", "aria-label": "Examples"});
    this.element = make("nav", {class: "vz-wb-preset-bar", "aria-label": "Lecture examples"}, this.tabs, this.list);
  }

  fill(presets) {
    this.groups = grouping(presets);
    this.tabs.replaceChildren(...this.groups.map(({title}) => make("button", {class: "vz-wb-group", type: "button", onclick: () => this.open(title)}, title)));
    this.open(this.groups[0]?.title);
  }

  open(title) {
    this.title = title;
    [...this.tabs.children].forEach((tab) => tab.setAttribute("aria-pressed", String(tab.textContent === title)));
    const {presets} = this.groups.find((group) => group.title === title);
    this.list.replaceChildren(...presets.map((preset) => this.chip(preset)));
    this.mark(this.current);
  }

  /** A link: a plain click stays on the page, any other opens it like every link. */
  chip(preset) {
    const kernel = kernelNamed(preset.id.replace(/^kernel-/, ""));
    return make("a", {class: "vz-wb-preset", href: addressOf(preset.id), "data-preset": preset.id, title: preset.note,
      onclick: (event) => {
        if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        this.choose(preset);
      }}, kernel && preset.id.startsWith("kernel-") ? miniature(kernel.weights) : null, preset.title);
  }

  mark(id) {
    this.current = id;
    const group = this.groups?.find(({presets}) => presets.some((preset) => preset.id === id));
    if (group && group.title !== this.title) {
      this.open(group.title);
      return;
    }
    for (const chip of this.list.children) {
      if (chip.dataset.preset === id) chip.setAttribute("aria-current", "true");
      else chip.removeAttribute("aria-current");
    }
  }
}

/** A kernel as a few coloured squares. */
export function miniature(weights) {
  const most = Math.max(...weights.flat().map(Math.abs)) || 1;
  const squares = weights.flat().map((weight) =>
    make("i", {class: weight < 0 ? "vz-wb-minus" : "", style: `--tint: ${(Math.abs(weight) / most).toFixed(2)}`}));
  return make("span", {class: "vz-wb-mini", "aria-hidden": "true", style: `--columns: ${weights[0].length}`}, ...squares);
}
