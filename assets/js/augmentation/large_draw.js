// One draw large: before and after on one another, and what fired with which values.

import {address} from "../api.js";
import {make} from "../dom.js";
import {paintTile} from "./draw_sheet.js";
import {labelText, remarkOf, signed} from "./draw_words.js";
import {colourOf, marksOf} from "./marks.js";
import {objectLines} from "./object_words.js";
import {Wipe} from "./wipe.js";

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

/** Both pictures of a mix beside one another, each with its share of the label. */
function mixture({share, pictures, titles}) {
  const first = Math.round(100 * share);
  const part = (handle, percent, title) => make("figure", {class: "vz-au-mixed-part"},
    make("img", {src: address(`pictures/${encodeURIComponent(handle)}`), alt: "", class: "vz-au-mixed-picture"}), make("figcaption", {}, make("strong", {class: "vz-number"}, `${percent} %`), ` ${title}`));
  const parts = [part(pictures[0], first, titles[0]), part(pictures[1], 100 - first, titles[1])];
  return make("div", {class: "vz-au-mixed", id: "vz-au-mixed", role: "group", "aria-label": labelText(share, titles)}, make("strong", {title: labelText(share, titles)}, "Label"), make("div", {class: "vz-au-mixed-parts"}, ...parts));
}

const objectRow = ({label, text, colour}) => make("li", {class: `vz-au-object vz-au-colour-${colour}`}, make("span", {class: "vz-au-object-name"}, label), make("span", {class: "vz-number"}, text));

export class LargeDraw {
  /** `addressOf(question, number)` of one draw, of the picture before for null; `actions`: buttons beside the title; `toggle()` boxes and masks. */
  constructor({addressOf, actions, toggle, titleOf}) {
    Object.assign(this, {addressOf, titleOf, asked: 0, before: null});
    this.wipe = new Wipe();
    this.switch = make("button", {type: "button", class: "vz-button", id: "vz-au-objects", hidden: true, title: "Where the objects of the sample picture are, before and after", onclick: toggle}, "Boxes and masks");
    this.title = make("h2", {class: "vz-au-draw-title"}, "Draw 1");
    this.fired = make("ul", {class: "vz-au-fired-list", id: "vz-au-fired", "aria-live": "polite"});
    this.objects = make("ul", {class: "vz-au-objects", "aria-label": "Objects"});
    this.mixed = make("div", {});
    this.told = make("div", {class: "vz-au-told"}, make("div", {class: "vz-au-draw-head"}, this.title, ...actions, this.switch), this.fired, this.mixed, this.objects);
  }

  /** Show draw `number` of a sheet: its tile at once, the large picture when it is there. */
  show(sheet, number, question, {settled, steps, marks}) {
    this.title.textContent = `Draw ${number + 1}`;
    this.tell(sheet, number, question, steps);
    this.wipe.preview((canvas) => paintTile(canvas, sheet, number));
    this.mark(sheet, number, marks);
    this.asked += 1;
    if (settled) this.fetch(question, number, this.asked);
  }

  /** What fired, what was mixed in, and what became of the objects. */
  tell(sheet, number, {picture}, steps) {
    const draw = sheet.draws[number];
    const rows = [...draw.applied.map((entry) => [entry.step, firedRow(entry)]), ...draw.skipped.map((entry) => [entry.step, skippedRow(entry)])];
    rows.sort(([one], [other]) => one - other);
    const nothing = make("li", {class: "vz-muted"}, "Nothing is done: the picture as it is.");
    const remark = remarkOf(draw);
    this.fired.replaceChildren(...(rows.length ? rows.map(([, node]) => node) : [nothing]), ...(remark ? [make("li", {class: "vz-au-remark vz-muted"}, remark)] : []));
    const pictures = [picture, sheet.partner];
    this.mixed.replaceChildren(...(draw.share < 1 && sheet.partner ? [mixture({share: draw.share, pictures, titles: pictures.map(this.titleOf)})] : []));
    const lines = sheet.origin ? objectLines(sheet, number, sheet.origin, steps) : [];
    this.objects.replaceChildren(...lines.map((line) => objectRow({...line, colour: colourOf(line.label, sheet.objects)})));
  }

  /** Draw boxes and masks, or take them away; the switch is there where the picture has objects. */
  mark(sheet, number, shown) {
    const {origin, objects} = sheet;
    const {marked} = this;
    if (marked && marked.sheet === sheet && marked.number === number && marked.shown === shown) return;
    this.marked = {sheet, number, shown};
    this.switch.hidden = objects.length === 0;
    this.switch.disabled = sheet.draws[number].boxes_lost;
    this.switch.setAttribute("aria-pressed", String(shown));
    this.wipe.mark("after", shown ? marksOf(sheet, number) : [], sheet.draws[number].at);
    if (marked?.sheet.origin === origin && marked.shown === shown) return;
    this.wipe.mark("before", shown && origin ? marksOf({...origin, objects}, 0) : [], origin?.draws[0].at ?? [0, 0, 1, 1]);
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
