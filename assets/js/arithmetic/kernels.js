// The kernels that every course shows. The sum of products is divided by `divisor`.

const kernel = (id, title, weights, note, divisor = 1) => Object.freeze({id, title, weights, divisor, note});

export const KERNELS = Object.freeze([
  kernel("identity", "Identity", [[0, 0, 0], [0, 1, 0], [0, 0, 0]], "Every cell stays as it is."),
  kernel("vertical-edge", "Vertical edge", [[1, 0, -1], [1, 0, -1], [1, 0, -1]], "Left minus right: large where a picture grows darker to the right."),
  kernel("horizontal-edge", "Horizontal edge", [[1, 1, 1], [0, 0, 0], [-1, -1, -1]], "Above minus below."),
  kernel("sobel-x", "Sobel, columns", [[1, 0, -1], [2, 0, -2], [1, 0, -1]], "Vertical edges; the middle row counts twice."),
  kernel("sobel-y", "Sobel, rows", [[1, 2, 1], [0, 0, 0], [-1, -2, -1]], "Horizontal edges; the middle column counts twice."),
  kernel("laplacian-4", "Laplacian, 4 neighbours", [[0, -1, 0], [-1, 4, -1], [0, -1, 0]], "The standard one: its weights add to 0, so even areas give 0."),
  kernel("edge-4-slide", "Edge with 4, as printed on slides", [[-1, -1, -1], [-1, 4, -1], [-1, -1, -1]], "Its weights add to −4, so even areas do not give 0. The standard Laplacian has 0 in the corners."),
  kernel("edge-8", "Laplacian, 8 neighbours", [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], "Edges in every direction; its weights add to 0."),
  kernel("sharpen", "Sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]], "The picture plus its Laplacian."),
  kernel("box", "Box blur", [[1, 1, 1], [1, 1, 1], [1, 1, 1]], "The mean of nine cells: every weight is 1/9.", 9),
  kernel("gaussian", "Gaussian blur", [[1, 2, 1], [2, 4, 2], [1, 2, 1]], "A mean in which nearer cells count more: sixteenths.", 16),
  kernel("gaussian-5", "Gaussian blur, 5 × 5", [[1, 4, 6, 4, 1], [4, 16, 24, 16, 4], [6, 24, 36, 24, 6], [4, 16, 24, 16, 4], [1, 4, 6, 4, 1]], "Binomial weights, as a wider blur.", 256),
  kernel("emboss", "Emboss", [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], "A relief: differences along the diagonal, added to the picture; its weights add to 1."),
]);

/** The kernel of that name, or null. */
export const kernelNamed = (id) => KERNELS.find((each) => each.id === id) ?? null;
