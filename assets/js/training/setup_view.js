// The setup: network layer by layer, data, recipe, seed. What is changed here holds for the next start.

import {icon, make} from "../dom.js";
import {ICONS} from "../icons.js";
import {AugmentChoice} from "./augment_choice.js";
import {DataChoice} from "./data_choice.js";
import {NetworkEditor} from "./network_editor.js";
import {RecipeForm} from "./recipe_form.js";
import {sliderField} from "./slider_field.js";
import {LARGEST_SEED} from "./tr_words.js";

const NARROW_EM = 46; // of the panel: the setup lies above the rest, folded to a line
const MEDIUM_EM = 70; // below this, and on stage, it folds when a training starts, to give the curves the room
const OWN = "own stack";
const SIDES = [8, 16, 20, 24, 28, 32, 40, 48, 56, 64];

/** The setup in one line: "LeNet-5 on Handwritten digits, 15 epochs". */
export const setupLine = ({title, dataTitle, recipe}) => `${title} on ${dataTitle}, ${recipe.epochs} ${recipe.epochs === 1 ? "epoch" : "epochs"}`;

export class SetupView {
  constructor({desk, state, workspace, say}) {
    Object.assign(this, {desk, state, workspace});
    this.network = make("select", {class: "vz-field", id: "vz-tn-network", "data-field": "network", onchange: () => this.chooseNetwork()});
    this.story = make("p", {class: "vz-muted vz-tn-facts", id: "vz-tn-story"});
    this.back = make("button", {type: "button", class: "vz-button vz-quiet vz-tn-small", hidden: true, onclick: () => desk.choose({stack: null})});
    this.editor = new NetworkEditor({onChange: (text) => this.chooseStack(text)});
    this.data = new DataChoice({desk, choose: (data) => this.chooseData(data), reload: () => desk.load({again: true})});
    this.recipe = new RecipeForm({onChange: (name, value) => desk.choose({recipe: {[name]: value}})});
    this.augment = new AugmentChoice({workspace, say, choose: (text) => desk.choose({recipe: {augment: text}})});
    this.seed = make("input", {class: "vz-field vz-number", id: "vz-tn-seed", type: "number", min: "0", max: String(LARGEST_SEED), step: "1", onchange: () => this.setSeed(Number(this.seed.value))});
    this.text = make("textarea", {class: "vz-field vz-tn-text", id: "vz-tn-text", rows: "4", spellcheck: "false", "aria-label": "The stack as text", onchange: () => this.chooseStack(this.text.value.trim())});
    this.build();
    this.release = desk.onChange((keys) => this.changed(keys));
    if (desk.menu) this.changed(["menu", "setup", "rows"]);
  }

  build() {
    const caption = (text) => make("span", {class: "vz-control-name"}, text);
    const another = make("button", {type: "button", class: "vz-button", title: "Other first weights, another order of the pictures: the next seed", onclick: () => this.setSeed(this.state.get().seed + 1)}, "Next");
    this.summary = make("span", {class: "vz-tn-summary-folded"});
    const seed = make("div", {class: "vz-tn-choice", title: "Same seed, same weights"}, make("label", {class: "vz-tn-name", for: "vz-tn-seed"}, "Seed"), make("span", {class: "vz-tn-seed"}, this.seed, another));
    this.side = make("div", {hidden: true});
    const asText = make("details", {class: "vz-tn-more"}, make("summary", {}, "As text"), this.text);
    const part = (title, ...content) => make("section", {class: "vz-tn-part", "aria-label": title}, ...content);
    this.body = make("div", {class: "vz-tn-setup-body", hidden: true},
      part("Network and data", make("div", {class: "vz-tn-pair"}, make("label", {class: "vz-control"}, caption("Network"), this.network), this.data.element), this.side),
      part("Layers", make("div", {class: "vz-tn-part-head"}, make("h3", {}, "Layers"), this.back), this.story, this.editor.element, asText),
      part("Recipe", make("h3", {}, "Recipe"), this.recipe.element, this.augment.element, seed));
    this.element = make("details", {class: "vz-tn-setup", id: "vz-tn-setup", "aria-label": "Setup"}, make("summary", {title: "Fold or unfold the setup"}, make("span", {class: "vz-tn-summary"}, make("span", {class: "vz-tn-summary-open"}, "Setup"), this.summary), icon(ICONS.chevron)), this.body);
    this.element.addEventListener("toggle", () => this.element.classList.toggle("vz-tn-folded", !this.element.open));
    this.element.open = true;
    this.observer = new ResizeObserver(() => this.adapt());
    this.observer.observe(this.element.querySelector("summary"));
  }

