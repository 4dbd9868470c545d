// All filters of a layer on one canvas in a frame that scrolls; the chosen and the pointed one are outlined above it.

import {lookup} from "../colour.js";
import {inks, make} from "../dom.js";
import {isTiled, paintFilters} from "./sheet.js";
import {filterBox, sheetHit, sheetLayout, tileBox} from "./sheet_layout.js";

const PAGE = 10;
const HELP = "Arrow keys walk from filter to filter, in rows also from input to input. Enter opens the kernel in the workbench.";
let sheets = 0;

/** The canvas. `onPoint(place | null)`, `onChoose(place)` and `onOpen(place)`; a place is `{filter, column, row, across}`. */
export class SheetCanvas {
  constructor({onPoint, onChoose, onOpen, title}) {
    this.call = {onPoint, onChoose, onOpen};
    this.scene = null;
    this.chosen = {filter: null, column: null};
    sheets += 1;
    const help = `vz-fi-help-${sheets}`;
    this.caption = make("figcaption", {class: "vz-fi-sheet-title"}, title ?? "");
    this.canvas = make("canvas", {class: "vz-fi-canvas", "aria-hidden": "true"});
    this.mark = make("div", {class: "vz-fi-mark", hidden: true});
    this.spot = make("div", {class: "vz-fi-mark vz-fi-mark-tile", hidden: true});
    this.point = make("div", {class: "vz-fi-mark vz-fi-point", hidden: true});
    this.ground = make("div", {class: "vz-fi-ground"}, this.canvas, this.mark, this.spot, this.point);
    this.scroller = make("div", {class: "vz-fi-scroll", tabindex: "0", role: "application", "aria-label": "All filters of the layer", "aria-describedby": help}, this.ground);
    this.element = make("figure", {class: "vz-fi-sheet"}, this.caption, this.scroller, make("p", {class: "vz-unseen", id: help}, HELP));
    this.listen();
    this.observer = new ResizeObserver(() => this.room() !== this.drawnRoom && this.draw());
    this.observer.observe(this.scroller);
  }

  listen() {
    this.ground.addEventListener("pointermove", (event) => this.pointAt(this.placeOf(event)));
    this.ground.addEventListener("pointerleave", () => this.pointAt(null));
    this.ground.addEventListener("click", (event) => {
      const place = this.placeOf(event);
      if (place) this.call.onChoose(place);
    });
    this.ground.addEventListener("dblclick", (event) => {
      const place = this.placeOf(event);
      if (place) this.call.onOpen(place);
    });
    this.scroller.addEventListener("keydown", (event) => this.key(event));
  }

  destroy() {
    this.observer.disconnect();
  }

  room() {
    return this.scroller.clientWidth;
  }

  /** Draw `{sheet, order, limits, part, size, title, wider}`. */
  show(scene) {
    this.scene = {...scene, positions: new Int32Array(scene.order.length)};
    scene.order.forEach((filter, position) => (this.scene.positions[filter] = position));
    this.caption.textContent = scene.title ?? "";
    this.caption.hidden = !scene.title;
    this.scroller.setAttribute("aria-label", `${scene.sheet.filters} filters of ${scene.sheet.layer}${scene.title ? `, ${scene.title}` : ""}`);
    this.draw();
  }

  draw() {
    if (!this.scene || this.room() === 0) return;
    const {sheet, order, limits, part, size} = this.scene;
    this.drawnRoom = this.room();
    const ink = inks(this.element);
    const ratio = globalThis.devicePixelRatio || 1;
    const layout = sheetLayout({count: sheet.filters, columns: sheet.columns, tileHeight: sheet.tileHeight, tileWidth: sheet.tileWidth,
      tiled: isTiled(sheet), width: this.drawnRoom - 2, size, caption: Math.round(ink.text), ratio});
    this.layout = layout;
    const picture = paintFilters(sheet, {order, limits, across: layout.across, part, tables: {signed: lookup("diverging"), rising: lookup("viridis")}});
    const source = make("canvas", {width: picture.width, height: picture.height});
    source.getContext("2d").putImageData(new ImageData(picture.pixels, picture.width, picture.height), 0, 0);
    this.paint(source, layout, ink, ratio);
    this.showChosen();
    this.pointAt(null);
  }

