// One layer's channels as the server sends them: statistics, cells and receptive fields.

/** A record of all channels from the answer of /vz/maps. */
export function channelMaps({header, arrays}) {
  const [channels, height, width] = header.shape;
  const [tileHeight, tileWidth] = header.tile;
  return {
    layer: header.layer,
    kind: header.kind,
    channels,
    height,
    width,
    tileHeight,
    tileWidth,
    pool: header.pool,
    levels: header.levels,
    exact: header.exact,
    minimum: arrays.minimum,
    maximum: arrays.maximum,
    mean: arrays.mean,
    zeros: arrays.zeros,
    cells: arrays.cells ?? null,
    values: arrays.values ?? null,
    rows: arrays.receptive_rows,
    columns: arrays.receptive_columns,
  };
}

/** Whether every cell of a channel is 0. */
export const isDead = ({minimum, maximum}, channel) => minimum[channel] === 0 && maximum[channel] === 0;

/** Whether a channel holds values that are not numbers, or infinite. */
export const isBroken = ({minimum, maximum}, channel) =>
  !Number.isFinite(minimum[channel]) || !Number.isFinite(maximum[channel]);

/** Whether maps are single values, as behind a fully connected layer. */
export const isScalar = ({height, width}) => height * width === 1;

/** How many channels fulfil `condition(maps, channel)`. */
export function countChannels(maps, condition) {
  let count = 0;
  for (let channel = 0; channel < maps.channels; channel += 1) count += condition(maps, channel) ? 1 : 0;
  return count;
}

/** A cell's value as far as the overview tells it: `{value, exact}`.
 *
 * The overview rounds to `levels` steps, and averages blocks of `pool` × `pool` cells. */
export function overviewValue(maps, channel, row, column) {
  if (maps.exact) return {value: maps.values[(channel * maps.height + row) * maps.width + column], exact: true};
  const low = maps.minimum[channel];
  const high = maps.maximum[channel];
  if (low === high) return {value: low, exact: true};
  if (isBroken(maps, channel)) return {value: NaN, exact: false};
  const tileRow = Math.min(maps.tileHeight - 1, Math.floor(row / maps.pool));
  const tileColumn = Math.min(maps.tileWidth - 1, Math.floor(column / maps.pool));
  const cell = maps.cells[(channel * maps.tileHeight + tileRow) * maps.tileWidth + tileColumn];
  return {value: low + (cell / (maps.levels - 1)) * (high - low), exact: false};
}

/** Input pixels, inclusive, that a cell depends on; beyond the input lies padding. */
export function receptiveField({rows, columns}, row, column) {
  return {top: rows[2 * row], left: columns[2 * column], bottom: rows[2 * row + 1], right: columns[2 * column + 1]};
}

/** Sort keys in menu order; the value that is compared. */
export const SORT_KEYS = {
  index: {title: "index", of: (_maps, channel) => channel},
  mean: {title: "mean", of: (maps, channel) => maps.mean[channel]},
  maximum: {title: "maximum", of: (maps, channel) => maps.maximum[channel]},
  zeros: {title: "zeros", of: (maps, channel) => maps.zeros[channel]},
};

/** Channel numbers in the order of `key`; ties by index, what is not a number last. */
export function channelOrder(maps, key, descending) {
  const keys = Float64Array.from({length: maps.channels}, (_, channel) => SORT_KEYS[key].of(maps, channel));
  const sign = descending ? -1 : 1;
  const compare = (a, b) => {
    if (Number.isNaN(keys[a]) || Number.isNaN(keys[b])) return Number.isNaN(keys[a]) - Number.isNaN(keys[b]);
    return Math.sign(keys[a] - keys[b]) * sign; // a difference of equal infinities is not a number
  };
  const order = Int32Array.from({length: maps.channels}, (_, channel) => channel);
  return order.sort((a, b) => compare(a, b) || a - b);
}

/** Standard deviation of a channel's cells, as far as the overview tells it. */
function spread(maps, channel) {
  const size = maps.tileHeight * maps.tileWidth;
  const cells = (maps.exact ? maps.values : maps.cells).subarray(channel * size, (channel + 1) * size);
  const unit = maps.exact ? 1 : (maps.maximum[channel] - maps.minimum[channel]) / (maps.levels - 1);
  let [sum, squares] = [0, 0];
  for (const cell of cells) {
    sum += cell;
    squares += cell * cell;
  }
  return unit * Math.sqrt(Math.max(0, squares / size - (sum / size) ** 2));
}

/** The channel that varies most over the picture; of single values, the largest. */
export function liveliestChannel(maps) {
  const liveliness = isScalar(maps) ? (channel) => maps.maximum[channel] : (channel) => spread(maps, channel);
  let best = {channel: 0, value: -Infinity};
  for (let channel = 0; channel < maps.channels; channel += 1) {
    const value = liveliness(channel);
    if (Number.isFinite(value) && value > best.value) best = {channel, value};
  }
  return best.channel;
}
