// Looking through a whole collection: begun, watched, stopped and gone on with.

import {postFrames} from "../api.js";
import {asVisitor} from "../visitor.js";

const REFRESH_MS = 700; // how often what was found so far is shown

/**
 * One search at a time. `start(params)` answers when all pictures were searched.
 *
 * `onProgress({indexed, total, remaining_s})` hears of every step, `onFound()` now and then that there is something new to show.
 */
export class PatchSearch {
  constructor({onProgress, onFound, post = postFrames, visitor = asVisitor, clock = () => performance.now()}) {
    Object.assign(this, {onProgress, onFound, post, visitor, clock, running: null});
  }

  /** Search on from where the server stands; false where it was stopped. */
  async start(params) {
    this.stop();
    const own = new AbortController();
    this.running = own;
    let shown = this.clock();
    const onFrame = ({header}) => {
      if (own.signal.aborted) return;
      this.onProgress(header);
      if (header.indexed < header.total && this.clock() - shown < REFRESH_MS) return;
      shown = this.clock();
      this.onFound();
    };
    try {
      await this.visitor(() => this.post("patches/index", params, onFrame, {signal: own.signal}));
      return true;
    } catch (error) {
      if (own.signal.aborted) return false;
      throw error;
    } finally {
      if (this.running === own) this.running = null;
    }
  }

  /** End it; what was found stays. */
  stop() {
    this.running?.abort();
    this.running = null;
  }
}
