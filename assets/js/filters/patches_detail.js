// One patch in its picture: the whole input with the receptive field outlined, and where it comes from.

import {make} from "../dom.js";
import {drawPart, share} from "./patches_picture.js";
import {placeText, valueText} from "./patches_words.js";

/** The pane. `onOpen(patch)` takes the picture into the workspace. */
export class PatchDetail {
  constructor({onOpen}) {
    this.picture = make("canvas", {class: "vz-ft-picture", role: "img"});
    this.box = make("div", {class: "vz-ft-box", "aria-hidden": "true"});
    this.title = make("h3", {class: "vz-number"});
    this.text = make("p", {class: "vz-muted"});
    this.open = make("button", {type: "button", class: "vz-button", id: "vz-ft-open", onclick: () => onOpen(this.patch)}, "See it in Feature maps");
    this.element = make("section", {class: "vz-ft-detail", "aria-label": "The chosen patch in its picture", hidden: true},
      make("div", {class: "vz-ft-stage"}, this.picture, this.box), make("div", {class: "vz-ft-about"}, this.title, this.text, this.open));
  }

  /** Show a patch in `inputs`, the strip of whole pictures as the network sees them; null hides the pane. */
  show(patch, {inputs, input, title} = {}) {
    this.patch = patch;
    this.element.hidden = !patch;
    if (!patch) return;
    drawPart(this.picture, inputs, patch.place, input);
    Object.assign(this.box.style, share(patch.box, input));
    this.title.textContent = [valueText(patch), patch.label].filter(Boolean).join(" · ");
    this.text.textContent = placeText(patch, input, title);
    this.picture.setAttribute("aria-label", `${patch.name ?? `Picture ${patch.picture}`}, with the pixels that the cell sees outlined`);
  }
}
