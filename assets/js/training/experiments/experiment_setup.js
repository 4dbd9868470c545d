// What an experiment is run on: data, seeds, and the pipeline where one of its networks is augmented.

import {collections, subscribe} from "../../collection_list.js";
import {make} from "../../dom.js";
import {mixingWords} from "../augment_choice.js";
import {SEEDS_MOST} from "./experiment_words.js";

const OWN = /^[0-9a-f]{32}$/;
const LARGEST_SEED = 2 ** 31 - 1 - SEEDS_MOST;

export class ExperimentSetup {
  /** `choose({data} | {seeds} | {seed} | {augment: null})`. */
  constructor({desk, choose}) {
    Object.assign(this, {desk, choose, own: []});
    const field = (label, control) => make("label", {class: "vz-control"}, make("span", {class: "vz-control-name"}, label), control);
    this.data = make("select", {class: "vz-field", id: "vz-te-data", onchange: () => choose({data: this.data.value === this.usual ? null : this.data.value})});
    this.seeds = make("select", {class: "vz-field", id: "vz-te-seeds", onchange: () => choose({seeds: Number(this.seeds.value)})},
      ...Array.from({length: SEEDS_MOST}, (_, at) => make("option", {value: String(at + 1)}, at ? `${at + 1} times` : "once")));
    this.seed = make("input", {class: "vz-field vz-te-seed", id: "vz-te-seed", type: "number", min: "0", max: String(LARGEST_SEED), step: "1", onchange: () => this.seedChosen()});
    this.pipeline = make("span", {class: "vz-te-pipeline"});
    this.back = make("button", {type: "button", class: "vz-button vz-quiet", id: "vz-te-usual", onclick: () => choose({augment: null})}, "Back to the usual one");
    this.augment = make("p", {class: "vz-te-augment", id: "vz-te-augment", hidden: true}, this.pipeline, this.back);
    this.element = make("div", {class: "vz-te-setup"}, make("div", {class: "vz-te-fields"}, field("Data", this.data), field("Repeat", this.seeds), field("First seed", this.seed)), this.augment);
    this.release = subscribe((list) => {
      this.own = list.filter(({own}) => own);
      if (this.experiment) this.draw(this.experiment, this.chosen);
    });
    collections().catch(() => null); // own pictures are an offer; the page's data are there without them
  }

  seedChosen() {
    const value = Number(this.seed.value);
    if (Number.isInteger(value) && value >= 0 && value <= LARGEST_SEED && this.seed.value !== "") this.choose({seed: value});
    else this.seed.value = String(this.chosen.seed);
  }

  /** Show what is chosen for an experiment: `{data, seeds, seed, augment}`, null as usual. */
  draw(experiment, chosen) {
    Object.assign(this, {experiment, chosen, usual: experiment.data});
    const option = ({name, title, ready = true, own}) => make("option", {value: name, disabled: !ready}, `${title}${ready ? "" : ", to be downloaded under Live"}${name === experiment.data ? " (usual here)" : ""}${own ? " (yours)" : ""}`);
    const records = [...(this.desk.menu?.data ?? [{name: experiment.data, title: experiment.data}]), ...this.own];
    const wanted = chosen.data ?? experiment.data;
    this.missing = !OWN.test(wanted) || records.some(({name}) => name === wanted) ? null : "Your own pictures are no longer on the server: give them again under Live, or choose other data.";
    this.data.replaceChildren(...records.map(option), ...(this.missing ? [make("option", {value: wanted, disabled: true}, "Your own pictures, gone")] : []));
    this.data.value = wanted;
    this.seeds.value = String(chosen.seeds ?? experiment.seeds);
    this.seed.value = String(chosen.seed);
    this.augment.hidden = experiment.augment === null;
    this.pipeline.replaceChildren(chosen.augment ? "Pipeline of the Augmentation tab: " : "Pipeline: ", make("code", {}, chosen.augment ?? experiment.augment ?? ""), ` ${mixingWords(chosen.augment)}`);
    this.back.hidden = !chosen.augment;
  }

  lock(locked) {
    for (const control of [this.data, this.seeds, this.seed, this.back]) control.disabled = locked;
  }

  destroy() {
    this.release();
  }
}
