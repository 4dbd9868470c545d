// One experiment on its way: asks the server, gathers the curves, can be stopped.

import {getJSON, postFrames, postJSON} from "../../api.js";
import {asVisitor} from "../../visitor.js";
import {grow} from "./experiment_curves.js";

export const SERVER = {
  menu: () => getJSON("training/experiments"),
  run: (question, onFrame, signal) => asVisitor(() => postFrames("training/experiments/run", question, onFrame, {signal})),
  keep: (arm) => asVisitor(() => postJSON("training/experiments/keep", {arm})),
};

export class ExperimentRun {
  /** `changed()` hears of every change; `server` as SERVER. */
  constructor({changed, server = SERVER}) {
    Object.assign(this, {changed, server});
    this.clear();
  }

  /** Forget what was run; what runs is ended. */
  clear() {
    this.controller?.abort();
    Object.assign(this, {controller: null, status: "idle", name: null, runs: [], result: null, error: null, left: null, stopped: false});
  }

  /** Run `{name, data, seed, seeds, augment}` to its end, or until it is stopped. */
  async start(question) {
    this.clear();
    const mine = (this.controller = new AbortController());
    Object.assign(this, {status: "running", name: question.name, question});
    this.changed();
    try {
      await this.server.run(question, (frame) => mine === this.controller && this.arrived(frame), mine.signal);
      if (mine === this.controller) this.status = "ended";
    } catch (error) {
      if (mine !== this.controller) return;
      this.status = "ended";
      if (error.name === "AbortError") this.stopped = true;
      else this.error = error.message;
    }
    this.changed();
  }

  arrived(frame) {
    grow(this.runs, frame);
    this.left = frame.header.left_s ?? this.left;
    this.result = frame.header.result ?? this.result;
    this.changed();
  }

  stop() {
    this.controller?.abort();
  }
}
