// One layer as it is on screen: its channels in order, their colours' limits, the exact values so far.

import {channelOrder, isScalar, overviewValue, receptiveField, liveliestChannel} from "./channel_maps.js";
import {format} from "./colour.js";
import {receptiveText} from "./picture_crop.js";
import {colourLimits} from "./ranges.js";

/** Names of classes for the softmax layer: those of the prediction, by index. */
export const classLabels = (run, layer) =>
  new Map(layer === "softmax" ? run.top.map(({index, label}) => [index, label]) : []);

/** Order and direction in force: probabilities begin with the largest, channels with the first. */
export function sorting({sort, descending}, layer) {
  if (sort !== null) return {sort, descending};
  return layer === "softmax" ? {sort: "maximum", descending: true} : {sort: "index", descending: false};
}

/** `channel 17 · row 3, column 5 · ≈ 1.234`. */
export function readoutText(maps, {channel, row, column}, {value, exact}, label) {
  const parts = [label ? `channel ${channel}, ${label}` : `channel ${channel}`];
  if (!isScalar(maps)) parts.push(`row ${row}, column ${column}`);
  parts.push(`${exact || Number.isNaN(value) ? "" : "≈ "}${format(value)}`);
  return parts.join(" · ");
}

export class MapView {
  constructor({maps, run, state}) {
    this.maps = maps;
    this.run = run;
    this.state = state; // the workspace when this layer was asked for
    this.labels = classLabels(run, maps.layer);
    this.exact = new Map();
    this.arranged = {};
  }

  /** The settings with what they leave open filled in. */
  inForce(settings) {
    const size = isScalar(this.maps) ? settings.itemSize : settings.size;
    return {...settings, ...sorting(settings, this.maps.layer), size};
  }

  /** Put channels in order and find the colours' limits; whether anything has changed. */
  arrange(settings) {
    const {sort, descending, range} = this.inForce(settings);
    const {arranged} = this;
    const sorted = sort !== arranged.sort || descending !== arranged.descending;
    if (sorted) this.order = channelOrder(this.maps, sort, descending);
    if (range !== arranged.range) this.limits = colourLimits(this.maps, range);
    this.arranged = {sort, descending, range};
    return sorted;
  }

  /** The channel shown large: the selected one, or the liveliest until one is selected. */
  channel(selected) {
    if (selected !== null && selected < this.maps.channels) return selected;
    this.liveliest ??= liveliestChannel(this.maps);
    return this.liveliest;
  }

  /** The channel `by` places on in the present order. */
  neighbour(channel, by) {
    const place = this.order.indexOf(channel) + by;
    return this.order[Math.max(0, Math.min(this.order.length - 1, place))];
  }

  /** `number 3 of 1280 by mean`. */
  placeText(channel) {
    const {sort} = this.arranged;
    if (sort === "index") return `of ${this.maps.channels} channels`;
    return `number ${this.order.indexOf(channel) + 1} of ${this.maps.channels} by ${sort}`;
  }

  /** A channel's exact values, or null while only the overview is there. */
  values(channel) {
    const {maps} = this;
    const cells = maps.height * maps.width;
    if (maps.exact) return maps.values.subarray(channel * cells, (channel + 1) * cells);
    if (isScalar(maps)) return maps.maximum.subarray(channel, channel + 1);
    return this.exact.get(channel) ?? null;
  }

  holds([row, column]) {
    return row < this.maps.height && column < this.maps.width;
  }

  /** The cell with the highest value that is known of a channel. */
  strongest(channel) {
    const values = this.values(channel) ?? [0];
    const place = values.reduce((best, value, index) => (value > values[best] ? index : best), 0);
    return [Math.floor(place / this.maps.width), place % this.maps.width];
  }

  /** A cell with the input pixels it depends on. */
  looking({channel, row, column}) {
    return {layer: this.maps.layer, channel, row, column, receptive: receptiveField(this.maps, row, column)};
  }

  /** What the readout says of a cell. */
  readout({channel, row, column, receptive}) {
    const exact = this.values(channel);
    const value = exact
      ? {value: exact[row * this.maps.width + column], exact: true}
      : overviewValue(this.maps, channel, row, column);
    const text = readoutText(this.maps, {channel, row, column}, value, this.labels.get(channel));
    return `${text} · sees ${receptiveText(receptive, this.run.input)}`;
  }
}
