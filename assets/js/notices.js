// Sentences above the picture: what a link asked for in vain, what became of a copied link.

import {icon, make} from "./dom.js";
import {ICONS} from "./icons.js";

const BRIEF_MS = 4000;
const READING_MS = 60; // per character

/** A list of sentences that the reader can dismiss; `show(text, {brief})` adds one. */
export function notices({signal}) {
  const element = make("div", {class: "vz-sentences", role: "status"});
  const timers = new Set();
  signal?.addEventListener("abort", () => timers.forEach(clearTimeout));

  function show(text, {brief = false} = {}) {
    const same = [...element.children].find((line) => line.firstChild.textContent === text || (brief && line.dataset.brief));
    same?.remove();
    const dismiss = make("button", {class: "vz-button vz-quiet vz-sentence-close", type: "button", "aria-label": "Dismiss"}, icon(ICONS.close));
    const line = make("div", {class: "vz-sentence", "data-brief": brief}, make("p", {}, text), dismiss);
    dismiss.addEventListener("click", () => line.remove());
    element.append(line);
    if (!brief) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      line.remove();
    }, BRIEF_MS + READING_MS * text.length);
    timers.add(timer);
  }
  return {element, show};
}
