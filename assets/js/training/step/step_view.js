// One step of the training explained: the batch forward, its loss, the way back, one weight's gradient, the update.

import {format} from "../../colour.js";
import {make} from "../../dom.js";
import {retryMessage} from "../../retry_message.js";
import {BackwardPart} from "./backward_part.js";
import {BatchPart} from "./batch_part.js";
import {LossPart} from "./loss_part.js";
import {OriginPart} from "./origin_part.js";
import {StepDesk} from "./step_desk.js";
import {STEP_SERVER} from "./step_server.js";
import {counted, optimiserTitle} from "./step_words.js";
import {UpdatePart} from "./update_part.js";
import {WeightPart} from "./weight_part.js";

const SECTIONS = [
  ["forward", "Forward", "The batch goes through the network", BatchPart],
  ["loss", "Loss", "How wrong one picture’s answer is: its cross-entropy", LossPart],
  ["backward", "Backward", "What each weight had to do with it", BackwardPart],
  ["weight", "One weight", "Its gradient, taken apart", WeightPart],
  ["update", "Update", "The optimiser moves the weight", UpdatePart],
];
const BUSY = {loading: "The step is being taken apart …", renewing: "The newest step is being taken apart …"};

/** How the step stands to the training. */
export function beside(at, exact) {
  if (!at.startsWith("m")) return "Worked out beside the training, which has not taken it yet.";
  return exact ? `Worked out again from moment ${at.slice(1)}: the step that the training took from there, number for number.` : `Worked out again from the weights of moment ${at.slice(1)}.`;
}

export class StepView {
  /** `desk`: the training's; `server`: the routes of a step. */
  constructor(page, {desk, state, onShow, server = STEP_SERVER}) {
    this.desk = desk;
    this.clerk = new StepDesk({desk, state, server});
    this.parts = {};
    this.build();
    page.replaceChildren(this.element);
    this.release = [
      this.clerk.onChange((keys) => this.changed(keys)),
      desk.onChange((keys) => this.deskChanged(keys)),
      onShow((shown) => this.show(shown)),
    ];
  }

  build() {
    this.title = make("h2", {class: "vz-ts-title"}, "One step explained");
    this.facts = make("p", {class: "vz-muted"});
    this.newest = make("button", {type: "button", class: "vz-button", onclick: () => this.clerk.load()}, "Explain the newest step");
    this.take = make("button", {type: "button", class: "vz-button vz-primary", id: "vz-ts-take", onclick: () => this.clerk.take()}, "Take this step");
    this.notes = make("ul", {class: "vz-ts-notes"});
    this.checked = make("p", {class: "vz-ts-checked", role: "status", hidden: true});
    this.progress = make("p", {class: "vz-ts-progress", role: "status"});
    this.message = retryMessage("ts", {onRetry: () => (this.clerk.step || this.clerk.wanted ? this.clerk.load() : this.begin())});
    this.empty = make("div", {class: "vz-ts-empty"}, make("p", {}, "Here one step of the training is taken apart: what the network says of a batch, how wrong it is, which weight had what to do with it, and how the optimiser moves each one. Every number can be worked out again."),
      this.opener = make("button", {type: "button", class: "vz-button vz-primary", id: "vz-ts-open", onclick: () => this.begin()}, "Open the training at its first step"),
      this.missing = make("p", {class: "vz-muted", id: "vz-ts-missing", role: "status"}));
    this.flow = make("nav", {class: "vz-ts-flow", "aria-label": "The step"}, ...SECTIONS.map((section) => this.stage(section)));
    this.sections = make("div", {class: "vz-ts-sections"}, ...SECTIONS.map((section, index) => this.section(section, index)));
    this.origin = new OriginPart(this.clerk);
    this.sections.querySelector("#vz-ts-weight").append(this.origin.element);
    this.body = make("div", {class: "vz-ts-body", hidden: true}, this.flow, this.sections);
    const head = make("header", {class: "vz-ts-bar-top"}, make("div", {}, this.title, this.facts), make("div", {class: "vz-ts-tools"}, this.newest, this.take));
    this.element = make("div", {class: "vz-ts"}, head, this.notes, this.checked, this.progress, this.message.element, this.empty, this.body);
  }

  stage([name, title]) {
    const says = make("span", {class: "vz-muted vz-number"});
    return make("button", {type: "button", class: "vz-ts-stage", "data-stage": name, onclick: () => this.element.querySelector(`#vz-ts-${name}`).scrollIntoView({behavior: "smooth", block: "start"})}, make("strong", {}, title), says);
  }

