// What charts on a canvas share: drawn anew when the page changes, a cursor for pointer and keys, labels beside the curves' ends.

import {fitCanvas, inks} from "../dom.js";

/** Calls `draw()` in the next frame when asked, when `box` changes its size and when the theme changes: `{redraw(), destroy()}`. */
export function redrawn(canvas, box, draw) {
  let waiting = false;
  const redraw = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (canvas.isConnected && canvas.clientWidth) draw();
    });
  };
  const sizes = new ResizeObserver(redraw);
  sizes.observe(box);
  const themes = new MutationObserver(redraw);
  themes.observe(document.body, {attributes: true, attributeFilter: ["class"]});
  return {
    redraw,
    destroy() {
      sizes.disconnect();
      themes.disconnect();
    },
  };
}

/** The places of a slider tell `point(place)` of pointer and keys, null where the pointer leaves; `at(x)` gives the place at an x of the canvas, `keys()` where arrow keys and ends lead: `{ArrowLeft, ArrowRight, Home, End}`. */
export function pointed(slider, canvas, {at, keys, point}) {
  slider.addEventListener("pointermove", (event) => point(at(event.clientX - canvas.getBoundingClientRect().left)));
  slider.addEventListener("pointerleave", () => point(null));
  slider.addEventListener("blur", () => point(null));
  slider.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = keys()[event.key];
    if (to === undefined) return;
    point(to);
    event.preventDefault();
    event.stopPropagation();
  });
}

/** The canvas, cleared and fitted to its box: `{context, width, height, ink, em}`. */
export function emptied(canvas) {
  const {clientWidth: width, clientHeight: height} = canvas;
  const context = fitCanvas(canvas, width, height);
  canvas.style.width = canvas.style.height = ""; // the style sheet's
  const ink = inks(canvas);
  context.font = `${0.86 * ink.text}px ${ink.font}`;
  context.clearRect(0, 0, width, height);
  return {context, width, height, ink, em: ink.text};
}

/** The width of the longest text. */
export const widest = (context, texts) => Math.max(...texts.map((text) => context.measureText(text).width), 0);

/** Move labels apart: `[y]` wanted, sorted or not; each at least `gap` from the others, within [top, bottom]. */
export function apart(wanted, gap, top, bottom) {
  const order = wanted.map((y, place) => ({y: Math.min(bottom, Math.max(top, y)), place})).sort((a, b) => a.y - b.y);
  for (let at = 1; at < order.length; at += 1) order[at].y = Math.max(order[at].y, order[at - 1].y + gap);
  let limit = bottom;
  for (let at = order.length - 1; at >= 0; at -= 1) {
    order[at].y = Math.min(order[at].y, limit);
    limit = order[at].y - gap;
  }
  const placed = [];
  for (const {y, place} of order) placed[place] = y;
  return placed;
}

/** Names where curves end: `ends` are `{y, text, colour}`. */
export function endLabels(context, ends, {x, gap, top, bottom}) {
  const places = apart(ends.map(({y}) => y), gap, top, bottom);
  context.textAlign = "left";
  context.textBaseline = "middle";
  ends.forEach(({text, colour}, at) => {
    context.fillStyle = colour;
    context.fillText(text, x, places[at]);
  });
}
