// Which class is taken for which: counts, words, and where the cells lie. Nothing here touches the page.

/** Counts `[true][predicted]` of the first pictures, and their sums: `{classes, counts, rows, right, count}`. */
export function confusion(labels, predicted, classes) {
  const count = Math.min(labels.length, predicted.length);
  const counts = new Uint32Array(classes * classes);
  const rows = new Uint32Array(classes);
  let right = 0;
  for (let index = 0; index < count; index += 1) {
    counts[labels[index] * classes + predicted[index]] += 1;
    rows[labels[index]] += 1;
    right += labels[index] === predicted[index] ? 1 : 0;
  }
  return {classes, counts, rows, right, count};
}

/** The share of a row's pictures in a cell, 0 to 1; 0 in a row without pictures. */
export function rowShare({classes, counts, rows}, row, column) {
  return rows[row] > 0 ? counts[row * classes + column] / rows[row] : 0;
}

/** `true 4, predicted 9: 7 of 182`. */
export function cellText({classes, counts, rows}, names, row, column) {
  return `true ${names[row]}, predicted ${names[column]}: ${counts[row * classes + column]} of ${rows[row]}`;
}

/** Pictures of a cell, the greatest loss first. */
export function picturesBehind({labels, predicted, losses}, row, column) {
  const found = [];
  const count = Math.min(labels.length, predicted.length);
  for (let index = 0; index < count; index += 1) if (labels[index] === row && predicted[index] === column) found.push(index);
  return losses ? found.sort((a, b) => losses[b] - losses[a] || a - b) : found;
}

/** The wrong ones of the greatest loss: `[{index, label, predicted, loss}]`; losses that are no number come first. */
export function worstMistakes({labels, predicted, losses}, most = 12) {
  const wrong = [];
  const count = Math.min(labels.length, predicted.length);
  for (let index = 0; index < count; index += 1) if (labels[index] !== predicted[index]) wrong.push(index);
  const size = (index) => (Number.isNaN(losses[index]) ? Infinity : losses[index]);
  wrong.sort((a, b) => (size(a) === size(b) ? a - b : size(b) - size(a)));
  return {count: wrong.length, of: count, worst: wrong.slice(0, most).map((index) => ({index, label: labels[index], predicted: predicted[index], loss: losses[index]}))};
}

/** The cell an arrow key leads to, at most at the edge; null for other keys. */
export function steppedCell([row, column], key, classes) {
  const move = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[key];
  if (key === "Home") return [row, 0];
  if (key === "End") return [row, classes - 1];
  if (!move) return null;
  const inside = (place) => Math.max(0, Math.min(classes - 1, place));
  return [inside(row + move[0]), inside(column + move[1])];
}

/** Where the cells lie in a square of `side` CSS pixels: `{left, top, cell, gap, side}`; names take `names` pixels. */
export function cellLayout({side, classes, names, head}) {
  const gap = classes > 16 ? 1 : 2;
  const cell = Math.max(4, Math.floor((side - names) / classes) - gap);
  return {left: names, top: head, cell, gap, pitch: cell + gap, width: names + classes * (cell + gap), height: head + classes * (cell + gap)};
}

/** The cell `[row, column]` under a point, or null. */
export function cellAt({left, top, pitch}, classes, x, y) {
  const [row, column] = [Math.floor((y - top) / pitch), Math.floor((x - left) / pitch)];
  return row >= 0 && column >= 0 && row < classes && column < classes ? [row, column] : null;
}

/** How strongly a cell is coloured: from the root of its share, so that one in a hundred is still seen. */
export const strength = (share) => (share > 0 ? 0.12 + 0.88 * Math.sqrt(share) : 0);
