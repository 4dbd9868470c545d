// The head of the page: its name, and tabs that follow the workspace's `panel`, both ways.

import {make} from "./dom.js";
import {workspace} from "./store.js";

const RETRY_MS = 100;
const PATIENCE_MS = 10000;
const tab = (slug) => document.querySelector(`#panels [role="tab"][data-tab-id="${CSS.escape(slug)}"]`);
const shown = () => document.querySelector('#panels [role="tab"][aria-selected="true"]')?.dataset.tabId;

/** Wait for Gradio’s tabs and open the one that the address names; an unknown name is let go. */
async function openFirst(slug) {
  const start = performance.now();
  while (performance.now() - start < PATIENCE_MS) {
    if (shown() && (!slug || shown() === slug || !tab(slug))) return;
    if (slug) tab(slug)?.click();
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

export async function mount(element) {
  element.replaceChildren(make("h1", {class: "vz-brand"}, "CNN visualizer"));
  await openFirst(workspace.get().panel);
  let wanted = null; // asked of Gradio, which takes a moment; until then the tab in front means nothing
  const release = workspace.subscribe(({panel}, keys) => {
    if (!keys.includes("panel") || !panel || panel === shown() || !tab(panel)) return;
    wanted = panel;
    tab(panel).click();
  });
  const watcher = new MutationObserver(() => {
    if (!element.isConnected) {
      watcher.disconnect();
      release();
      return;
    }
    if (!shown() || (wanted && wanted !== shown())) return;
    wanted = null;
    workspace.set({panel: shown()});
  });
  const panels = document.querySelector("#panels");
  panels.addEventListener("click", (event) => event.isTrusted && (wanted = null), {capture: true}); // the visitor decides
  watcher.observe(panels, {attributes: true, attributeFilter: ["aria-selected"], subtree: true});
  if (shown()) workspace.set({panel: shown()});
}
