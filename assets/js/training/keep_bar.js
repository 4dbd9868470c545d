// Keeping what was trained: in the page's other panels, as files, as the Python that trains it again.

import {getJSON} from "../api.js";
import {icon, make} from "../dom.js";
import {ICONS} from "../icons.js";
import {onOwnNetworks, ownName, ownNetwork, refreshOwnNetworks} from "../own_networks.js";
import {chosenNetwork} from "../view.js";

const PANELS = [["feature-maps", "Feature maps"], ["filters", "Filters"], ["heatmaps", "Heatmaps"], ["embeddings", "Embeddings"], ["augmentation", "Augmentation"]];
const FILES = [
  ["safetensors", "Weights", "The weights with the whole setup inside; vz.read_trained(path) makes a model of them again"],
  ["onnx", "ONNX", "The network for other programs"],
  ["card", "Card", "What it was trained on, how, and how well it does"],
];
const KEPT = "Every epoch is kept in this server’s memory, for this page alone, until it is closed; nothing is written to its disk.";
const SHOWN_MS = 2000;
const PATIENCE_MS = 5000;

/** Wait until the page's menu has the network. */
function listed(name) {
  if (ownNetwork(name)) return Promise.resolve();
  refreshOwnNetworks();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(reject, new Error("The page’s list of networks does not have it yet. Try again in a moment.")), PATIENCE_MS);
    const stop = onOwnNetworks(() => ownNetwork(name) && end(resolve));
    function end(tell, error) {
      clearTimeout(timer);
      stop();
      tell(error);
    }
  });
}

/** All numbers of the curves as lines of text, for a spreadsheet. */
export function csvOf({steps, losses, accuracies, rates, validation}) {
  const ends = new Map(validation.map((record) => [record.step, record]));
  const lines = steps.map((step, at) => [step, losses[at], accuracies[at], rates[at], ends.get(step)?.loss ?? "", ends.get(step)?.accuracy ?? ""].join(","));
  return ["step,loss,accuracy,learning_rate,validation_loss,validation_accuracy", ...lines, ""].join("\n");
}

export class KeepBar {
  constructor({desk, workspace, say}) {
    Object.assign(this, {desk, workspace, say, catalogue: null});
    const open = ([panel, title]) => make("button", {type: "button", class: "vz-button", "data-panel": panel, onclick: () => this.open(panel)}, title);
    const file = ([kind, title, hint]) => make("a", {class: "vz-button", "data-file": kind, title: hint, download: ""}, icon(ICONS.download), title);
    this.which = make("span", {class: "vz-muted"});
    this.files = FILES.map(file);
    const csv = make("button", {type: "button", class: "vz-button", title: "Every step’s loss, accuracy and learning rate", onclick: () => this.saveCurves()}, icon(ICONS.download), "Curves");
    this.code = make("code");
    const copy = make("button", {type: "button", class: "vz-button vz-quiet vz-tn-copy", onclick: () => this.copy(copy)}, "Copy");
    const python = make("details", {class: "vz-tn-python"}, make("summary", {}, "Python that trains it again, to the same weights"),
      make("div", {class: "vz-tn-code"}, make("pre", {class: "vz-python", id: "vz-tn-python", tabindex: "0", "aria-label": "Python that repeats the training"}, this.code), copy));
    const group = (label, ...content) => make("div", {class: "vz-tn-keep-group", role: "group", "aria-label": label}, make("span", {class: "vz-tn-keep-name"}, label), ...content);
    this.element = make("section", {class: "vz-tn-keep", "aria-label": "Keep it", hidden: true},
      make("div", {class: "vz-tn-keep-head"}, make("h3", {}, "Keep it"), this.which),
      group("Open in", ...PANELS.map(open)), group("Download", ...this.files, csv), python, make("p", {class: "vz-muted vz-tn-facts"}, KEPT));
    this.release = desk.onChange((keys) => keys.some((key) => ["opened", "moment", "status"].includes(key)) && this.draw());
    this.draw();
  }

  /** The network's name on the page: that of the moment looked at, or of the newest. */
  get name() {
    const {handle, moment, newest} = this.desk;
    return ownName(handle, moment ?? newest);
  }

  draw() {
    const {desk} = this;
    const {handle, moment, history, info} = desk;
    this.element.hidden = !handle || history.moments.length < 2;
    if (this.element.hidden) return;
    const newest = history.moments.at(-1);
    const of = history.moments.find((one) => one.moment === (moment ?? newest.moment)) ?? newest;
    this.which.textContent = `${info.title}, ${of.epoch ? `after epoch ${of.epoch} of ${info.epochs}` : "untrained"}`;
    this.files.forEach((link) => (link.href = desk.downloadAddress(link.dataset.file)));
    this.code.textContent = info.python ?? "";
  }

  /** The panel opens on the network; the picture stays where it means something to it. */
  async open(panel) {
    const {workspace, name} = this;
    try {
      this.catalogue ??= await getJSON("catalogue");
      await listed(name);
      workspace.set({...chosenNetwork(workspace.get(), name, this.catalogue), panel});
    } catch (error) {
      this.say([error.message]);
    }
  }

  saveCurves() {
    const link = make("a", {href: URL.createObjectURL(new Blob([csvOf(this.desk.history)], {type: "text/csv"})), download: "training.csv"});
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), SHOWN_MS);
  }

  async copy(button) {
    try {
      await navigator.clipboard.writeText(this.code.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(this.code);
      button.textContent = "Selected: press Ctrl+C";
    }
    setTimeout(() => (button.textContent = "Copy"), SHOWN_MS);
  }

  destroy() {
    this.release();
  }
}
