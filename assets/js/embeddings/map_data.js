// One map as it arrives: its points, the frames of its growth, what it is worth.

const MOST_FRAMES = 160;
const LEVELS = 65535;

/** Positions of a frame: levels of 16 bits (n, d) within bounds [low…, high…] as map units. */
export function unpacked(levels, bounds, into = new Float32Array(levels.length)) {
  const dimensions = bounds.length / 2;
  const steps = Array.from({length: dimensions}, (_, axis) => (bounds[axis + dimensions] - bounds[axis]) / LEVELS);
  for (let at = 0; at < levels.length; at += 1) {
    const axis = at % dimensions;
    into[at] = bounds[axis] + levels[at] * steps[axis];
  }
  return into;
}

/** Drop every second frame, but neither the first nor the last. */
export const thinned = (frames) => frames.filter((_, index) => index % 2 === 0 || index === frames.length - 1);

/** What the server tells of one map, collected; `take(frame)` returns the stage it was. */
export class MapData {
  constructor(asked) {
    Object.assign(this, {asked, points: null, frames: [], settled: null, progress: null, skip: 1, taken: 0});
  }

  get count() {
    return this.points?.indices.length ?? 0;
  }

  get dimensions() {
    const bounds = this.frames.at(-1)?.bounds;
    return bounds ? bounds.length / 2 : this.asked.dimensions;
  }

  take({header, arrays}) {
    this.progress = header;
    if (header.stage === "points") this.points = {...header, ...arrays, predicted: header.predicted_classes, clusters: null, neighbours: null};
    if (header.stage === "map") this.addFrame(header, arrays.xy);
    if (header.stage === "settled") this.settle(header, arrays);
    return header.stage;
  }

  /** Keep a frame; beyond many, only every second, then every fourth … */
  addFrame({iteration, iterations, phase, kl, bounds}, xy) {
    const frame = {iteration, iterations, phase, kl, bounds, xy};
    if (this.frames.length > 0 && this.taken % this.skip !== 0) this.frames.pop();
    this.frames.push(frame);
    this.taken += 1;
    if (this.frames.length > MOST_FRAMES) {
      this.frames = thinned(this.frames);
      this.skip *= 2;
    }
  }

  settle(header, {xy, clusters, neighbours}) {
    this.settled = {...header, xy};
    Object.assign(this.points, {clusters, neighbours: neighbours?.length ? neighbours : null});
  }

  /** Positions (n, d) at a frame; the last are those of the finished map. */
  positions(place) {
    if (place >= this.frames.length - 1 && this.settled) return this.settled.xy;
    const frame = this.frames[Math.max(0, Math.min(place, this.frames.length - 1))];
    return frame ? unpacked(frame.xy, frame.bounds) : null;
  }

  /** The ten nearest of a point by features, as places on this map. */
  neighboursOf(place) {
    const {neighbours} = this.points;
    if (!neighbours) return [];
    const each = neighbours.length / this.count;
    return [...neighbours.subarray(place * each, (place + 1) * each)];
  }

  labelOf(place) {
    const {labels, classes} = this.points;
    return labels[place] < 0 ? null : (classes[labels[place]] ?? `class ${labels[place]}`);
  }

  predictionOf(place) {
    const {predictions, predicted} = this.points;
    return predicted?.[predictions[place]] ?? `class ${predictions[place]}`;
  }

  nameOf(place) {
    const {names, indices} = this.points;
    return names?.[place] ?? `picture ${indices[place]}`;
  }

  /** true, false, or null where label and prediction cannot be compared. */
  isCorrect(place) {
    const verdict = this.points.correct?.[place];
    return verdict === undefined || verdict < 0 ? null : verdict === 1;
  }

  get isComparable() {
    return Boolean(this.points?.correct?.some((verdict) => verdict >= 0));
  }

  /** Rows of the chosen points for a table. */
  rows(places) {
    const xy = this.positions(Infinity);
    const {dimensions} = this;
    return places.map((place) => [
      this.points.indices[place], this.points.names?.[place] ?? "", this.labelOf(place) ?? "", this.predictionOf(place),
      Number(this.points.probabilities[place].toPrecision(6)), ...Array.from({length: dimensions}, (_, axis) => Number(xy[place * dimensions + axis].toPrecision(6)))]);
  }
}

export const CSV_HEADER = ["index", "name", "label", "prediction", "probability", "x", "y", "z"];
