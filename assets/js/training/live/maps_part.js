// What the chosen layer makes of the chosen picture: its feature maps, moving as the network learns.

import {format, lookup} from "../../colour.js";
import {make} from "../../dom.js";
import {Follower} from "./display.js";
import {colourBar} from "./colour_bar.js";
import {layerWord, mapText, verdictText} from "./live_words.js";
import {partFrame} from "./part_frame.js";
import {thumbCanvas} from "./thumbs.js";
import {TileCanvas} from "./tile_canvas.js";
import {paintTiles} from "./tiles.js";

const HINT = "Point at a cell, or walk with the arrow keys, to read it.";
const byte = (value) => (value + 0.5) | 0;

export class MapsPart {
  /** `thumbs`: the pictures; `choose(index)` takes another picture. */
  constructor({desk, thumbs, choose}) {
    Object.assign(this, {desk, choose, maps: null, follower: new Follower(), dirty: true, index: 0});
    this.picture = thumbCanvas(thumbs);
    this.verdict = make("p", {class: "vz-tl-verdict"});
    const arrow = (by, sign, title) => make("button", {class: "vz-button", type: "button", "aria-label": title, title, onclick: () => this.go(by)}, sign);
    this.where = make("span", {class: "vz-number"});
    const stepper = make("p", {class: "vz-tl-stepper"}, arrow(-1, "‹", "Previous picture"), this.where, arrow(1, "›", "Next picture"));
    const chosen = make("div", {class: "vz-tl-chosen"}, this.picture.element, make("div", {class: "vz-tl-chosen-words"}, stepper, this.verdict));
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

  take(display, {layer, names, labels, example}) {
    this.index = example;
    this.count = Math.min(labels.length, display.predicted?.length ?? labels.length);
    this.frame.title(`Feature maps of ${layerWord(layer.name)}`);
    this.where.textContent = `Picture ${example.toLocaleString("en")} of ${this.count.toLocaleString("en")}`;
    const known = display.predicted && example < display.predicted.length;
    const words = known ? verdictText({label: labels[example], predicted: display.predicted[example], loss: display.losses[example]}, names) : `true ${names[labels[example]]}`;
    if (this.verdict.textContent !== words) this.verdict.textContent = words;
    this.verdict.classList.toggle("vz-tl-wrong", Boolean(known) && display.predicted[example] !== labels[example]);
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
    this.picture.show(this.index);
    if (!this.maps) return false;
    const colours = new Uint32Array(lookup("viridis").buffer);
    this.tiles.paint((pixels, grid) => paintTiles(pixels, grid, this.follower.values, colours, byte));
    this.bar.show(format(this.maps.low, 3), "", format(this.maps.high, 3));
    return moving;
  }
}
