// Before the first start: what will be seen, and some of the pictures that are learned from.

import {address} from "../api.js";
import {newestOnly} from "../answers.js";
import {collections} from "../collection_list.js";
import {fitCanvas, make} from "../dom.js";

const POINTS = [
  ["The curves", "Loss and accuracy at every step, for the pictures it learns from and for others it never learns from."],
  ["The filters", "From noise to edges and blobs, beside what they make of a picture."],
  ["The mistakes", "Which class is taken for which, the worst ones, and the classes parting on the map of the last hidden layer."],
];
const SIDE = 56; // of a thumbnail on the sheet, in pixels
const COUNT = 80;
const GAP = 3;

/** How pictures fill a width: `{columns, size}`, all of them whole. */
export function tiling(width, wanted) {
  const columns = Math.max(1, Math.floor((width + GAP) / (wanted + GAP)));
  return {columns, size: Math.floor((width - GAP * (columns - 1)) / columns)};
}

export class IntroView {
  constructor({desk}) {
    Object.assign(this, {desk, data: null, sheet: null});
    this.fetching = newestOnly();
    this.canvas = make("canvas", {class: "vz-tn-samples", role: "img"});
    this.caption = make("p", {class: "vz-muted"});
    this.pictures = make("figure", {class: "vz-tn-pictures", hidden: true}, this.canvas, this.caption);
    this.element = make("section", {class: "vz-tn-intro", id: "vz-tn-intro", "aria-label": "What you will see"}, this.pictures,
      make("ul", {}, ...POINTS.map(([title, text]) => make("li", {}, make("strong", {}, title), make("span", {class: "vz-muted"}, text)))),
      make("p", {class: "vz-muted"}, "All of it is real and happens on this machine. Every epoch is kept: afterwards a slider goes back to any of them. The same seed gives the same weights."));
    this.release = desk.onChange((keys) => keys.some((key) => key === "setup" || key === "opened") && this.follow());
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.element);
    this.follow();
  }

  async follow() {
    const {setup, handle} = this.desk;
    if (!setup || handle || setup.data === this.data) return;
    this.data = setup.data;
    const answer = await this.fetching.run((signal) => this.fetch(setup.data, signal));
    if (!answer) return;
    this.sheet = answer.value ?? null; // without pictures the words are enough
    this.pictures.hidden = !this.sheet;
    this.caption.textContent = `Some of the pictures of “${this.desk.setup.dataTitle}”.`;
    this.canvas.setAttribute("aria-label", this.caption.textContent);
    this.draw();
  }

  async fetch(name, signal) {
    const record = (await collections()).collections.find((one) => one.name === name);
    if (!record?.ready) return null;
    const response = await fetch(address(`collections/${encodeURIComponent(name)}/sheet`, {side: SIDE, first: 0, count: Math.min(COUNT, record.count)}), {signal});
    if (!response.ok) return null;
    return {count: Math.min(COUNT, record.count), columns: Number(response.headers.get("X-Columns")), image: await createImageBitmap(await response.blob())};
  }

  draw() {
    const width = this.pictures.clientWidth;
    if (!this.sheet || !width) return;
    const {columns: across, image, count} = this.sheet;
    const em = parseFloat(getComputedStyle(this.canvas).fontSize);
    const {columns, size} = tiling(width, 3.4 * em);
    const rows = Math.min(3, Math.floor(count / columns)) || 1;
    const context = fitCanvas(this.canvas, width, rows * (size + GAP) - GAP);
    context.clearRect(0, 0, width, rows * (size + GAP));
    for (let at = 0; at < rows * columns; at += 1) {
      const from = [(at % across) * SIDE, Math.floor(at / across) * SIDE];
      if (at >= count) break;
      context.drawImage(image, ...from, SIDE, SIDE, (at % columns) * (size + GAP), Math.floor(at / columns) * (size + GAP), size, size);
    }
  }

  destroy() {
    this.release();
    this.observer.disconnect();
    this.fetching.cancel();
  }
}
