// What the colours stand for: a bar from the least to the greatest value.

import {lookup} from "../../colour.js";
import {make} from "../../dom.js";

/** `show(low, middle, high)` writes below a bar of the colour map `name`. */
export function colourBar(name) {
  const table = lookup(name);
  const stops = Array.from({length: 17}, (_, at) => `rgb(${table.slice(4 * Math.min(255, 16 * at), 4 * Math.min(255, 16 * at) + 3).join(" ")})`);
  const ends = ["", "", ""].map(() => make("span"));
  const bar = make("i", {style: `background: linear-gradient(to right, ${stops.join(", ")})`, "aria-hidden": "true"});
  const element = make("p", {class: "vz-tl-colours vz-number vz-muted"}, bar, ...ends);
  return {
    element,
    show: (...words) => ends.forEach((end, at) => end.textContent !== words[at] && (end.textContent = words[at])),
  };
}
