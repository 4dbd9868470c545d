// The clerk of the heatmaps panel: which methods and layers there are, and what is asked just now.

import {Recent, newestOnly} from "../answers.js";
import {getJSON} from "../api.js";
import {classLabels, targetOf} from "../class_labels.js";
import {viewParameters} from "../store.js";
import {HeatLoader, heatParameters} from "./heat_loader.js";

/** Whether a method reads a layer; the others explain the input itself. */
export const readsLayer = (method) => method.family === "cam" || Boolean(method.needs_layer);

/** Method and layer that exist: `{method, layer, sentences}`, from what is wanted and what the menu has. */
export function settled({method, layer}, menu, title) {
  const sentences = [];
  const usual = menu.default;
  const known = menu.layers.some(({name}) => name === layer);
  if (layer !== null && !known) sentences.push(`${title} has no layer “${layer}” that a heatmap can read; ${usual.layer} is shown instead.`);
  const record = menu.methods.find(({id}) => id === method);
  if (method !== null && !record) sentences.push(`There is no method “${method}”; ${usual.method} is shown instead.`);
  else if (record && !record.available) sentences.push(`${record.title} cannot be used here: ${record.reason}`);
  const chosen = record?.available ? record : menu.methods.find(({id}) => id === usual.method);
  return {method: chosen, layer: known ? layer : usual.layer, sentences};
}

export class HeatDesk {
  /** `state`: the panel's own; `say(sentences)` tells what could not be had as asked. */
  constructor({workspace, state, say}) {
    Object.assign(this, {workspace, state, say, loader: new HeatLoader(), menu: null, run: null, error: null, labels: null});
    this.menus = new Recent(24);
    this.load = newestOnly();
    this.listeners = new Set();
    this.front = false;
    this.release = [
      workspace.subscribe((_, keys) => this.changed(keys)),
      state.subscribe((_, keys) => (keys.includes("layer") ? this.refresh() : this.tell(keys))),
    ];
  }

  /** Be told of what changed: `listener(keys)`; "question" where other heat is wanted. */
  onChange(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(keys) {
    const asks = ["method", "against"].some((key) => keys.includes(key));
    for (const listener of [...this.listeners]) listener(asks ? [...keys, "question"] : keys);
  }

  changed(keys) {
    const {run, net} = this.workspace.get();
    if (keys.includes("net") && this.run && this.run.net !== net) this.forgetNetwork();
    if (keys.some((key) => ["run", "net", "weights", "error"].includes(key))) this.refresh();
    else if (keys.includes("target")) this.settleAgainst();
    if (run && keys.includes("target")) this.tell(["target", "question"]);
  }

  /** Another network: layers and classes are its own. */
  forgetNetwork() {
    this.state.set({layer: null, against: null, cell: null});
    this.labels = null;
  }

  settleAgainst() {
    const {against} = this.state.get();
    if (against === null || !this.run) return;
    const classes = this.run.layers.at(-1).shape[0];
    if (against === targetOf(this.workspace.get()) || against >= classes) {
      if (against >= classes) this.say([`${this.run.title} tells classes 0 to ${classes - 1} apart; there is no class ${against}.`]);
      this.state.set({against: null});
    }
  }

  /** Whether the panel is in front; behind others it asks for nothing. */
  active(front) {
    if (front === this.front) return;
    this.front = front;
    if (front) this.refresh();
  }

  /** Fetch the menu that belongs to network and layer, then tell. */
  async refresh() {
    const state = this.workspace.get();
    if (!this.front) return;
    if (!state.run) {
      this.load.cancel();
      this.error = state.error;
      this.tell(["waiting"]);
      return;
    }
    const {net, weights} = state;
    const {layer} = this.state.get();
    const key = JSON.stringify([net, weights, layer]);
    const kept = this.menus.get(key);
    const answer = kept ? {value: kept} : await this.load.run((signal) => this.fetchMenu({net, weights, layer}, signal));
    if (!answer) return;
    this.error = answer.error?.message ?? null;
    if (answer.value) this.open(answer.value, state.run, key);
    else this.tell(["failed"]);
  }

  /** A layer that a link asks for in vain gets the menu of the usual one, and a sentence. */
  async fetchMenu(parameters, signal) {
    try {
      return await getJSON("heat/methods", parameters, {signal});
    } catch (error) {
      if (parameters.layer === null || error.name === "AbortError" || error.status === 0) throw error;
      return getJSON("heat/methods", {...parameters, layer: null}, {signal});
    }
  }

  open(menu, run, key) {
    this.menus.set(key, menu);
    const fresh = this.run !== run;
    Object.assign(this, {menu, run});
    this.settleAgainst();
    const {sentences, layer, method} = settled(this.state.get(), menu, run.title);
    if (sentences.length) this.say(sentences);
    const wanted = this.state.get();
    const patch = {};
    if (wanted.layer !== null && wanted.layer !== layer) patch.layer = null;
    if (wanted.method !== null && wanted.method !== method.id) patch.method = null;
    this.state.set(patch);
    this.tell(fresh ? ["menu", "run", "question"] : ["menu", "question"]);
  }

  get method() {
    return settled(this.state.get(), this.menu, "").method;
  }

  get layer() {
    return settled(this.state.get(), this.menu, "").layer;
  }

  /** The heat asked for, as the server's parameters, by one method or the one chosen. */
  parameters({method = this.method, layer = this.layer, view = viewParameters(this.workspace.get()), target = targetOf(this.workspace.get()),
    against = this.state.get().against} = {}) {
    return heatParameters(view, {method: method.id, layer: readsLayer(method) ? layer : null, target, against});
  }

  /** Whether there is anything to ask: a run, and a menu for its network. */
  get ready() {
    return Boolean(this.menu && this.run && this.run === this.workspace.get().run);
  }

  /** A class's name, or its number while names are on their way. */
  className(index) {
    if (!this.labels && this.run) this.nameClasses(this.run.net);
    return this.labels?.[index] ?? this.run?.top.find((entry) => entry.index === index)?.label ?? `class ${index}`;
  }

  async nameClasses(net) {
    const labels = await classLabels(net).catch(() => null);
    if (!labels || this.run?.net !== net || this.labels === labels) return;
    this.labels = labels;
    this.tell(["labels"]);
  }

  destroy() {
    this.release.forEach((release) => release());
    this.load.cancel();
    this.state.destroy();
  }
}
