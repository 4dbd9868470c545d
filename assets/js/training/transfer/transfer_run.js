// A comparison under way: what is asked of the server, and what has come of it.

import {getJSON, postFrames, postJSON} from "../../api.js";
import {asVisitor} from "../../visitor.js";

export const TRANSFER_SERVER = {
  menu: (base, signal) => (base && base.length >= 32 ? asVisitor(() => getJSON("training/transfer", {base}, {signal})) : getJSON("training/transfer", {base}, {signal})),
  time: (question, signal) => asVisitor(() => getJSON("training/transfer/time", question, {signal})),
  run: (question, onFrame, signal) => asVisitor(() => postFrames("training/transfer/run", question, onFrame, {signal})),
  keep: (way) => asVisitor(() => postJSON("training/transfer/keep", {way})),
};

export class TransferRun {
  /** `status`: "idle", "running", "over", "stopped", "failed". */
  constructor({changed, server = TRANSFER_SERVER}) {
    Object.assign(this, {changed, server});
    this.reset();
  }

  reset() {
    Object.assign(this, {status: "idle", setup: null, outcomes: [], doing: null, share: 0, left: null, result: null, error: null});
  }

  async start(question) {
    this.ending?.abort();
    const ending = (this.ending = new AbortController());
    this.reset();
    this.status = "running";
    this.changed();
    try {
      await this.server.run(question, (frame) => ending === this.ending && this.take(frame), ending.signal);
      if (ending === this.ending) this.status = this.result ? "over" : "stopped";
    } catch (error) {
      if (ending !== this.ending) return;
      this.status = error.name === "AbortError" ? "stopped" : "failed";
      this.error = error.name === "AbortError" ? null : error.message;
    }
    if (ending === this.ending) this.changed();
  }

  take({header}) {
    if (header.setup) this.setup = header.setup;
    if (header.outcomes) {
      this.outcomes.push(...header.outcomes);
      Object.assign(this, {doing: header.doing, share: header.share, left: header.left_s});
    }
    if (header.result) this.result = header.result;
    this.changed();
  }

  stop() {
    this.ending?.abort();
  }

  /** Forget everything; what runs ends. */
  clear() {
    const ending = this.ending;
    this.ending = null;
    ending?.abort();
    this.reset();
  }
}
