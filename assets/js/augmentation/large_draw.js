// One draw large: before and after on one another, and what fired with which values.

import {make} from "../dom.js";
import {Wipe} from "./wipe.js";
import {paintTile} from "./draw_sheet.js";
import {remarkOf, signed} from "./draw_words.js";

function firedRow({title, text}) {
  return make("li", {class: "vz-au-fired"}, make("strong", {}, title), make("span", {class: "vz-number"}, text ? signed(text) : "fired"));
}

const skippedRow = ({title}) => make("li", {class: "vz-au-fired vz-au-skipped"}, make("span", {}, title), make("span", {}, "did not fire"));

async function decoded(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

export class LargeDraw {
  /** `addressOf(question, number)` of one draw, of the picture before for null; `actions`: buttons beside the title. */
  constructor({addressOf, actions}) {
    Object.assign(this, {addressOf, asked: 0, before: null});
    this.wipe = new Wipe();
    this.boxes = make("button", {type: "button", class: "vz-button", id: "vz-au-boxes", hidden: true, "aria-pressed": "true", title: "The boxes of the sample picture move along with it", onclick: () => this.toggleBoxes()}, "Boxes");
    this.title = make("h2", {class: "vz-au-draw-title"}, "Draw 1");
    this.fired = make("ul", {class: "vz-au-fired-list", id: "vz-au-fired", "aria-live": "polite"});
    this.told = make("div", {class: "vz-au-told"}, make("div", {class: "vz-au-draw-head"}, this.title, ...actions, this.boxes), this.fired);
  }

  /** Show draw `number` of a sheet: its tile at once, the large picture when it is there. */
  show(sheet, number, question, {settled}) {
    const draw = sheet.draws[number];
    this.title.textContent = `Draw ${number + 1}`;
    const rows = [...draw.applied.map((entry) => [entry.step, firedRow(entry)]), ...draw.skipped.map((entry) => [entry.step, skippedRow(entry)])];
    rows.sort(([one], [other]) => one - other);
    const nothing = make("li", {class: "vz-muted"}, "Nothing is done: the picture as it is.");
    const remark = remarkOf(draw, sheet);
    this.fired.replaceChildren(...(rows.length ? rows.map(([, node]) => node) : [nothing]), ...(remark ? [make("li", {class: "vz-au-remark vz-muted"}, remark)] : []));
    this.wipe.preview((canvas) => paintTile(canvas, sheet, number));
    this.boxes.hidden = draw.boxes.length === 0;
    this.wipe.drawBoxes(draw.boxes, draw);
    this.asked += 1;
    if (settled) this.fetch(question, number, this.asked);
  }

  toggleBoxes() {
    const shown = this.boxes.getAttribute("aria-pressed") !== "true";
    this.boxes.setAttribute("aria-pressed", String(shown));
    this.wipe.element.classList.toggle("vz-au-unboxed", !shown);
  }

  /** Both pictures in full size; a faster answer for a later question wins. */
  async fetch(question, number, asked) {
    const before = this.addressOf(question, null);
    const load = async (which, address) => {
      const image = await decoded(address).catch(() => null); // the tile stays
      if (image && asked === this.asked) this.wipe.show(which, image);
      return image;
    };
    const both = [load("after", this.addressOf(question, number))];
    if (this.before !== before) both.push(load("before", before).then((image) => image && (this.before = before)));
    await Promise.all(both);
  }
}
