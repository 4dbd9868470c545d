// Small multiples: many pictures of one size on one canvas. A number is a square of `scale` pixels, tiles lie one pixel apart. Pure arithmetic.

const LARGEST = 20; // CSS pixels of a number, where nothing else is said
const LARGE_TILE = 12; // numbers: from here on a gap as wide as one of them is narrow enough
const SCALES = [4, 2, 1];

/** The grid of `count` tiles, `across` to a row (filled column by column where `columnwise`), in pixels of its canvas. */
export function gridOf({count, height, width, across, columnwise = false, scale = 1}) {
  const down = Math.ceil(count / across);
  const [pitchX, pitchY] = [width * scale + 1, height * scale + 1];
  return {count, height, width, across, down, columnwise, scale, pitchX, pitchY, columns: across * pitchX + 1, rows: down * pitchY + 1};
}

/** Column and row of a tile. */
const placeOf = ({across, down, columnwise}, tile) => (columnwise ? [Math.floor(tile / down), tile % down] : [tile % across, Math.floor(tile / across)]);

/** CSS pixels of a canvas's pixel at which a grid fits `room` × `most`, whole device pixels from 2 on; a number has at least `least`, and scrolls. */
export function pixelSize({columns, rows, scale}, {room, most, ratio = 1, least = 1, largest: widest = LARGEST}) {
  const size = Math.min(room / columns, most / rows, widest / scale);
  return Math.max(1, least / scale, size * ratio >= 2 ? Math.floor(size * ratio) / ratio : size);
}

function largest({count, height, width, scale}, space) {
  let best = null;
  for (let across = 1; across <= count; across += 1) {
    const grid = gridOf({count, height, width, across, scale});
    const size = pixelSize(grid, space);
    if (best && grid.columns * size > space.room) break;
    const spare = across * grid.down - count;
    if (!best || size > best.size || (size === best.size && spare <= best.spare)) best = {grid, size, spare};
  }
  return best.grid;
}

/** The grid with the largest numbers: `across` as given, or as fits best with the fewest places left over. */
export function fittingGrid({count, height, width, across = null, columnwise = false}, space) {
  for (const scale of Math.max(height, width) >= LARGE_TILE ? [1] : SCALES) {
    const grid = across === null ? largest({count, height, width, scale}, space) : gridOf({count, height, width, across, columnwise, scale});
    if (scale === 1 || pixelSize(grid, space) >= 2) return grid;
  }
  return null;
}

/** Colour all tiles: `index(value)` is a place in `colours` (256, as 32 bits); gaps stay as they are. */
export function paintTiles(pixels, grid, values, colours, index) {
  const {count, height, width, scale, columns, pitchX, pitchY} = grid;
  for (let tile = 0, at = 0; tile < count; tile += 1) {
    const [aside, below] = placeOf(grid, tile);
    for (let row = 0; row < height; row += 1) {
      if (scale === 1) { // a hundred thousand weights at every frame
        const to = (below * pitchY + 1 + row) * columns + aside * pitchX + 1;
        for (let column = 0; column < width; column += 1, at += 1) pixels[to + column] = colours[index(values[at])];
      } else for (let column = 0; column < width; column += 1, at += 1) square(pixels, grid, tile, row, column, colours[index(values[at])]);
    }
  }
}

/** The same for pictures in their own colours: three values a cell, channel after channel; `part(value)` is 0 to 255. */
export function paintColours(pixels, grid, values, part) {
  const {count, height, width} = grid;
  const size = height * width;
  for (let tile = 0; tile < count; tile += 1) {
    for (let cell = 0; cell < size; cell += 1) {
      const from = 3 * tile * size + cell;
      const [red, green, blue] = [part(values[from]), part(values[from + size]), part(values[from + 2 * size])];
      square(pixels, grid, tile, Math.floor(cell / width), cell % width, ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0);
    }
  }
}

function square(pixels, grid, tile, row, column, colour) {
  const {columns, scale, pitchX, pitchY} = grid;
  const [aside, below] = placeOf(grid, tile);
  let to = (below * pitchY + 1 + row * scale) * columns + aside * pitchX + 1 + column * scale;
  for (let down = 0; down < scale; down += 1, to += columns) {
    for (let step = 0; step < scale; step += 1) pixels[to + step] = colour;
  }
}

/** Fill the place of every tile and the lines around it. */
export function paintFrames(pixels, grid, colour) {
  const {count, columns, pitchX, pitchY} = grid;
  for (let tile = 0; tile < count; tile += 1) {
    const [aside, below] = placeOf(grid, tile);
    for (let row = below * pitchY; row <= (below + 1) * pitchY; row += 1) pixels.fill(colour, row * columns + aside * pitchX, row * columns + (aside + 1) * pitchX + 1);
  }
}

/** Left and top of a number, in pixels of the canvas. */
export function cornerOf(grid, {tile, row, column}) {
  const [aside, below] = placeOf(grid, tile);
  return [aside * grid.pitchX + 1 + column * grid.scale, below * grid.pitchY + 1 + row * grid.scale];
}

/** What lies at a point, in pixels of the canvas: `{tile, row, column}`, or null in a gap. */
export function tileUnder({count, across, down, columnwise, scale, pitchX, pitchY}, x, y) {
  const [insideX, insideY] = [Math.floor(x) % pitchX, Math.floor(y) % pitchY];
  const [aside, below] = [Math.floor(x / pitchX), Math.floor(y / pitchY)];
  const tile = columnwise ? aside * down + below : below * across + aside;
  if (x < 0 || y < 0 || insideX === 0 || insideY === 0 || aside >= across || below >= down || tile >= count) return null;
  return {tile, row: Math.floor((insideY - 1) / scale), column: Math.floor((insideX - 1) / scale)};
}
