// The grid of all channels: one canvas for the tiles in view, one above it for what is pointed at.

import {isScalar} from "./channel_maps.js";
import {lookup} from "./colour.js";
import {fitCanvas, inks, make} from "./dom.js";
import {barLimits, deadTile, drawTile, itemSize, outline, paintedSheet} from "./tile_drawing.js";
import {cellAt, fittingSize, gridLayout, hit, mapSize, stepCell, tileAt, visibleRange} from "./tile_layout.js";

const MAP_SIZES = [16, 256];
const ITEM_SIZES = [14, 260];
const FIT_SIZES = [34, 132]; // between which the size is chosen for the visitor
const ARROWS = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]};
const POINTED = "#ffd23e";
const HELP = "Arrow keys move from cell to cell, with Shift from channel to channel. Enter selects, Escape leaves.";

/** Pixels for the number under a tile. */
const captionOf = (ink) => Math.round(0.72 * ink.text + 4);

/** The grid. `onHover({channel, row, column, position} | null)`, `onSelect({channel, row, column})`. */
export class ChannelGrid {
  constructor({onHover, onSelect, onLayout}) {
    this.call = {onHover, onSelect, onLayout};
    this.scene = null; // what is drawn: maps, order, sheet, layout, colours
    this.selection = {channel: null, cell: null};
    this.pointed = null; // {position, channel, row, column}
    this.pointer = null; // the pointer's last place in the viewport
    this.pending = 0; // the frame asked for
    this.stale = false; // whether that frame draws the tiles, too
    this.build();
    this.listen();
    this.observer = new ResizeObserver(() => this.relayout());
    this.observer.observe(this.scroller);
  }

  build() {
    this.tiles = make("canvas", {class: "vz-grid-canvas", id: "vz-grid-tiles", "aria-hidden": "true"});
    this.marks = make("canvas", {class: "vz-grid-canvas", id: "vz-grid-marks", "aria-hidden": "true"});
    this.spacer = make("div", {class: "vz-grid-spacer"});
    this.scroller = make("div", {class: "vz-grid-scroll", id: "vz-grid", tabindex: "0", role: "application",
      "aria-label": "All channels of the layer", "aria-describedby": "vz-grid-help"}, this.spacer);
    const help = make("p", {class: "vz-unseen", id: "vz-grid-help"}, HELP);
    this.element = make("div", {class: "vz-grid"}, this.tiles, this.marks, this.scroller, help);
  }

  listen() {
    this.scroller.addEventListener("keydown", (event) => this.key(event));
    this.scroller.addEventListener("pointermove", (event) => {
      this.pointer = this.placeOf(event);
      this.point(this.under(...this.pointer));
    });
    this.scroller.addEventListener("pointerleave", () => {
      this.pointer = null;
      this.point(null);
    });
    this.scroller.addEventListener("click", (event) => {
      this.point(this.under(...this.placeOf(event)));
      this.selectPointed();
    });
    this.scroller.addEventListener("blur", () => {
      if (this.pointer === null) this.point(null);
    });
    this.scroller.addEventListener("scroll", () => {
      if (this.pointer) this.point(this.under(...this.pointer));
      this.refresh();
    });
  }

  destroy() {
    this.observer.disconnect();
  }

  /** Draw `{maps, order, limits, colours, labels, size, itemSize}`; a size of null is chosen here. */
  show({maps, order, limits, colours, labels, size, itemSize: item}) {
    const table = lookup(colours);
    const old = this.scene;
    const repainted = old?.maps !== maps || old.limits !== limits || old.colours !== table;
    const sheet = isScalar(maps) ? null : repainted ? paintedSheet(maps, limits, table, old?.sheet?.canvas) : old.sheet;
    const positions = new Int32Array(maps.channels);
    order.forEach((channel, position) => (positions[channel] = position));
    const chosen = isScalar(maps) ? item : size;
    const outlined = colours !== "viridis"; // other maps reach the colour of the page
    this.scene = {...old, maps, order, positions, sheet, limits, labels, chosen, outlined, colours: table, bars: barLimits(maps)};
    if (old?.maps !== maps || old.order !== order) {
      if (this.scroller.scrollTop !== 0) this.scroller.scrollTop = 0;
      this.pointed = null;
    }
    this.scroller.setAttribute("aria-label", `${maps.channels} channels of layer ${maps.layer}`);
    if (!old?.layout || old.maps !== maps || old.chosen !== chosen) this.relayout();
    else this.arranged();
  }

