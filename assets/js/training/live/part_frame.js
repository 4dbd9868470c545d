// The frame of one live view: a heading, something beside it, what it shows.

import {make} from "../../dom.js";

/** `{element, title(text)}`. */
export function partFrame({name, title, beside = []}, ...content) {
  const heading = make("h3", {class: "vz-tl-title", id: `vz-tl-${name}-title`}, title);
  const element = make("section", {class: `vz-tl-part vz-tl-${name}`, "aria-labelledby": heading.id}, make("header", {class: "vz-tl-head"}, heading, ...beside), ...content);
  return {
    element,
    title(text) {
      if (heading.textContent !== text) heading.textContent = text;
    },
  };
}
