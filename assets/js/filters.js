// The filters panel: what a layer's filters are, what excites them, and what happens without them.

import {configure} from "./api.js";
import {readWord, writeWord} from "./page_words.js";
import {workspace} from "./store.js";
import {ViewSwitch} from "./view_switch.js";

const PANEL = "filters";
const FIRST = "weights";
const VIEWS = {
  weights: {
    title: "Weights",
    note: "The numbers a layer has learned, as pictures",
    load: async () => (await import("./filters/weights_view.js")).mountWeights,
  },
  pattern: {
    title: "Pattern",
    note: "The picture that drives a channel most, made by gradient ascent",
    load: async () => (await import("./filters/pattern_view.js")).mountPattern,
  },
  patches: {
    title: "Patches",
    note: "The nine places in real pictures that drive a channel most",
    load: async () => (await import("./filters/patches_view.js")).mountPatches,
  },
  ablation: {
    title: "Switch off",
    note: "What the network says without some of its channels",
    load: async () => (await import("./filters/ablation_view.js")).mountAblation,
  },
};

/** The view that an address asks for, else the first. */
export const viewOfAddress = (search) => readWord(search, PANEL, (text) => text in VIEWS) ?? FIRST;

/** A view as the switch opens it: its module is fetched when it is first looked at. */
function opening({load, ...words}, context) {
  return {...words, open: async (page, onShow) => (await load())(page, {...context, workspace, onShow})};
}

class FiltersPanel {
  constructor(host, context) {
    const views = Object.fromEntries(Object.entries(VIEWS).map(([name, view]) => [name, opening(view, context)]));
    this.views = new ViewSwitch({id: "fi", label: "Filters", views, onChoose: (name) => writeWord(PANEL, name === FIRST ? null : name)});
    host.replaceChildren(this.views.element);
    this.views.show(viewOfAddress(workspace.opened));
    this.views.active(this.inFront(workspace.get()));
    this.release = workspace.subscribe((state, keys) => this.changed(state, keys));
  }

  inFront({panel}) {
    return panel === PANEL || (panel === null && this.views.element.offsetParent !== null);
  }

  changed(state, keys) {
    if (!this.views.element.isConnected) this.destroy();
    else if (keys.includes("panel")) this.views.active(this.inFront(state));
  }

  destroy() {
    this.release();
    return this.views.destroy();
  }
}

/** Put the panel into `element`; it goes when the element leaves the page. */
export function mount(element, context = {}) {
  if (context.root !== undefined) configure({root: context.root});
  return new FiltersPanel(element, context);
}