  /** The panel's width in its own ems. */
  get width() {
    const panel = this.element.closest(".vz-tn");
    return panel ? panel.clientWidth / parseFloat(getComputedStyle(panel).fontSize) : Infinity;
  }

  /** A narrow page begins with the setup folded. */
  adapt() {
    const narrow = this.width <= NARROW_EM;
    if (narrow === this.narrow || !this.element.offsetParent) return;
    this.narrow = narrow;
    if (narrow) this.element.open = false;
    else if (!this.desk.handle) this.element.open = true;
  }

  changed(keys) {
    const {desk} = this;
    if (!desk.menu) return;
    if (keys.includes("menu")) this.fill();
    if (keys.includes("menu") || keys.includes("setup")) this.draw();
    const cramped = this.width <= MEDIUM_EM || document.body.classList.contains("vz-stage");
    if (keys.includes("opened") && desk.handle && cramped) this.element.open = false;
    if (!keys.includes("rows")) return;
    const {error, ofData} = desk.clerk;
    this.editor.describe(desk.rows, desk.totals, ofData ? null : error);
    this.data.refuse(ofData ? error : null);
  }

  fill() {
    const {menu, setup} = this.desk;
    this.body.hidden = false;
    this.network.replaceChildren(...menu.networks.map(({name, title}) => make("option", {value: name}, title)), make("option", {value: OWN, hidden: true}, "Your own stack"));
    this.editor.setMenu(menu);
    this.recipe.setMenu(menu, setup.recipe);
    this.augment.load();
  }

  draw() {
    const {menu, setup} = this.desk;
    const network = menu.networks.find(({name}) => name === setup.network);
    this.network.value = setup.own ? OWN : setup.network;
    this.story.textContent = setup.own ? `Built from ${network.title}; the link keeps it.` : network.sentence;
    this.story.title = network.source;
    this.back.hidden = !setup.own;
    this.back.textContent = `Back to ${network.title}`;
    if (document.activeElement !== this.text) this.text.value = setup.stack;
    this.editor.show(setup.stack);
    this.data.draw();
    this.drawSide(setup);
    this.recipe.draw(setup);
    this.augment.draw(setup.recipe.augment);
    this.seed.value = String(setup.seed);
    this.summary.textContent = setupLine(setup);
  }

  /** The side of the pictures, which a visitor's own leave open. */
  drawSide({data, side}) {
    const own = !this.desk.menu.data.some(({name}) => name === data);
    this.side.hidden = !own;
    if (!own) return;
    this.sideField ??= sliderField({name: "side", title: "Side", hint: "Pictures are made this high and wide", values: SIDES, value: side ?? 32, text: (value) => `${value} px`, onInput: (value) => this.desk.choose({side: value})});
    this.sideField.set(side ?? this.desk.totals?.input?.[1] ?? 32);
    if (!this.side.childElementCount) this.side.append(this.sideField.element);
  }

  chooseNetwork() {
    if (this.network.value !== OWN) this.desk.choose({network: this.network.value, stack: null});
  }

  chooseStack(text) {
    const usual = this.desk.menu.networks.find(({name}) => name === this.desk.setup.network).stack;
    this.desk.choose({stack: text === usual || text === "" ? null : text});
  }

  chooseData(data) {
    this.desk.choose({data, side: null});
  }

  setSeed(seed) {
    const legal = Number.isInteger(seed) && seed >= 0 && seed <= LARGEST_SEED;
    this.seed.setCustomValidity(legal ? "" : `Choose a whole number from 0 to ${LARGEST_SEED}.`);
    if (legal) this.desk.choose({seed});
    else this.seed.reportValidity();
  }

  destroy() {
    this.observer.disconnect();
    this.release();
    this.data.destroy();
    this.augment.destroy();
  }
}
