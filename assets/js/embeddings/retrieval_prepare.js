// Before the first search of a large collection the network has to look at all of it: asked for, watched, stopped.

import {postFrames} from "../api.js";
import {make} from "../dom.js";
import {asVisitor} from "../visitor.js";
import {progressWords} from "./layers_words.js";

/** Whether a refusal only means that the pictures have not been looked at yet. */
export const isMissing = (error) => error.status === 409 && error.body?.features_missing === true;

/** `offer(params, count)`, `clear()`; `onReady()` hears when the features are there, `onError(error)` where that failed. */
export class RetrievalPrepare {
  constructor({onReady, onError}) {
    Object.assign(this, {onReady, onError, running: null});
    this.sentence = make("p");
    this.bar = make("progress", {class: "vz-rt-bar", max: "1", "aria-label": "Pictures looked at"});
    this.far = make("span", {class: "vz-number", role: "status"});
    this.go = make("button", {type: "button", class: "vz-button vz-primary", id: "vz-rt-look", onclick: () => this.toggle()});
    this.progress = make("div", {class: "vz-rt-progress", hidden: true}, this.bar, this.far);
    this.element = make("div", {class: "vz-rt-prepare", hidden: true}, this.sentence, make("div", {class: "vz-rt-scores-row"}, this.go, this.progress));
  }

  offer(params, {title, count}) {
    this.stop();
    this.params = params;
    this.sentence.textContent = `The network has not looked at the ${count.toLocaleString("en")} pictures of ${title} yet. It does so once; every search after that takes milliseconds.`;
    this.element.hidden = false;
  }

  clear() {
    this.stop();
    this.element.hidden = true;
  }

  toggle() {
    return this.running ? this.stop() : this.start();
  }

  async start() {
    const own = new AbortController();
    this.running = own;
    this.draw({stage: "features"});
    const onFrame = ({header}) => own.signal.aborted || header.stage !== "features" || this.draw(header);
    try {
      await asVisitor(() => postFrames("retrieval/features", this.params, onFrame, {signal: own.signal}));
      this.onReady();
    } catch (error) {
      if (!own.signal.aborted) this.onError(error);
    }
    if (this.running === own) this.stop();
  }

  draw(header) {
    this.progress.hidden = !this.running;
    this.go.textContent = this.running ? "Cancel" : "Let it look at them";
    this.bar.value = header?.steps ? header.step / header.steps : 0;
    this.far.textContent = header ? progressWords(header) : "";
  }

  stop() {
    this.running?.abort();
    this.running = null;
    this.draw(null);
  }
}
