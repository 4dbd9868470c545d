// A box that the visitor draws around the object: does the heat lie in it?

import {fitCanvas, make} from "../dom.js";
import {HeatPicture} from "./heat_picture.js";
import {areaOf, energyInside, pointsInside, steppedBox} from "./trust_measures.js";

const START = {x0: 0.25, y0: 0.25, x1: 0.75, y1: 0.75};
const LEAST = 0.02; // of a side: smaller boxes are clicks
const BLEND = {colours: "inferno", opacity: 70, even: false, threshold: 0, contour: false, smooth: true};
const HINT = "Drag over the object, or press Enter here: then the arrow keys move the box, with Shift they resize it, and Delete removes it.";

export class TrustBox {
  constructor({onChange}) {
    Object.assign(this, {onChange, box: null, scene: null});
    this.picture = new HeatPicture({label: "The heatmap to be judged"});
    this.canvas = make("canvas", {class: "vz-tr-box-canvas", "aria-hidden": "true"});
    this.stage = make("div", {class: "vz-tr-box-stage", tabindex: "0", role: "application", "aria-label": "Box around the object", "aria-describedby": "vz-tr-box-words"}, this.picture.element, this.canvas);
    this.words = make("p", {class: "vz-tr-box-words", id: "vz-tr-box-words", role: "status"}, HINT);
    this.clear = make("button", {type: "button", class: "vz-button", id: "vz-tr-box-clear", hidden: true, onclick: () => this.set(null)}, "Remove the box");
    this.element = make("div", {class: "vz-tr-box"}, this.stage, make("div", {class: "vz-tr-box-side"}, this.words, this.clear));
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.stage);
    this.listen();
  }

  listen() {
    const at = (event) => {
      const {left, top, width, height} = this.stage.getBoundingClientRect();
      const hold = (value) => Math.min(1, Math.max(0, value));
      return [hold((event.clientX - left) / width), hold((event.clientY - top) / height)];
    };
    this.stage.addEventListener("pointerdown", (event) => {
      this.start = at(event);
      this.stage.setPointerCapture(event.pointerId);
    });
    this.stage.addEventListener("pointermove", (event) => {
      if (!this.start) return;
      const [[x, y], [u, v]] = [this.start, at(event)];
      const box = {x0: Math.min(x, u), x1: Math.max(x, u), y0: Math.min(y, v), y1: Math.max(y, v)};
      if (box.x1 - box.x0 >= LEAST && box.y1 - box.y0 >= LEAST) this.set(box);
    });
    for (const name of ["pointerup", "pointercancel"]) this.stage.addEventListener(name, () => (this.start = null));
    this.stage.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    let next = this.box && steppedBox(this.box, event.key, event.shiftKey);
    if (event.key === "Enter" && !this.box) next = START;
    if (this.box && ["Delete", "Backspace"].includes(event.key)) this.set(null);
    else if (next) this.set(next);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  set(box) {
    this.box = box;
    this.clear.hidden = !box;
    this.draw();
    this.say();
    this.onChange(box);
  }

  /** `scene`: {image, run, heat}; the heat may be missing still. */
  show(scene) {
    this.scene = scene;
    this.picture.show({...scene, blend: BLEND});
    this.draw();
    this.say();
  }

  say() {
    const heat = this.scene?.heat;
    if (!this.box || !heat) {
      this.words.textContent = HINT;
      return;
    }
    const hit = pointsInside(heat.values, heat.shape, this.box);
    const share = energyInside(heat.values, heat.shape, this.box);
    const part = `${Math.round(100 * areaOf(this.box))} %`;
    this.words.textContent = share === null
      ? "This map has no positive heat."
      : `The hottest cell lies ${hit ? "in the box: a hit" : "outside the box: a miss"} in the pointing game. The box covers ${part} of the picture and holds ${Math.round(100 * share)} % of the heat; a map that knows nothing would put ${part} there.`;
  }

  draw() {
    const [width, height] = [this.stage.clientWidth, this.stage.clientHeight];
    if (!width || !height) return;
    const context = fitCanvas(this.canvas, width, height);
    context.clearRect(0, 0, width, height);
    if (!this.box) return;
    const {x0, y0, x1, y1} = this.box;
    for (const [style, line] of [["rgb(10 14 20 / 75%)", 5], ["#ffc233", 2.5]]) {
      context.strokeStyle = style;
      context.lineWidth = line;
      context.strokeRect(x0 * width, y0 * height, (x1 - x0) * width, (y1 - y0) * height);
    }
  }

  destroy() {
    this.observer.disconnect();
    this.picture.destroy();
  }
}
