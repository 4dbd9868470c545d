// The head of the page: its name, and tabs that follow the workspace's `panel`, both ways.

import {make} from "./dom.js";
import {workspace} from "./store.js";

const tab = (slug) => document.querySelector(`#panels [role="tab"][data-tab-id="${CSS.escape(slug)}"]`);
const shown = () => document.querySelector('#panels [role="tab"][aria-selected="true"]')?.dataset.tabId;

/** Open the tab that the workspace names; an unknown name changes nothing. */
function follow({panel}) {
  if (panel && panel !== shown()) tab(panel)?.click();
}

export function mount(element) {
  element.replaceChildren(make("h1", {class: "vz-brand"}, "CNN visualizer"));
  const release = workspace.subscribe((state, keys) => keys.includes("panel") && follow(state));
  const tabs = document.querySelector("#panels");
  const watcher = new MutationObserver(() => {
    if (!element.isConnected) {
      watcher.disconnect();
      release();
      return;
    }
    const panel = shown();
    if (panel) workspace.set({panel});
  });
  follow(workspace.get());
  watcher.observe(tabs, {attributes: true, attributeFilter: ["aria-selected"], subtree: true});
}
