// One animation frame for all live views: asked for when something changes, and while something moves.

const LONGEST_MS = 100; // a page that was away does not jump

export class FrameLoop {
  /** `frame(ms)` draws; whether it wants to go on. Nothing happens while not `running`. */
  constructor(frame) {
    Object.assign(this, {frame, running: false, asked: 0, before: 0});
  }

  run(running) {
    this.running = running;
    if (running) this.wake();
    else {
      cancelAnimationFrame(this.asked);
      this.asked = 0;
    }
  }

  wake() {
    if (!this.running || this.asked) return;
    this.asked = requestAnimationFrame((now) => {
      this.asked = 0;
      const ms = Math.min(LONGEST_MS, Math.max(1, now - this.before));
      this.before = now;
      if (this.frame(ms)) this.wake();
    });
  }
}
