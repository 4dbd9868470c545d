// Padded input: which input cell stands at each padded position.

import {ZERO} from "./decimal.js";
import {axisOf, isPool} from "./sizes.js";

/** Where an input cell comes from when `at` lies outside `size` cells; −1 is a cell of padding's own. */
const OUTSIDE = {
  zeros: () => -1,
  reflect: (at, size) => (at < 0 ? -at : 2 * (size - 1) - at), // the border cell is not repeated
  replicate: (at, size) => (at < 0 ? 0 : size - 1),
  circular: (at, size) => (at + size) % size,
};

/** The input index at each padded position along one axis, −1 where padding stands alone. */
export function sources({input, padBefore, padAfter}, mode = "zeros") {
  return Array.from({length: padBefore + input + padAfter}, (_, position) => {
    const at = position - padBefore;
    return at >= 0 && at < input ? at : OUTSIDE[mode](at, input);
  });
}

/** The sources of a settled spec's rows and columns; pooling pads by itself, with nothing to reflect. */
export function sourceAxes(shape) {
  const mode = isPool(shape.op) ? "zeros" : shape.paddingMode;
  return [0, 1].map((axis) => sources(axisOf(shape, axis), mode));
}

/** Channels with padding around them; `blank` fills it (null in max pooling, where it never wins). */
export function pad(channels, [rows, columns], blank = ZERO) {
  return channels.map((channel) =>
    rows.map((row) => columns.map((column) => (row < 0 || column < 0 ? blank : channel[row][column]))));
}
