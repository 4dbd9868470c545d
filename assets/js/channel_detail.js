// One channel, large: its exact values over the picture, their histogram and statistics.

import {isBroken, isDead, isScalar, overviewValue} from "./channel_maps.js";
import {format, lookup, percent} from "./colour.js";
import {fitCanvas, icon, inks, make} from "./dom.js";
import {drawHistogram, histogram} from "./histogram.js";
import {drawCrop, receptiveBox} from "./picture_crop.js";
import {colourIndex, colourValues} from "./ranges.js";
import {outline} from "./tile_drawing.js";

const DIGITS_FROM = 34; // cells of this width, in CSS pixels, carry their value
const HALO_BELOW = 0.75; // opacity at which the picture shows through enough to disturb digits
const ARROWS = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]};

/** A channel's values as the overview tells them, until the exact ones are there. */
export function overviewValues(maps, channel) {
  const values = new Float32Array(maps.height * maps.width);
  for (let cell = 0; cell < values.length; cell += 1) {
    values[cell] = overviewValue(maps, channel, Math.floor(cell / maps.width), cell % maps.width).value;
  }
  return values;
}

/** A value in 4 significant digits, or in 3 where these would not fit. */
function cellText(context, value, room) {
  if (!Number.isFinite(value)) return "NaN";
  const text = format(value);
  return context.measureText(text).width <= room ? text : format(value, 3);
}

