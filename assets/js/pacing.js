// When a drawing is sent: soon after a stroke, at most every 350 ms within one, one at a time.

const AFTER_STROKE_MS = 300;
const WHILE_DRAWING_MS = 350;
const WAITING_MS = 100;

/** Calls `send()` for what was drawn; waits while one is being sent or `isBusy()`. */
export class Pacing {
  constructor({send, isBusy}) {
    Object.assign(this, {send, isBusy, timer: null, sending: false, changed: false});
  }

  /** The drawing has changed and goes on changing. */
  moved() {
    this.changed = true;
    if (this.timer === null) this.plan(WHILE_DRAWING_MS);
  }

  /** The pen has left the pad. */
  lifted() {
    this.changed = true;
    this.plan(AFTER_STROKE_MS);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = null;
    this.changed = false;
  }

  plan(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.go(), delay);
  }

  async go() {
    this.timer = null;
    if (!this.changed) return;
    if (this.sending || this.isBusy()) {
      this.plan(WAITING_MS);
      return;
    }
    [this.sending, this.changed] = [true, false];
    try {
      await this.send();
    } finally {
      this.sending = false;
    }
    if (this.changed && this.timer === null) this.plan(WHILE_DRAWING_MS);
  }
}
