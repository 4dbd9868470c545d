// Cells as large as the place allows, and lines that do not make the page jump.

const NORMAL = {most: 54, least: 17};
const STAGE = {most: 170, least: 17};
const NARROW = 600; // px: here one scrolls, and cells should be large enough to touch
const LINES_SHARE = 0.3; // of the stage's height
const LINE_SIZES = [3.6, 3.2, 2.9, 2.6, 2.3, 2, 1.8]; // percent of the stage's height

export class Sizing {
  constructor({figure, board, lines, element}, isStaged) {
    Object.assign(this, {figure, board, lines, element, isStaged, key: "", tallest: 0});
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(board);
    this.room = {width: board.clientWidth, height: board.clientHeight};
    this.growing = new ResizeObserver(() => this.keepHeight());
    this.growing.observe(lines);
  }

  stop() {
    this.observer.disconnect();
    this.growing.disconnect();
  }

  /** Sizes are read when they change, never while stepping: reading them makes the browser lay out the page. */
  measure() {
    const {clientWidth: width, clientHeight: height} = this.board;
    this.room = {width, height};
    this.update();
  }

  /** Lines that once needed two rows keep them while playing on. */
  keepHeight() {
    if (this.isStaged()) return;
    const height = this.lines.offsetHeight;
    if (height <= this.tallest) return;
    this.tallest = height;
    this.lines.style.minHeight = `${height}px`;
  }

  update(force = false) {
    const {figure} = this;
    const staged = this.isStaged();
    if (force) this.room = {width: this.board.clientWidth, height: this.board.clientHeight};
    const spec = JSON.stringify([figure.key, figure.widths, figure.shapeKey]);
    if (spec !== this.spec || staged !== this.staged) {
      Object.assign(this, {spec, staged, tallest: 0});
      this.lines.style.minHeight = "";
      this.lines.style.height = "";
      this.lines.style.fontSize = "";
      if (staged) this.fitLines();
    }
    const {width, height: tall} = this.room;
    const key = JSON.stringify([spec, staged, width, staged && tall, innerHeight]);
    if (key === this.key || !width) return;
    this.key = key;
    const height = staged ? tall : width < NARROW ? Infinity : Math.max(400, innerHeight * 0.62);
    figure.fit({width, height}, staged ? STAGE : NORMAL);
  }

  /** On the stage: the largest letters with which the lines leave room for the figure; their height then stays. */
  fitLines() {
    const {lines, element} = this;
    const room = LINES_SHARE * element.clientHeight;
    for (const size of LINE_SIZES) {
      lines.style.fontSize = `${Math.max(15, (size / 100) * element.clientHeight)}px`;
      if (lines.offsetHeight <= room) break;
    }
    lines.style.height = `${lines.offsetHeight + parseFloat(lines.style.fontSize) * 0.4}px`;
  }
}
