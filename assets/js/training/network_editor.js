// The stack, layer by layer: added from a grouped menu, taken out, moved by drag or keys, changed by sliders.

import {make} from "../dom.js";
import {draggable} from "../augmentation/dragging.js";
import {moved} from "../augmentation/pipeline.js";
import {PieceRow} from "./piece_row.js";
import {CLASSES, amount, formatStack, freshPiece, kindOf, parseStack} from "./stack_text.js";

/** The kinds by family, in the menu's order: `[{family, kinds}]`. */
export function families(kinds) {
  const found = new Map();
  for (const kind of kinds) found.set(kind.family || "Layers", [...(found.get(kind.family || "Layers") ?? []), kind]);
  return [...found].map(([family, members]) => ({family, kinds: members}));
}

/** Where a new layer goes: behind the open one; else layers of maps before the flatten, others before the last. */
export function placeOfNew(kind, pieces, open) {
  if (open !== null) return open + 1;
  const flat = pieces.findIndex((piece) => piece.kind === "flatten");
  if (kind.family === "Fully connected" || flat < 0) return Math.max(0, pieces.length - (pieces.at(-1)?.settings.units === CLASSES ? 1 : 0));
  return flat;
}

export class NetworkEditor {
  /** `onChange(text)`: at every move of a slider, too. */
  constructor({onChange}) {
    Object.assign(this, {onChange, menu: null, pieces: [], rows: [], open: null, text: null, described: []});
    this.list = make("ol", {class: "vz-tn-pieces", id: "vz-tn-pieces", "aria-label": "Layers, from the picture to the classes"});
    this.unreadable = make("p", {class: "vz-tn-fault", hidden: true});
    this.add = make("select", {class: "vz-field vz-tn-add", id: "vz-tn-add", "aria-label": "Add a layer", onchange: () => this.added()});
    this.totals = make("p", {class: "vz-muted vz-number vz-tn-totals", id: "vz-tn-totals"});
    this.spoken = make("p", {class: "vz-unseen", "aria-live": "polite"});
    this.element = make("div", {class: "vz-tn-network"}, this.list, this.unreadable, make("div", {class: "vz-tn-network-foot"}, this.add, this.totals), this.spoken);
  }

  setMenu(menu) {
    this.menu = menu;
    const groups = families(menu.kinds).map(({family, kinds}) => make("optgroup", {label: family}, ...kinds.map(({name, title, sentence}) => make("option", {value: name, title: sentence}, title))));
    this.add.replaceChildren(make("option", {value: ""}, "+ Add a layer …"), ...groups);
  }

  /** Show a stack's text; the layers on screen stay where they say the same already. */
  show(text) {
    if (text === this.text) return;
    this.text = text;
    const pieces = parseStack(text, this.menu);
    this.unreadable.hidden = pieces !== null;
    this.open = null;
    this.draw(pieces ?? []);
  }

  draw(pieces) {
    this.pieces = pieces;
    this.rows = pieces.map((piece, at) => this.row(piece, at));
    this.list.replaceChildren(...this.rows.map(({element}) => element));
    for (const {element, handle} of this.rows) draggable({handle, card: element, list: this.list, dropped: (from, to) => this.move(from, to)});
    if (this.open !== null) this.rows[this.open]?.expand(true);
  }

  row(piece, at) {
    return new PieceRow({
      kind: kindOf(this.menu, piece.kind),
      piece,
      changed: (settings) => this.change(at, settings),
      removed: () => this.remove(at),
      toggled: () => this.toggle(at),
      key: (event) => this.key(event, at),
    });
  }

  toggle(at) {
    const open = this.open === at ? null : at;
    this.rows[this.open]?.expand(false);
    this.rows[open]?.expand(true);
    this.open = open;
  }

  tell() {
    this.text = formatStack(this.pieces, this.menu);
    this.onChange(this.text);
  }

  change(at, settings) {
    this.pieces = this.pieces.map((piece, place) => (place === at ? {...piece, settings} : piece));
    this.tell();
  }

  set(pieces, {open = null, focus = null, words = ""}) {
    this.open = open;
    this.draw(pieces);
    this.rows.forEach((row) => row.describe(null));
    this.spoken.textContent = words;
    if (focus !== null) this.rows[focus]?.handle.focus({preventScroll: true});
    this.tell();
  }

  added() {
    const kind = kindOf(this.menu, this.add.value);
    this.add.value = "";
    if (!kind) return;
    const at = placeOfNew(kind, this.pieces, this.open);
    this.set([...this.pieces.slice(0, at), freshPiece(kind), ...this.pieces.slice(at)], {open: kind.parameters.length ? at : null, focus: at, words: `${kind.title} added, layer ${at + 1}.`});
    this.rows[at].element.scrollIntoView({block: "nearest"});
  }

  remove(at) {
    const {title} = this.rows[at].kind;
    this.set(this.pieces.filter((_, place) => place !== at), {focus: Math.min(at, this.pieces.length - 2), words: `${title} removed.`});
    if (!this.pieces.length) this.add.focus();
  }

  move(from, to) {
    const {title} = this.rows[from].kind;
    this.set(moved(this.pieces, from, to), {focus: to, words: `${title} is now layer ${to + 1} of ${this.pieces.length}.`});
  }

  key(event, at) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = {ArrowUp: -1, ArrowDown: 1}[event.key];
    const removing = event.key === "Delete" || event.key === "Backspace";
    if (!step && !removing) return;
    event.preventDefault();
    event.stopPropagation();
    if (removing) this.remove(at);
    else if (at + step >= 0 && at + step < this.pieces.length) this.move(at, at + step);
  }

  /** Shapes, costs and misfits as the server describes them; `error`: why the whole cannot be. */
  describe(rows, totals, error) {
    this.rows.forEach((row, at) => row.describe(rows[at] ?? null));
    const misfit = rows.some((row) => row.error);
    const message = !misfit && (totals?.error ? [totals.error, totals.way_out].filter(Boolean).join(" ") : error);
    this.unreadable.hidden = !message;
    this.unreadable.textContent = message || "";
    this.totals.textContent = totals && !misfit && Number.isFinite(totals.parameters) ? `${amount(totals.parameters)} parameters · ${amount(totals.macs)} MACs a picture` : "";
  }
}
