// Keeping what was trained: in the page's other panels, as files, as the Python that trains it again.

import {icon, make} from "../dom.js";
import {ICONS} from "../icons.js";
import {FILES, TABS, tabOpener} from "./open_in_tab.js";
import {pythonFold} from "./python_fold.js";

const KEPT = "Every epoch is kept in this server’s memory, for this page alone, until it is closed or reloaded; nothing is written to its disk.";
const SHOWN_MS = 2000;

/** All numbers of the curves as lines of text, for a spreadsheet. */
export function csvOf({steps, losses, accuracies, rates, validation}) {
  const ends = new Map(validation.map((record) => [record.step, record]));
  const lines = steps.map((step, at) => [step, losses[at], accuracies[at], rates[at], ends.get(step)?.loss ?? "", ends.get(step)?.accuracy ?? ""].join(","));
  return ["step,loss,accuracy,learning_rate,validation_loss,validation_accuracy", ...lines, ""].join("\n");
}

export class KeepBar {
  constructor({desk, workspace, say}) {
    Object.assign(this, {desk, openTab: tabOpener({workspace, say: (sentence) => say([sentence])})});
    const open = ([panel, title]) => make("button", {type: "button", class: "vz-button", "data-panel": panel, onclick: () => this.open(panel)}, title);
    const file = ([kind, {title, note}]) => make("a", {class: "vz-button", "data-file": kind, title: note, download: ""}, icon(ICONS.download), title);
    this.which = make("span", {class: "vz-muted"});
    this.files = Object.entries(FILES).map(file);
    const csv = make("button", {type: "button", class: "vz-button", title: "Every step’s loss, accuracy and learning rate", onclick: () => this.saveCurves()}, icon(ICONS.download), "Curves");
    this.python = pythonFold({summary: "Python that trains it again, to the same weights", label: "Python that repeats the training", id: "vz-tn-python", corner: true});
    const group = (label, ...content) => make("div", {class: "vz-tn-keep-group", role: "group", "aria-label": label}, make("span", {class: "vz-tn-keep-name"}, label), ...content);
    this.element = make("section", {class: "vz-tn-keep", "aria-label": "Keep it", hidden: true},
      make("div", {class: "vz-tn-keep-head"}, make("h3", {}, "Keep it"), this.which),
      group("Open in", ...Object.entries(TABS).map(open)), group("Download", ...this.files, csv), this.python.element, make("p", {class: "vz-muted vz-tn-facts"}, KEPT));
    this.release = desk.onChange((keys) => keys.some((key) => ["opened", "moment", "status"].includes(key)) && this.draw());
    this.draw();
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
    this.python.show(info.python ?? "");
  }

  /** The panel opens on the network of the moment looked at, or on the newest. */
  open(panel) {
    const {handle: training, moment, newest} = this.desk;
    return this.openTab(panel, () => ({training, moment: moment ?? newest}));
  }

  saveCurves() {
    const link = make("a", {href: URL.createObjectURL(new Blob([csvOf(this.desk.history)], {type: "text/csv"})), download: this.csvName()});
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), SHOWN_MS);
  }

  destroy() {
    this.release();
  }
}
