// The embeddings panel: how a network arranges the pictures of a collection, and which it finds alike.

import {configure} from "./api.js";
import * as emWords from "./embeddings/em_words.js";
import {Source} from "./embeddings/source.js";
import {SourceBar} from "./embeddings/source_bar.js";
import {createPanelState} from "./panel_state.js";
import {workspace} from "./store.js";
import {ViewSwitch} from "./view_switch.js";

const PANEL = "embeddings";
const VIEWS = {
  map: {
    title: "Map",
    note: "All pictures on one map: alike is near",
    load: async () => (await import("./embeddings/map_view.js")).mountMap,
  },
  layers: {
    title: "Layer by layer",
    note: "The same pictures through the depth of the network",
    load: async () => (await import("./embeddings/layers_view.js")).mountLayers,
  },
  retrieval: {
    title: "Retrieval",
    note: "The pictures most like one: by the network, and pixel by pixel",
    load: async () => (await import("./embeddings/retrieval_view.js")).mountRetrieval,
  },
};

/** A view as the switch opens it: `mount(page, {source, state, workspace, onShow, root})`. */
function opening({load, ...words}, parts) {
  return {...words, open: async (page, onShow) => (await load())(page, {...parts, onShow})};
}

class EmbeddingsPanel {
  constructor(host, context) {
    this.state = createPanelState(emWords, {search: workspace.opened});
    this.source = new Source({workspace, state: this.state});
    const parts = {...context, workspace, state: this.state, source: this.source};
    const views = Object.fromEntries(Object.entries(VIEWS).map(([name, view]) => [name, opening(view, parts)]));
    this.views = new ViewSwitch({id: "em", label: "Embeddings", views, onChoose: (view) => this.state.set({view})});
    this.bar = new SourceBar({workspace, state: this.state, source: this.source});
    this.views.element.classList.add("vz-em");
    this.views.element.firstElementChild.before(this.bar.element);
    host.replaceChildren(this.views.element);
    this.release = [
      this.state.subscribe((state, keys) => keys.includes("view") && this.show(state.view)),
      workspace.subscribe((state, keys) => this.follow(state, keys)),
    ];
    this.show(this.state.get().view);
    this.bringToFront(workspace.get());
  }

  show(view) {
    this.bar.show(view);
    return this.views.show(view);
  }

  bringToFront(state) {
    const front = state.panel === PANEL || (state.panel === null && this.views.element.offsetParent !== null);
    this.source.active(front);
    this.views.active(front);
  }

  follow(state, keys) {
    if (!this.views.element.isConnected) this.destroy();
    else if (keys.includes("panel")) this.bringToFront(state);
  }

  destroy() {
    this.release.forEach((release) => release());
    this.state.destroy();
    this.bar.destroy();
    this.source.destroy();
    return this.views.destroy();
  }
}

/** Put the panel into `element`; it goes when the element leaves the page. */
export function mount(element, context = {}) {
  if (context.root !== undefined) configure({root: context.root});
  return new EmbeddingsPanel(element, context);
}
