// How large the cells can be: the figure's size in cells for each arrangement, and the one that suits a space.

const SIGN = 0.9; // width of ×, = and → in cells, the gaps beside them included
const BETWEEN = 0.7; // gaps within a row of arithmetic
const SUM = 1.9;
const TALLY = 3.4;
const TITLE_PX = 26;
const GAP_PX = 14;
const COMFORTABLE_PX = 30; // from here on the first arrangement stays

/** Cells are wider than high where their text is long: `chars` characters need this many cells. */
export const breadth = (chars) => Math.max(1, 0.1 + 0.27 * chars);

/**
 * The figure in cells: parts are {input, kernel, products, output: {rows, columns, width} | null, channels, tally,
 * separable}; answers {wide, columns, tall, stack}, each {across, down, titles}.
 */
export function measures({input, kernel, products, output, channels, tally, separable}) {
  const across = (part) => (part ? part.columns * part.width : 0);
  const rows = (part) => part?.rows ?? 0;
  const arithmetic = (kernel ? across(kernel) + SIGN : 0) + across(products) + SIGN + SUM + (separable ? 2 * SIGN + 1 + SUM : 0);
  const inner = Math.max(rows(kernel), rows(products));
  const tail = tally ? TALLY : 0;
  const outer = across(output) + SIGN;
  return {
    wide: {across: across(input) + SIGN + arithmetic + tail + outer, down: Math.max(channels * Math.max(rows(input), inner), rows(output)), titles: channels},
    columns: {
      across: channels * (Math.max(across(input), across(kernel) + across(products) + 2 * SIGN + BETWEEN) + 0.5) + tail + outer,
      down: Math.max(rows(input) + inner + 1.3, rows(output)),
      titles: 2,
    },
    tall: {
      across: channels > 1 ? Math.max(across(input) + SIGN + arithmetic, outer + tail) : Math.max(across(input) + outer, arithmetic + tail),
      down: channels > 1 ? channels * Math.max(rows(input), inner) + rows(output) : Math.max(rows(input), rows(output)) + inner,
      titles: channels + 1,
    },
    stack: {across: Math.max(across(input), arithmetic, outer + tail), down: channels * (rows(input) + inner) + rows(output), titles: 2 * channels + 1},
  };
}

const cellOf = ({across, down, titles}, {width, height}) =>
  Math.min((width - 3 * GAP_PX) / across, (height - titles * (TITLE_PX + GAP_PX)) / Math.max(1, down));

/** The arrangement and cell size for a space in pixels: {layout, cell}, cell between `least` and `most`. */
export function fit(parts, space, {least = 17, most = 54} = {}) {
  const several = parts.channels > 1 && !parts.separable;
  const layouts = several ? ["columns", "wide", "tall", "stack"] : ["wide", "tall", "stack"];
  const sizes = measures(parts);
  const cells = layouts.map((layout) => ({layout, cell: cellOf(sizes[layout], space)}));
  const comfortable = cells[0].cell >= Math.min(COMFORTABLE_PX, most);
  const best = comfortable ? cells[0] : cells.reduce((a, b) => (b.cell > 1.15 * a.cell ? b : a));
  return {layout: best.layout, cell: Math.floor(Math.min(most, Math.max(least, best.cell)))};
}
