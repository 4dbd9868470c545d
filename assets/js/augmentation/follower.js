// Work that follows a moving slider: one piece at a time, and of what is asked meanwhile only the newest.

export class Follower {
  /** `work(question, signal)` answers; `show(answer, question)` and `fail(error, question)` hear of it. */
  constructor({work, show, fail}) {
    Object.assign(this, {work, show, fail, waiting: null, controller: null});
  }

  get busy() {
    return this.controller !== null;
  }

  /** Ask for something; what still waits is overtaken, what is under way is shown all the same. */
  ask(question) {
    this.waiting = {question};
    if (!this.busy) return this.next();
    return undefined;
  }

  async next() {
    while (this.waiting) {
      const {question} = this.waiting;
      const controller = new AbortController();
      Object.assign(this, {waiting: null, controller});
      try {
        const answer = await this.work(question, controller.signal);
        if (!controller.signal.aborted) this.show(answer, question);
      } catch (error) {
        if (!controller.signal.aborted && !this.waiting) this.fail(error, question);
      }
      if (this.controller !== controller) return;
      this.controller = null;
    }
  }

  /** Forget everything; nothing under way is shown any more. */
  cancel() {
    this.waiting = null;
    this.controller?.abort();
    this.controller = null;
  }
}
