// Time: a position among a number of steps, moved by hand or played at a speed. No page in here.

export const SPEEDS = [0.5, 1, 2, 4, 8, 16, 30, 60]; // cells a second
const DEFAULT_SPEED = 2;

/** Where `step` lands for a move by name or by a number of cells. */
export function moved(step, count, move) {
  if (move === "first") return 0;
  if (move === "last") return count - 1;
  return Math.min(count - 1, Math.max(0, step + move));
}

/** Cells to advance after `elapsed` milliseconds: {cells, rest}, rest being time not yet used. */
export function due(elapsed, speed) {
  const cells = Math.floor((elapsed * speed) / 1000);
  return {cells, rest: elapsed - (cells * 1000) / speed};
}

/** Plays by animation frames; `move(cells)` answers whether there is anywhere left to go. */
export class Player {
  constructor({move, changed, frames = globalThis}) {
    Object.assign(this, {move, changed, frames, speed: DEFAULT_SPEED, handle: null});
  }

  get playing() {
    return this.handle !== null;
  }

  play() {
    if (this.playing) return;
    this.elapsed = 0;
    this.last = null;
    this.handle = this.frames.requestAnimationFrame((time) => this.tick(time));
    this.changed();
  }

  pause() {
    if (!this.playing) return;
    this.frames.cancelAnimationFrame(this.handle);
    this.handle = null;
    this.changed();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  tick(time) {
    this.elapsed += this.last === null ? 0 : Math.min(time - this.last, 1000); // a sleeping tab does not jump
    this.last = time;
    const {cells, rest} = due(this.elapsed, this.speed);
    this.elapsed = rest;
    if (cells > 0 && !this.move(cells)) this.pause();
    else this.handle = this.frames.requestAnimationFrame((next) => this.tick(next));
  }
}
