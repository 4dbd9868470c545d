// Lines of equal heat by marching squares: between the centres of neighbouring points, straight.
// Source: Lorensen & Cline, Computer Graphics 21(4), 1987, in two dimensions.

/** Which edges a square's line joins, by the corners above the level (1, 2, 4, 8: clockwise from top left). */
const EDGES = [
  [], [[3, 0]], [[0, 1]], [[3, 1]], [[1, 2]], [[3, 0], [1, 2]], [[0, 2]], [[3, 2]],
  [[2, 3]], [[2, 0]], [[0, 1], [2, 3]], [[2, 1]], [[1, 3]], [[1, 0]], [[0, 3]], [],
];

/**
 * Segments `[x0, y0, x1, y1]` along which `values` (height × width) equal `level`, in units of points,
 * the first point's centre at 0.5. What touches the rim stays open there.
 */
export function contour(values, [height, width], level) {
  const segments = [];
  const cut = (low, high) => (level - low) / (high - low);
  for (let row = 0; row + 1 < height; row += 1) {
    for (let column = 0; column + 1 < width; column += 1) {
      const at = row * width + column;
      const [a, b, c, d] = [values[at], values[at + 1], values[at + width + 1], values[at + width]];
      const kind = (a >= level) + 2 * (b >= level) + 4 * (c >= level) + 8 * (d >= level);
      if (kind === 0 || kind === 15) continue;
      const [x, y] = [column + 0.5, row + 0.5];
      const points = [() => [x + cut(a, b), y], () => [x + 1, y + cut(b, c)], () => [x + cut(d, c), y + 1], () => [x, y + cut(a, d)]];
      for (const [from, to] of EDGES[kind]) segments.push([...points[from](), ...points[to]()]);
    }
  }
  return segments;
}