  /** Tell what the layout has become, and draw it. */
  arranged() {
    const scalar = isScalar(this.scene.maps);
    this.call.onLayout({drawnSize: this.scene.size, sizes: scalar ? ITEM_SIZES : MAP_SIZES});
    this.refresh();
  }

  viewport() {
    return {width: this.scroller.clientWidth, height: this.scroller.clientHeight};
  }

  /** The size asked for, or one at which everything fits, or nearly. */
  sizeFor({maps, chosen, labels}, ink) {
    if (chosen !== null) return chosen;
    if (isScalar(maps)) return Math.round((labels.size > 0 ? 14 : 6.6) * ink.text);
    const [least, most] = FIT_SIZES;
    return fittingSize(maps, {...this.viewport(), least, most, ratio: devicePixelRatio, captionHeight: captionOf(ink)});
  }

  /** Lay out and draw again, as after a change of theme, text size or width. */
  relayout() {
    if (!this.scene || this.viewport().width === 0) return;
    const {maps} = this.scene;
    const ink = inks(this.element);
    const {width} = this.viewport();
    const size = Math.min(this.sizeFor(this.scene, ink), width - 8);
    const scalar = isScalar(maps);
    const item = scalar ? itemSize(size, ink.text, width) : {};
    const drawn = scalar ? item.drawn : mapSize(maps, size, devicePixelRatio);
    const captionHeight = scalar ? 0 : captionOf(ink);
    const layout = gridLayout({count: maps.channels, width, drawn, captionHeight, ...item.gaps});
    this.scene = {...this.scene, ink, size, layout, dead: scalar ? null : deadTile(drawn, ink, devicePixelRatio)};
    this.spacer.style.height = `${layout.height}px`;
    this.arranged();
  }

  refresh(onlyMarks = false) {
    this.stale = this.stale || !onlyMarks;
    if (this.pending === 0) this.pending = requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.pending = 0;
    if (!this.scene?.layout || !this.element.isConnected) return;
    if (this.stale) this.drawTiles();
    this.stale = false;
    this.drawMarks();
  }

  drawTiles() {
    const {width, height} = this.viewport();
    const top = this.scroller.scrollTop;
    const context = fitCanvas(this.tiles, width, height);
    context.clearRect(0, 0, width, height);
    const [first, last] = visibleRange(this.scene.layout, top, height);
    for (let position = first; position < last; position += 1) {
      const {x, y} = tileAt(this.scene.layout, position);
      drawTile(context, this.scene, this.scene.order[position], {x, y: y - top});
    }
  }

  cellBox(position, row, column) {
    const {maps, layout} = this.scene;
    const {x, y} = tileAt(layout, position);
    const down = layout.drawn.height / (maps.tileHeight * maps.pool);
    const across = layout.drawn.width / (maps.tileWidth * maps.pool);
    return {x: x + column * across, y: y + row * down - this.scroller.scrollTop, width: Math.max(3, across), height: Math.max(3, down)};
  }

  frameTile(context, position, colour, thickness) {
    const {x, y} = tileAt(this.scene.layout, position);
    const {width, height} = this.scene.layout.drawn;
    const out = thickness / 2 + (isScalar(this.scene.maps) && width > height ? 0.35 * this.scene.ink.text : 0);
    context.lineWidth = thickness;
    context.strokeStyle = colour;
    context.strokeRect(x - out, y - out - this.scroller.scrollTop, width + 2 * out, height + 2 * out);
  }

