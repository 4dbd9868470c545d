// The second picture of MixUp and CutMix: chosen among samples and the visitor's own.

import {address, postBytes} from "../api.js";
import {icon, make} from "../dom.js";
import {ICONS} from "../icons.js";
import {refusalOf} from "../uploads.js";
import {isUpload, modelOf, sampleOf, sortedSamples, suits} from "../view.js";
import {asVisitor} from "../visitor.js";
import {steppedTile} from "./draw_sheet.js";

/** Handles to choose from: the visitor's own pictures, the samples that suit the network; what is `mixed` in is one of them. */
export function partnerChoices({catalogue, net, picture, own, mixed}) {
  const model = modelOf(catalogue, net);
  const samples = sortedSamples(catalogue, model).filter((sample) => suits(sample, model)).map(({name}) => `sample:${name}`);
  const handles = [...own, ...samples].filter((handle) => handle !== picture);
  return mixed && !handles.includes(mixed) ? [mixed, ...handles] : handles;
}

export class PartnerView {
  constructor({desk, state, workspace, say}) {
    Object.assign(this, {desk, state, workspace, say, drawn: ""});
    this.input = make("input", {type: "file", accept: "image/*", class: "vz-unseen", tabindex: "-1", "aria-label": "File of the second picture", onchange: () => this.chosen()});
    this.upload = make("button", {type: "button", class: "vz-au-partner vz-au-partner-upload", id: "vz-au-partner-upload", title: "Upload a picture of your own to mix in", "aria-label": "Upload a picture of your own", onclick: () => this.input.click()}, icon(ICONS.upload));
    this.row = make("div", {class: "vz-au-partner-row", role: "group", "aria-label": "Second picture", onkeydown: (event) => this.key(event)});
    this.name = make("span", {class: "vz-muted"});
    this.element = make("section", {class: "vz-au-partners", id: "vz-au-partners", hidden: true}, make("h3", {class: "vz-au-partner-title"}, "Mixed with ", this.name), this.row, this.input);
    this.release = desk.onChange(() => this.draw());
  }

  draw() {
    const {desk} = this;
    this.element.hidden = !desk.mixes || !desk.catalogue;
    if (this.element.hidden) return;
    const mixed = desk.partner ?? desk.sheet?.partner ?? null;
    const handles = partnerChoices({catalogue: desk.catalogue, net: this.workspace.get().net, picture: desk.picture, own: desk.own, mixed});
    const key = handles.join(" ");
    if (key !== this.drawn) this.row.replaceChildren(...handles.map((handle) => this.tile(handle)), this.upload);
    this.drawn = key;
    this.name.textContent = mixed ? desk.titleOf(mixed) : "";
    for (const button of this.row.children) {
      const pressed = button.dataset.picture === mixed;
      if (button !== this.upload) button.setAttribute("aria-pressed", String(pressed));
      button.tabIndex = pressed || (!mixed && button === this.upload) ? 0 : -1;
    }
  }

  tile(handle) {
    const title = isUpload(handle) ? "Your picture" : `${this.desk.titleOf(handle)}\n${sampleOf(this.desk.catalogue, handle)?.source ?? ""}`.trim();
    const gone = () => { // the server keeps only the last few
      this.desk.own.delete(handle);
      this.draw();
    };
    return make("button", {type: "button", class: "vz-au-partner", "data-picture": handle, title, "aria-label": title.split("\n")[0], onclick: () => this.state.set({partner: handle})},
      make("img", {src: address(`pictures/${encodeURIComponent(handle)}`), alt: "", onerror: gone}));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const buttons = [...this.row.children];
    const columns = getComputedStyle(this.row).gridTemplateColumns.split(" ").length;
    const next = steppedTile(event.key, buttons.indexOf(document.activeElement), buttons.length, columns);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    buttons.forEach((button, at) => (button.tabIndex = at === next ? 0 : -1));
    buttons[next].focus();
  }

  async chosen() {
    const [file] = this.input.files;
    this.input.value = "";
    if (!file) return;
    const refusal = refusalOf(file, this.desk.catalogue.limits);
    if (refusal) return this.say([refusal]);
    this.upload.disabled = true;
    try {
      const {picture, notes = []} = await asVisitor(() => postBytes("pictures", file));
      this.desk.own.add(picture);
      this.state.set({partner: picture});
      this.say(notes);
    } catch (error) {
      this.say([error.message]);
    } finally {
      this.upload.disabled = false;
    }
    return undefined;
  }

  destroy() {
    this.release();
  }
}
