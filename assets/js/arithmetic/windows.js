// A kernel sliding over padded channels: convolution with groups, stride and dilation.

import {multiply, sum} from "./decimal.js";
import {exactSums, flat, nest} from "./linear.js";
import {pad, sourceAxes} from "./padding.js";

const range = (length) => Array.from({length}, (_, index) => index);

/** Sums of products on flat doubles: inputs [C][H][W], weights [K][C / groups][kH][kW] -> [K][oH][oW]. */
function correlate(inputs, weights, shape) {
  const {channels, groups, padded: [height, width], kernel: [kernelHeight, kernelWidth], dilation, stride} = shape;
  const [filters, rows, columns] = shape.output;
  const [perGroup, filtersPerGroup] = [channels / groups, filters / groups];
  const sums = new Float64Array(filters * rows * columns);
  let at = 0; // the weight's place
  for (let filter = 0; filter < filters; filter += 1) {
    const first = Math.floor(filter / filtersPerGroup) * perGroup;
    for (let channel = first; channel < first + perGroup; channel += 1) {
      for (let y = 0; y < kernelHeight; y += 1) {
        for (let x = 0; x < kernelWidth; x += 1, at += 1) {
          const weight = weights[at];
          if (weight === 0) continue;
          for (let row = 0; row < rows; row += 1) {
            let from = (channel * height + row * stride[0] + y * dilation[0]) * width + x * dilation[1];
            const to = (filter * rows + row) * columns;
            for (let column = 0; column < columns; column += 1, from += stride[1]) sums[to + column] += weight * inputs[from];
          }
        }
      }
    }
  }
  return sums;
}

/** The channels that a filter reads. */
export function channelsOf({channels, filters, groups}, filter) {
  const perGroup = channels / groups;
  const first = Math.floor(filter / (filters / groups)) * perGroup;
  return range(perGroup).map((index) => first + index);
}

/** The filters that read a channel. */
export function filtersOf({channels, filters, groups}, channel) {
  const perGroup = filters / groups;
  const first = Math.floor(channel / (channels / groups)) * perGroup;
  return range(perGroup).map((index) => first + index);
}

/** The padded positions of a window, each with its place in the input (null in the padding). */
export function windowCells(shape, [rowSources, columnSources], row, column) {
  const {kernel, stride, dilation} = shape;
  const cells = [];
  for (let y = 0; y < kernel[0]; y += 1) {
    for (let x = 0; x < kernel[1]; x += 1) {
      const [r, c] = [row * stride[0] + y * dilation[0], column * stride[1] + x * dilation[1]];
      if (r >= rowSources.length || c >= columnSources.length) continue; // ceil: a window may hang over the end
      const inside = rowSources[r] >= 0 && columnSources[c] >= 0;
      cells.push({
        row: r, column: c, inputRow: inside ? rowSources[r] : null, inputColumn: inside ? columnSources[c] : null,
        weightRow: y, weightColumn: x,
      });
    }
  }
  return cells;
}

/** Output positions along one axis whose windows read input position `at`. */
function readersAlong(shape, sources, axis, at) {
  const {kernel, stride, dilation, output} = shape;
  return range(output[axis + 1]).filter((position) =>
    range(kernel[axis]).some((tap) => sources[position * stride[axis] + tap * dilation[axis]] === at));
}

/** `readers(channel, row, column)`: every output cell whose window reads an input cell, mirrored copies included. */
export const windowReaders = (shape, axes, filters = filtersOf) => (channel, row, column) => {
  const columns = readersAlong(shape, axes[1], 1, column);
  const positions = readersAlong(shape, axes[0], 0, row).flatMap((r) => columns.map((c) => [r, c]));
  return filters(shape, channel).flatMap((filter) => positions.map(([r, c]) => ({channel: filter, row: r, column: c})));
};

/** Convolution: {padded, sources, sums, patch, readers, uses}; `sums` leaves bias, divisor and activation to others. */
export function convolve(spec, shape) {
  const sources = sourceAxes(shape);
  const padded = pad(spec.input, sources);
  const perGroup = shape.channels / shape.groups;
  const count = perGroup * shape.kernel[0] * shape.kernel[1];
  const sums = exactSums(flat(padded), flat(spec.weights), count, (inputs, weights) => correlate(inputs, weights, shape));

  function patch(filter, row, column) {
    const places = windowCells(shape, sources, row, column);
    const channels = channelsOf(shape, filter).map((channel) => {
      const cells = places.map((place) => {
        const input = padded[channel][place.row][place.column];
        const weight = spec.weights[filter][channel % perGroup][place.weightRow][place.weightColumn];
        return {...place, input, weight, product: multiply(input, weight)};
      });
      return {channel, cells, sum: sum(cells.map(({product}) => product))};
    });
    return {channels, combine: "sum"};
  }

  function uses(filter, channel, weightRow, weightColumn) {
    const [, rows, columns] = shape.output;
    return range(rows).flatMap((row) => range(columns).map((column) => {
      const place = windowCells(shape, sources, row, column)[weightRow * shape.kernel[1] + weightColumn];
      const input = place.inputRow === null ? null : {channel, row: place.inputRow, column: place.inputColumn};
      return {output: {channel: filter, row, column}, input, padded: {channel, row: place.row, column: place.column}};
    }));
  }

  return {padded, sources, sums: nest(sums, shape.output), patch, readers: windowReaders(shape, sources), uses};
}
