// Max and average pooling, channel by channel.

import {ZERO, compare, decimal, sum} from "./decimal.js";
import {pad, sourceAxes} from "./padding.js";
import {windowCells, windowReaders} from "./windows.js";

const itself = (_, channel) => [channel];

/** The first of the largest values, in reading order, as PyTorch chooses; padding never wins. */
function winnerOf(cells) {
  let best = null;
  for (const cell of cells) if (cell.input !== null && (best === null || compare(cell.input, best.input) > 0)) best = cell;
  return best;
}

const filled = (shape, value) => Array.from({length: shape.channels}, (_, channel) =>
  Array.from({length: shape.output[1]}, (__, row) =>
    Array.from({length: shape.output[2]}, (___, column) => value(channel, row, column))));

function pooled(spec, shape, blank) {
  const sources = sourceAxes(shape);
  const padded = pad(spec.input, sources, blank);
  function patch(channel, row, column) {
    const cells = windowCells(shape, sources, row, column).map((place) => {
      const input = padded[channel][place.row][place.column];
      return {...place, input, weight: null, product: input};
    });
    return {channel, cells};
  }
  return {sources, padded, patch, readers: windowReaders(shape, sources, itself), uses: () => []};
}

/** Units of one scale, to compare and add without making a Decimal of every step. */
function plainUnits(padded) {
  const places = Math.max(...padded.flat(2).map((value) => value?.places ?? 0));
  const scale = (value) => value && value.units * 10n ** BigInt(places - value.places);
  return {places, units: padded.map((channel) => channel.map((line) => line.map(scale)))};
}

/** The largest value of every window; `indices[channel][row][column]` says where it lay in the input, row by row. */
export function maxPool(spec, shape) {
  const {patch, ...rest} = pooled(spec, shape, null);
  const {units} = plainUnits(rest.padded);
  const [rowSources, columnSources] = rest.sources;
  const {kernel, stride, dilation} = shape;
  const places = filled(shape, (channel, row, column) => {
    let [best, at] = [null, null];
    for (let y = row * stride[0], taps = 0; taps < kernel[0] && y < rowSources.length; taps += 1, y += dilation[0]) {
      for (let x = column * stride[1], tap = 0; tap < kernel[1] && x < columnSources.length; tap += 1, x += dilation[1]) {
        const value = units[channel][y][x];
        if (value !== null && (best === null || value > best)) [best, at] = [value, [y, x]];
      }
    }
    return at;
  });
  const sums = filled(shape, (channel, row, column) => {
    const [y, x] = places[channel][row][column];
    return rest.padded[channel][y][x];
  });
  return {
    ...rest,
    sums,
    indices: filled(shape, (channel, row, column) => {
      const [y, x] = places[channel][row][column];
      return rowSources[y] * shape.input[1] + columnSources[x];
    }),
    patch(channel, row, column) {
      const {cells} = patch(channel, row, column);
      const winner = winnerOf(cells);
      return {channels: [{channel, cells, sum: winner.input}], combine: "max", winner};
    },
  };
}

/** The mean of every window; `countPadding: false` divides by the cells inside the input only. */
export function averagePool(spec, shape) {
  const {patch, ...rest} = pooled(spec, shape, ZERO);
  const {units, places} = plainUnits(rest.padded);
  const [height, width] = rest.sources.map((source) => source.length);
  const {kernel, stride} = shape;
  const span = (at, axis, length) => [at * stride[axis], Math.min(at * stride[axis] + kernel[axis], length)];
  const sums = filled(shape, (channel, row, column) => {
    const [[top, bottom], [left, right]] = [span(row, 0, height), span(column, 1, width)];
    let total = 0n;
    for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) total += units[channel][y][x];
    return decimal(total, places);
  });
  const divisor = (_, row, column) => {
    const counts = [[row, 0, height], [column, 1, width]].map(([at, axis, length]) => {
      const [from, to] = span(at, axis, length);
      return shape.countPadding ? to - from : rest.sources[axis].slice(from, to).filter((source) => source >= 0).length;
    });
    return counts[0] * counts[1];
  };
  return {
    ...rest,
    sums,
    divisor,
    patch(channel, row, column) {
      const {cells} = patch(channel, row, column);
      return {channels: [{channel, cells, sum: sum(cells.map(({product}) => product))}], combine: "sum"};
    },
  };
}
