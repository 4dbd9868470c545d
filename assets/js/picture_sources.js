// Where pictures come from: samples, files, the clipboard, the camera, the drawing pad.

import {icon, make} from "./dom.js";
import {ICONS} from "./icons.js";
import {SampleRow} from "./sample_row.js";
import {chosenFile} from "./uploads.js";
import {modelOf} from "./view.js";
import {openWebcam} from "./webcam.js";

const PASTE_HINT = "Copy a picture, then press Ctrl+V (⌘V on a Mac) on this page.";
const NOT_A_FILE = "Only picture files can be dropped here. Save the picture first, or copy it and press Ctrl+V.";

const isTyping = (node) => Boolean(node?.closest?.("input:not([type=radio]):not([type=range]), textarea, select, [contenteditable]"));

/** The first picture on the clipboard, asked for by a button; null if there is none. */
async function clipboardPicture() {
  for (const item of await navigator.clipboard.read()) {
    const type = item.types.find((name) => name.startsWith("image/"));
    if (type) return item.getType(type);
  }
  return null;
}

/** Accept files dropped anywhere on the page and pictures pasted into it. */
function listenToPage({element, take, refuse, signal}) {
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (on) => element.classList.toggle("vz-dropping", on);
  let depth = 0; // dragenter and dragleave also tell of inner elements
  document.addEventListener("dragenter", (event) => carriesFiles(event) && mark((depth += 1) > 0), {signal});
  document.addEventListener("dragleave", (event) => carriesFiles(event) && mark((depth -= 1) > 0), {signal});
  document.addEventListener("dragover", (event) => {
    if (carriesFiles(event) || element.contains(event.target)) event.preventDefault();
  }, {signal});
  document.addEventListener("drop", (event) => {
    depth = 0;
    mark(false);
    if (event.defaultPrevented || !(carriesFiles(event) || element.contains(event.target))) return;
    event.preventDefault();
    if (event.dataTransfer.files.length) take(event.dataTransfer.files);
    else refuse(NOT_A_FILE);
  }, {signal});
  document.addEventListener("paste", (event) => {
    if (isTyping(event.target) || !event.clipboardData?.files.length) return;
    event.preventDefault();
    take(event.clipboardData.files);
  }, {signal});
}

/** Samples, buttons and what became of the last upload; `page` is where files may be dropped. */
export class PictureSources {
  constructor({store, context, uploading, addressOf, openPad, page, signal}) {
    Object.assign(this, {context, uploading});
    this.samples = new SampleRow({store, context, addressOf, signal});
    this.build({page, openPad});
    this.input.addEventListener("change", () => {
      this.take(this.input.files);
      this.input.value = "";
    }, {signal});
    listenToPage({element: page, take: (files) => this.take(files), refuse: uploading.refuse, signal});
  }

  build({page, openPad}) {
    const source = (name, text, onclick) =>
      make("button", {class: "vz-button vz-source", type: "button", "data-source": name, onclick}, icon(ICONS[name]), text);
    const still = () => openWebcam({parent: page, take: (file) => this.uploading.send(file)});
    this.input = make("input", {type: "file", accept: "image/*", class: "vz-unseen", tabindex: "-1", "aria-label": "Picture file"});
    this.pad = source("draw", "Draw", openPad);
    const buttons = [
      source("upload", "Upload", () => this.input.click()),
      source("paste", "Paste", () => this.paste()),
      source("camera", "Camera", still),
      this.pad,
    ];
    this.status = make("div", {class: "vz-sources-status", role: "status"});
    const row = make("div", {class: "vz-sources-row"}, ...buttons);
    this.element = make("div", {class: "vz-sources"}, this.samples.element, row, this.input, this.status);
  }

  take(files) {
    const {file, ignored} = chosenFile(files);
    if (!file) return;
    const notes = ignored ? [`One picture at a time: “${file.name}” is shown, ${ignored} more left out.`] : [];
    this.uploading.send(file, {notes});
  }

  async paste() {
    let picture = null;
    try {
      picture = await clipboardPicture();
    } catch {
      this.uploading.refuse(PASTE_HINT); // reading was not allowed, or is not possible here
      return;
    }
    if (picture) await this.uploading.send(picture);
    else this.uploading.refuse("There is no picture on the clipboard. Copy one, then paste again.");
  }

  /** Follow the workspace. */
  draw(state) {
    this.samples.draw(state);
    this.pad.hidden = modelOf(this.context.catalogue, state.net)?.input[0] !== 1;
  }

  /** Follow the upload. */
  drawStatus({error, notes}) {
    const lines = notes.map((note) => make("p", {class: "vz-upload-note vz-muted"}, note));
    if (error) lines.unshift(make("p", {class: "vz-message vz-upload-error"}, error));
    const text = lines.map((line) => line.textContent).join("\n");
    if (this.status.dataset.text === text) return;
    this.status.dataset.text = text;
    this.status.replaceChildren(...lines);
  }
}
