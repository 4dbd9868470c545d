// A button that copies lines of code; where the browser refuses, it selects them instead.

import {make} from "./dom.js";

const SHOWN_MS = 2000;

/** A button that copies the text of `code`. */
export function copyButton(code, attributes = {}) {
  const button = make("button", {type: "button", class: "vz-button vz-quiet", onclick: () => copy(), ...attributes}, "Copy");

  async function copy() {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = "Selected: press Ctrl+C";
    }
    setTimeout(() => (button.textContent = "Copy"), SHOWN_MS);
  }

  return button;
}
