// The recipe one starts from, and the seed of the draws.

import {labelledSelect, make} from "../dom.js";
import {LARGEST_SEED} from "./au_words.js";
import {formatPipeline, parsePipeline} from "./pipeline.js";

const OWN = "own";

/** The preset whose pipeline the steps are; null for a pipeline of one's own. */
export function presetOf(steps, menu) {
  const text = formatPipeline(steps, menu);
  return menu.presets.find(({pipeline}) => formatPipeline(parsePipeline(pipeline, menu), menu) === text) ?? null;
}

export class RecipeBar {
  constructor({desk, state}) {
    Object.assign(this, {desk, state});
    const {element, select} = labelledSelect("Recipe", {[OWN]: "Your own"}, {id: "vz-au-recipe", onchange: () => this.choose()});
    this.select = select;
    this.seed = make("input", {class: "vz-field vz-number", id: "vz-au-seed", type: "number", min: "0", max: String(LARGEST_SEED), step: "1", onchange: () => this.setSeed(Number(this.seed.value))});
    const redraw = make("button", {type: "button", class: "vz-button", id: "vz-au-redraw", title: "Other draws of the same pipeline: the next seed", onclick: () => this.setSeed(this.state.get().seed + 1)}, "Draw again");
    this.story = make("p", {class: "vz-au-story vz-muted", id: "vz-au-story"});
    const seed = make("label", {class: "vz-control vz-au-seed"}, make("span", {class: "vz-control-name"}, "Seed"), this.seed);
    this.element = make("div", {class: "vz-au-recipes"}, element, seed, redraw, this.story);
    this.release = [
      desk.onChange((keys) => (keys.includes("menu") ? this.fill() : keys.includes("pipeline")) && this.draw()),
      state.subscribe((_, keys) => keys.includes("seed") && this.draw()),
    ];
  }

  fill() {
    const options = this.desk.menu.presets.map(({name, title}) => make("option", {value: name}, title));
    this.select.replaceChildren(...options, make("option", {value: OWN, hidden: true}, "Your own"));
    return true;
  }

  draw() {
    const {menu, steps} = this.desk;
    if (!menu) return;
    const preset = presetOf(steps, menu);
    this.select.value = preset?.name ?? OWN;
    this.story.textContent = preset ? [preset.sentence, preset.source && `Source: ${preset.source}.`].filter(Boolean).join(" ") : "Your own pipeline; the link keeps it.";
    this.seed.value = String(this.state.get().seed);
  }

  choose() {
    const preset = this.desk.menu.presets.find(({name}) => name === this.select.value);
    if (preset) this.desk.setSteps(parsePipeline(preset.pipeline, this.desk.menu), {shown: false});
  }

  setSeed(seed) {
    const legal = Number.isInteger(seed) && seed >= 0 && seed <= LARGEST_SEED;
    this.seed.setCustomValidity(legal ? "" : `Choose a whole number from 0 to ${LARGEST_SEED}.`);
    if (legal) this.state.set({seed});
    else this.seed.reportValidity();
  }

  destroy() {
    this.release.forEach((release) => release());
  }
}
