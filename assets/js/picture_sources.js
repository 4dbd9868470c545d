// Where pictures come from: samples, files, the clipboard, the camera, the drawing pad.

import {icon, make} from "./dom.js";
import {ICONS} from "./icons.js";
import {chosenFile} from "./uploads.js";
import {changedView, fewSamples, modelOf, sortedSamples} from "./view.js";
import {openWebcam} from "./webcam.js";

const FEW = 5;
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

/** Arrow keys walk through the buttons of a row; one of them is in the tab order. */
function roving(row, signal) {
  row.addEventListener("keydown", (event) => {
    const buttons = [...row.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const next = {ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1}[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const target = buttons[Math.max(0, Math.min(buttons.length - 1, next))];
    buttons.forEach((button) => (button.tabIndex = button === target ? 0 : -1));
    target.focus();
  }, {signal});
}

/** The row of thumbnails: a few that suit the network, the others behind a last tile. */
function sampleRow({store, context, addressOf, signal}) {
  const element = make("div", {class: "vz-samples", role: "group", "aria-label": "Sample pictures"});
  let all = false;
  let drawn = "";
  roving(element, signal);

  function thumbnail(sample, state) {
    const handle = `sample:${sample.name}`;
    return make(
      "button",
      {class: "vz-sample", type: "button", "data-sample": sample.name, title: `${sample.title}\n${sample.source}`,
        "aria-label": sample.title, "aria-pressed": String(handle === state.picture),
        onclick: () => store.set(changedView(store.get(), {picture: handle}))},
      make("img", {src: addressOf(handle), alt: "", loading: "lazy", decoding: "async"}),
    );
  }

  function draw(state) {
    const catalogue = context.catalogue;
    const model = modelOf(catalogue, state.net);
    if (!model) return;
    const samples = all ? sortedSamples(catalogue, model) : fewSamples(catalogue, model, state.picture, FEW);
    const key = samples.map(({name}) => name).join(" ");
    if (key !== drawn) {
      drawn = key;
      const rest = catalogue.samples.length - samples.length;
      const more = make("button", {class: "vz-sample vz-sample-more vz-number", type: "button",
        "aria-label": `Show ${rest} more samples`, title: "More samples", onclick: unfold}, `+${rest}`);
      element.replaceChildren(...samples.map((sample) => thumbnail(sample, state)), rest > 0 ? more : "");
    }
    const buttons = [...element.querySelectorAll("button")];
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(`sample:${button.dataset.sample}` === state.picture));
      button.tabIndex = -1;
    }
    const entry = buttons.find((button) => button.getAttribute("aria-pressed") === "true") ?? buttons[0];
    if (entry) entry.tabIndex = 0;
  }

  function unfold() {
    const first = element.querySelectorAll("button").length - 1;
    all = true;
    draw(store.get());
    element.querySelectorAll("button")[first]?.focus();
  }
  return {element, draw};
}

/** Samples, buttons and what became of the last upload; `page` is where files may be dropped. */
export function pictureSources({store, context, uploading, addressOf, draw: openPad, page, signal}) {
  const samples = sampleRow({store, context, addressOf, signal});
  const input = make("input", {type: "file", accept: "image/*", class: "vz-unseen", tabindex: "-1", "aria-label": "Picture file"});
  const source = (name, text, onclick, attributes = {}) =>
    make("button", {class: "vz-button vz-source", type: "button", "data-source": name, onclick, ...attributes}, icon(ICONS[name]), text);
  const camera = source("camera", "Camera", () => openWebcam({parent: page, take: (still) => uploading.send(still)}));
  const pad = source("draw", "Draw", openPad, {hidden: true});
  const buttons = make("div", {class: "vz-sources-row"}, source("upload", "Upload", () => input.click()), source("paste", "Paste", paste), camera, pad);
  const status = make("div", {class: "vz-sources-status", role: "status"});
  const element = make("div", {class: "vz-sources"}, samples.element, buttons, input, status);

  function take(files) {
    const {file, ignored} = chosenFile(files);
    if (!file) return;
    const notes = ignored ? [`One picture at a time: “${file.name}” is shown, ${ignored} more left out.`] : [];
    uploading.send(file, {notes});
  }

  async function paste() {
    if (!navigator.clipboard?.read) return uploading.refuse(PASTE_HINT);
    try {
      const picture = await clipboardPicture();
      if (picture) return uploading.send(picture);
      return uploading.refuse("There is no picture on the clipboard. Copy one, then paste again.");
    } catch {
      return uploading.refuse(PASTE_HINT); // reading was not allowed
    }
  }

  function drawStatus() {
    const {error, notes} = uploading.status;
    const lines = [];
    if (error) lines.push(make("p", {class: "vz-message vz-upload-error"}, error));
    for (const note of notes) lines.push(make("p", {class: "vz-upload-note vz-muted"}, note));
    const text = lines.map((line) => line.textContent).join("\n");
    if (status.dataset.text === text) return;
    status.dataset.text = text;
    status.replaceChildren(...lines);
  }

  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  }, {signal});
  listenToPage({element: page, take, refuse: uploading.refuse, signal});

  return {
    element,
    drawStatus,
    draw(state) {
      samples.draw(state);
      pad.hidden = modelOf(context.catalogue, state.net)?.input[0] !== 1;
    },
  };
}
