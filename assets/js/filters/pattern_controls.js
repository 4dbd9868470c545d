// What an optimised picture is to show, and how it is made: all choices of the pattern view.

import {classPicker} from "../class_picker.js";
import {labelledSelect, make} from "../dom.js";
import {hasActivations, layerChoice} from "./layer_choice.js";
import {KINDS} from "./pattern_words.js";

const COUNTS = {1: "one", 2: "two different", 4: "four different"};
const STEPS = {64: "64, a sketch", 128: "128", 256: "256", 512: "512, fine"};
const QUICK = 128; // what the server takes where the network's own size is larger
const SEED_MOST = 999_999_999;

/** The sizes on offer for a network: `{value: title}`; 0 leaves the choice to the server. */
export function sizes(input) {
  const [, height, width] = input;
  if (Math.max(height, width) <= QUICK) return {0: `${height} × ${width}`};
  return {0: `${QUICK} × ${QUICK}, quick`, [Math.max(height, width)]: `${height} × ${width}, the network's own`};
}

/** The most probable class where none is chosen. */
export const classOf = ({target, run}) => target ?? run?.top[0]?.index ?? null;

export class PatternControls {
  constructor({workspace, onStart, onStop, onChange}) {
    Object.assign(this, {workspace, call: {onStart, onStop, onChange}});
    const changed = () => this.element && this.changed(); // the choice of layer tells before all is built
    this.kind = labelledSelect("What is driven", KINDS, {onchange: changed});
    this.choice = layerChoice({workspace, suits: hasActivations, lacking: "has no channels to drive", onChange: changed});
    this.classes = classPicker({workspace, label: "Class"});
    this.direction = labelledSelect("Direction", {up: "what excites it", down: "what it is set against"}, {onchange: changed});
    this.count = labelledSelect("Pictures", COUNTS);
    this.steps = labelledSelect("Steps", STEPS);
    this.steps.select.value = "128";
    this.size = labelledSelect("Size in cells", {0: ""});
    this.seed = make("input", {class: "vz-field vz-fp-seed", type: "number", min: "0", max: SEED_MOST, step: "1", value: "0", inputmode: "numeric"});
    const seed = make("label", {class: "vz-control"}, make("span", {class: "vz-control-name"}, "Seed"), this.seed);
    this.go = make("button", {type: "button", class: "vz-button vz-primary vz-fp-go", onclick: () => (this.running ? this.call.onStop() : this.call.onStart())}, "Grow the pattern");
    const more = make("details", {class: "vz-fp-more"}, make("summary", {}, "How it is made"),
      make("div", {class: "vz-fp-row"}, this.steps.element, this.size.element, seed));
    this.element = make("div", {class: "vz-fp-controls"},
      make("div", {class: "vz-fp-row"}, this.kind.element, this.choice.element, this.classes.element),
      make("div", {class: "vz-fp-row"}, this.direction.element, this.count.element, this.go), more);
    this.release = workspace.subscribe((state, keys) => keys.includes("run") && this.follow(state));
    this.follow(workspace.get());
    this.changed();
  }

  follow({run}) {
    this.go.disabled = !run && !this.running;
    if (!run || String(run.input) === this.input) return;
    this.input = String(run.input);
    const options = Object.entries(sizes(run.input)).sort(([a], [b]) => a - b);
    this.size.select.replaceChildren(...options.map(([value, title]) => make("option", {value}, title)));
  }

  changed() {
    const kind = this.kind.select.value;
    this.choice.element.hidden = kind === "class";
    this.classes.element.hidden = kind !== "class";
    this.choice.element.querySelector("[role=group]").hidden = kind === "layer";
    this.direction.element.hidden = kind === "layer";
    this.call.onChange();
  }

  run(running) {
    this.running = running;
    this.go.textContent = running ? "Stop" : "Grow the pattern";
    this.go.classList.toggle("vz-primary", !running);
    this.go.disabled = !running && !this.workspace.get().run;
  }

  /** What is asked for now; null while the network has not run. */
  asked() {
    const state = this.workspace.get();
    const current = this.choice.current();
    if (!state.run || !current) return null;
    const kind = this.kind.select.value;
    const target = classOf(state);
    const label = kind === "class" ? (this.classes.element.querySelector("input").value || `class ${target}`) : null;
    return {
      kind, label, layer: kind === "class" ? null : current.layer.name, channel: kind === "class" ? target : current.channel,
      negative: kind !== "layer" && this.direction.select.value === "down", count: Number(this.count.select.value),
      steps: Number(this.steps.select.value), size: Number(this.size.select.value),
      seed: Math.min(SEED_MOST, Math.max(0, Math.round(Number(this.seed.value) || 0))),
    };
  }

  destroy() {
    this.release();
    this.choice.destroy();
    this.classes.destroy();
  }
}
