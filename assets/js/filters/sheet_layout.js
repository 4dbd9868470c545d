// Where the tiles of a sheet of filters lie, in CSS pixels; pure arithmetic.

const ROOM_MOST = {side: 8192, area: 2 ** 24}; // what browsers draw on one canvas, in device pixels
const SIZES = {tile: [16, 160], cell: [1, 24]};

/** The least and greatest size that a visitor may choose: pixels of a tile, or of one number in a row of tiles. */
export const sizesOf = (tiled) => (tiled ? SIZES.tile : SIZES.cell);

/** The layout of `count` filters; `columns` tiles each where they are rows. `size` null is chosen to fit `width`. */
export function sheetLayout({count, columns, tileHeight, tileWidth, tiled, width, size = null, caption = 13, ratio = 1}) {
  const layout = tiled ? tileGrid({count, tileHeight, tileWidth, width, size, caption, ratio}) : rowGrid({count, columns, tileHeight, tileWidth, width, size, ratio});
  return {...layout, count, columns, tiled, width: layout.across * layout.pitchX + layout.gap, height: layout.rows * layout.pitchY + layout.gap};
}

function tileGrid({count, tileHeight, tileWidth, width, size, caption, ratio}) {
  const wanted = size ?? Math.max(28, Math.min(84, Math.sqrt((0.45 * width * 520) / count)));
  const cell = Math.max(1, Math.floor((wanted * ratio) / Math.max(tileHeight, tileWidth))) / ratio;
  const drawn = {width: cell * tileWidth, height: cell * tileHeight};
  const gap = Math.max(3, Math.round(drawn.width / 10));
  const line = drawn.width >= 22 ? caption : 0;
  const across = Math.max(1, Math.min(count, Math.floor((width - gap) / (drawn.width + gap))));
  return {cell, drawn, gap, caption: line, across, rows: Math.ceil(count / across), pitchX: drawn.width + gap, pitchY: drawn.height + line + gap};
}

/** Rows of tiles: a whole number of device pixels to each number, no more than a canvas holds. */
function rowGrid({count, columns, tileHeight, tileWidth, width, size, ratio}) {
  const kernels = tileHeight * tileWidth > 1;
  const room = (perCell) => ({across: columns * (perCell * tileWidth + (kernels ? 1 : 0)), down: count * (perCell * tileHeight + (kernels ? 1 : 0))});
  const fits = (perCell) => {
    const {across, down} = room(perCell);
    return Math.max(across, down) * ratio <= ROOM_MOST.side && across * down * ratio * ratio <= ROOM_MOST.area;
  };
  let cell = size ?? Math.max(1, Math.min(kernels ? 8 : 14, Math.floor((width / columns - (kernels ? 1 : 0)) / tileWidth)));
  cell = Math.max(1, Math.round(cell));
  while (cell > 1 && !fits(cell)) cell -= 1;
  const gap = kernels ? 1 : 0;
  const drawn = {width: cell * tileWidth, height: cell * tileHeight};
  return {cell, drawn, gap, caption: 0, across: columns, rows: count, pitchX: drawn.width + gap, pitchY: drawn.height + gap};
}

/** The box of a tile by its position in the order (and its column): `{x, y, width, height}`. */
export function tileBox(layout, position, column = 0) {
  const place = layout.tiled ? [position % layout.across, Math.floor(position / layout.across)] : [column, position];
  return {x: layout.gap + place[0] * layout.pitchX, y: layout.gap + place[1] * layout.pitchY, ...layout.drawn};
}

/** The box of a whole filter: its tile, or its row. */
export function filterBox(layout, position) {
  const box = tileBox(layout, position);
  return layout.tiled ? box : {...box, width: layout.across * layout.pitchX - layout.gap};
}

/** What lies under a point: `{position, column, row, across}` (row and column inside the tile), or null. */
export function sheetHit(layout, x, y) {
  const column = Math.floor((x - layout.gap) / layout.pitchX);
  const line = Math.floor((y - layout.gap) / layout.pitchY);
  if (column < 0 || column >= layout.across || line < 0 || line >= layout.rows) return null;
  const position = layout.tiled ? line * layout.across + column : line;
  if (position >= layout.count) return null;
  const inside = (distance, size) => Math.min(Math.max(0, Math.floor(distance / layout.cell)), Math.round(size / layout.cell) - 1);
  return {
    position,
    column: layout.tiled ? 0 : column,
    row: inside(y - layout.gap - line * layout.pitchY, layout.drawn.height),
    across: inside(x - layout.gap - column * layout.pitchX, layout.drawn.width),
  };
}
