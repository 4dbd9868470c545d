// What the network looked like at its moments: filters, maps, predictions. Asked for once, then kept.

import {Recent} from "../answers.js";
import {sightOf} from "./looking.js";

const CAPACITY = 600;

const KINDS = ["filters", "maps", "predicted", "loss_each", "features"];

const WHOLE = ["maps", "predicted", "features"];

/** Whether a frame brings all there is of a moment, so that nothing needs to be asked for. */
export const isWhole = ({arrays}) => WHOLE.every((kind) => kind in arrays);

/** Whether a frame of a run brings something to look at beside its numbers. */
export const isDisplay = ({arrays}) => KINDS.some((kind) => kind in arrays);

/** A newer display; what it lacks stays as it was, as long as layer and example are the same: features of the step `featured`. */
export function joined(before, frame, of) {
  const same = before && before.of === of;
  const featured = "features" in frame.arrays ? frame.header.step : same ? (before.header.featured ?? before.header.step) : null;
  return {of, header: {...(same ? before.header : {}), ...frame.header, featured, arrays: {...(same ? before.header.arrays : {}), ...frame.header.arrays}}, arrays: {...(same ? before.arrays : {}), ...frame.arrays}};
}

export class Displays {
  /** `fetch({moment, step, layer, example, picture, framing}) -> Promise<{header, arrays}>`; moment null: as it is, at `step`. */
  constructor(fetch) {
    this.fetch = fetch;
    this.clear();
  }

  clear() {
    this.kept = new Recent(CAPACITY);
    this.asked = new Map();
  }

  static key({moment, step, ...look}) {
    return `${moment ?? `at ${step}`}|${sightOf(look)}`;
  }

  get(question) {
    return this.kept.get(Displays.key(question)) ?? null;
  }

  set(question, display) {
    this.kept.set(Displays.key(question), display);
  }

  /** The display of a moment: kept, on its way, or asked for now. */
  async of(question) {
    const key = Displays.key(question);
    const known = this.kept.get(key);
    if (known) return known;
    if (!this.asked.has(key)) {
      const {kept, asked} = this;
      const ask = this.fetch(question).then((answer) => {
        const display = {of: sightOf(question), ...answer};
        kept.set(key, display);
        return display;
      });
      asked.set(key, ask.finally(() => asked.delete(key)));
    }
    return this.asked.get(key);
  }
}

/** Pictures by their index, each fetched once: `of(indices) -> {height, width, channels, pixels}`. */
export class PictureStore {
  /** `fetch(indices) -> Promise<{header, arrays: {pictures}}>`, (n, height, width, channels). */
  constructor(fetch) {
    Object.assign(this, {fetch, known: new Map(), shape: null, waiting: Promise.resolve()});
  }

  async of(indices) {
    const before = this.waiting;
    const mine = before.catch(() => {}).then(() => this.fill(indices));
    this.waiting = mine;
    await mine;
    const [height, width, channels] = this.shape ?? [0, 0, 0];
    const cells = height * width * channels;
    const pixels = new Uint8Array(indices.length * cells);
    indices.forEach((index, at) => pixels.set(this.known.get(index), at * cells));
    return {height, width, channels, pixels};
  }

  async fill(indices) {
    const missing = [...new Set(indices)].filter((index) => !this.known.has(index));
    if (missing.length === 0) return;
    const {header, arrays} = await this.fetch(missing);
    const [, ...shape] = header.arrays.pictures.shape;
    this.shape = shape;
    const cells = shape.reduce((product, size) => product * size, 1);
    missing.forEach((index, at) => this.known.set(index, arrays.pictures.subarray(at * cells, (at + 1) * cells)));
  }
}
