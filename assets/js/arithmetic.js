// The arithmetic panel: the workbench (small matrices anyone can edit) and the trace (a real network's numbers).

import {configure} from "./api.js";
import {turns} from "./arithmetic_address.js";
import {onBenchRequest, onViewRequest, viewOfAddress} from "./arithmetic_views.js";
import {make} from "./dom.js";
import {workspace} from "./store.js";
import {mountWorkbench} from "./workbench.js";

const TITLES = {workbench: "Workbench", trace: "Trace"};
const NOTES = {workbench: "A small matrix anyone can edit", trace: "Any number of the network, down to the pixels"};

class ArithmeticPanel {
  constructor(host, context) {
    this.context = context;
    this.mounted = {};
    this.tabs = {};
    this.pages = {};
    this.build(host);
    this.show(viewOfAddress(globalThis.location?.search ?? ""));
    this.release = [
      onViewRequest((name) => this.show(name)),
      onBenchRequest((word) => this.showBench(word)),
      workspace.subscribe(() => !this.element.isConnected && this.destroy()),
    ];
  }

  build(host) {
    for (const [name, title] of Object.entries(TITLES)) {
      this.tabs[name] = make("button", {class: "vz-switch-tab", type: "button", role: "tab", id: `vz-ar-tab-${name}`, "aria-controls": `vz-ar-${name}`, "data-view": name, title: NOTES[name],
        onclick: () => this.show(name)}, title);
      this.pages[name] = make("div", {class: "vz-ar-page", role: "tabpanel", id: `vz-ar-${name}`, "aria-labelledby": `vz-ar-tab-${name}`, hidden: true});
    }
    const list = make("div", {class: "vz-switch-tabs", role: "tablist", "aria-label": "Arithmetic", onkeydown: (event) => this.key(event)}, ...Object.values(this.tabs));
    this.element = make("section", {class: "vz-ar", "aria-label": "Arithmetic"}, list, ...Object.values(this.pages));
    host.replaceChildren(this.element);
  }

  key(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    this.show(this.view === "trace" ? "workbench" : "trace");
    this.tabs[this.view].focus();
    event.preventDefault();
    event.stopPropagation();
  }

  async show(name) {
    this.view = name;
    turns.show(name);
    for (const [other, tab] of Object.entries(this.tabs)) {
      tab.setAttribute("aria-selected", String(other === name));
      tab.tabIndex = other === name ? 0 : -1;
      this.pages[other].hidden = other !== name;
    }
    if (!this.mounted[name]) this.mounted[name] = this.open(name);
    await this.mounted[name];
  }

  /** Another panel's matrices: a workbench that is not there yet finds them in the address. */
  async showBench(word) {
    const there = await this.mounted.workbench;
    turns.take("workbench", word);
    await this.show("workbench");
    if (there?.examples) there.complain(there.open(word));
  }

  /** Each view is built when it is first looked at. */
  async open(name) {
    const page = this.pages[name];
    if (name === "workbench") return mountWorkbench(page, this.context);
    try {
      const {mountTrace} = await import("./trace_view.js");
      return mountTrace(page, this.context);
    } catch (error) {
      this.mounted[name] = null; // the next visit tries again
      page.replaceChildren(make("p", {class: "vz-message", role: "alert"}, "The trace could not be opened. Check the connection, then choose it again."));
      console.error(error);
      return null;
    }
  }

  async destroy() {
    this.release.forEach((release) => release());
    for (const view of Object.values(this.mounted)) (await view)?.destroy?.();
  }
}

/** Put the panel into `element`; it goes when the element leaves the page. */
export function mount(element, context = {}) {
  if (context.root !== undefined) configure({root: context.root});
  return new ArithmeticPanel(element, context);
}
