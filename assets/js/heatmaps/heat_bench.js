// A cell's strongest channels as a 1 × 1 convolution for the workbench, to be stepped cell by cell.

import {decimalText} from "../filters/workbench_word.js";
import {formatBench} from "../workbench_link.js";

const CHANNELS = 4;
const MOST = 9; // cells along a side
const DIVISOR = 100; // weights of a heatmap are small: the workbench has three decimals
const PER_CELL = ["hires-cam", "layer-cam"]; // their weights differ from cell to cell: no convolution

/** First of at most `MOST` cells around `cell`, and how many. */
const window = (cell, size) => ({start: Math.max(0, Math.min(size - MOST, cell - Math.floor(MOST / 2))), length: Math.min(size, MOST)});

/** Whether a method's map is a convolution: one weight per channel. */
export const isConvolution = (method) => method.family === "cam" && !PER_CELL.includes(method.id);

/** The workbench's word. `channels`: [{weight}], `maps`: their values, `shape`: [rows, columns]; the first four of them. */
export function heatBenchWord({channels, maps, shape, cell, rectified}) {
  const [down, across] = [window(cell[0], shape[0]), window(cell[1], shape[1])];
  const rows = (values) => Array.from({length: down.length}, (_, row) =>
    Array.from({length: across.length}, (__, column) => values[(down.start + row) * shape[1] + across.start + column]));
  const spec = {
    op: "convolution",
    input: maps.slice(0, CHANNELS).map(rows),
    weights: [channels.slice(0, CHANNELS).map(({weight}) => [[weight * DIVISOR]])],
    bias: null, stride: [1, 1], dilation: [1, 1], groups: 1, divisor: DIVISOR, activation: rectified ? "relu" : "none",
  };
  return formatBench({preset: null, spec, at: [0, cell[0] - down.start, cell[1] - across.start]}, decimalText);
}
