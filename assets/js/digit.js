// A drawing made ready as MNIST's digits were: scaled into 20 × 20 cells, centred by mass in 28 × 28.
// Source: LeCun et al., Proceedings of the IEEE 86(11), 1998, section III A.

const CELLS = 28;
const BOX_CELLS = 20;

/** Where the ink lies: bounding box (right and bottom exclusive) and centre of mass; null if blank. */
export function inkOf(grey, height, width) {
  const box = {top: height, left: width, bottom: 0, right: 0};
  let mass = 0;
  let down = 0;
  let across = 0;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const value = grey[row * width + column];
      if (value === 0) continue;
      box.top = Math.min(box.top, row);
      box.left = Math.min(box.left, column);
      box.bottom = Math.max(box.bottom, row + 1);
      box.right = Math.max(box.right, column + 1);
      mass += value;
      down += value * (row + 0.5);
      across += value * (column + 0.5);
    }
  }
  return mass === 0 ? null : {box, centre: {row: down / mass, column: across / mass}};
}

/** Scale and shift that bring the ink into place on a square of `size` pixels a side. */
export function digitPlacement({box, centre}, size) {
  const longer = Math.max(box.bottom - box.top, box.right - box.left);
  const scale = (size * BOX_CELLS) / CELLS / longer;
  return {scale, top: size / 2 - scale * centre.row, left: size / 2 - scale * centre.column};
}
