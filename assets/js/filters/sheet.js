// All filters of a layer as the server sends them: values, limits, order, colours. Nothing here touches the page.

const MIDDLE = 128;
const NEGLIGIBLE = 1e-3; // of the layer's largest weight

/** A record of all filters from the answer of /vz/filters. */
export function filterSheet({header, arrays}) {
  const [filters, inputs, height, width] = header.shape;
  const whole = header.form !== "norms"; // whole kernels; else one number stands for a kernel
  const [tileHeight, tileWidth] = whole ? [height, width] : [1, 1];
  const row = (arrays.values ?? arrays.cells).length / filters; // numbers of one filter
  return {
    layer: header.layer, kind: header.kind, settings: header.settings, form: header.form, source: header.source, flattened: header.flattened,
    groups: header.groups, pool: header.pool, exact: header.exact, steps: header.steps, trained: header.trained, parameters: header.parameters,
    checkpoints: header.checkpoints, stride: header.stride, padding: header.padding, dilation: header.dilation, filters, inputs, height, width, tileHeight, tileWidth, row,
    columns: row / (tileHeight * tileWidth), // tiles of one filter: input channels, or groups of them
    values: arrays.values ?? null, cells: arrays.cells ?? null,
    scale: arrays.scale, norm: arrays.norm, mean: arrays.mean, minimum: arrays.minimum, maximum: arrays.maximum, bias: arrays.bias ?? null,
  };
}

/** The same layer with other exact values, as at another moment of its training. */
export function withValues(sheet, values) {
  const scale = new Float32Array(sheet.filters);
  for (let filter = 0; filter < sheet.filters; filter += 1) {
    for (let at = filter * sheet.row; at < (filter + 1) * sheet.row; at += 1) scale[filter] = Math.max(scale[filter], Math.abs(values[at]));
  }
  return {...sheet, exact: true, values, cells: null, scale};
}

/** Whether a filter is one picture; else it is a row with a tile per input channel. */
export const isTiled = ({form}) => form === "colour" || form === "single";

/** A number of a filter as far as the sheet tells it. */
export function sheetValue(sheet, filter, at) {
  const place = filter * sheet.row + at;
  return sheet.exact ? sheet.values[place] : (sheet.cells[place] / sheet.steps) * sheet.scale[filter];
}

/** The input channel that a filter's tile reads: groups read their own. */
export function inputOf({groups, filters, inputs}, filter, column) {
  return Math.floor(filter / (filters / groups)) * inputs + column;
}

/** The largest weight of a layer by size. */
export const reachOf = ({scale}) => scale.reduce((most, value) => Math.max(most, Number.isFinite(value) ? value : 0), 0);

/** Whether all of a filter's weights are next to nothing beside the layer's: a range of its own would blow up its noise. */
export const isNegligible = (sheet, filter, reach = reachOf(sheet)) => sheet.scale[filter] < NEGLIGIBLE * reach;

/** What the strongest colour stands for: of each filter, or of all sheets shown. `of(filter)`, `shared` or null. */
export function sheetLimits(sheets, range) {
  const reaches = new Map(sheets.map((sheet) => [sheet, reachOf(sheet)]));
  if (range === "filter") {
    const own = (filter, sheet = sheets[0]) => (isNegligible(sheet, filter, reaches.get(sheet)) ? reaches.get(sheet) : sheet.scale[filter]);
    return {shared: null, of: own};
  }
  const reach = Math.max(...reaches.values());
  return {shared: reach, of: () => reach};
}

/** Orders in menu order. */
export const ORDERS = {index: "index", norm: "norm, largest first", alike: "alike side by side", like: "like the chosen filter"};

/** Filters in the order of `key`; `chain` and `alike` come from the server. */
export function filterOrder(sheet, key, {chain = null, alike = null} = {}) {
  const order = Int32Array.from({length: sheet.filters}, (_, filter) => filter);
  const by = (values) => order.sort((a, b) => values[b] - values[a] || a - b);
  if (key === "norm") return by(sheet.norm);
  if (key === "like" && alike) return by(alike);
  return key === "alike" && chain ? Int32Array.from(chain) : order;
}

/** Red, green, blue of a weight in a picture of its own colours: grey is 0. */
export const colourPart = (value, limit) => (limit > 0 ? Math.max(0, Math.min(255, Math.round(MIDDLE + (127 * value) / limit))) : MIDDLE);

/** Position in a colour table of 256 whose middle is 0. */
export const signedIndex = (value, limit) => (limit > 0 ? Math.max(0, Math.min(255, Math.round(127.5 + (127.5 * value) / limit))) : MIDDLE);

/** Position in a colour table of 256 from 0. */
const risingIndex = (value, limit) => (limit > 0 ? Math.max(0, Math.min(255, Math.round((255 * value) / limit))) : 0);

/**
 * Colour the filters in `order`: RGBA bytes, one pixel per number, tiles beside each other, `across` to a row of tiles.
 *
 * `part`: "colour", or 0, 1, 2 for one input channel of a colour filter. `tables`: {signed, rising} of 256 colours.
 */
export function paintFilters(sheet, {order, limits, across, part = "colour", tables}) {
  const tiles = order.length * (isTiled(sheet) ? 1 : sheet.columns);
  const {tileHeight, tileWidth} = sheet;
  const rows = Math.ceil(tiles / across);
  const [width, height] = [across * tileWidth, rows * tileHeight];
  const pixels = new Uint32Array(width * height);
  const table = sheet.form === "norms" ? tables.rising : tables.signed;
  const colours = new Uint32Array(table.buffer, table.byteOffset, 256);
  const index = sheet.form === "norms" ? risingIndex : signedIndex;
  const size = tileHeight * tileWidth;
  const mixed = sheet.form === "colour" && part === "colour";
  for (let tile = 0; tile < tiles; tile += 1) {
    const filter = order[isTiled(sheet) ? tile : Math.floor(tile / sheet.columns)];
    const from = isTiled(sheet) ? (part === "colour" ? 0 : part * size) : (tile % sheet.columns) * size;
    const limit = limits.of(filter, sheet);
    let to = Math.floor(tile / across) * tileHeight * width + (tile % across) * tileWidth;
    for (let cell = 0; cell < size; cell += 1) {
      const value = (channel) => colourPart(sheetValue(sheet, filter, channel * size + cell), limit);
      pixels[to] = mixed ? packed(value(0), value(1), value(2)) : colours[index(sheetValue(sheet, filter, from + cell), limit)];
      to += (cell + 1) % tileWidth ? 1 : width - tileWidth + 1;
    }
  }
  return {pixels: new Uint8ClampedArray(pixels.buffer), width, height};
}

const packed = (red, green, blue) => new Uint32Array(new Uint8Array([red, green, blue, 255]).buffer)[0];
