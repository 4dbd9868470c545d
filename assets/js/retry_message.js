// A sentence about what went wrong, with a way to try again.

import {make} from "./dom.js";

/** The message of the panel `name`: `show(sentence | null, retriable)`. */
export function retryMessage(name, {onRetry}) {
  const text = make("p");
  const retry = make("button", {type: "button", class: "vz-button", id: `vz-${name}-retry`, onclick: onRetry}, "Try again");
  const element = make("div", {class: `vz-message vz-${name}-message`, id: `vz-${name}-message`, role: "alert", hidden: true}, text, retry);
  return {
    element,
    show(sentence, retriable = true) {
      element.hidden = !sentence;
      text.textContent = sentence ?? "";
      retry.hidden = !retriable;
    },
  };
}
