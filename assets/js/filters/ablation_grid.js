// The channels of a layer as switches: small maps on one canvas; those switched off are struck out.

import {isDead, isScalar} from "../channel_maps.js";
import {colourLimits} from "../ranges.js";
import {format, lookup} from "../colour.js";
import {fitCanvas, inks, make} from "../dom.js";
import {deadTile, paintedSheet} from "../tile_drawing.js";
import {fittingSize, gridLayout, hit, mapSize, tileAt} from "../tile_layout.js";

const SIZES = [30, 76];
const BAR = 5; // height of an importance bar
const HELP = "Arrow keys walk from channel to channel. Space or Enter switches the channel off and on.";

/** The switches. `onToggle(channel)`, `onPoint(channel | null)`. */
export class AblationGrid {
  constructor({onToggle, onPoint}) {
    this.call = {onToggle, onPoint};
    this.scene = null;
    this.cursor = 0; // position in the order
    this.canvas = make("canvas", {class: "vz-fi-canvas", "aria-hidden": "true"});
    this.spoken = make("p", {class: "vz-unseen", "aria-live": "polite"});
    this.ground = make("div", {class: "vz-fi-ground"}, this.canvas);
    this.scroller = make("div", {class: "vz-fi-scroll", tabindex: "0", role: "application", "aria-label": "Channels to switch off", "aria-describedby": "vz-fi-off-help"}, this.ground);
    this.element = make("div", {class: "vz-fi-off-grid"}, this.scroller, this.spoken, make("p", {class: "vz-unseen", id: "vz-fi-off-help"}, HELP));
    this.listen();
    this.observer = new ResizeObserver(() => this.scroller.clientWidth !== this.room && this.draw());
    this.observer.observe(this.scroller);
  }

  listen() {
    this.ground.addEventListener("click", (event) => this.toggle(this.positionOf(event)));
    this.ground.addEventListener("pointermove", (event) => {
      const position = this.positionOf(event);
      this.call.onPoint(position === null ? null : this.scene.order[position]);
    });
    this.ground.addEventListener("pointerleave", () => this.call.onPoint(null));
    this.scroller.addEventListener("keydown", (event) => this.key(event));
    this.scroller.addEventListener("focus", () => this.draw());
    this.scroller.addEventListener("blur", () => this.draw());
  }

  destroy() {
    this.observer.disconnect();
  }

  /** Draw `{maps, order, off: Set, falls: Float32Array | null, chosen}`. */
  show(scene) {
    const fresh = this.scene?.maps !== scene.maps;
    const sheet = fresh ? paintedSheet(scene.maps, colourLimits(scene.maps, isScalar(scene.maps) ? "layer" : "channel"), lookup("viridis")) : this.scene.sheet;
    this.scene = {...scene, sheet};
    if (fresh) this.cursor = 0;
    this.draw();
  }

  draw() {
    this.room = this.scroller.clientWidth;
    if (!this.scene || this.room === 0) return;
    const {maps, falls} = this.scene;
    const ink = inks(this.element);
    const captionHeight = Math.round(0.72 * ink.text + 4) + (falls ? BAR + 3 : 0);
    const [least, most] = SIZES;
    const scalar = isScalar(maps);
    const size = scalar ? Math.round(2.6 * ink.text) : fittingSize(maps, {width: this.room, height: 520, least, most, ratio: devicePixelRatio, captionHeight});
    const drawn = mapSize(maps, size, devicePixelRatio);
    this.layout = {...gridLayout({count: maps.channels, width: this.room - 2, drawn, captionHeight, gapY: 5}), caption: captionHeight};
    this.layout.pitchY = drawn.height + captionHeight + 5;
    const height = this.layout.rows * this.layout.pitchY + 6;
    this.ground.style.height = `${height}px`;
    this.dead = deadTile(drawn, ink, devicePixelRatio);
    const context = fitCanvas(this.canvas, this.room - 2, height);
    context.clearRect(0, 0, this.room, height);
    this.scene.order.forEach((channel, position) => this.drawChannel(context, channel, tileAt(this.layout, position), ink));
    if (document.activeElement === this.scroller) this.frame(context, this.cursor, ink.ink, 2);
    const place = this.scene.order.indexOf(this.scene.chosen);
    if (place >= 0) this.frame(context, place, ink.accent, 3);
  }

  frame(context, position, colour, thickness) {
    const {x, y} = tileAt(this.layout, position);
    const {width, height} = this.layout.drawn;
    Object.assign(context, {strokeStyle: colour, lineWidth: thickness});
    context.strokeRect(x - thickness / 2, y - thickness / 2, width + thickness, height + thickness);
  }

