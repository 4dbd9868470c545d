// All the way down: following the largest term again and again, at a pace one can watch.

const PACE_MS = 650;

export class Dive {
  /** `follow()` answers a promise of the next number, or null at the end; `changed(on)` is told. */
  constructor({follow, changed, pace = PACE_MS}) {
    Object.assign(this, {follow, changed, pace, running: null});
  }

  get isOn() {
    return this.running !== null;
  }

  async toggle() {
    if (this.isOn) {
      this.halt();
      return;
    }
    const own = (this.running = {});
    this.changed(true);
    while (this.running === own) {
      const step = this.follow();
      if (step === null) break;
      await step;
      await new Promise((resume) => setTimeout(resume, this.pace));
    }
    if (this.running === own) this.halt();
  }

  halt() {
    if (!this.isOn) return;
    this.running = null;
    this.changed(false);
  }
}
