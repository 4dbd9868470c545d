// Transposed convolution, two ways: stamps that add up, and a convolution over an input with zeros between its cells.

import {ZERO, add, multiply, sum} from "./decimal.js";
import {exactSums, flat, nest} from "./linear.js";
import {pad} from "./padding.js";
import {channelsOf, filtersOf} from "./windows.js";

const range = (length) => Array.from({length}, (_, index) => index);
const before = ({padding: [top, , , left]}) => [top, left];

/** Stamp on flat doubles: inputs [C][H][W], weights [K][C / groups][kH][kW] -> [K][oH][oW], cells outside cut off. */
function scatter(inputs, weights, shape) {
  const {input: [height, width], kernel: [kernelHeight, kernelWidth], channels, groups, stride, dilation} = shape;
  const [filters, rows, columns] = shape.output;
  const [top, left] = before(shape);
  const sums = new Float64Array(filters * rows * columns);
  let at = 0; // the weight's place
  for (let filter = 0; filter < filters; filter += 1) {
    const first = Math.floor(filter / (filters / groups)) * (channels / groups);
    for (let channel = first; channel < first + channels / groups; channel += 1) {
      for (let y = 0; y < kernelHeight; y += 1) {
        for (let x = 0; x < kernelWidth; x += 1, at += 1) {
          for (let row = 0; row < height; row += 1) {
            const to = row * stride[0] + y * dilation[0] - top;
            if (to < 0 || to >= rows) continue;
            for (let column = 0; column < width; column += 1) {
              const end = column * stride[1] + x * dilation[1] - left;
              if (end < 0 || end >= columns) continue;
              sums[(filter * rows + to) * columns + end] += weights[at] * inputs[(channel * height + row) * width + column];
            }
          }
        }
      }
    }
  }
  return sums;
}

/** The stuffed input along one axis: the input cell at each position, −1 where a zero was inserted or padded. */
function stuffedSources(shape, axis) {
  const lead = shape.extent[axis] - 1 - before(shape)[axis];
  return range(shape.output[axis + 1] + shape.extent[axis] - 1).map((position) => {
    const cell = (position - lead) / shape.stride[axis];
    return Number.isInteger(cell) && cell >= 0 && cell < shape.input[axis] ? cell : -1;
  });
}

/** Every tap of the flipped kernel over the stuffed input, each with the input cell below it (null: an added zero). */
function stuffedCells(shape, [rowSources, columnSources], row, column) {
  const {kernel, dilation} = shape;
  return range(kernel[0]).flatMap((y) => range(kernel[1]).map((x) => {
    const [r, c] = [row + y * dilation[0], column + x * dilation[1]];
    const inside = rowSources[r] >= 0 && columnSources[c] >= 0;
    return {
      row: r, column: c, inputRow: inside ? rowSources[r] : null, inputColumn: inside ? columnSources[c] : null,
      weightRow: kernel[0] - 1 - y, weightColumn: kernel[1] - 1 - x,
    };
  }));
}

/** Where the stamp of input cell (row, column) puts each weight; row and column are null where padding cuts it off. */
function stampPlaces(shape, row, column) {
  const {kernel, stride, dilation, output: [, rows, columns]} = shape;
  const [top, left] = before(shape);
  return range(kernel[0]).flatMap((weightRow) => range(kernel[1]).map((weightColumn) => {
    const [r, c] = [row * stride[0] + weightRow * dilation[0] - top, column * stride[1] + weightColumn * dilation[1] - left];
    const inside = r >= 0 && r < rows && c >= 0 && c < columns;
    return {weightRow, weightColumn, row: inside ? r : null, column: inside ? c : null};
  }));
}

/** `patch` of either view: all taps over the stuffed input, or only the stamps that reach the cell. */
function patches(spec, shape, sources) {
  const perGroup = shape.channels / shape.groups;
  return (filter, row, column) => {
    const all = stuffedCells(shape, sources, row, column);
    const places = shape.view === "insert-zeros" ? all
      : all.filter(({inputRow}) => inputRow !== null).map((place) => ({...place, row: place.inputRow, column: place.inputColumn}));
    const channels = channelsOf(shape, filter).map((channel) => {
      const cells = places.map((place) => {
        const input = place.inputRow === null ? ZERO : spec.input[channel][place.inputRow][place.inputColumn];
        const weight = spec.weights[filter][channel % perGroup][place.weightRow][place.weightColumn];
        return {...place, input, weight, product: multiply(input, weight)};
      });
      return {channel, cells, sum: sum(cells.map(({product}) => product))};
    });
    return {channels, combine: "sum"};
  };
}

/** `stamp` and `stamped`, for stepping from input cell to input cell. */
function stamping(spec, shape) {
  const perGroup = shape.channels / shape.groups;

  function stamp(filter, channel, row, column) {
    const input = spec.input[channel][row][column];
    return stampPlaces(shape, row, column).map((place) => {
      const weight = spec.weights[filter][channel % perGroup][place.weightRow][place.weightColumn];
      return {...place, input, weight, product: multiply(input, weight)};
    });
  }

  function stamped(filter, count) {
    const canvas = range(shape.output[1]).map(() => Array(shape.output[2]).fill(ZERO));
    const [height, width] = shape.input;
    const order = channelsOf(shape, filter).flatMap((channel) =>
      range(height).flatMap((row) => range(width).map((column) => [channel, row, column])));
    for (const place of order.slice(0, count)) {
      for (const {row, column, product} of stamp(filter, ...place)) if (row !== null) canvas[row][column] = add(canvas[row][column], product);
    }
    return canvas;
  }
  return {stamp, stamped};
}

/**
 * Transposed convolution: like a convolution's result, with `stamp(filter, channel, row, column)` (the cells one input
 * value writes) and `stamped(filter, count)` (the output after so many stamps: channel by channel, row by row).
 */
export function transpose(spec, shape) {
  const stuffed = [0, 1].map((axis) => stuffedSources(shape, axis));
  const count = (shape.channels / shape.groups) * shape.kernel[0] * shape.kernel[1];
  const sums = exactSums(flat(spec.input), flat(spec.weights), count, (inputs, weights) => scatter(inputs, weights, shape));
  const zerosBetween = shape.view === "insert-zeros";

  function readers(channel, row, column) {
    const reached = stampPlaces(shape, row, column).filter((place) => place.row !== null);
    return filtersOf(shape, channel).flatMap((filter) => reached.map((place) => ({channel: filter, row: place.row, column: place.column})));
  }

  function uses(filter, channel, weightRow, weightColumn) {
    const [height, width] = shape.input;
    return range(height).flatMap((row) => range(width).flatMap((column) => {
      const place = stampPlaces(shape, row, column)[weightRow * shape.kernel[1] + weightColumn];
      if (place.row === null) return [];
      return [{output: {channel: filter, row: place.row, column: place.column}, input: {channel, row, column}, padded: null}];
    }));
  }

  return {
    padded: zerosBetween ? pad(spec.input, stuffed) : spec.input,
    sources: zerosBetween ? stuffed : shape.input.map(range),
    sums: nest(sums, shape.output),
    patch: patches(spec, shape, stuffed),
    readers,
    uses,
    ...stamping(spec, shape),
  };
}
