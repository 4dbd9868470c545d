// The same question at several depths: small heatmaps from the shallow layers to the deep ones.

import {make} from "../dom.js";
import {depthLayers} from "./depth.js";
import {readsLayer} from "./heat_desk.js";
import {HeatPicture} from "./heat_picture.js";

const COUNT = 7;
const THUMB_BLEND = {contour: false};

export class DepthRow {
  constructor({desk, choose}) {
    Object.assign(this, {desk, choose, thumbs: new Map(), work: null, key: null});
    this.list = make("div", {class: "vz-he-depths", role: "group", "aria-label": "Layers from shallow to deep"});
    this.element = make("section", {class: "vz-he-depth", "aria-label": "From shallow to deep"}, this.list);
  }

  /** Show the row for the question asked; `image`: the picture; heat arrives thumb by thumb. */
  show({image, blend}) {
    const {desk} = this;
    const reads = readsLayer(desk.method);
    this.element.hidden = !reads; // pixels of the input have no depth
    this.scene = {image, run: desk.run, blend: {...blend, ...THUMB_BLEND}};
    if (!reads) return this.stop();
    this.arrange();
    for (const [name, thumb] of this.thumbs) thumb.button.setAttribute("aria-pressed", String(name === desk.layer));
    const {offsetLeft, offsetWidth} = this.thumbs.get(desk.layer)?.button ?? this.list;
    if (offsetLeft + offsetWidth > this.list.scrollLeft + this.list.clientWidth) this.list.scrollLeft = offsetLeft; // on a phone the row scrolls
    const key = JSON.stringify(desk.parameters({layer: ""}));
    if (key === this.key) return this.draw();
    this.key = key;
    return this.load();
  }

  /** One button per layer; the row stays as it is while the chosen layer is in it. */
  arrange() {
    const {menu, layer, run} = this.desk;
    if (this.thumbs.has(layer) && this.net === run.net) return;
    this.net = run.net;
    const layers = depthLayers(menu.layers, [menu.default.layer, layer], COUNT);
    this.stop();
    this.key = null;
    this.thumbs.forEach(({picture}) => picture.destroy());
    this.thumbs = new Map(layers.map((entry) => [entry.name, this.thumb(entry)]));
    this.list.replaceChildren(...[...this.thumbs.values()].map(({button}) => button));
  }

  thumb({name, shape: [, rows, columns]}) {
    const picture = new HeatPicture();
    const button = make("button", {type: "button", class: "vz-he-depth-choice", "data-layer": name, "aria-pressed": "false", title: `${name}, ${rows} × ${columns} cells`,
      onclick: () => this.choose(name)}, picture.element, make("span", {class: "vz-he-depth-size vz-number"}, `${rows} × ${columns}`));
    picture.element.setAttribute("aria-hidden", "true");
    return {picture, button, heat: null};
  }

  stop() {
    this.work?.abort();
  }

  draw() {
    for (const {picture, heat} of this.thumbs.values()) picture.show({...this.scene, heat});
  }

  /** Heat at every depth, one after the other; the long methods show only what is known already. */
  async load() {
    this.stop();
    const work = new AbortController();
    this.work = work;
    const {desk} = this;
    const {method} = desk;
    for (const thumb of this.thumbs.values()) thumb.heat = null;
    for (const [layer, thumb] of this.thumbs) {
      thumb.heat = desk.loader.known(desk.parameters({layer})) ?? null;
    }
    this.draw();
    for (const [layer, thumb] of this.thumbs) {
      if (thumb.heat || method.long) continue;
      const heat = await desk.loader.get(desk.parameters({layer}), {signal: work.signal}).catch((error) => ({error}));
      if (work.signal.aborted) return;
      thumb.button.classList.toggle("vz-he-refused", Boolean(heat.error));
      if (heat.error) thumb.button.title = heat.error.message;
      else {
        thumb.heat = heat;
        thumb.picture.show({...this.scene, heat});
      }
    }
  }

  destroy() {
    this.stop();
    this.thumbs.forEach(({picture}) => picture.destroy());
  }
}
