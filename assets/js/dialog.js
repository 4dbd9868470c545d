// A small modal window: the browser's own dialog, with a title and a way out.

import {icon, make} from "./dom.js";
import {ICONS} from "./icons.js";

/** Open a modal window inside `parent`; it is removed, and `closed` called, when it closes. */
export function openDialog(parent, {title, name, content, closed = () => {}}) {
  const close = make("button", {class: "vz-button vz-quiet vz-dialog-close", type: "button", "aria-label": "Close"}, icon(ICONS.close));
  const heading = make("h2", {id: `vz-dialog-${name}`}, title);
  const head = make("div", {class: "vz-dialog-head"}, heading, close);
  const dialog = make("dialog", {class: `vz-dialog vz-dialog-${name}`, "aria-labelledby": heading.id}, head, ...content);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // the backdrop
  dialog.addEventListener("keydown", (event) => event.stopPropagation()); // page shortcuts rest
  dialog.addEventListener("close", () => {
    dialog.remove();
    closed();
  });
  parent.append(dialog);
  dialog.showModal();
  return dialog;
}
