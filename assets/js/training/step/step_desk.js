// The clerk of an explained step: asks for it, for what is chosen of it, and tells the parts of the view.
//
// Parts read `step` {header, arrays}, `choice` {picture, layer, weight}, `layer`, `weight`, `origin` and its `path`, and
// hear of changes by `onChange((keys) => …)` with "status" "step" "choice" "layer" "weight" "origin" "check".

import {newestOnly} from "../../answers.js";
import {formatChoice, parseChoice, repairedChoice} from "./step_words.js";
import {STEP_SERVER} from "./step_server.js";

const ASKS = ["step", "layer", "weight", "origin"];

export class StepDesk {
  constructor({desk, state, server = STEP_SERVER}) {
    Object.assign(this, {desk, state, server, status: "empty", error: null, path: [], listeners: new Set()});
    this.choice = parseChoice(state.get().step);
    this.asking = Object.fromEntries(ASKS.map((name) => [name, newestOnly()]));
    this.forget();
  }

  onChange(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(...keys) {
    for (const listener of [...this.listeners]) listener(keys);
  }

  forget() {
    Object.assign(this, {step: null, layer: null, weight: null, origin: null, path: [], check: null, about: null});
  }

  /** What can be explained now: the training's next step, or that of the moment that is looked at. */
  get wanted() {
    const {handle, moment, info} = this.desk;
    if (!handle || !info) return null;
    return `${handle} ${moment === null ? `s${info.step}` : `m${moment}`}`;
  }

  get stale() {
    return this.wanted !== this.about;
  }

  /** Take the newest step apart. */
  async load() {
    const {wanted} = this;
    if (!wanted) {
      this.forget();
      return this.set("empty");
    }
    const {handle, moment} = this.desk;
    this.set(this.step ? "renewing" : "loading");
    const answer = await this.asking.step.run((signal) => this.server.step(handle, moment, signal));
    if (!answer) return undefined;
    if (answer.error) return this.set("failed", answer.error.message);
    Object.assign(this, {step: answer.value, handle, about: wanted, layer: null, weight: null, origin: null, path: []});
    const {layers} = this.step.header;
    this.choice = repairedChoice(this.choice, {layers, pictures: this.step.arrays.labels.length});
    this.set("ready");
    this.tell("step", "choice");
    this.askLayer();
    this.askWeight();
    return undefined;
  }

  set(status, error = null) {
    Object.assign(this, {status, error});
    this.tell("status");
  }

  get at() {
    return this.step.header.at;
  }

  /** Choose a picture, a layer or a weight of the step. */
  choose(patch) {
    const wanted = {...this.choice, ...patch};
    if (patch.layer && !patch.weight) wanted.weight = null;
    const {layers} = this.step.header;
    this.choice = repairedChoice(wanted, {layers, pictures: this.step.arrays.labels.length});
    this.state.set({step: formatChoice(this.choice)});
    this.path = [];
    this.origin = null;
    this.tell("choice", "origin");
    if (patch.picture !== undefined || patch.layer || patch.weight) this.askLayer();
    this.askWeight();
  }

  async ask(name, question) {
    const {handle, about} = this;
    const answer = await this.asking[name].run((signal) => this.server[name](handle, {at: this.at, ...question}, signal));
    if (!answer || about !== this.about) return;
    if (answer.error) this.set("failed", answer.error.message);
    else {
      this[name] = answer.value;
      this.tell(name);
    }
  }

  askLayer() {
    const {layer, picture} = this.choice;
    return this.ask("layer", {layer, picture});
  }

  askWeight() {
    const {weight: {name, index}, picture} = this.choice;
    return this.ask("weight", {weight: name, index: index.join(","), picture});
  }

  /** Open what made a gradient: a place {layer, cell} of the chosen picture. */
  open(place) {
    this.path = [...this.path, place];
    this.tell("origin");
    return this.askOrigin();
  }

  /** Back to an earlier place of the way; `count` 0 closes it. */
  back(count = this.path.length - 1) {
    this.path = this.path.slice(0, count);
    this.origin = null;
    this.tell("origin");
    return count > 0 ? this.askOrigin() : undefined;
  }

  askOrigin(all = null) {
    const {layer, cell} = this.path.at(-1);
    return this.ask("origin", {layer, cell: cell.join(","), picture: this.choice.picture, all});
  }

  /** Let the training take the step, and compare its weights with those foretold. */
  async take() {
    const {at, handle} = this;
    const before = this.desk.info?.step;
    this.taking = true;
    this.tell("status");
    await this.desk.stepOnce();
    this.taking = false;
    if (this.desk.handle !== handle || this.desk.info?.step === before) {
      this.tell("status");
      return;
    }
    const found = await this.server.check(handle, {at}).catch((error) => ({error: error.message}));
    await this.load();
    this.check = found;
    this.tell("check");
  }

  destroy() {
    for (const asking of Object.values(this.asking)) asking.cancel();
    this.listeners.clear();
  }
}
