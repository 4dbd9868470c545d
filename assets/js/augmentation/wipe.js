// One draw large, before and after on one another: a handle wipes from the one to the other.

import {make} from "../dom.js";
import {drawMarks, marksLayer} from "./marks.js";

const STEP = 5; // percent, by the arrow keys

/** The share in percent at a place across a box, within 0 to 100. */
export const shareAt = (x, {left, width}) => Math.max(0, Math.min(100, (100 * (x - left)) / width));

export class Wipe {
  constructor() {
    this.before = make("img", {class: "vz-au-before", alt: "", draggable: "false"});
    this.after = make("img", {class: "vz-au-after", alt: "", draggable: "false"});
    this.quick = make("canvas", {class: "vz-au-after vz-au-quick", "aria-hidden": "true", width: "1", height: "1"});
    this.marks = {before: marksLayer("vz-au-wipe-marks"), after: marksLayer("vz-au-wipe-marks")};
    this.handle = make("span", {class: "vz-au-handle", "aria-hidden": "true"});
    const words = (name, text) => make("span", {class: `vz-au-side vz-au-side-${name}`, "aria-hidden": "true"}, text);
    this.over = make("div", {class: "vz-au-over"}, this.quick, this.after, this.marks.after);
    this.element = make("div", {class: "vz-au-wipe", id: "vz-au-wipe", role: "slider", tabindex: "0", "aria-label": "Wipe between the picture before and after",
      "aria-valuemin": "0", "aria-valuemax": "100"}, this.before, this.marks.before, this.over, words("before", "before"), words("after", "after"), this.handle);
    this.listen();
    this.set(0);
  }

  listen() {
    const follow = (event) => this.set(shareAt(event.clientX, this.element.getBoundingClientRect()));
    this.element.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.element.setPointerCapture(event.pointerId);
      follow(event);
    });
    this.element.addEventListener("pointermove", (event) => this.element.hasPointerCapture(event.pointerId) && follow(event));
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const to = {ArrowLeft: this.share - STEP, ArrowRight: this.share + STEP, Home: 0, End: 100}[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    this.set(Math.max(0, Math.min(100, to)));
    event.preventDefault();
    event.stopPropagation();
  }

  /** Percent of the width that shows the picture before. */
  set(share) {
    this.share = share;
    this.element.style.setProperty("--vz-au-share", `${share}%`);
    this.element.classList.toggle("vz-au-all-after", share < 14);
    this.element.classList.toggle("vz-au-all-before", share > 86);
    this.element.setAttribute("aria-valuenow", String(Math.round(share)));
    this.element.setAttribute("aria-valuetext", share < 1 ? "all after" : share > 99 ? "all before" : `before on the left ${Math.round(share)} %`);
  }

  /** The tile at once, while the large picture is on its way. */
  preview(paint) {
    paint(this.quick);
    this.after.hidden = true;
  }

  /** Show a decoded picture: `which` is "before" or "after". */
  show(which, image) {
    image.className = this[which].className;
    image.draggable = false;
    image.alt = "";
    this[which].replaceWith(image);
    this[which] = image;
  }

  /** Boxes and masks over a picture, with their labels: `which` is "before" or "after", `at` the picture's place in its sheet. */
  mark(which, marks, at) {
    drawMarks(this.marks[which], marks, at);
  }
}