/** The pane. `onHover({row, column} | null)`, `onSelect({row, column})`, `onStep(±1)`, `onOpacity(share)`, `onTrace()`. */
export class ChannelDetail {
  constructor({onHover, onSelect, onStep, onOpacity, onTrace}) {
    this.call = {onHover, onSelect, onStep, onOpacity, onTrace};
    this.scene = null;
    this.pointed = null;
    this.build();
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.stage);
  }

  build() {
    this.title = make("h3", {class: "vz-detail-title vz-number"}, "Channel");
    this.place = make("p", {class: "vz-detail-place vz-muted vz-number"});
    const step = (label, path, by, id) => make("button", {type: "button", class: "vz-button vz-quiet", id, "aria-label": label, title: label,
      onclick: () => this.call.onStep(by)}, icon(path));
    this.base = make("canvas", {class: "vz-detail-canvas", "aria-hidden": "true"});
    this.marks = make("canvas", {class: "vz-detail-canvas", "aria-hidden": "true"});
    this.stage = make("div", {class: "vz-detail-stage", id: "vz-detail", tabindex: "0", role: "application",
      "aria-describedby": "vz-detail-help vz-readout", "aria-label": "The selected channel"}, this.base, this.marks);
    const help = make("p", {class: "vz-unseen", id: "vz-detail-help"},
      "Left and right show the previous and next channel, arrows with Shift move the selected cell.");
    this.value = make("p", {class: "vz-detail-value vz-number", id: "vz-detail-value"});
    this.opacity = make("input", {type: "range", id: "vz-opacity", min: "0", max: "100", value: "80"});
    this.opacityText = make("output", {class: "vz-number", for: "vz-opacity"}, "80 %");
    this.mixing = make("div", {class: "vz-detail-mix"}, make("label", {for: "vz-opacity"}, "Map over picture"), this.opacity, this.opacityText);
    this.bars = make("canvas", {class: "vz-histogram", id: "vz-histogram", role: "img"});
    this.axis = make("p", {class: "vz-histogram-axis vz-number vz-muted"}, make("span"), make("span"), make("span"));
    this.facts = make("dl", {class: "vz-facts vz-number", id: "vz-facts"});
    const trace = make("button", {type: "button", class: "vz-button", id: "vz-open-trace", onclick: () => this.call.onTrace()}, "Open this value as arithmetic");
    this.element = make("section", {class: "vz-detail", "aria-label": "Selected channel"},
      make("header", {class: "vz-detail-head"}, make("div", {}, this.title, this.place),
        step("Previous channel", "M10 3L5 8l5 5", -1, "vz-channel-previous"), step("Next channel", "M6 3l5 5-5 5", 1, "vz-channel-next")),
      this.stage, help, this.value, trace, this.mixing,
      make("figure", {class: "vz-histogram-box"}, this.bars, this.axis), this.facts);
    this.listen();
  }

  listen() {
    this.opacity.addEventListener("input", () => this.call.onOpacity(Number(this.opacity.value) / 100));
    this.stage.addEventListener("pointermove", (event) => this.point(this.under(event)));
    this.stage.addEventListener("pointerleave", () => this.point(null));
    this.stage.addEventListener("click", (event) => {
      const cell = this.under(event);
      if (cell) this.call.onSelect(cell);
    });
    this.stage.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const arrow = ARROWS[event.key];
    if (!arrow || !this.scene || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.shiftKey) {
      const {maps, cell} = this.scene;
      const [row, column] = cell ?? [Math.floor(maps.height / 2), Math.floor(maps.width / 2)];
      const within = (value, count) => Math.max(0, Math.min(count - 1, value));
      this.call.onSelect({row: within(row + arrow[0], maps.height), column: within(column + arrow[1], maps.width)});
    } else if (arrow[1] !== 0) this.call.onStep(arrow[1]);
    else return; // up and down walk through the layers
    event.preventDefault();
    event.stopPropagation();
  }

  under(event) {
    if (!this.scene || isScalar(this.scene.maps)) return null;
    const {maps} = this.scene;
    const box = this.stage.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * maps.height);
    const column = Math.floor(((event.clientX - box.left) / box.width) * maps.width);
    return row >= 0 && row < maps.height && column >= 0 && column < maps.width ? {row, column} : null;
  }

  point(cell) {
    if (cell?.row === this.pointed?.row && cell?.column === this.pointed?.column) return;
    this.pointed = cell;
    this.call.onHover(cell);
  }

  /** Show a channel: `{maps, channel, place, values (exact) | null, image, run, limits, colours, opacity, label, cell}`. */
  show(scene) {
    const {maps, channel, place, label} = scene;
    const scalar = isScalar(maps);
    const before = this.scene;
    const unchanged = before?.maps === maps && before.channel === channel && Boolean(before.values) === Boolean(scene.values);
    const values = unchanged ? before.shown : scene.values ?? overviewValues(maps, channel);
    this.scene = {...scene, shown: values, table: lookup(scene.colours), limits: scene.limits.of(channel)};
    this.title.textContent = label ? `Channel ${channel} · ${label}` : `Channel ${channel}`;
    this.place.textContent = place;
    this.stage.hidden = this.mixing.hidden = scalar;
    this.value.hidden = !scalar;
    this.value.textContent = scalar ? format(values[0], 5) : "";
    this.opacity.value = String(Math.round(100 * scene.opacity));
    this.opacityText.textContent = `${this.opacity.value} %`;
    this.stage.setAttribute("aria-label", `Channel ${channel} of layer ${maps.layer}, ${maps.height} × ${maps.width} cells`);
    if (!unchanged) {
      this.counts = histogram(scalar ? maps.maximum : values);
      this.showFacts();
    }
    const drawn = ["image", "run", "opacity", "table"].every((key) => before?.[key] === this.scene[key]);
    const sameLimits = before?.limits.low === this.scene.limits.low && before?.limits.high === this.scene.limits.high;
    if (!unchanged || !drawn || !sameLimits) this.draw();
  }

  showFacts() {
    const {maps, channel} = this.scene;
    const facts = isScalar(maps)
      ? [["layer min", format(this.counts.low)], ["layer max", format(this.counts.high)]]
      : [["minimum", format(maps.minimum[channel])], ["mean", format(maps.mean[channel])], ["maximum", format(maps.maximum[channel])],
        ["zeros", percent(maps.zeros[channel])]];
    if (!isScalar(maps) && isDead(maps, channel)) facts.push(["state", "dead: 0 everywhere on this picture"]);
    if (isBroken(maps, channel)) facts.push(["state", "some values are not a number"]);
    this.facts.replaceChildren(...facts.map(([name, value]) =>
      make("div", {class: name === "state" ? "vz-state" : null}, make("dt", {}, name), make("dd", {}, value))));
    const [low, middle, high] = this.axis.children;
    low.textContent = Number.isFinite(this.counts.low) ? format(this.counts.low, 3) : "";
    high.textContent = Number.isFinite(this.counts.high) ? format(this.counts.high, 3) : "";
    middle.textContent = isScalar(maps) ? "all channels, counts logarithmic" : "counts logarithmic, dashed: 0";
    this.bars.setAttribute("aria-label", `Histogram of ${isScalar(maps) ? "the layer’s" : "the channel’s"} values in 64 bins from ${low.textContent} to ${high.textContent}`);
  }

  draw() {
    if (!this.scene || !this.element.isConnected) return;
    const {maps, run, image, shown, limits, table, opacity, channel} = this.scene;
    const ink = inks(this.element);
    this.drawBars(ink);
    if (isScalar(maps)) return;
    const [, inputHeight, inputWidth] = run.input;
    const width = this.stage.clientWidth;
    if (width === 0) return; // in a hidden tab; the observer draws once it shows
    const size = {width, height: Math.round((width * inputHeight) / inputWidth)};
    this.stage.style.height = `${size.height}px`;
    const context = fitCanvas(this.base, size.width, size.height);
    context.drawImage(this.cropOf(image, run, size), 0, 0, size.width, size.height);
    const map = document.createElement("canvas");
    [map.width, map.height] = [maps.width, maps.height];
    const limitsShown = Number.isFinite(limits.low) && Number.isFinite(limits.high) ? limits : this.counts;
    const colours = colourValues(shown, limitsShown, table);
    map.getContext("2d").putImageData(new ImageData(colours, maps.width, maps.height), 0, 0);
    context.imageSmoothingEnabled = maps.width > size.width;
    context.globalAlpha = isDead(maps, channel) ? Math.min(opacity, 0.5) : opacity;
    context.drawImage(map, 0, 0, size.width, size.height);
    context.globalAlpha = 1;
    if (this.scene.values) this.drawDigits(context, size, colours, ink);
    this.size = size;
    this.mark(this.scene.cell, this.scene.pointed, this.scene.receptive);
  }

  /** What the network sees, drawn once for each picture and size. */
  cropOf(image, run, size) {
    const key = [image, run, size.width, devicePixelRatio];
    if (this.crop && key.every((part, at) => part === this.crop.key[at])) return this.crop.canvas;
    const canvas = document.createElement("canvas");
    drawCrop(fitCanvas(canvas, size.width, size.height), image, run, size);
    this.crop = {key, canvas};
    return canvas;
  }

  drawDigits(context, {width, height}, colours, ink) {
    const {maps, shown, opacity} = this.scene;
    const [across, down] = [width / maps.width, height / maps.height];
    if (Math.min(across, down) < DIGITS_FROM) return;
    context.font = `${Math.min(0.95 * ink.text, across / 4.1)}px ${ink.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 1.5;
    context.lineJoin = "round";
    shown.forEach((value, at) => {
      const [red, green, blue] = colours.subarray(4 * at, 4 * at + 3);
      const dark = opacity * (0.3 * red + 0.59 * green + 0.11 * blue) + (1 - opacity) * 127 < 128;
      context.fillStyle = dark ? "#ffffff" : "#000000";
      context.strokeStyle = dark ? "rgb(0 0 0 / 55%)" : "rgb(255 255 255 / 55%)";
      const [x, y] = [(at % maps.width) * across + across / 2, Math.floor(at / maps.width) * down + down / 2];
      const text = cellText(context, value, across - 3);
      if (opacity < HALO_BELOW) context.strokeText(text, x, y, across - 2);
      context.fillText(text, x, y, across - 2);
    });
  }

  drawBars(ink) {
    const {maps, channel, table, limits} = this.scene;
    const size = {width: this.bars.parentElement.clientWidth, height: Math.round(4.2 * ink.text)};
    const colourOf = (value) => {
      const index = 4 * colourIndex(value, Number.isFinite(limits.low) ? limits : this.counts);
      return `rgb(${table.slice(index, index + 3).join(" ")})`;
    };
    const marked = isScalar(maps) ? maps.maximum[channel] : null;
    drawHistogram(fitCanvas(this.bars, size.width, size.height), size, this.counts, {colourOf, ink, marked});
  }

  /** Outline the selected cell, the cell pointed at, and a receptive field. */
  mark(cell, pointed, receptive) {
    if (!this.scene) return;
    Object.assign(this.scene, {cell, pointed, receptive});
    const {maps, run} = this.scene;
    if (isScalar(maps) || !this.size) return;
    const context = fitCanvas(this.marks, this.size.width, this.size.height);
    context.clearRect(0, 0, this.size.width, this.size.height);
    const [across, down] = [this.size.width / maps.width, this.size.height / maps.height];
    const box = (row, column) => ({x: column * across, y: row * down, width: across, height: down});
    if (receptive) {
      context.setLineDash([6, 4]);
      outline(context, receptiveBox(receptive, run.input, this.size), "#ffffff", 1.5);
      context.setLineDash([]);
    }
    if (cell) outline(context, box(...cell), "#ffffff", 2);
    if (pointed) outline(context, box(pointed.row, pointed.column), "#ffd23e", 2);
  }
}
