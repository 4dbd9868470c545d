// The panel's outline: heading, messages, readout and the row of exports around its three parts.

import {make} from "./dom.js";
import {kindMark, nameOf} from "./layer_strip.js";
import {shapeText} from "./layers.js";
import {retryMessage} from "./retry_message.js";

const button = (text, attributes) => make("button", {type: "button", class: "vz-button", ...attributes}, text);

/** Heading: the layer and what it is. */
function createHeading() {
  const name = make("h2", {class: "vz-maps-title"}, "Feature maps");
  const facts = make("span", {class: "vz-maps-facts vz-muted vz-number"});
  const badge = make("span", {class: "vz-badge vz-warning", id: "vz-untrained", hidden: true}, "untrained weights");
  const element = make("header", {class: "vz-maps-head"}, name, facts, badge);
  return {
    element,
    show(layer, trained) {
      name.replaceChildren(kindMark(layer.kind), nameOf(layer.name));
      const parameters = layer.parameters ? ` · ${layer.parameters.toLocaleString("en")} parameters` : "";
      facts.textContent = `${layer.kind} · ${shapeText(layer.shape)}${parameters}`;
      badge.hidden = trained;
    },
  };
}

/** Exports: PNG, values, and Python lines to copy. */
function createExports({onPNG}) {
  const save = button("PNG", {id: "vz-export-png", title: "Save this view as a picture", onclick: onPNG});
  const values = make("a", {class: "vz-button", id: "vz-export-npz", download: true, title: "Save this layer’s values for NumPy"}, "Values (.npz)");
  const code = make("code");
  const lines = make("pre", {class: "vz-python", id: "vz-python", tabindex: "0", "aria-label": "Python lines"}, code);
  const copy = button("Copy", {id: "vz-python-copy"});
  const box = make("div", {class: "vz-python-box", id: "vz-python-box", hidden: true}, lines, copy);
  const toggle = button("Python", {id: "vz-python-toggle", "aria-expanded": "false", "aria-controls": "vz-python-box", title: "Lines that compute these values"});
  toggle.addEventListener("click", () => {
    box.hidden = !box.hidden;
    toggle.setAttribute("aria-expanded", String(!box.hidden));
  });
  copy.addEventListener("click", async () => {
    const copied = await copyText(code);
    copy.textContent = copied ? "Copied" : "Selected: press Ctrl+C";
    setTimeout(() => (copy.textContent = "Copy"), 2000);
  });
  const element = make("div", {class: "vz-exports"}, make("span", {class: "vz-muted"}, "Export"), save, values, toggle, box);
  return {
    element,
    show({python, npz}) {
      code.textContent = python;
      values.href = npz;
    },
  };
}

/** Copy a node's text; where the browser refuses, select it instead. */
async function copyText(node) {
  try {
    await navigator.clipboard.writeText(node.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(node);
    return false;
  }
}

/** The panel around strip, toolbar, grid and detail pane. */
export function createFrame({strip, toolbar, grid, detail}, calls) {
  const heading = createHeading();
  const message = retryMessage("maps", calls);
  const exports = createExports(calls);
  const progress = make("div", {class: "vz-progress", hidden: true});
  const readout = make("p", {class: "vz-readout vz-number", id: "vz-readout", role: "status"});
  const notice = make("p", {class: "vz-notice vz-muted", id: "vz-notice", role: "status"});
  const main = make("div", {class: "vz-maps-main"}, toolbar.element, grid.element, readout, exports.element);
  const body = make("div", {class: "vz-maps-body"}, strip.element, main, detail.element);
  const element = make("section", {class: "vz-maps vz-waiting", "aria-label": "Feature maps"},
    progress, heading.element, message.element, notice, body);
  return {element, heading, message, exports, progress, readout, notice};
}
