// Which pictures of the map are shown as pictures: as many as there is room for, none over another.

/** Numbers 0 to count − 1 shuffled, always the same way. */
export function shuffled(count, seed = 1) {
  const order = Uint32Array.from({length: count}, (_, index) => index);
  let state = seed;
  for (let last = count - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** The usual size of a picture on the map: grows slowly as one zooms in. */
export const thumbSize = (zoom, base = 26, most = 96) => Math.min(most, base * Math.max(1, zoom) ** 0.42);

/**
 * Choose pictures that do not overlap; those shown before stay while they can.
 *
 * `screen` (2n) are middles in CSS pixels, `allowed(index)` tells who may be shown.
 */
export class ThumbChooser {
  constructor(count) {
    this.order = shuffled(count);
    this.shown = [];
    this.isShown = new Uint8Array(count);
  }

  choose(screen, {width, height, size, allowed = () => true}) {
    const columns = Math.max(1, Math.ceil(width / size) + 2);
    const rows = Math.max(1, Math.ceil(height / size) + 2);
    const cells = new Int32Array(columns * rows).fill(-1);
    const before = this.shown;
    const kept = [];
    this.isShown.fill(0);
    const consider = (index) => {
      const [x, y] = [screen[2 * index], screen[2 * index + 1]];
      if (this.isShown[index] || x < -size / 2 || y < -size / 2 || x > width + size / 2 || y > height + size / 2) return;
      const [column, row] = [Math.floor(x / size) + 1, Math.floor(y / size) + 1];
      if (!allowed(index) || !isFree(cells, columns, rows, {column, row, x, y, size, screen})) return;
      cells[row * columns + column] = index;
      this.isShown[index] = 1;
      kept.push(index);
    };
    before.forEach(consider);
    for (const index of this.order) consider(index);
    this.shown = kept;
    return kept;
  }
}

/** A cell is as large as a picture: only those in the nine cells around can be in the way. */
function isFree(cells, columns, rows, {column, row, x, y, size, screen}) {
  for (let down = Math.max(0, row - 1); down <= Math.min(rows - 1, row + 1); down += 1) {
    for (let across = Math.max(0, column - 1); across <= Math.min(columns - 1, column + 1); across += 1) {
      const other = cells[down * columns + across];
      if (other >= 0 && Math.abs(screen[2 * other] - x) < size && Math.abs(screen[2 * other + 1] - y) < size) return false;
    }
  }
  return true;
}
