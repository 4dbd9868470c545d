// The whole picture, the part of it that the network sees, and the receptive field of a cell.

import {icon, make} from "./dom.js";
import {ICONS} from "./icons.js";
import {drawCrop} from "./picture_crop.js";
import {extentOf, fitted, insideInput, onPicture, onScreen, reachesPadding, receptiveLabel} from "./picture_geometry.js";
import {isUpload, sampleOf} from "./view.js";

const MARGIN_PX = 14; // room for what lies in the padding
const SMALLEST_BOX_PX = 4;
const SEEN = {crop: "its centre crop", fit: "all of it, with a border", stretch: "all of it, stretched"};
const PRIVATE = "Visible to you alone, and gone when your session ends.";
const TOGGLE_TITLE = "Show the picture as the network gets it: cropped, and resampled to its input size";

function moveTo(node, {top, left, height, width}) {
  Object.assign(node.style, {
    transform: `translate(${left}px, ${top}px)`,
    height: `${Math.max(height, SMALLEST_BOX_PX)}px`,
    width: `${Math.max(width, SMALLEST_BOX_PX)}px`,
  });
}

const newImage = (attributes = {}) => make("img", {class: "vz-picture-image", alt: "", draggable: "false", ...attributes});
const hiddenBox = (name) => make("div", {class: name, hidden: true});

/** What the picture is and how much of it is seen, for the caption and for screen readers. */
export function describe(state, catalogue, known) {
  const title = isUpload(state.picture) ? "Your picture" : (sampleOf(catalogue, state.picture)?.title ?? "Picture");
  if (!known) return {title, size: "", alt: title};
  const size = `${known.picture.height} × ${known.picture.width}`;
  const input = `${known.input[1]} × ${known.input[2]}`;
  return {title, size, alt: `${title}, ${size} pixels; the network sees ${SEEN[known.framing]} as ${input}.`};
}

/** The field drawn on the picture: under the pointer, else the selected cell's. */
export const receptiveOf = (state) => state.hover?.receptive ?? state.selectedReceptive ?? null;

