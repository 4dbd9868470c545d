// Whether the pictures are changed while training: not at all, a ready pipeline, or that of the Augmentation tab.

import {getJSON} from "../api.js";
import {formatPipeline, parsePipeline, recordOf} from "../augmentation/pipeline.js";
import {make} from "../dom.js";
import {readWord} from "../page_words.js";

const NONE = "none";
const TAB = "tab";
const OWN = "own";

/** The steps of a pipeline by their titles: "Rotate, Blur"; its text where the menu does not know them. */
export function pipelineWords(text, menu) {
  try {
    const steps = parsePipeline(text, menu).filter(({on}) => on);
    return steps.map(({id}) => recordOf(menu, id).title).join(", ") || "no step";
  } catch {
    return text;
  }
}

/** The preset that a pipeline's text is; null for another. */
export function presetNamed(text, menu) {
  const same = (one) => formatPipeline(parsePipeline(one, menu), menu);
  try {
    return menu.presets.find(({pipeline}) => same(pipeline) === same(text)) ?? null;
  } catch {
    return null;
  }
}

/** What a pipeline with MixUp or CutMix means for the numbers on screen; empty for another. */
export function mixingWords(text) {
  if (!/(?:^|;)\s*(?:mixup|cutmix)\b/.test(text ?? "")) return "";
  return "Labels are mixed as the pictures are: training accuracy counts the class of the largest share, validation is on plain pictures.";
}

export class AugmentChoice {
  /** `choose(text | null)`; `say(sentences)`. */
  constructor({workspace, choose, say}) {
    Object.assign(this, {workspace, choose, say, menu: null, text: null});
    this.select = make("select", {class: "vz-field", id: "vz-tn-augment", "data-field": "augment", onchange: () => this.chosen()});
    this.facts = make("p", {class: "vz-muted vz-tn-facts", id: "vz-tn-augment-facts"});
    const change = make("button", {type: "button", class: "vz-button vz-quiet vz-tn-small", onclick: () => workspace.set({panel: "augmentation"})}, "See it there");
    this.steps = make("div", {class: "vz-tn-augment-facts", hidden: true}, this.facts, change);
    this.element = make("div", {class: "vz-tn-augment"}, make("div", {class: "vz-tn-choice"}, make("label", {class: "vz-tn-name", for: "vz-tn-augment"}, "Augmentation"), this.select), this.steps);
    this.release = workspace.subscribe((state, keys) => keys.includes("pipeline") && this.handedOver(state.pipeline));
    this.fill();
  }

  /** The menu of transforms, for their titles and the ready pipelines; without it there is still the tab's. */
  async load() {
    if (this.menu) return;
    this.menu = await getJSON("augment/menu").catch(() => null);
    this.fill();
    if (this.workspace.get().pipeline !== null) this.handedOver(this.workspace.get().pipeline);
  }

  fill() {
    const presets = this.menu?.presets ?? [];
    this.select.replaceChildren(make("option", {value: NONE}, "none"), ...presets.map(({name, title}) => make("option", {value: `preset:${name}`}, title)),
      make("option", {value: TAB}, "as in the Augmentation tab"), make("option", {value: OWN, hidden: true}, "a pipeline of your own"));
    this.draw(this.text);
  }

  /** The pipeline as the Augmentation tab has it now: handed over, in the address, or the one it starts with. */
  ofTab() {
    const word = readWord(globalThis.location?.search ?? "", "au");
    return word ?? this.workspace.get().pipeline ?? this.menu?.presets.find(({name}) => name === this.menu.default)?.pipeline ?? this.menu?.presets[0]?.pipeline ?? null;
  }

  chosen() {
    const {value} = this.select;
    if (value === NONE) this.choose(null);
    else if (value === TAB) this.choose(this.ofTab());
    else this.choose(this.menu.presets.find(({name}) => `preset:${name}` === value).pipeline);
  }

  handedOver(text) {
    if (!text || text === this.text) return;
    this.choose(text);
    this.say([`The pipeline of the Augmentation tab is taken over: ${this.menu ? pipelineWords(text, this.menu) : text}. It changes every training picture anew in each epoch.`]);
  }

  draw(text) {
    this.text = text ?? null;
    const preset = text && this.menu ? presetNamed(text, this.menu) : null;
    this.select.value = !text ? NONE : preset ? `preset:${preset.name}` : OWN;
    this.steps.hidden = !text;
    const steps = text && this.menu ? pipelineWords(text, this.menu) : text;
    this.facts.textContent = text ? [steps, mixingWords(text)].filter(Boolean).join(". ") : "";
    this.facts.title = text ?? "";
  }

  destroy() {
    this.release();
  }
}