  paint(source, layout, ink, ratio) {
    const [width, height] = [Math.round(layout.width * ratio), Math.round(layout.height * ratio)];
    Object.assign(this.canvas, {width, height});
    for (const node of [this.canvas, this.ground]) Object.assign(node.style, {width: `${layout.width}px`, height: `${layout.height}px`});
    const context = this.canvas.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (layout.gap === 0) {
      context.drawImage(source, 0, 0, layout.width, layout.height);
      return;
    }
    const {tileHeight, tileWidth} = this.scene.sheet;
    const tiles = layout.tiled ? layout.count : layout.count * layout.columns;
    for (let tile = 0; tile < tiles; tile += 1) {
      const [column, line] = [tile % layout.across, Math.floor(tile / layout.across)];
      const [x, y] = [layout.gap + column * layout.pitchX, layout.gap + line * layout.pitchY];
      context.drawImage(source, column * tileWidth, line * tileHeight, tileWidth, tileHeight, x, y, layout.drawn.width, layout.drawn.height);
    }
    if (layout.caption > 0) this.writeNumbers(context, layout, ink);
  }

  writeNumbers(context, layout, ink) {
    context.fillStyle = ink.muted;
    context.font = `${0.76 * ink.text}px ${ink.font}`;
    context.textBaseline = "top";
    this.scene.order.forEach((filter, position) => {
      const {x, y, height, width} = tileBox(layout, position);
      context.fillText(String(filter), x, y + height + 2, width);
    });
  }

  placeOf(event) {
    if (!this.layout) return null;
    const box = this.ground.getBoundingClientRect();
    const hit = sheetHit(this.layout, event.clientX - box.left, event.clientY - box.top);
    return hit && {...hit, filter: this.scene.order[hit.position]};
  }

  pointAt(place) {
    this.point.hidden = !place;
    if (place) this.frame(this.point, tileBox(this.layout, place.position, place.column));
    const key = place && `${place.filter} ${place.column} ${place.row} ${place.across}`;
    if (key === this.pointed) return;
    this.pointed = key;
    this.call.onPoint(place);
  }

  frame(node, {x, y, width, height}) {
    Object.assign(node.style, {left: `${x - 3}px`, top: `${y - 3}px`, width: `${width + 6}px`, height: `${height + 6}px`}); // borders lie outside
  }

  /** Outline the chosen filter and, in a row, the chosen input; `scroll` brings it into view. */
  choose(filter, column, scroll = false) {
    this.chosen = {filter, column};
    this.showChosen(scroll);
  }

  showChosen(scroll = false) {
    const {filter, column} = this.chosen;
    const known = Boolean(this.layout) && filter !== null && filter < this.scene.sheet.filters;
    this.mark.hidden = !known;
    this.spot.hidden = !known || this.layout.tiled || column === null;
    if (!known) return;
    const position = this.scene.positions[filter];
    const box = filterBox(this.layout, position);
    this.frame(this.mark, box);
    if (!this.spot.hidden) this.frame(this.spot, tileBox(this.layout, position, Math.floor(column / this.scene.sheet.pool)));
    if (scroll) this.reveal(box);
  }

  reveal({y, height}) {
    const {scrollTop, clientHeight} = this.scroller;
    if (y < scrollTop) this.scroller.scrollTop = y - 8;
    else if (y + height > scrollTop + clientHeight) this.scroller.scrollTop = y + height + 24 - clientHeight;
  }

  key(event) {
    if (!this.layout || event.ctrlKey || event.metaKey || event.altKey) return;
    const {filter, column} = this.chosen;
    const position = filter === null ? 0 : this.scene.positions[filter];
    const down = this.layout.tiled ? this.layout.across : 1;
    const steps = {ArrowUp: -down, ArrowDown: down, PageUp: -PAGE * down, PageDown: PAGE * down, Home: -position, End: this.layout.count};
    const sideways = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (event.key === "Enter") this.call.onOpen({filter: this.scene.order[position], column: column ?? 0});
    else if (sideways && !this.layout.tiled) this.call.onChoose({filter: this.scene.order[position], column: this.beside(column ?? 0, sideways)});
    else if (event.key in steps || sideways) this.step(position + (steps[event.key] ?? sideways), column);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  beside(column, by) {
    return Math.max(0, Math.min(this.layout.columns - 1, Math.floor(column / this.scene.sheet.pool) + by)) * this.scene.sheet.pool;
  }

  step(to, column) {
    const position = Math.max(0, Math.min(this.layout.count - 1, to));
    this.call.onChoose({filter: this.scene.order[position], column, scroll: true});
  }
}