/** The picture on the page; `addressOf(handle)` is where one is served, `draw` follows the state. */
export class PictureView {
  constructor({context, addressOf, signal}) {
    Object.assign(this, {context, addressOf});
    this.state = null;
    this.shown = null; // handle of the picture that is on the screen
    this.wanted = null;
    this.known = null; // what the last run said about the picture that is shown
    this.asNetwork = false;
    this.placed = null;
    this.box = null; // the stage's size when it was last laid out
    this.measured = null; // the label's
    this.buildStage();
    this.buildCaption(signal);
    this.element = make("div", {class: "vz-picture"}, this.stage, this.caption);
    const observer = new ResizeObserver(() => this.state && this.layOut());
    observer.observe(this.stage);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  buildStage() {
    this.image = newImage();
    this.seen = make("canvas", {class: "vz-picture-seen", hidden: true});
    this.crop = hiddenBox("vz-picture-crop");
    this.extent = make("div", {class: "vz-picture-extent"}, this.image, this.seen, this.crop);
    this.padded = hiddenBox("vz-receptive vz-receptive-padded");
    this.field = hiddenBox("vz-receptive vz-receptive-field");
    this.label = hiddenBox("vz-receptive-label vz-number");
    this.progress = hiddenBox("vz-progress");
    const parts = [this.extent, this.padded, this.field, this.label, this.progress];
    this.stage = make("div", {class: "vz-picture-stage", role: "img"}, ...parts);
  }

  buildCaption(signal) {
    this.title = make("span", {class: "vz-picture-title"});
    this.size = make("span", {class: "vz-picture-size vz-number vz-muted"});
    this.toggle = make(
      "button",
      {class: "vz-button vz-quiet vz-picture-toggle", type: "button", "aria-pressed": "false", title: TOGGLE_TITLE},
      icon(ICONS.grid),
      "Network’s view",
    );
    this.toggle.addEventListener("click", () => {
      this.asNetwork = !this.asNetwork;
      this.toggle.setAttribute("aria-pressed", String(this.asNetwork));
      this.drawWords();
      this.layOut();
    }, {signal});
    const name = make("p", {class: "vz-picture-name"}, this.title, " ", this.size);
    this.caption = make("div", {class: "vz-picture-caption"}, name, this.toggle);
  }

  /** Follow the workspace; `keys` are what changed, or null for everything. */
  draw(state, keys = null) {
    this.state = state;
    if (keys?.every((key) => key === "hover" || key === "selectedReceptive")) {
      this.drawField();
      return;
    }
    if (state.run) {
      const {picture, frame, input} = state.run;
      this.known = {handle: state.picture, framing: state.framing, picture, frame, input};
    }
    if (state.picture && state.picture !== this.wanted) this.load(state.picture);
    this.progress.hidden = !state.busy;
    this.drawWords();
    if (!this.known || this.known.handle === this.shown) this.layOut();
  }

  /** Fetch a picture; the old one stays until the new one can be shown. */
  async load(handle) {
    this.wanted = handle;
    const next = newImage({src: this.addressOf(handle)});
    try {
      await next.decode();
    } catch {
      if (this.wanted === handle) this.wanted = null; // the run says why; a later draw tries again
      return;
    }
    if (this.wanted !== handle) return;
    this.image.replaceWith(next);
    this.image = next;
    this.shown = handle;
    if (this.known?.handle !== handle) this.known = null;
    this.layOut();
  }

  layOut() {
    const box = {width: this.stage.clientWidth, height: this.stage.clientHeight};
    if (!this.shown || !box.width) return;
    this.box = box;
    const picture = this.known?.picture ?? {height: this.image.naturalHeight, width: this.image.naturalWidth};
    const frame = this.known?.frame ?? null;
    const zoomed = this.asNetwork && frame !== null;
    const region = zoomed ? frame : extentOf(picture, frame);
    this.placed = fitted(region, box, MARGIN_PX);
    const {scale} = this.placed;
    const inExtent = {scale, top: -scale * region.top, left: -scale * region.left};
    moveTo(this.extent, onScreen(region, this.placed));
    moveTo(this.image, onScreen({top: 0, left: 0, ...picture}, inExtent));
    this.image.classList.toggle("vz-enlarged", scale > 2);
    this.seen.hidden = !zoomed;
    this.image.hidden = zoomed;
    this.crop.hidden = zoomed || !frame;
    if (frame) moveTo(this.crop, onScreen(frame, inExtent));
    if (zoomed) this.drawSeen();
    this.drawField();
  }

  /** Draw the crop on a canvas of the input's own size, as the network gets it. */
  drawSeen() {
    const [channels, height, width] = this.known.input;
    Object.assign(this.seen, {height, width});
    const pen = this.seen.getContext("2d");
    pen.filter = channels === 1 ? "grayscale(1)" : "none";
    drawCrop(pen, this.image, this.known, {height, width});
  }

  /** Box the receptive field: solid in the input, dashed around what lies in the padding. */
  drawField() {
    const receptive = receptiveOf(this.state);
    const visible = Boolean(receptive && this.known && this.placed && this.known.handle === this.shown);
    [this.field, this.padded, this.label].forEach((part) => (part.hidden = !visible));
    if (!visible) return;
    const {frame, input} = this.known;
    const boxOf = (field) => onScreen(onPicture(field, frame, input), this.placed);
    const inside = insideInput(receptive, input);
    const whole = boxOf(receptive);
    const solid = inside ? boxOf(inside) : whole;
    this.field.hidden = !inside;
    this.padded.hidden = !reachesPadding(receptive, input);
    moveTo(this.field, solid);
    moveTo(this.padded, whole);
    this.placeLabel(receptiveLabel(receptive, input), whole, solid);
  }

  placeLabel(text, whole, solid) {
    if (this.measured?.text !== text || this.measured.box !== this.box) {
      this.label.textContent = text;
      this.measured = {text, box: this.box, height: this.label.offsetHeight, width: this.label.offsetWidth};
    }
    const {height, width} = this.measured; // kept, for measuring lays the page out
    const above = Math.max(whole.top, 0) - height - 4;
    const below = Math.min(solid.top + solid.height + 4, this.box.height - height - 2);
    const left = Math.max(2, Math.min(solid.left, this.box.width - width - 2));
    this.label.style.transform = `translate(${left}px, ${above >= 2 ? above : below}px)`;
  }

  drawWords() {
    const {state, context} = this;
    const known = this.known?.handle === state.picture ? this.known : null;
    const words = describe(state, context.catalogue, known);
    this.title.textContent = words.title;
    this.title.title = sampleOf(context.catalogue, state.picture)?.source ?? PRIVATE;
    this.size.textContent = this.asNetwork && known ? `as ${known.input[1]} × ${known.input[2]}` : words.size;
    this.stage.setAttribute("aria-label", words.alt);
    this.toggle.disabled = !this.known;
  }
}
