// All maps side by side: a button each, with the layer's name and its first number.

import {fitCanvas, inks, make} from "../dom.js";
import {dotRadius, drawDots, onScreen} from "./layers_stage.js";
import {layerWord, score} from "./layers_words.js";

class SmallMap {
  constructor({onChoose}) {
    this.canvas = make("canvas", {class: "vz-el-small", "aria-hidden": "true"});
    this.name = make("span", {class: "vz-el-small-name"});
    this.number = make("span", {class: "vz-el-small-number vz-number vz-muted"});
    this.button = make("button", {type: "button", class: "vz-el-card", onclick: onChoose}, this.canvas, this.name, this.number);
    this.element = make("li", {}, this.button);
  }

  say({layer, quality}) {
    this.name.textContent = layerWord(layer);
    this.name.title = layer;
    const known = Number.isFinite(quality?.accuracy);
    this.number.textContent = !quality ? "growing …" : known ? `accuracy ${score(quality.accuracy)}` : `trusted ${score(quality.trustworthiness)}`;
  }

  draw(cast, {points}, marked) {
    const side = Math.floor(this.button.clientWidth - 2);
    if (side <= 0) return;
    const context = fitCanvas(this.canvas, side, side);
    context.clearRect(0, 0, side, side);
    this.screen ??= new Float32Array(points.length);
    const screen = onScreen(points, side, this.screen);
    drawDots(context, screen, {radius: Math.max(0.8, 0.8 * dotRadius(side, cast.count)), groups: cast.groups, colours: cast.colours(), allowed: cast.allowed});
    if (marked === null) return;
    const {ink, paper} = inks(this.canvas);
    for (const [width, colour] of [[4, paper], [2, ink]]) {
      context.beginPath();
      context.arc(screen[2 * marked], screen[2 * marked + 1], 6, 0, 2 * Math.PI);
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke();
    }
  }
}

export class LayersStrip {
  constructor({onChoose}) {
    Object.assign(this, {onChoose, cards: [], maps: [], cast: null, marked: null, asked: 0});
    this.element = make("ol", {class: "vz-el-strip", "aria-label": "A map for each layer"});
    this.sizes = new ResizeObserver(() => this.redraw());
    this.sizes.observe(this.element);
  }

  /** Other pictures; there will be `of` maps. */
  take(cast, of) {
    Object.assign(this, {cast, maps: [], cards: [], marked: null});
    this.element.replaceChildren();
    this.element.style.setProperty("--vz-el-count", Math.max(4, of > 6 ? Math.ceil(of / 2) : of));
  }

  show(maps) {
    this.maps = maps;
    for (const card of this.cards.splice(maps.length)) card.element.remove(); // grew when it was cancelled
    while (this.cards.length < maps.length) {
      const place = this.cards.length;
      const card = new SmallMap({onChoose: () => this.onChoose(place)});
      this.cards.push(card);
      this.element.append(card.element);
    }
    maps.forEach((map, place) => this.cards[place].say(map));
    this.redraw();
  }

  point(depth) {
    this.cards.forEach(({button}, place) => button.setAttribute("aria-pressed", String(Math.round(depth) === place)));
  }

  mark(place) {
    this.marked = place;
    this.redraw();
  }

  redraw() {
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      this.maps.forEach((map, place) => this.cards[place]?.draw(this.cast, map, this.marked));
    });
  }

  destroy() {
    this.sizes.disconnect();
    cancelAnimationFrame(this.asked);
  }
}
