// Max unpooling, nearest and bilinear upsampling: cells put back, copied, or mixed.

import {ZERO, decimal, multiply, sum} from "./decimal.js";
import {exactSums, flat, nest} from "./linear.js";
import {maxPool} from "./pooling.js";
import {settle} from "./sizes.js";

const range = (length) => Array.from({length}, (_, index) => index);

const commonDivisor = (one, other) => (other ? commonDivisor(other, one % other) : one);

/** Without padding: the input itself, each cell its own source. */
const unpadded = (spec, shape) => ({padded: spec.input, sources: shape.input.map(range), uses: () => []});

const cell = (spec, channel, row, column, weight = null) => {
  const input = spec.input[channel][row][column];
  return {
    row, column, inputRow: row, inputColumn: column, weightRow: null, weightColumn: null, input, weight,
    product: weight === null ? input : multiply(input, weight),
  };
};

/** The remembered places of max pooling over `spec.remembered` with the same window. */
function rememberedIndices({remembered}, {kernel, stride}) {
  const pooling = {op: "max-pool", input: remembered, kernel, stride};
  return maxPool(pooling, settle(pooling)).indices;
}

function checkIndices(indices, shape) {
  const size = shape.output[1] * shape.output[2];
  const bad = indices.flat(2).find((index) => !(Number.isInteger(index) && index >= 0 && index < size));
  if (bad !== undefined) throw new RangeError(`Place ${bad} is outside the output: there are places 0 to ${size - 1}.`);
  if (indices.length !== shape.channels || indices.some((channel) => channel.length !== shape.input[0] || channel.some((line) => line.length !== shape.input[1]))) {
    throw new RangeError(`Max unpooling needs one remembered place for each of the ${shape.inputShape.join(" × ")} input cells.`);
  }
}

/** Every value goes back to the place its maximum came from; of two with one place, the later in reading order stays. */
export function maxUnpool(spec, shape) {
  const indices = spec.indices ?? rememberedIndices(spec, shape);
  checkIndices(indices, shape);
  const [, height, width] = shape.output;
  const origin = indices.map((channel) => {
    const places = Array(height * width).fill(null);
    channel.forEach((line, row) => line.forEach((index, column) => { places[index] = [row, column]; }));
    return places;
  });
  const cellsOf = (channel, row, column) => {
    const from = origin[channel][row * width + column];
    return from === null ? [] : [cell(spec, channel, ...from)];
  };
  return {
    ...unpadded(spec, shape),
    indices,
    sums: range(shape.channels).map((channel) => range(height).map((row) => range(width).map((column) => {
      const from = origin[channel][row * width + column];
      return from === null ? ZERO : spec.input[channel][from[0]][from[1]];
    }))),
    patch(channel, row, column) {
      const cells = cellsOf(channel, row, column);
      return {channels: [{channel, cells, sum: cells[0]?.input ?? ZERO}], combine: "copy"};
    },
    readers(channel, row, column) {
      const index = indices[channel][row][column];
      const stays = origin[channel][index]?.[0] === row && origin[channel][index][1] === column;
      return stays ? [{channel, row: Math.floor(index / width), column: index % width}] : [];
    },
  };
}

/** Every input cell becomes a block of scale × scale copies. */
export function upsampleNearest(spec, shape) {
  const [, height, width] = shape.output;
  const [tall, wide] = shape.scale;
  return {
    ...unpadded(spec, shape),
    sums: range(shape.channels).map((channel) => range(height).map((row) => range(width).map((column) =>
      spec.input[channel][Math.floor(row / tall)][Math.floor(column / wide)]))),
    patch(channel, row, column) {
      const only = cell(spec, channel, Math.floor(row / tall), Math.floor(column / wide));
      return {channels: [{channel, cells: [only], sum: only.input}], combine: "copy"};
    },
    readers: (channel, row, column) => range(tall).flatMap((y) => range(wide).map((x) =>
      ({channel, row: row * tall + y, column: column * wide + x}))),
  };
}

/**
 * Along one axis, the two neighbours of each output cell and their shares in whole parts of `divisor`. Cell centres
 * keep their places (PyTorch's align_corners=False) unless the corner cells are to lie on each other.
 */
export function bilinearTaps(size, scale, alignCorners) {
  return range(size * scale).map((at) => {
    const parts = alignCorners ? Math.max(1, size * scale - 1) : 2 * scale;
    const position = alignCorners ? at * (size - 1) : Math.max(0, 2 * at + 1 - scale);
    const first = Math.min(Math.floor(position / parts), size - 1);
    const share = first === size - 1 ? 0 : position % parts;
    const unit = commonDivisor(parts, share);
    const taps = [[first, (parts - share) / unit], [first + 1, share / unit]].filter(([, weight]) => weight > 0);
    return {taps: taps.map(([index, weight]) => ({index, weight})), divisor: parts / unit};
  });
}

/** Each output cell mixes its four neighbours; weights are whole parts, divided once at the end. */
export function upsampleBilinear(spec, shape) {
  const axes = [0, 1].map((axis) => bilinearTaps(shape.input[axis], shape.scale[axis], shape.alignCorners));
  const most = Math.max(...axes[0].map(({divisor}) => divisor)) * Math.max(...axes[1].map(({divisor}) => divisor));
  const [height, width] = shape.input;

  function mix(inputs) {
    const sums = new Float64Array(shape.output[0] * shape.output[1] * shape.output[2]);
    let at = 0;
    for (let channel = 0; channel < shape.channels; channel += 1) {
      for (const {taps: rows} of axes[0]) {
        for (const {taps: columns} of axes[1]) {
          for (const row of rows) for (const column of columns) sums[at] += row.weight * column.weight * inputs[(channel * height + row.index) * width + column.index];
          at += 1;
        }
      }
    }
    return sums;
  }

  return {
    ...unpadded(spec, shape),
    sums: nest(exactSums(flat(spec.input), [decimal(BigInt(most))], 1, mix), shape.output),
    divisor: (_, row, column) => axes[0][row].divisor * axes[1][column].divisor,
    patch(channel, row, column) {
      const cells = axes[0][row].taps.flatMap((y) => axes[1][column].taps.map((x) =>
        cell(spec, channel, y.index, x.index, decimal(BigInt(y.weight * x.weight)))));
      return {channels: [{channel, cells, sum: sum(cells.map(({product}) => product))}], combine: "sum"};
    },
    readers(channel, row, column) {
      const along = (axis, index) => range(axes[axis].length).filter((at) => axes[axis][at].taps.some((tap) => tap.index === index));
      return along(0, row).flatMap((r) => along(1, column).map((c) => ({channel, row: r, column: c})));
    },
  };
}