  drawMarks() {
    const {width, height} = this.viewport();
    const {maps, positions, ink} = this.scene;
    const context = fitCanvas(this.marks, width, height);
    context.clearRect(0, 0, width, height);
    const {channel, cell} = this.selection;
    if (channel !== null && channel < maps.channels) {
      this.frameTile(context, positions[channel], ink.accent, 3);
      if (cell && !isScalar(maps)) outline(context, this.cellBox(positions[channel], ...cell), "#ffffff", 1.5);
    }
    if (!this.pointed) return;
    this.frameTile(context, this.pointed.position, ink.ink, 1.5);
    const {position, row, column} = this.pointed;
    if (!isScalar(maps)) outline(context, this.cellBox(position, row, column), POINTED, 1.5);
  }

  /** Outline the selected channel and cell; `scroll` brings the channel into view. */
  mark(channel, cell, scroll = false) {
    this.selection = {channel, cell};
    if (scroll && this.scene?.layout && channel < this.scene.maps.channels) this.reveal(this.scene.positions[channel]);
    this.refresh(true);
  }

  point(next) {
    const {pointed} = this;
    if (next?.position === pointed?.position && next?.row === pointed?.row && next?.column === pointed?.column) return;
    this.pointed = next && {...next, channel: this.scene.order[next.position]};
    this.call.onHover(this.pointed);
    this.refresh(true);
  }

  under(x, y) {
    const found = this.scene?.layout && hit(this.scene.layout, x, y + this.scroller.scrollTop);
    return found ? {position: found.position, ...cellAt(this.scene.maps, found.across, found.down)} : null;
  }

  placeOf(event) {
    const box = this.scroller.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  selectPointed() {
    if (!this.pointed) return;
    const {channel, row, column} = this.pointed;
    this.call.onSelect({channel, row, column});
  }

  reveal(position) {
    const {y} = tileAt(this.scene.layout, position);
    const {pitchY, top: gap} = this.scene.layout;
    const {scrollTop, clientHeight} = this.scroller;
    if (y < scrollTop) this.scroller.scrollTop = y - gap;
    else if (y + pitchY > scrollTop + clientHeight) this.scroller.scrollTop = y + pitchY - clientHeight;
  }

  keyboardStart() {
    const {maps, positions} = this.scene;
    const {channel, cell} = this.selection;
    const [row, column] = cell ?? [Math.floor(maps.height / 2), Math.floor(maps.width / 2)];
    return {position: channel === null ? 0 : positions[channel], row, column};
  }

  /** Where a key leads from a cell; null for a key that leads nowhere. */
  destination({key, shiftKey}, from) {
    const {layout, maps} = this.scene;
    const arrow = ARROWS[key];
    const jump = (amount) => ({...from, position: Math.max(0, Math.min(layout.count - 1, from.position + amount))});
    if (arrow && shiftKey) return jump(arrow[0] * layout.columns + arrow[1]);
    if (arrow) return stepCell(from, arrow.map((step) => step * maps.pool), maps, layout);
    const page = layout.columns * Math.max(1, Math.floor(this.scroller.clientHeight / layout.pitchY));
    const jumps = {PageUp: -page, PageDown: page, Home: -layout.count, End: layout.count};
    return key in jumps ? jump(jumps[key]) : null;
  }

  key(event) {
    if (!this.scene?.layout || event.ctrlKey || event.metaKey || event.altKey) return;
    const start = this.pointed ?? this.keyboardStart();
    const next = this.destination(event, start);
    if (event.key === "Escape") this.point(null);
    else if (event.key === "Enter" || event.key === " ") this.selectPointed();
    else if (!next) return;
    else {
      const shown = this.pointed ? next : start; // the first key only shows where the cell is
      this.pointer = null;
      this.reveal(shown.position);
      this.point(shown);
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
