// Where a heatmap's cells lie: on the screen, in the network's input, and what they depend on.

/** The cell under a point of a `width` × `height` box that shows the whole map; null outside. */
export function cellAt({x, y}, {width, height}, [rows, columns]) {
  if (!(x >= 0 && y >= 0 && x < width && y < height)) return null;
  return [Math.min(rows - 1, Math.floor((y * rows) / height)), Math.min(columns - 1, Math.floor((x * columns) / width))];
}

/** A cell's own square in such a box. */
export const cellBox = ([row, column], {width, height}, [rows, columns]) =>
  ({x: (column * width) / columns, y: (row * height) / rows, width: width / columns, height: height / rows});

/** Input pixels, inclusive, that a cell depends on; null where the map is the input itself. */
export function receptiveOf({rows, columns}, [row, column]) {
  if (!rows || !columns) return null;
  return {top: rows[2 * row], left: columns[2 * column], bottom: rows[2 * row + 1], right: columns[2 * column + 1]};
}

/** How many times a cell's receptive field is larger than the square it is drawn as. */
export function spill(receptive, [, inputHeight, inputWidth], [rows, columns]) {
  const area = (receptive.bottom - receptive.top + 1) * (receptive.right - receptive.left + 1);
  return area / ((inputHeight / rows) * (inputWidth / columns));
}

/** A step by arrow keys from a cell, within the map; null for another key. */
export function steppedCell(key, [row, column], [rows, columns]) {
  const step = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -columns], End: [0, columns]}[key];
  if (!step) return null;
  const within = (value, count) => Math.max(0, Math.min(count - 1, value));
  return [within(row + step[0], rows), within(column + step[1], columns)];
}
