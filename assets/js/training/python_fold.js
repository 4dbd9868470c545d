// The Python lines that do the same in a notebook, folded away, with a button that copies them.

import {copyButton} from "../copy_button.js";
import {make} from "../dom.js";

/** `{element, show(text)}`; the button stands beside the lines, or in their `corner`. */
export function pythonFold({summary, label = summary, id, corner = false}) {
  const code = make("code");
  const lines = make("pre", {class: "vz-python", id, tabindex: "0", "aria-label": label}, code);
  const box = make("div", {class: corner ? "vz-python-corner" : "vz-python-box"}, lines, copyButton(code));
  return {element: make("details", {class: "vz-tn-python"}, make("summary", {}, summary), box), show: (text) => (code.textContent = text)};
}
