// The maps of several layers, as the server sends them: pictures, points, maps that grow, finished ones.

import {postFrames} from "../api.js";
import {asVisitor} from "../visitor.js";
import {placed, squared} from "./layers_depth.js";
import {progressShare} from "./layers_words.js";

/** Seconds left when `share` of the work took `spent_s`; null while that says nothing. */
export const left = (share, spent_s) => (share > 0.03 && spent_s > 0.4 ? (spent_s * (1 - share)) / share : null);

/**
 * One computation at a time.
 *
 * `onProgress(header)` hears of every frame, `onPictures({header, arrays})` of the pictures that take part, `onMaps(maps)` of every
 * change of `[{layer, points, quality, notes}]`; `quality` is null while a map grows.
 */
export class LayersClerk {
  constructor({onProgress, onPictures, onMaps, post = postFrames, visitor = asVisitor, clock = () => performance.now() / 1000}) {
    Object.assign(this, {onProgress, onPictures, onMaps, post, visitor, clock, running: null});
  }

  /** Make the maps; false where it was stopped. */
  async start(params) {
    this.stop();
    const own = new AbortController();
    Object.assign(this, {running: own, maps: [], since: {}});
    const onFrame = (frame) => own.signal.aborted || this.take(frame);
    try {
      await this.visitor(() => this.post("embedding/layers", params, onFrame, {signal: own.signal}));
      return true;
    } catch (error) {
      if (own.signal.aborted) return false;
      throw error;
    } finally {
      if (this.running === own) this.running = null;
    }
  }

  take({header, arrays}) {
    const {stage} = header;
    if (stage === "points") this.onPictures({header, arrays});
    if (stage === "map") this.put(header, squared(placed(arrays.xy, header.bounds)), null);
    if (stage === "layer") this.put(header, squared(arrays.xy), header.quality, header.notes ?? []);
    this.onProgress({...header, remaining_s: this.remaining(header)});
  }

  put({layer, position}, points, quality, notes = []) {
    this.maps = this.maps.slice();
    this.maps[position] = {layer, points, quality, notes};
    this.onMaps(this.maps);
  }

  /** Of the pictures' way the server tells; of the maps, all take about equally long. */
  remaining(header) {
    if (header.stage === "features") return header.remaining_s ?? null;
    this.since.maps ??= this.clock();
    const share = progressShare(header);
    return share === null ? null : left((share - 0.2) / 0.8, this.clock() - this.since.maps);
  }

  /** End it; finished maps stay. */
  stop() {
    this.running?.abort();
    this.running = null;
  }
}
