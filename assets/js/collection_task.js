// Something long about a collection: a bar, a count, a way to cancel, a sentence where it failed.

import {make} from "./dom.js";

/** "Reading pictures: 40 of 300"; sizes through `text`. */
export function progressWords(what, done, total, text = (number) => number.toLocaleString("en")) {
  return total > 0 ? `${what}: ${text(done)} of ${text(total)}` : `${what} …`;
}

/** The task on the page; `again()` is what "Try again" does. */
export class CollectionTask {
  constructor({again}) {
    this.controller = null;
    this.bar = make("progress", {class: "vz-co-bar", max: "1", "aria-label": "Progress"});
    this.words = make("span", {class: "vz-number", role: "status"});
    this.stop = make("button", {type: "button", class: "vz-button", onclick: () => this.cancel()}, "Cancel");
    this.running = make("div", {class: "vz-co-running", hidden: true}, this.bar, make("div", {class: "vz-co-running-row"}, this.words, this.stop));
    this.sentence = make("p");
    this.retry = make("button", {type: "button", class: "vz-button", onclick: again}, "Try again");
    this.failure = make("div", {class: "vz-message vz-co-failure", role: "alert", hidden: true}, this.sentence, this.retry);
    this.element = make("div", {class: "vz-co-task", hidden: true}, this.running, this.failure);
  }

  get busy() {
    return this.controller !== null;
  }

  get signal() {
    return this.controller?.signal ?? null;
  }

  /** Start anew; what ran is cancelled. Returns the signal to heed. */
  begin(what, ending) {
    this.controller?.abort();
    const mine = new AbortController();
    ending.addEventListener("abort", () => mine.abort(), {once: true});
    this.controller = mine;
    this.failure.hidden = true;
    this.running.hidden = this.element.hidden = false;
    this.progress(what.replace(/ …$/, ""));
    return mine.signal;
  }

  progress(what, done = 0, total = 0, text = undefined) {
    if (total > 0) this.bar.value = done / total;
    else this.bar.removeAttribute("value");
    this.words.textContent = progressWords(what, done, total, text);
  }

  fail(sentence, retriable) {
    this.controller = null;
    this.running.hidden = true;
    this.failure.hidden = this.element.hidden = !sentence;
    this.sentence.textContent = sentence ?? "";
    this.retry.hidden = !retriable;
  }

  clear() {
    this.fail(null, false);
  }

  cancel() {
    this.controller?.abort();
  }
}