  drawChannel(context, channel, {x, y}, ink) {
    const {maps, sheet, off, falls} = this.scene;
    const {width, height} = this.layout.drawn;
    const out = off.has(channel);
    context.globalAlpha = out ? 0.25 : 1;
    context.imageSmoothingEnabled = this.layout.drawn.cell < 3;
    if (isDead(maps, channel)) context.drawImage(this.dead, x, y, width, height);
    else context.drawImage(sheet.canvas, (channel % sheet.columns) * maps.tileWidth, Math.floor(channel / sheet.columns) * maps.tileHeight, maps.tileWidth, maps.tileHeight, x, y, width, height);
    context.globalAlpha = 1;
    if (out) this.strike(context, x, y, ink);
    Object.assign(context, {fillStyle: out ? ink.warn : ink.muted, font: `${out ? "600 " : ""}${0.72 * ink.text}px ${ink.font}`, textBaseline: "top"});
    context.fillText(out ? `${channel} off` : String(channel), x, y + height + 2, width);
    if (falls) this.drawFall(context, falls[channel], {x, y: y + this.layout.pitchY - BAR - 5, width}, ink);
  }

  strike(context, x, y, ink) {
    const {width, height} = this.layout.drawn;
    Object.assign(context, {strokeStyle: ink.warn, lineWidth: 2});
    context.strokeRect(x + 1, y + 1, width - 2, height - 2);
    context.beginPath();
    context.moveTo(x + 1, y + height - 1);
    context.lineTo(x + width - 1, y + 1);
    context.stroke();
  }

  /** A bar from the middle: to the right where the class needs the channel, to the left where it suffers from it. */
  drawFall(context, fall, {x, y, width}, ink) {
    context.fillStyle = ink.line;
    context.fillRect(x, y, width, BAR);
    if (!Number.isFinite(fall) || this.scene.reach === 0) return;
    const length = (fall / this.scene.reach) * (width / 2);
    context.fillStyle = fall >= 0 ? "#e08214" : "#4393c3";
    context.fillRect(x + width / 2 + Math.min(0, length), y, Math.abs(length), BAR);
    context.fillStyle = ink.muted;
    context.fillRect(x + width / 2, y - 1, 1, BAR + 2);
  }

  positionOf(event) {
    if (!this.layout) return null;
    const box = this.ground.getBoundingClientRect();
    return hit(this.layout, event.clientX - box.left, event.clientY - box.top)?.position ?? null;
  }

  toggle(position) {
    if (position === null || !this.scene) return;
    this.cursor = position;
    const channel = this.scene.order[position];
    this.call.onToggle(channel);
    this.spoken.textContent = `Channel ${channel} ${this.scene.off.has(channel) ? "off" : "on"}`;
  }

  key(event) {
    if (!this.layout || event.ctrlKey || event.metaKey || event.altKey) return;
    const {columns, count} = this.layout;
    const by = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -count, End: count}[event.key];
    if (event.key === " " || event.key === "Enter") this.toggle(this.cursor);
    else if (by !== undefined) this.moveTo(Math.max(0, Math.min(count - 1, this.cursor + by)));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  moveTo(position) {
    this.cursor = position;
    const channel = this.scene.order[position];
    this.call.onPoint(channel);
    this.spoken.textContent = `Channel ${channel}, ${this.scene.off.has(channel) ? "off" : "on"}`;
    const {y} = tileAt(this.layout, position);
    const {scrollTop, clientHeight} = this.scroller;
    if (y < scrollTop) this.scroller.scrollTop = y - 4;
    else if (y + this.layout.pitchY > scrollTop + clientHeight) this.scroller.scrollTop = y + this.layout.pitchY - clientHeight;
    this.draw();
  }

  /** A channel's numbers in words. */
  text(channel) {
    const {maps, falls, off} = this.scene;
    const fall = falls && Number.isFinite(falls[channel]) ? ` · without it the logit ${falls[channel] >= 0 ? "falls" : "rises"} by ${format(Math.abs(falls[channel]), 3)}` : "";
    if (isDead(maps, channel)) return `Channel ${channel} is 0 everywhere on this picture: switching it off changes nothing.`;
    return `Channel ${channel}: ${format(maps.minimum[channel], 3)} to ${format(maps.maximum[channel], 3)}, mean ${format(maps.mean[channel], 3)}${fall}${off.has(channel) ? " · off" : ""}`;
  }
}
