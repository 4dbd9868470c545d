// The way from a number down to the pixels: which cells it consists of, which is the largest term,
// and how a link carries it. A place is {layer, channel, row, column}; nothing here touches the page.

export const samePlace = (one, other) =>
  Boolean(one && other) && ["layer", "channel", "row", "column"].every((key) => one[key] === other[key]);

const layerOf = (run, name) => run.layers.find((layer) => layer.name === name) ?? null;

/** What is wrong with a place, as a sentence and the field it concerns; null if it exists. */
export function misplaced(run, {layer, channel, row, column}) {
  const found = layerOf(run, layer);
  if (!found) return {field: "layer", sentence: `${run.title} has no layer “${layer}”.`};
  const limits = {channel: found.shape[0], row: found.shape[1], column: found.shape[2]};
  for (const [field, value] of Object.entries({channel, row, column})) {
    const whole = Number.isInteger(value) && value >= 0 && value < limits[field];
    if (!whole) {
      const given = Number.isInteger(value) ? `${field} ${value}` : `such ${field}`;
      return {field, sentence: `${layer} has no ${given}: choose 0 to ${limits[field] - 1}.`};
    }
  }
  return null;
}

/** The place nearest to one outside a layer's map. */
export function clamped(run, place) {
  const {shape} = layerOf(run, place.layer);
  const within = (value, count) => Math.max(0, Math.min(count - 1, value));
  const [channel, row, column] = ["channel", "row", "column"].map((key, axis) => within(place[key], shape[axis]));
  return {layer: place.layer, channel, row, column};
}

/** The neighbour an arrow key asks for: a cell of the map, or a channel where maps have one cell. */
export function neighbour(run, place, [down, right]) {
  const {shape: [, height, width]} = layerOf(run, place.layer);
  const moved = height * width > 1
    ? {...place, row: place.row + down, column: place.column + right}
    : {...place, channel: place.channel + right + down};
  const to = clamped(run, moved);
  return samePlace(to, place) ? null : to;
}

/** Where to begin without a chosen cell: the selected channel's middle, or else the likeliest class. */
export function firstPlace(run, {layer, channel, cell, target}) {
  const found = layerOf(run, layer);
  if (found && (cell || channel !== null)) {
    const [, height, width] = found.shape;
    const [row, column] = cell ?? [Math.floor((height - 1) / 2), Math.floor((width - 1) / 2)];
    return clamped(run, {layer, channel: channel ?? 0, row, column});
  }
  const last = run.layers.at(-1);
  return clamped(run, {layer: last.name, channel: target ?? run.top[0]?.index ?? 0, row: 0, column: 0});
}

/** Every input on screen with its place and what it adds: [{place, value, term, group, row, column}]. */
export function termsOf(answer) {
  const terms = [];
  (answer.groups ?? []).forEach((group, index) => group.inputs.forEach((line, row) => line.forEach((value, column) => {
    if (value === null || group.rows[row] === null || group.columns[column] === null) return;
    const place = {layer: group.layer, channel: group.channel, row: group.rows[row], column: group.columns[column]};
    terms.push({place, value, term: value * (group.weights?.[row][column] ?? 1), group: index, row, column});
  })));
  if (terms.length > 0) return terms;
  return (answer.inputs ?? []).map(({layer, channel, row, column, value}, index) => (
    {place: {layer, channel, row, column}, value, term: value, group: index, row: 0, column: 0}));
}

/** The input that counts most: the winner of a maximum, the class's or channel's own, else the largest term. */
export function largestTerm(answer) {
  const terms = termsOf(answer);
  if (terms.length === 0) return null;
  const own = terms.find(({place}) => place.channel === answer.channel);
  if (["softmax", "norm"].includes(answer.family) && own) return own;
  const sameCell = terms.find(({place}) => place.row === answer.row && place.column === answer.column);
  if (answer.op === "multiply" && terms.length === 2 && sameCell && answer.row + answer.column > 0) return sameCell; // the map, not its factor
  const size = answer.family === "max" ? ({value}) => value : ({term}) => Math.abs(term);
  return terms.reduce((best, one) => (size(one) > size(best) ? one : best));
}

/** Fewest steps from a layer to the input. */
export function stepsToPixels(run, name) {
  const steps = new Map();
  for (const layer of run.layers) {
    const before = layer.inputs.map((source) => steps.get(source)).filter((count) => count !== undefined);
    steps.set(layer.name, layer.inputs.length === 0 ? 0 : 1 + Math.min(...before));
  }
  return steps.get(name);
}

/** Back to a place already on the way, or one step further. */
export function stepTo(path, place) {
  const at = path.findIndex((one) => samePlace(one, place));
  return at >= 0 ? path.slice(0, at + 1) : [...path, place];
}

/** Whether the number that `answer` explains also reads `place`, a neighbour of a cell it reads. */
export function alsoReads(answer, place) {
  if (["sum", "max"].includes(answer.family)) {
    const [{rows, columns}] = answer.groups;
    return rows.includes(place.row) && columns.includes(place.column);
  }
  return answer.family === "softmax";
}

const PLACE = /^(\d{1,4})((?:-\d{1,6}){0,3})$/;

/** A way as short text: the layer's number, then what differs from the place before. */
export function pathText(run, path) {
  return path.map((place, index) => {
    const number = run.layers.findIndex(({name}) => name === place.layer);
    const before = path[index - 1];
    const cell = [place.channel, place.row, place.column];
    if (before && ["channel", "row", "column"].every((key) => before[key] === place[key])) return `${number}`;
    return [number, ...(place.row === 0 && place.column === 0 ? cell.slice(0, 1) : cell)].join("-");
  }).join("_");
}

/** The way that a link carries, as far as every step is an input of the one before; [] for nonsense. */
export function readPath(run, text) {
  const path = [];
  for (const piece of (text ?? "").split("_")) {
    const match = PLACE.exec(piece);
    const layer = match && run.layers[Number(match[1])];
    if (!layer) break;
    const before = path.at(-1);
    if (before && !layerOf(run, before.layer).inputs.includes(layer.name)) break;
    const given = match[2].split("-").slice(1).map(Number);
    const [channel, row = 0, column = 0] = given;
    const place = given.length > 0 ? {layer: layer.name, channel, row, column} : before && {...before, layer: layer.name};
    if (!place || misplaced(run, place)) break;
    path.push(place);
  }
  return path;
}
