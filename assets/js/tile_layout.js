// Where the tiles of a grid lie, in CSS pixels; pure arithmetic.

const CAPTION_FROM = 4; // tiles this many captions wide carry their channel's number
const SNAP_FROM = 3; // cells this large (device pixels) are drawn in whole device pixels

/** Size of one drawn map whose longer side is about `size`; whole device pixels per cell. */
export function mapSize({tileHeight, tileWidth}, size, ratio = 1) {
  const longer = Math.max(tileHeight, tileWidth);
  const perCell = (size * ratio) / longer;
  const cell = (perCell >= SNAP_FROM ? Math.floor(perCell) : perCell) / ratio;
  return {width: Math.max(1, cell * tileWidth), height: Math.max(1, cell * tileHeight), cell};
}

/** The grid of `count` tiles in a viewport of `width`; full rows are stretched a little to fill it. */
export function gridLayout({count, width, drawn, captionHeight = 13, gapX, gapY}) {
  const caption = drawn.width >= CAPTION_FROM * captionHeight ? captionHeight : 0;
  const gap = Math.max(2, Math.round(drawn.width / 16));
  const [across, down] = [gapX ?? gap, gapY ?? gap];
  const columns = Math.max(1, Math.floor((width - across) / (drawn.width + across)));
  const spare = Math.floor((width - across - columns * (drawn.width + across)) / columns);
  const stretch = columns < count ? Math.min(Math.max(0, spare), Math.round(drawn.width / 6)) : 0;
  const pitchX = drawn.width + across + stretch;
  const pitchY = drawn.height + caption + down;
  const rows = Math.ceil(count / columns);
  return {count, columns, rows, caption, pitchX, pitchY, drawn, left: across, top: down, height: rows * pitchY + down};
}

/** Left and top of the tile at `position` in the order shown. */
export function tileAt(layout, position) {
  return {
    x: layout.left + (position % layout.columns) * layout.pitchX,
    y: layout.top + Math.floor(position / layout.columns) * layout.pitchY,
  };
}

/** The tile under a point of the sheet, and the point's share of its width and height; or null.
 *
 * The gap beside a tile counts as its edge, so that a moving pointer does not flicker. */
export function hit(layout, x, y) {
  const column = Math.floor((x - layout.left) / layout.pitchX);
  const row = Math.floor((y - layout.top) / layout.pitchY);
  if (column < 0 || column >= layout.columns || row < 0) return null;
  const position = row * layout.columns + column;
  if (position >= layout.count) return null;
  const corner = tileAt(layout, position);
  const share = (distance, size) => Math.min(distance / size, 1 - 1e-9);
  return {position, across: share(x - corner.x, layout.drawn.width), down: share(y - corner.y, layout.drawn.height)};
}

/** Positions of the tiles that a viewport shows: first, and one past the last. */
export function visibleRange(layout, top, height) {
  const first = Math.max(0, Math.floor((top - layout.top) / layout.pitchY));
  const last = Math.max(first, Math.ceil((top + height - layout.top) / layout.pitchY));
  return [Math.min(layout.count, first * layout.columns), Math.min(layout.count, last * layout.columns)];
}

/** The largest size from `least` to `most` at which all tiles fit the viewport; `least` if none. */
export function fittingSize(maps, {width, height, least, most, ratio = 1, captionHeight}) {
  for (let size = most; size > least; size -= 2) {
    const drawn = mapSize(maps, size, ratio);
    if (drawn.width > width) continue;
    if (gridLayout({count: maps.channels, width, drawn, captionHeight}).height <= height) return size;
  }
  return least;
}

/** The map cell at a share of a tile; the last tile of a pooled map may reach beyond the map. */
export function cellAt({height, width, tileHeight, tileWidth, pool}, across, down) {
  return {
    row: Math.min(height - 1, Math.floor(down * tileHeight * pool)),
    column: Math.min(width - 1, Math.floor(across * tileWidth * pool)),
  };
}

/** One step of the keyboard's cell over the whole grid: past a tile's edge comes the next tile. */
export function stepCell({row, column, position}, [down, across], maps, layout) {
  let next = {row: row + down, column: column + across, position};
  if (next.column < 0 || next.column >= maps.width) {
    next = {row, column: next.column < 0 ? maps.width - 1 : 0, position: position + Math.sign(across)};
  } else if (next.row < 0 || next.row >= maps.height) {
    next = {row: next.row < 0 ? maps.height - 1 : 0, column, position: position + Math.sign(down) * layout.columns};
  }
  return next.position < 0 || next.position >= layout.count ? {row, column, position} : next;
}
