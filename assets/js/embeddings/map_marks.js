// Marks on the map: a picture with its frame, lines to neighbours, names of groups, the loop, one's own picture.

const FOCUS = [34, 72]; // least and most CSS pixels
const NEIGHBOUR = [20, 40];
const MINE = [44, 64];

const between = (size, [least, most]) => Math.min(most, Math.max(least, size));

/** One picture, framed in the colour of its kind; digits as ink in that colour. */
export function drawTile(map, {sheet, data, kinds}, place, size, {framed = true, solid = false} = {}) {
  const {context, screen, colours} = map;
  const [left, top] = [screen[2 * place] - size / 2, screen[2 * place + 1] - size / 2];
  const kind = kinds.of[place];
  const index = data.points.indices[place];
  if (map.ink && !solid) {
    sheet.draw(context, index, left, top, size, true);
    return;
  }
  if (framed) {
    const edge = Math.max(1.5, size / 18);
    context.fillStyle = colours[kind];
    context.beginPath();
    context.roundRect(left - edge, top - edge, size + 2 * edge, size + 2 * edge, edge * 1.6);
    context.fill();
  }
  sheet.draw(context, index, left, top, size);
}

/** A ring around what is selected. */
export function drawHalo({context, screen, inks}, place, radius) {
  context.beginPath();
  context.arc(screen[2 * place], screen[2 * place + 1], radius + 1.5, 0, 2 * Math.PI);
  context.strokeStyle = inks.ink;
  context.lineWidth = 1.6;
  context.stroke();
}

/** Lines from a point (or one's own picture) to its nearest by features, and all of them as pictures. */
export function drawNeighbours(map, scene, focus, neighbours, mine = null) {
  const {context, screen, inks} = map;
  const [x, y] = mine ? mine.at : [screen[2 * focus], screen[2 * focus + 1]];
  const trace = (width, style) => {
    context.beginPath();
    for (const other of neighbours) {
      context.moveTo(x, y);
      context.lineTo(screen[2 * other], screen[2 * other + 1]);
    }
    context.lineWidth = width;
    context.strokeStyle = style;
    context.stroke();
  };
  trace(4, inks.paper);
  trace(1.6, inks.accent);
  for (const other of [...neighbours].reverse()) drawFramed(map, scene, other, between(map.size * 0.85, NEIGHBOUR));
  if (mine) drawMine(map, mine, between(map.size * 2, MINE));
  else drawFramed(map, scene, focus, between(map.size * 1.35, FOCUS), inks.accent);
}

function drawFramed(map, scene, place, size, outline = null) {
  const {context, screen, inks, colours} = map;
  const [left, top] = [screen[2 * place] - size / 2, screen[2 * place + 1] - size / 2];
  if (!scene.sheet) {
    drawHalo(map, place, 5);
    return;
  }
  context.fillStyle = outline ?? colours[scene.kinds.of[place]];
  context.beginPath();
  context.roundRect(left - 3, top - 3, size + 6, size + 6, 5);
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = inks.paper;
  context.stroke();
  drawTile(map, scene, place, size, {framed: false, solid: true});
}

/** One's own picture: a pin whose tip is the place. */
function drawMine({context, inks}, {at: [x, y], image}, size) {
  const half = size / 2;
  context.save();
  context.shadowColor = "rgb(0 0 0 / 45%)";
  context.shadowBlur = 10;
  context.fillStyle = inks.accent;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x - 7, y - 11);
  context.lineTo(x + 7, y - 11);
  context.closePath();
  context.roundRect(x - half - 4, y - size - 18, size + 8, size + 8, 6);
  context.fill();
  context.restore();
  context.beginPath();
  context.arc(x, y, 4, 0, 2 * Math.PI);
  context.fillStyle = inks.paper;
  context.fill();
  context.lineWidth = 2.5;
  context.strokeStyle = inks.accent;
  context.stroke();
  if (image) drawCentred(context, image, x - half, y - size - 14, size);
}

function drawCentred(context, image, left, top, size) {
  const side = Math.min(image.naturalWidth, image.naturalHeight);
  context.drawImage(image, (image.naturalWidth - side) / 2, (image.naturalHeight - side) / 2, side, side, left, top, size, size);
}

export function drawLoop({context, inks}, loop) {
  context.beginPath();
  loop.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
  context.globalAlpha = 0.15;
  context.fillStyle = inks.accent;
  context.fill();
  context.globalAlpha = 1;
  context.setLineDash([5, 4]);
  context.lineWidth = 2;
  context.strokeStyle = inks.accent;
  context.stroke();
  context.setLineDash([]);
}

/** The middle of each kind, the median of its points on the screen. */
export function middles(screen, kinds) {
  const across = kinds.kinds.map(({count}) => new Float32Array(count));
  const down = kinds.kinds.map(({count}) => new Float32Array(count));
  const filled = new Uint32Array(kinds.kinds.length);
  for (let place = 0; place < kinds.of.length; place += 1) {
    const kind = kinds.of[place];
    across[kind][filled[kind]] = screen[2 * place];
    down[kind][filled[kind]] = screen[2 * place + 1];
    filled[kind] += 1;
  }
  const median = (values) => values.sort()[values.length >> 1]; // numbers of a typed array sort as numbers
  return kinds.kinds.map((_, kind) => [median(across[kind]), median(down[kind])]);
}

/** Names at the middles of their groups, so that colour is never alone. */
export function drawNames(map, {kinds, faded, camera}) {
  if (kinds.kinds.length > 24 || camera.zoom > 6) return;
  const {context, screen, colours, inks} = map;
  const size = Math.max(12, Math.min(24, inks.text * 1.15));
  context.save();
  context.font = `700 ${size}px ${inks.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  middles(screen, kinds).forEach(([x, y], kind) => {
    const {name, count} = kinds.kinds[kind];
    if (!count || x < 0 || y < 0 || x > camera.width || y > camera.height) return;
    context.globalAlpha = faded.has(kind) ? 0.25 : 1;
    const width = context.measureText(name).width + size * 0.9;
    context.fillStyle = inks.paper;
    context.strokeStyle = colours[kind];
    context.lineWidth = 2;
    context.beginPath();
    context.roundRect(x - width / 2, y - size * 0.75, width, size * 1.5, size * 0.75);
    context.globalAlpha *= 0.92;
    context.fill();
    context.stroke();
    context.fillStyle = inks.ink;
    context.fillText(name, x, y + 0.5);
  });
  context.restore();
}
