// The workbench's parts on the page, in reading order.

import {make} from "./dom.js";
import {Controls} from "./workbench_controls.js";
import {Facts} from "./workbench_facts.js";
import {Figure} from "./workbench_figure.js";
import {Code, Gallery} from "./workbench_gallery.js";
import {Photo} from "./workbench_photo.js";
import {Presets} from "./workbench_presets.js";
import {Tools} from "./workbench_tools.js";
import {Transport} from "./workbench_transport.js";

/** Everything that is seen; the handlers of each part come from the workbench. */
export function createParts({presets, controls, tools, figure, transport, gallery, photo, say}) {
  const parts = {
    presets: new Presets(presets),
    title: make("h3", {class: "vz-wb-heading"}),
    note: make("p", {class: "vz-muted vz-wb-note"}),
    notice: make("p", {class: "vz-message vz-wb-notice", role: "alert", hidden: true}),
    controls: new Controls(controls),
    tools: new Tools(tools),
    figure: new Figure(figure),
    status: make("p", {class: "vz-wb-status vz-muted", "aria-live": "polite"}),
    lines: make("div", {class: "vz-wb-lines"}),
    transport: new Transport(transport),
    facts: new Facts(),
    gallery: new Gallery(gallery),
    photo: new Photo(photo),
    code: new Code({say}),
    sketch: make("div", {class: "vz-wb-sketch-area", hidden: true}),
  };
  parts.board = make("div", {class: "vz-wb-board"}, parts.figure.element);
  parts.player = make("section", {class: "vz-wb-player", "aria-label": "The arithmetic"}, parts.board, parts.status, parts.lines, parts.transport.element);
  parts.settings = make("section", {class: "vz-wb-settings", "aria-label": "Settings"}, parts.controls.element, parts.tools.element);
  parts.element = make("div", {class: "vz-wb", "data-ready": "false"},
    parts.presets.element, make("div", {class: "vz-wb-head"}, parts.title, parts.note), parts.notice, parts.player, parts.sketch, parts.settings,
    parts.facts.element, parts.gallery.element, parts.photo.element, parts.code.element);
  return parts;
}

/** Show what an example needs: digits to play with, or a drawing. */
export function showParts(parts, playing) {
  for (const name of ["player", "settings"]) parts[name].hidden = !playing;
  for (const name of ["gallery", "code", "photo"]) parts[name].element.hidden = !playing;
  parts.sketch.hidden = playing;
}
