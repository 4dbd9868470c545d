// Heatmaps from the server: each asked for once, the long ones as they grow, the last ones kept.

import {Recent} from "../answers.js";
import {getArrays, postFrames} from "../api.js";
import {asVisitor} from "../visitor.js";

const KEPT = 96;

/** The parameters of one heatmap: which network sees which picture, and what is asked about it. */
export function heatParameters(view, {method, layer, target, against = null}) {
  return {...view, method, layer, target, ...(against === null ? {} : {against})};
}

/** A heatmap as views use it, from an answer's header and arrays. */
export function heatOf({header, arrays}) {
  return {...header, values: arrays.heat, rows: arrays.receptive_rows ?? null, columns: arrays.receptive_columns ?? null};
}

export class HeatLoader {
  constructor({fetchHeat = getArrays, streamHeat = (...rest) => asVisitor(() => postFrames(...rest))} = {}) {
    Object.assign(this, {fetchHeat, streamHeat, kept: new Recent(KEPT)});
  }

  /** A finished heatmap that is known already; else undefined. */
  known(parameters) {
    return this.kept.get(JSON.stringify(parameters));
  }

  /** Fetch one that takes a moment. */
  async get(parameters, {signal} = {}) {
    const known = this.known(parameters);
    if (known) return known;
    const heat = heatOf(await this.fetchHeat("heat", parameters, {signal}));
    this.kept.set(JSON.stringify(parameters), heat);
    return heat;
  }

  /** Compute one that takes long; `onPart(heat)` as it grows, with `step`, `steps` and `remaining_s`. */
  async stream(parameters, onPart, {signal} = {}) {
    const known = this.known(parameters);
    if (known) return known;
    let last = null;
    await this.streamHeat("heat/stream", parameters, (frame) => {
      last = heatOf(frame);
      if (!signal?.aborted) onPart(last);
    }, {signal});
    if (last) this.kept.set(JSON.stringify(parameters), last);
    return last;
  }
}