  section([name, title, sentence, Part], index) {
    this.parts[name] = new Part(this.clerk);
    const heading = make("h3", {id: `vz-ts-${name}-title`}, make("span", {class: "vz-ts-count", "aria-hidden": "true"}, String(index + 1)), `${title}`, make("span", {class: "vz-muted"}, ` · ${sentence}`));
    return make("section", {class: `vz-ts-section vz-ts-${name}`, id: `vz-ts-${name}`, "aria-labelledby": heading.id}, heading, this.parts[name].element);
  }

  async begin() {
    await this.desk.open();
    this.refresh();
  }

  show(shown) {
    this.shown = shown;
    if (shown) this.refresh();
  }

  /** Explain what the training stands at, unless it runs: then the step on screen stays until asked. */
  refresh() {
    this.tools();
    if (!this.shown || this.clerk.taking) return;
    if (this.desk.status === "running" && this.clerk.step) return;
    if (this.clerk.stale && !["loading", "renewing"].includes(this.clerk.status)) this.clerk.load();
  }

  deskChanged(keys) {
    if (keys.includes("opened")) {
      this.clerk.check = null;
      this.clerk.forget();
      this.clerk.set("empty");
    }
    if (keys.some((key) => ["opened", "status", "moment", "frame", "error"].includes(key))) this.refresh();
    else if (keys.includes("rows")) this.tools();
  }

  changed(keys) {
    if (keys.includes("step") && this.clerk.step) this.head();
    if (keys.includes("step")) this.clerk.check = null;
    if (this.clerk.step) for (const part of [...Object.values(this.parts), this.origin]) part.update(keys);
    this.tools();
    this.tellCheck();
  }

  tools() {
    const {status, error, step, stale, taking} = this.clerk;
    const {desk} = this;
    const opening = desk.status === "opening" && !step;
    const refused = !step && !this.clerk.wanted && !opening ? desk.error : null;
    this.progress.textContent = taking ? "The training takes the step …" : opening ? "The training is being opened …" : BUSY[status] ?? "";
    this.progress.hidden = !this.progress.textContent;
    this.message.show(status === "failed" ? error : refused);
    this.empty.hidden = Boolean(step) || opening || status === "loading" || status === "failed" || Boolean(this.clerk.wanted);
    this.opener.disabled = Boolean(desk.misfit);
    this.missing.textContent = desk.misfit ? (desk.clerk?.waiting ?? `The setup under Live cannot be trained: ${desk.misfit}`) : "";
    this.body.hidden = !step;
    this.newest.hidden = !step || !stale;
    this.take.hidden = !step || desk.moment !== null || desk.ended;
    this.take.disabled = taking || stale || desk.status === "running";
    this.facts.hidden = !step;
  }

  head() {
    const {header, arrays} = this.clerk.step;
    const {at, step, steps, epoch, batch, batches, optimiser, loss} = header;
    const [count, all] = [step, steps].map((number) => number.toLocaleString("en"));
    this.title.textContent = step > steps ? `After the last of ${all} steps` : `Step ${count} of ${all}`;
    this.facts.textContent = step > steps ? "Worked out with the finished network, and never taken." : `Epoch ${epoch}, batch ${batch} of ${batches}. ${beside(at, header.exact)}`;
    this.notes.replaceChildren(...header.notes.map((note) => make("li", {}, note)));
    const right = arrays.labels.length;
    const says = {
      forward: counted(right, "picture"),
      loss: `mean ${format(loss)}`,
      backward: counted(header.layers.filter(({weights}) => weights.length).length, "layer"),
      weight: "its sum",
      update: `${optimiserTitle(optimiser)}, rate ${format(optimiser.rate, 3)}`,
    };
    for (const stage of this.flow.children) stage.lastElementChild.textContent = says[stage.dataset.stage];
  }

  tellCheck() {
    const {check} = this.clerk;
    this.checked.hidden = !check;
    if (!check) return;
    if (check.error) this.checked.textContent = check.error;
    else if (!check.taken) this.checked.textContent = `The training is at step ${check.step} and has gone further than this one.`;
    else if (check.same === check.count) this.checked.textContent = `✓ The training took the step: all ${check.count.toLocaleString("en")} weights are the foretold ones, bit for bit.`;
    else this.checked.textContent = `The training took the step: ${check.same.toLocaleString("en")} of ${check.count.toLocaleString("en")} weights are the foretold ones.`;
  }

  destroy() {
    this.release.forEach((release) => release());
    this.clerk.destroy();
    for (const part of Object.values(this.parts)) part.destroy?.();
  }
}
