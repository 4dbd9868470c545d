// The whole picture, the part of it that the network sees, and the receptive field of a cell.

import {icon, make} from "./dom.js";
import {ICONS} from "./icons.js";
import {drawCrop} from "./picture_crop.js";
import {extentOf, fitted, insideInput, onPicture, onScreen, receptiveLabel} from "./picture_geometry.js";
import {isUpload, sampleOf} from "./view.js";

const MARGIN_PX = 14; // room for what lies in the padding
const SMALLEST_BOX_PX = 4;

function moveTo(node, {top, left, height, width}) {
  Object.assign(node.style, {
    transform: `translate(${left}px, ${top}px)`,
    height: `${Math.max(height, SMALLEST_BOX_PX)}px`,
    width: `${Math.max(width, SMALLEST_BOX_PX)}px`,
  });
}

/** What the picture is and how much of it is seen, for the caption and for screen readers. */
export function describe(state, catalogue, known) {
  const title = isUpload(state.picture) ? "Your picture" : sampleOf(catalogue, state.picture)?.title ?? "Picture";
  const size = known ? `${known.picture.height} × ${known.picture.width}` : "";
  const seen = {crop: "its centre crop", fit: "all of it, with a border", stretch: "all of it, stretched"};
  const [, height, width] = known?.input ?? [];
  const alt = known && `${title}, ${size} pixels; the network sees ${seen[known.framing]} as ${height} × ${width}.`;
  return {title, size, alt: alt ?? title};
}

/** The field drawn on the picture: under the pointer, else the selected cell's. */
const receptiveOf = (state) => state.hover?.receptive ?? state.selectedReceptive ?? null;

/** The picture's element and `draw(state)`; `addressOf(handle)` is where a picture is served. */
export function pictureView({context, addressOf, signal}) {
  let image = make("img", {class: "vz-picture-image", alt: "", draggable: "false"});
  const seen = make("canvas", {class: "vz-picture-seen", hidden: true});
  const crop = make("div", {class: "vz-picture-crop", hidden: true});
  const extent = make("div", {class: "vz-picture-extent"}, image, seen, crop);
  const padded = make("div", {class: "vz-receptive vz-receptive-padded", hidden: true});
  const field = make("div", {class: "vz-receptive vz-receptive-field", hidden: true});
  const label = make("div", {class: "vz-receptive-label vz-number", hidden: true});
  const progress = make("div", {class: "vz-progress", hidden: true});
  const stage = make("div", {class: "vz-picture-stage", role: "img"}, extent, padded, field, label, progress);
  const title = make("span", {class: "vz-picture-title"});
  const size = make("span", {class: "vz-number vz-muted"});
  const toggle = make(
    "button",
    {class: "vz-button vz-quiet vz-picture-toggle", type: "button", "aria-pressed": "false",
      title: "Show the picture as the network gets it: cropped, and resampled to its input size"},
    icon(ICONS.grid),
    "Network’s view",
  );
  const caption = make("div", {class: "vz-picture-caption"}, make("p", {class: "vz-picture-name"}, title, " ", size), toggle);
  const element = make("div", {class: "vz-picture"}, stage, caption);

  let state = null;
  let shown = null; // handle of the picture that is on the screen
  let wanted = null;
  let known = null; // what the last run said about the picture that is shown
  let asNetwork = false;
  let placed = null;

  async function load(handle) {
    wanted = handle;
    const next = make("img", {class: "vz-picture-image", alt: "", draggable: "false", src: addressOf(handle)});
    try {
      await next.decode();
    } catch {
      if (wanted === handle) wanted = null; // the run says why; a later draw tries again
      return;
    }
    if (wanted !== handle) return;
    image.replaceWith(next);
    image = next;
    shown = handle;
    if (known?.handle !== handle) known = null;
    layOut();
  }

  /** Draw the crop on a canvas of the input's own size, as the network gets it. */
  function drawSeen() {
    const [channels, height, width] = known.input;
    Object.assign(seen, {height, width});
    const pen = seen.getContext("2d");
    pen.filter = channels === 1 ? "grayscale(1)" : "none";
    drawCrop(pen, image, known, {height, width});
  }

  function layOut() {
    const box = {width: stage.clientWidth, height: stage.clientHeight};
    if (!shown || !image.naturalWidth || !box.width) return;
    const picture = known?.picture ?? {height: image.naturalHeight, width: image.naturalWidth};
    const frame = known?.frame ?? null;
    const zoomed = asNetwork && frame !== null;
    const region = zoomed ? frame : extentOf(picture, frame);
    placed = fitted(region, box, MARGIN_PX);
    const local = {scale: placed.scale, top: -placed.scale * region.top, left: -placed.scale * region.left};
    moveTo(extent, onScreen(region, placed));
    moveTo(image, onScreen({top: 0, left: 0, ...picture}, local));
    image.classList.toggle("vz-enlarged", placed.scale > 2);
    seen.hidden = !zoomed;
    image.hidden = zoomed;
    crop.hidden = zoomed || !frame;
    if (frame) moveTo(crop, onScreen(frame, local));
    if (zoomed) drawSeen();
    drawField();
  }

  function drawField() {
    const receptive = receptiveOf(state);
    const visible = Boolean(receptive && known && placed && known.handle === shown);
    const inside = visible ? insideInput(receptive, known.input) : null;
    const whole = visible ? onScreen(onPicture(receptive, known.frame, known.input), placed) : null;
    const text = visible ? receptiveLabel(receptive, known.input) : "";
    field.hidden = !inside;
    padded.hidden = !text.endsWith("padding");
    label.hidden = !visible;
    if (!visible) return;
    if (!padded.hidden) moveTo(padded, whole);
    const solid = inside ? onScreen(onPicture(inside, known.frame, known.input), placed) : whole;
    if (inside) moveTo(field, solid);
    if (label.textContent !== text) label.textContent = text;
    const above = Math.max(whole.top, 0) - label.offsetHeight - 4;
    const below = Math.min(solid.top + solid.height + 4, stage.clientHeight - label.offsetHeight - 2);
    const top = above >= 2 ? above : below;
    const left = Math.max(2, Math.min(solid.left, stage.clientWidth - label.offsetWidth - 2));
    label.style.transform = `translate(${left}px, ${top}px)`;
  }

  function drawWords() {
    const words = describe(state, context.catalogue, known?.handle === state.picture ? known : null);
    title.textContent = words.title;
    title.title = sampleOf(context.catalogue, state.picture)?.source ?? "Visible to you alone, and gone when your session ends.";
    const [, height, width] = known?.input ?? [];
    size.textContent = asNetwork && known ? `as ${height} × ${width}` : words.size;
    stage.setAttribute("aria-label", words.alt);
    toggle.disabled = !known;
  }

  toggle.addEventListener("click", () => {
    asNetwork = !asNetwork;
    toggle.setAttribute("aria-pressed", String(asNetwork));
    drawWords();
    layOut();
  }, {signal});
  const observer = new ResizeObserver(() => state && layOut());
  observer.observe(stage);
  signal.addEventListener("abort", () => observer.disconnect());

  return {
    element,
    stage,
    draw(next, keys) {
      state = next;
      const onlyHover = keys?.every((key) => key === "hover" || key === "selectedReceptive");
      if (onlyHover) return drawField();
      if (state.run) {
        const {picture, frame, input} = state.run;
        known = {handle: state.picture, framing: state.framing, picture, frame, input};
      }
      if (state.picture && state.picture !== wanted) load(state.picture);
      progress.hidden = !state.busy;
      drawWords();
      if (!known || known.handle === shown) layOut();
      return undefined;
    },
  };
}
