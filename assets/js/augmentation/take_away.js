// Taking the pipeline away: Python lines, a zip of the draws, one draw to the other panels.

import {postJSON} from "../api.js";
import {copyButton} from "../copy_button.js";
import {icon, make} from "../dom.js";
import {ICONS} from "../icons.js";
import {changedView} from "../view.js";
import {asVisitor} from "../visitor.js";

const source = (handle, file) => (handle?.startsWith("sample:") ? `vz.sample(${JSON.stringify(handle.slice("sample:".length))})` : JSON.stringify(file));

/** The lines that make the same draws with this library; `partner`: the second picture, or null. */
export function drawLines({picture, pipeline, seed, count}, partner = null) {
  const second = partner ? `, partner=${source(partner, "my_second_picture.jpg")}` : "";
  return ["import visualizer as vz", "", `draws = vz.augment(${source(picture, "my_picture.jpg")}, ${JSON.stringify(pipeline)}, n=${count}, seed=${seed}${second}, shorter_side=256)`, "picture, applied = draws[0]"].join("\n");
}

function copyable(id, label) {
  const code = make("code");
  const lines = make("pre", {class: "vz-python", id, tabindex: "0", "aria-label": label}, code);
  return {element: make("div", {class: "vz-au-code vz-python-corner"}, make("p", {class: "vz-au-code-title"}, label), lines, copyButton(code)), show: (text) => (code.textContent = text)};
}

/** The pipeline as Python: for training, and for the same draws in a notebook. */
export class PythonView {
  constructor(page, {desk}) {
    const compose = copyable("vz-au-compose", "For training, with torchvision alone");
    const draws = copyable("vz-au-draw-lines", "The same draws, with this library");
    page.replaceChildren(make("div", {class: "vz-au-lines"}, compose.element, draws.element));
    const show = () => {
      compose.show(desk.sheet.python.trimEnd());
      draws.show(drawLines(desk.question, desk.sheet.partner));
    };
    if (desk.sheet) show();
    this.destroy = desk.onChange((keys) => keys.includes("sheet") && show());
  }
}

/** `{zip, adopt, train}`: all draws as files, the draw shown large for the other panels, the pipeline for a training. */
export function takeAway({desk, state, workspace, say}) {
  const zip = make("a", {class: "vz-button", id: "vz-au-zip", download: "draws.zip", hidden: true}, icon(ICONS.download), "Draws as a zip");
  const adopt = make("button", {type: "button", class: "vz-button", id: "vz-au-adopt", hidden: true, title: "Make this draw the picture that feature maps, heatmaps and all other panels look at",
    onclick: () => take()}, "Use in all panels");

  const train = make("button", {type: "button", class: "vz-button", id: "vz-au-train", hidden: true, title: "Compare a network trained with this pipeline and one without, in the Training tab",
    onclick: () => handOver(desk.pipeline)}, "Train with this pipeline");

  /** The Training tab opens on the experiment with and without augmentation; the same pipeline may be handed over again. */
  function handOver(pipeline) {
    workspace.set({pipeline: null});
    workspace.set({pipeline, panel: "training"});
  }

  async function take() {
    const {picture, pipeline, seed, partner} = desk.question;
    adopt.disabled = true;
    try {
      const answer = await asVisitor(() => postJSON("augment/adopt", {picture, pipeline, seed, partner, number: state.get().draw}));
      desk.adopted(answer.picture, picture, state.get().draw);
      workspace.set(changedView(workspace.get(), {picture: answer.picture}));
    } catch (error) {
      say(error.message);
    } finally {
      adopt.disabled = false;
    }
  }

  desk.onChange((keys) => {
    if (!keys.includes("sheet")) return;
    zip.href = desk.zipAddress();
    zip.hidden = adopt.hidden = train.hidden = false;
  });
  return {zip, adopt, train};
}

/** Which draw the other panels look at, and the way back: `{element, draw()}`. */
export function adoptedBar({desk, workspace}) {
  const text = make("span");
  const back = make("button", {type: "button", class: "vz-button", id: "vz-au-back", onclick: () => workspace.set(changedView(workspace.get(), {picture: desk.picture}))}, "Back to the picture");
  const element = make("div", {class: "vz-au-adopted", role: "status", hidden: true}, text, back);
  return {
    element,
    draw() {
      const number = desk.adoptedDraw;
      element.hidden = number === null;
      if (number !== null) text.textContent = `The other panels look at draw ${number + 1}. This one goes on with the whole picture.`;
    },
  };
}
