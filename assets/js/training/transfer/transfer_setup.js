// What is compared: the network to begin with, where it is frozen, the pictures, how many, how often.

import {make} from "../../dom.js";
import {onOwnNetworks, ownNetworks} from "../../own_networks.js";
import {DataChoice} from "../data_choice.js";
import {OWN, readCounts} from "./transfer_words.js";

const LARGEST_SEED = 2 ** 31 - 6;

export class TransferSetup {
  /** `choose({base} | {data} | {frozen} | {counts} | {seeds} | {seed})`; `wait(sentence)`: what of the pictures is missing, or null. */
  constructor({desk, choose, wait}) {
    Object.assign(this, {desk, choose});
    const field = (label, control) => make("label", {class: "vz-control"}, make("span", {class: "vz-control-name"}, label), control);
    const select = (id, key, read = (text) => text) => make("select", {class: "vz-field", id, onchange: (event) => choose({[key]: read(event.target.value)})});
    this.base = select("vz-tt-base", "base");
    this.frozen = select("vz-tt-frozen", "frozen");
    this.seeds = select("vz-tt-seeds", "seeds", Number);
    this.counts = make("input", {class: "vz-field vz-tt-counts", id: "vz-tt-counts", "aria-describedby": "vz-tt-counts-fault", onchange: () => this.countsChosen()});
    this.seed = make("input", {class: "vz-field vz-tt-seed", id: "vz-tt-seed", type: "number", min: "0", max: String(LARGEST_SEED), step: "1", onchange: () => this.seedChosen()});
    this.fault = make("p", {class: "vz-tt-fault", id: "vz-tt-counts-fault", role: "alert", hidden: true});
    this.data = new DataChoice({desk: this.dataDesk(wait), choose: (data) => choose({data}), reload: () => desk.load({again: true}), id: "vz-tt-data"});
    this.element = make("div", {class: "vz-tt-setup"}, make("div", {class: "vz-tt-fields"},
      field("It has learned already", this.base), this.data.element, field("Frozen up to", this.frozen),
      field("Pictures a class", this.counts), field("Repeat", this.seeds), field("First seed", this.seed)), this.fault);
    this.release = onOwnNetworks(() => this.redraw());
  }

  /** What the choice of data needs to know: the page's menu, with what only transfer learning offers, and what is chosen here. */
  dataDesk(wait) {
    const shown = () => this.shown;
    const {desk} = this;
    return {
      get menu() { return shown() && {data: [...(desk.menu?.data ?? [{name: shown()[1].data, title: shown()[1].data}]), ...(shown()[0].data ?? [])]}; },
      get setup() { return {data: shown()[1].data}; },
      clerk: {wait},
    };
  }

  redraw() {
    if (this.shown) this.draw(...this.shown);
  }

  countsChosen() {
    const counts = readCounts(this.counts.value);
    this.fault.hidden = Boolean(counts);
    this.fault.textContent = counts ? "" : `“${this.counts.value.slice(0, 40)}” cannot be read as numbers of pictures. Write 1 to 8 of them, such as 1, 5, 20.`;
    if (counts) this.choose({counts});
  }

  seedChosen() {
    const value = Number(this.seed.value);
    if (this.seed.value !== "" && Number.isInteger(value) && value >= 0 && value <= LARGEST_SEED) this.choose({seed: value});
    else this.redraw();
  }

  /** Show what is chosen: `{base, data, counts, seeds, seed, frozen}`, complete. */
  draw(menu, chosen) {
    this.shown = [menu, chosen];
    const option = ([value, title, disabled = false]) => make("option", {value, disabled}, title);
    const mine = ownNetworks();
    this.base.replaceChildren(...menu.bases.map(({name, title, why}) => option([name, why ? `${title}: ${why}` : title, Boolean(why)])),
      ...(mine.length ? [make("optgroup", {label: "Trained by you"}, ...mine.map(({name, title}) => option([name, title])))] : []));
    this.base.value = chosen.base;
    if (this.base.value !== chosen.base) this.base.append(option([chosen.base, menu.base?.title ?? "Own network"]));
    this.base.value = chosen.base;
    if (chosen.data === OWN) this.data.askForOwn();
    this.data.draw();
    const cuts = menu.base?.cuts ?? [];
    this.frozen.replaceChildren(...cuts.map(({layer, layers}) => option([layer, `layer ${layers} of ${menu.base.layers}`])));
    if (!cuts.length) this.frozen.append(option(["", "nothing to freeze"]));
    this.frozen.value = chosen.frozen ?? menu.base?.usual_cut ?? "";
    this.counts.value = chosen.counts.join(", ");
    this.seeds.replaceChildren(...Array.from({length: menu.seeds_most}, (_, at) => option([String(at + 1), at ? `${at + 1} times` : "once"])));
    this.seeds.value = String(chosen.seeds);
    this.seed.value = String(chosen.seed);
  }

  lock(locked) {
    for (const control of [this.base, this.frozen, this.data.select, this.counts, this.seeds, this.seed]) control.disabled = locked;
  }

  destroy() {
    this.release();
    this.data.destroy();
  }
}
