// What is arranged: a collection's pictures, seen by a network, read at a layer. Shared by the views.

import {getJSON} from "../api.js";
import {suitsNetwork} from "../collection_list.js";
import {viewParameters} from "../store.js";
import {modelOf} from "../view.js";

const CHOICE_KEYS = ["net", "layer", "pool", "power"];

/** The network for a collection: the workspace's where it suits (or is asked for), else one that does. */
export function networkFor(record, workspaceNet, catalogue, asked = null) {
  const own = modelOf(catalogue, workspaceNet);
  if (!record || !own || asked === "workspace" || suitsNetwork(record, own)) return own;
  return catalogue.models.find((model) => model.ready && suitsNetwork(record, model)) ?? own;
}

/**
 * The source. `get()`: null while it is not known, else
 * `{model, borrowed, net, weights, record, collection, menu, layers, layer, usual, pool, power}`;
 * `parameters()`: the part that requests carry; `details()`: classes, labels and names of the pictures;
 * `view()`: the parameters of the visitor's picture through this network;
 * `subscribe(listener(found))` hears of every change.
 */
export class Source {
  constructor({workspace, state}) {
    Object.assign(this, {workspace, state, listeners: new Set(), catalogue: null, record: null, menus: new Map(), found: null, error: null, front: false});
    this.known = new Map();
    this.release = [
      workspace.subscribe((_, keys) => ["net", "weights", "run"].some((key) => keys.includes(key)) && this.look()),
      state.subscribe((_, keys) => CHOICE_KEYS.some((key) => keys.includes(key)) && this.look()),
    ];
  }

  get() {
    return this.found;
  }

  parameters() {
    if (!this.found) return null;
    const {net, weights, collection, layer, pool, power} = this.found;
    return {net, weights, collection, layer, pool, power: pool === "generalised-mean" ? power : null};
  }

  view() {
    const {picture, framing} = this.workspace.get();
    const {net, weights} = this.found;
    return viewParameters({net, weights, picture, framing});
  }

  /** Everything of the collection but its pictures; asked for once. */
  details() {
    const {name} = this.record;
    if (!this.known.has(name)) {
      const asked = getJSON(`collections/${name}`).catch((error) => {
        this.known.delete(name);
        throw error;
      });
      this.known.set(name, asked);
    }
    return this.known.get(name);
  }

  /** Nothing is asked for behind another panel. */
  active(front) {
    this.front = front;
    if (front) this.look();
  }

  /** Another collection was chosen. */
  take(record) {
    this.record = record;
    this.look();
  }

  async look() {
    if (!this.front || !this.record) return;
    try {
      this.catalogue ??= await getJSON("catalogue");
      await this.settle();
      this.error = null;
    } catch (error) {
      if (error.name === "AbortError") return;
      [this.found, this.error] = [null, error];
    }
    this.tell();
  }

  async settle() {
    const {net: own, weights: ownWeights} = this.workspace.get();
    const model = networkFor(this.record, own, this.catalogue, this.state.get().net);
    if (!model) return;
    const borrowed = model.name !== own;
    const weights = borrowed ? null : ownWeights;
    const menu = await this.menuFor(model.name, weights);
    const {layer: asked, pool, power} = this.state.get();
    const {layers} = menu;
    const usual = menu.default.layer;
    const layer = layers.some(({name}) => name === asked) ? asked : usual;
    this.found = {model, borrowed, net: model.name, weights, record: this.record, collection: this.record.name, menu, layers, layer, usual, pool, power};
  }

  /** Methods, poolings and layers that the server offers for a network; asked for once. */
  menuFor(net, weights) {
    const key = `${net} ${weights}`;
    if (!this.menus.has(key)) {
      const asked = getJSON("embedding/menu", {net, weights});
      this.menus.set(key, asked);
      asked.catch(() => this.menus.delete(key));
    }
    return this.menus.get(key);
  }

  tell() {
    const key = JSON.stringify([this.parameters(), this.found?.borrowed, this.error?.message ?? null]);
    if (key === this.told) return;
    this.told = key;
    this.listeners.forEach((listener) => listener(this.found));
  }

  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  destroy() {
    this.release.forEach((release) => release());
    this.listeners.clear();
  }
}
