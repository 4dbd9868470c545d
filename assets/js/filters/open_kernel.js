// From a filter to the workbench: its kernels and the inputs that they meet on the visitor's picture.

import {getArrays} from "../api.js";
import {requestBench, requestView} from "../arithmetic_views.js";
import {viewParameters} from "../store.js";
import {inputOf} from "./sheet.js";
import {kernelsTogether, windowAt, workbenchWord} from "./workbench_word.js";

/** Rows of numbers out of a flat map. */
const rowsOf = (values, width, [top, left], [height, across]) =>
  Array.from({length: height}, (_, row) => Array.from({length: across}, (__, column) => values[(top + row) * width + left + column]));

/** The input's window round an output cell, both axes: `{starts, sizes, at}`. */
export function patchPlace(sheet, [row, column], [height, width]) {
  const axes = [[row, 0, sheet.height, height], [column, 1, sheet.width, width]].map(([cell, axis, kernel, input]) =>
    windowAt({cell, stride: sheet.stride[axis], padding: sheet.padding[axis], dilation: sheet.dilation[axis], kernel, input}));
  const at = axes.some((axis) => axis.at === null) ? null : [0, ...axes.map((axis) => axis.at)];
  return {starts: axes.map(({start}) => start), sizes: axes.map(({length}) => length), at};
}

/** Which of a filter's inputs go to the workbench: all of a few, else the chosen one. */
export const inputsTogether = (sheet, column) => (kernelsTogether(sheet.inputs) === sheet.inputs ? Array.from({length: sheet.inputs}, (_, index) => index) : [column]);

/** A filter of single weights is a sum over its inputs: the trace shows it. */
function openSum(workspace, {sheet, filter}, cell) {
  workspace.set({layer: sheet.layer, channel: filter, cell, hover: null, panel: "arithmetic"});
  requestView("trace");
}

/** Open filter `filter` of `sheet`, its input `column` first; `values` are the filter's exact weights. */
export async function openKernel(workspace, {sheet, filter, column, values}, signal) {
  const state = workspace.get();
  const layers = new Map(state.run.layers.map((layer) => [layer.name, layer]));
  const [, height, width] = sheet.flattened ?? layers.get(sheet.source).shape;
  const source = sheet.flattened ? mapsBefore(layers, sheet.source) : sheet.source;
  const [, rows, columns] = layers.get(sheet.layer).shape;
  const inside = state.layer === sheet.layer && state.cell && state.cell[0] < rows && state.cell[1] < columns;
  const cell = inside ? state.cell : [Math.floor(rows / 2), Math.floor(columns / 2)];
  if (sheet.height * sheet.width === 1) {
    openSum(workspace, {sheet, filter}, cell);
    return;
  }
  const {starts, sizes, at} = patchPlace(sheet, cell, [height, width]);
  const inputs = inputsTogether(sheet, column);
  const maps = await Promise.all(inputs.map((input) =>
    getArrays("values", {...viewParameters(state), layer: source, channel: inputOf(sheet, filter, input)}, {signal})));
  const size = sheet.height * sheet.width;
  const word = workbenchWord({
    patches: maps.map(({arrays}) => rowsOf(arrays.values, width, starts, sizes)),
    kernels: inputs.map((input) => rowsOf(values.subarray(input * size, (input + 1) * size), sheet.width, [0, 0], [sheet.height, sheet.width])),
    bias: sheet.bias && inputs.length === sheet.inputs ? sheet.bias[filter] : null,
    stride: sheet.stride, dilation: sheet.dilation, at,
  });
  requestBench(word);
  workspace.set({panel: "arithmetic", hover: null});
}

/** The maps that a flattened row was made of: the layer whose values still have height and width. */
function mapsBefore(layers, name) {
  let layer = layers.get(name);
  while (layer.shape[1] * layer.shape[2] === 1 && layer.inputs.length === 1) layer = layers.get(layer.inputs[0]);
  return layer.name;
}
