// What the chosen layer makes of the chosen picture: its feature maps, moving as the network learns.

import {format, lookup} from "../../colour.js";
import {make} from "../../dom.js";
import {Follower} from "./display.js";
import {colourBar} from "./colour_bar.js";
import {layerWord, mapText, ownText, verdictText} from "./live_words.js";
import {partFrame} from "./part_frame.js";
import {thumbCanvas} from "./thumbs.js";
import {TileCanvas} from "./tile_canvas.js";
import {paintTiles} from "./tiles.js";

const HINT = "Point at a cell, or walk with the arrow keys, to read it.";
const byte = (value) => (value + 0.5) | 0;

export class MapsPart {
  /** `thumbs`: the pictures; `choose(index)` takes another picture of the validation split. */
  constructor({desk, thumbs, choose}) {
    Object.assign(this, {desk, choose, maps: null, follower: new Follower(), dirty: true, index: 0, own: null});
    this.picture = thumbCanvas(thumbs);
    this.verdict = make("p", {class: "vz-tl-verdict"});
    const arrow = (by, sign, title) => make("button", {class: "vz-button", type: "button", "aria-label": title, title, onclick: () => this.go(by)}, sign);
    this.where = make("span", {class: "vz-number"});
    const stepper = make("p", {class: "vz-tl-stepper"}, arrow(-1, "‹", "Previous picture"), this.where, arrow(1, "›", "Next picture"));
    this.mine = make("button", {class: "vz-button", type: "button", "aria-pressed": "false", hidden: true, title: "Look at the picture that all tabs show, at the left of the page, as this network sees it", onclick: () => this.desk.look({own: !this.isOwn})}, "Picture at the left");
    const chosen = make("div", {class: "vz-tl-chosen"}, this.picture.element, make("div", {class: "vz-tl-chosen-words"}, make("div", {class: "vz-tl-choices"}, stepper, this.mine), this.verdict));
    this.tiles = new TileCanvas({label: "Feature maps of the chosen picture", onPoint: () => this.tell()});
    this.note = make("p", {class: "vz-muted", hidden: true});
    this.bar = colourBar("viridis");
    this.readout = make("p", {class: "vz-number vz-tl-readout", "aria-live": "polite"}, HINT);
    this.frame = partFrame({name: "maps", title: "Feature maps"}, chosen, this.note, this.tiles.element, this.bar.element, this.readout);
    this.element = this.frame.element;
  }

  open() {
    this.maps = null;
    this.follower = new Follower();
    this.picture.forget();
  }

  go(by) {
    const {count} = this;
    if (count) this.choose((this.index + by + count) % count);
  }

  take(display, {layer, names, labels, example, own, ownable}) {
    Object.assign(this, {index: example, isOwn: own, own: own ? display.own : null});
    this.mine.hidden = !ownable;
    this.mine.setAttribute("aria-pressed", String(own));
    this.count = Math.min(labels.length, display.predicted?.length ?? labels.length);
    this.frame.title(`Feature maps of ${layerWord(layer.name)}`);
    this.where.textContent = `Picture ${(example + 1).toLocaleString("en")} of ${this.count.toLocaleString("en")}`;
    this.judge(display, {names, labels, example, own});
    this.maps = display.maps;
    this.tiles.element.hidden = this.bar.element.hidden = this.readout.hidden = !this.maps;
    this.dirty = true;
    if (!this.maps) return;
    const [count, height, width] = this.maps.shape;
    this.note.hidden = this.maps.of <= count;
    if (!this.note.hidden) this.note.textContent = `The first ${count.toLocaleString("en")} of ${this.maps.of.toLocaleString("en")} channels.`;
    this.tiles.plan({count, height, width, across: null});
    this.follower.aim(this.maps.values);
    if (this.tiles.place) this.tell();
  }

  /** What the network takes the picture for. */
  judge(display, {names, labels, example, own}) {
    const known = !own && display.predicted && example < display.predicted.length;
    const ofSplit = known ? verdictText({label: labels[example], predicted: display.predicted[example], loss: display.losses[example]}, names) : `true ${names[labels[example]]}`;
    const words = own ? (this.own ? ownText(this.own, names) : "…") : ofSplit;
    if (this.verdict.textContent !== words) this.verdict.textContent = words;
    this.verdict.classList.toggle("vz-tl-wrong", Boolean(known) && display.predicted[example] !== labels[example]);
  }

  tell() {
    const {place} = this.tiles;
    this.readout.textContent = place && this.maps ? mapText(this.maps, place) : HINT;
  }

  measure() {
    this.tiles.measure();
  }

  step(ms) {
    const moving = this.follower.step(ms);
    if (!(moving || this.dirty)) return false;
    this.dirty = false;
    if (!this.isOwn) this.picture.show(this.index);
    else if (this.own) this.picture.showPixels(this.own);
    if (!this.maps) return false;
    const colours = new Uint32Array(lookup("viridis").buffer);
    this.tiles.paint((pixels, grid) => paintTiles(pixels, grid, this.follower.values, colours, byte));
    this.bar.show(format(this.maps.low, 3), "", format(this.maps.high, 3));
    return moving;
  }
}
