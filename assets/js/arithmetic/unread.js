// Cells that no window reads, and output cells that no stamp reaches.

import {sources} from "./padding.js";
import {axisOf, channelByChannel, isPool, settle} from "./sizes.js";

const range = (length) => Array.from({length}, (_, index) => index);
const missing = (length, found) => range(length).filter((index) => !found.has(index));

/** Padded positions that some window reads along one axis. */
function readPositions(shape, axis) {
  const {kernel, stride, dilation} = axisOf(shape, axis);
  const positions = new Set();
  for (const at of range(shape.output[axis + 1])) for (const tap of range(kernel)) positions.add(at * stride + tap * dilation);
  return positions;
}

function windowAxis(shape, axis) {
  const positions = readPositions(shape, axis);
  const source = sources(axisOf(shape, axis), isPool(shape.op) ? "zeros" : shape.paddingMode);
  return {
    inputs: missing(shape.input[axis], new Set([...positions].map((position) => source[position]))),
    padded: missing(shape.padded[axis], positions),
    unwritten: [],
  };
}

function transposedAxis(shape, axis) {
  const {input, kernel, stride, dilation, padBefore} = axisOf(shape, axis);
  const size = shape.output[axis + 1];
  const [used, written] = [new Set(), new Set()];
  for (const at of range(input)) {
    for (const tap of range(kernel)) {
      const cell = at * stride + tap * dilation - padBefore;
      if (cell < 0 || cell >= size) continue;
      used.add(at);
      written.add(cell);
    }
  }
  return {inputs: missing(input, used), padded: [], unwritten: missing(size, written)};
}

function axisReport(shape, axis) {
  if (shape.op === "transposed") return transposedAxis(shape, axis);
  if (channelByChannel(shape.op) && !isPool(shape.op)) return {inputs: [], padded: [], unwritten: []};
  return windowAxis(shape, axis);
}

/** "rows 2, 5 and 8", "row 2", "" */
function listed(name, cells) {
  if (!cells.length) return "";
  if (cells.length === 1) return `${name} ${cells[0]}`;
  return `${name}s ${cells.slice(0, -1).join(", ")} and ${cells.at(-1)}`;
}

const atEnd = (cells, size) => cells.every((cell, index) => cell === size - cells.length + index);

/** "the last row", "the last 2 columns" */
const last = (name, count) => (count === 1 ? `the last ${name}` : `the last ${count} ${name}s`);

function bothLast(rows, columns) {
  if (rows && rows === columns) return rows === 1 ? "the last row and column are" : `the last ${rows} rows and columns are`;
  const parts = [rows && last("row", rows), columns && last("column", columns)].filter(Boolean);
  return `${parts.join(" and ")} ${rows + columns === 1 ? "is" : "are"}`;
}

/** "3" or "2 × 3": the setting along the axes where something happens. */
function along(pair, rows, columns) {
  if (pair[0] === pair[1] || !columns.length) return pair[0];
  return rows.length ? `${pair[0]} × ${pair[1]}` : pair[1];
}

function unreadSentence(shape, rows, columns) {
  const count = rows.length + columns.length;
  if (!count) return "";
  const stride = along(shape.stride, rows, columns);
  if (atEnd(rows, shape.input[0]) && atEnd(columns, shape.input[1])) {
    return `Stride ${stride} does not fit: ${bothLast(rows.length, columns.length)} never read.`;
  }
  const cells = [listed("row", rows), listed("column", columns)].filter(Boolean).join(", ");
  return `The kernel steps over cells (stride ${stride}): ${cells} ${count === 1 ? "is" : "are"} never read.`;
}

function unwrittenSentence(shape, rows, columns) {
  const cells = [listed("row", rows), listed("column", columns)].filter(Boolean).join(", ");
  if (!cells) return "";
  const verb = rows.length + columns.length === 1 ? "gets" : "get";
  return `No stamp reaches all of the output: ${cells} ${verb} ${shape.bias ? "the bias alone" : "0"}.`;
}

/**
 * Rows and columns of the input that nothing reads: {rows, columns, paddedRows, paddedColumns, unwritten: {rows,
 * columns}, sentence}. A cell is never read when its row or its column is listed. `unwritten` lists output rows and
 * columns that no stamp of a transposed convolution reaches.
 */
export function neverRead(spec) {
  const shape = settle(spec);
  const [rows, columns] = [0, 1].map((axis) => axisReport(shape, axis));
  const sentences = shape.op === "transposed"
    ? [cutSentence(rows.inputs, columns.inputs), unwrittenSentence(shape, rows.unwritten, columns.unwritten)]
    : [unreadSentence(shape, rows.inputs, columns.inputs)];
  return {
    rows: rows.inputs, columns: columns.inputs, paddedRows: rows.padded, paddedColumns: columns.padded,
    unwritten: {rows: rows.unwritten, columns: columns.unwritten},
    sentence: sentences.filter(Boolean).join(" "),
  };
}

function cutSentence(rows, columns) {
  const cells = [listed("row", rows), listed("column", columns)].filter(Boolean).join(", ");
  return cells && `The padding cuts off every stamp of input ${cells}.`;
}
