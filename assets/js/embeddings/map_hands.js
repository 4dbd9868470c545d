// Pointer, wheel, pinch and keys on the map: move, zoom, turn, pick, draw a loop.

const TAP = 5; // CSS pixels a finger may slip and still have tapped
const WHEEL = 0.0016;
const STEP = 60;

const middle = ([a, b]) => ({x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, span: Math.hypot(a.x - b.x, a.y - b.y)});

/**
 * Hands on `canvas`. `map` = {camera, isLoop(), redraw(), hover(x, y), leave(), tap(x, y), loop(points, done), key(name)}.
 */
export class MapHands {
  constructor(canvas, map) {
    Object.assign(this, {canvas, map, fingers: new Map(), before: null, moved: 0, loop: null});
    const on = (name, handler, options) => canvas.addEventListener(name, handler, options);
    on("pointerdown", (event) => this.down(event));
    on("pointermove", (event) => this.move(event));
    on("pointerup", (event) => this.up(event));
    on("pointercancel", (event) => this.up(event, true));
    on("pointerleave", () => this.fingers.size || map.leave());
    on("dblclick", (event) => this.zoom(this.at(event), 2));
    on("keydown", (event) => this.key(event));
    on("wheel", (event) => {
      event.preventDefault();
      this.zoom(this.at(event), Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : WHEEL)));
    }, {passive: false});
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return {x: event.clientX - box.left, y: event.clientY - box.top};
  }

  zoom({x, y}, factor) {
    this.map.camera.zoomAt(x, y, factor);
    this.map.redraw();
  }

  down(event) {
    if (event.button > 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    const place = this.at(event);
    this.fingers.set(event.pointerId, place);
    this.moved = this.fingers.size > 1 ? Infinity : 0;
    this.before = this.fingers.size === 2 ? middle([...this.fingers.values()]) : null;
    this.loop = this.fingers.size === 1 && (this.map.isLoop() || event.shiftKey) ? [[place.x, place.y]] : null;
    if (this.fingers.size === 2) this.map.loop(null, false);
  }

  move(event) {
    const place = this.at(event);
    const last = this.fingers.get(event.pointerId);
    if (!last) {
      if (event.pointerType !== "touch") this.map.hover(place.x, place.y);
      return;
    }
    this.fingers.set(event.pointerId, place);
    if (this.fingers.size === 2) {
      this.pinch();
      return;
    }
    this.moved += Math.hypot(place.x - last.x, place.y - last.y);
    if (this.loop) {
      this.loop.push([place.x, place.y]);
      this.map.loop(this.loop, false);
    } else if (this.moved > TAP) this.drag(place.x - last.x, place.y - last.y, event.ctrlKey);
  }

  drag(dx, dy, aside) {
    const {camera} = this.map;
    if (camera.dimensions === 3 && !aside) camera.rotate(dx, dy);
    else camera.pan(dx, dy);
    this.map.redraw();
  }

  pinch() {
    const now = middle([...this.fingers.values()]);
    if (this.before) {
      this.map.camera.pan(now.x - this.before.x, now.y - this.before.y);
      this.map.camera.zoomAt(now.x, now.y, now.span / Math.max(1, this.before.span));
      this.map.redraw();
    }
    this.before = now;
  }

  up(event, cancelled = false) {
    const place = this.fingers.get(event.pointerId);
    this.fingers.delete(event.pointerId);
    this.before = null;
    if (!place) return;
    const {loop} = this;
    this.loop = null;
    if (loop && this.moved > TAP) this.map.loop(cancelled ? null : loop, true);
    else if (!cancelled && this.moved <= TAP) this.map.tap(place.x, place.y);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = {ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP]};
    const {camera} = this.map;
    const factors = {"+": 1.3, "=": 1.3, "-": 1 / 1.3};
    if (event.key in steps) this.drag(...(camera.dimensions === 3 ? steps[event.key].map((step) => -step / 4) : steps[event.key]), event.shiftKey);
    else if (event.key in factors) this.zoom({x: camera.width / 2, y: camera.height / 2}, factors[event.key]);
    else if (!this.map.key(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key in steps || event.key in factors) this.map.hover(camera.width / 2, camera.height / 2, true);
  }
}
