// From values to colours: which values the two ends of the colour map stand for.

import {isBroken, isScalar} from "./channel_maps.js";

/** Ranges in menu order. */
export const RANGES = {channel: "per channel", layer: "per layer", symmetric: "symmetric (±)"};

/** A loud colour for single cells that are not a number. */
export const BROKEN_COLOUR = [226, 0, 116, 255];

/** The least and greatest finite value of a layer. */
export function layerLimits(maps) {
  let low = Infinity;
  let high = -Infinity;
  for (let channel = 0; channel < maps.channels; channel += 1) {
    if (isBroken(maps, channel)) continue;
    low = Math.min(low, maps.minimum[channel]);
    high = Math.max(high, maps.maximum[channel]);
  }
  return low <= high ? {low, high} : {low: 0, high: 0};
}

/** Limits of the colour map for every channel: `of(channel) -> {low, high}`, `shared` or not.
 *
 * A channel of one cell has no range of its own: it is drawn in the layer's. */
export function colourLimits(maps, range) {
  const layer = layerLimits(maps);
  if (range === "symmetric") {
    const reach = Math.max(Math.abs(layer.low), Math.abs(layer.high));
    const limits = {low: -reach, high: reach};
    return {shared: limits, of: () => limits};
  }
  if (range === "layer" || isScalar(maps)) return {shared: layer, of: () => layer};
  return {shared: null, of: (channel) => ({low: maps.minimum[channel], high: maps.maximum[channel]})};
}

/** Position of a value in a colour table of 256; the middle where the limits coincide. */
export function colourIndex(value, {low, high}) {
  if (!(high > low)) return 128;
  return Math.max(0, Math.min(255, Math.round((255 * (value - low)) / (high - low))));
}

const packed = (colour) => new Uint32Array(new Uint8Array(colour).buffer)[0];

/** Colour any values: RGBA bytes, `BROKEN_COLOUR` where a value is not finite. */
export function colourValues(values, limits, table) {
  const colours = new Uint32Array(table.buffer, table.byteOffset, 256);
  const broken = packed(BROKEN_COLOUR);
  const pixels = Uint32Array.from(values, (value) => (Number.isFinite(value) ? colours[colourIndex(value, limits)] : broken));
  return new Uint8ClampedArray(pixels.buffer);
}

/** Columns and rows of tiles of the sheet that holds all channels, and its size in cells. */
export function sheetShape({channels, tileHeight, tileWidth}) {
  const columns = Math.max(1, Math.ceil(Math.sqrt((channels * tileHeight) / tileWidth)));
  const rows = Math.max(1, Math.ceil(channels / columns));
  return {columns, rows, width: columns * tileWidth, height: rows * tileHeight};
}

/** All channels in colour on one sheet, tile beside tile by index: RGBA bytes. */
export function paintSheet(maps, limits, table) {
  const {columns, width, height} = sheetShape(maps);
  const pixels = new Uint32Array(width * height);
  const colours = new Uint32Array(table.buffer, table.byteOffset, 256);
  const broken = packed(BROKEN_COLOUR);
  const {tileHeight, tileWidth, minimum, maximum, levels} = maps;
  const source = maps.exact ? maps.values : maps.cells;
  for (let channel = 0; channel < maps.channels; channel += 1) {
    const {low, high} = finiteLimits(maps, channel, limits.of(channel));
    // index = value * slope + base, with value = minimum + cell * step where cells are rounded
    const slope = high > low ? 255 / (high - low) : 0;
    const base = high > low ? -low * slope : 128;
    const step = maps.exact ? slope : (slope * (maximum[channel] - minimum[channel])) / (levels - 1);
    const start = maps.exact ? base : base + slope * minimum[channel];
    let from = channel * tileHeight * tileWidth;
    let to = Math.floor(channel / columns) * tileHeight * width + (channel % columns) * tileWidth;
    for (let row = 0; row < tileHeight; row += 1, to += width - tileWidth) {
      for (let column = 0; column < tileWidth; column += 1, from += 1, to += 1) {
        const index = Math.round(source[from] * step + start);
        pixels[to] = index >= 0 ? colours[index > 255 ? 255 : index] : index < 0 ? colours[0] : broken;
      }
    }
  }
  return new Uint8ClampedArray(pixels.buffer);
}

/** A channel's own limits where it has finite ones; otherwise those of its finite values. */
function finiteLimits(maps, channel, limits) {
  if (Number.isFinite(limits.low) && Number.isFinite(limits.high)) return limits;
  if (!maps.exact) return {low: NaN, high: NaN};
  const cells = maps.height * maps.width;
  const finite = maps.values.subarray(channel * cells, (channel + 1) * cells).filter(Number.isFinite);
  return finite.reduce(
    ({low, high}, value) => ({low: Math.min(low, value), high: Math.max(high, value)}),
    {low: Infinity, high: -Infinity},
  );
}
