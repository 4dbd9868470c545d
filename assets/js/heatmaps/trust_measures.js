// What a heatmap is worth in numbers and words: its peak and energy in a box, what measurements say.

import {format} from "../colour.js";

/** Whether the hottest cell's middle lies in `box` {x0, y0, x1, y1}, shares of the sides; null for a flat map. */
export function pointsInside(values, [rows, columns], {x0, y0, x1, y1}) {
  let at = 0;
  let flat = true;
  for (let cell = 1; cell < values.length; cell += 1) {
    if (values[cell] !== values[0]) flat = false;
    if (values[cell] > values[at]) at = cell;
  }
  if (flat) return null;
  const [across, down] = [((at % columns) + 0.5) / columns, (Math.floor(at / columns) + 0.5) / rows];
  return x0 <= across && across <= x1 && y0 <= down && down <= y1;
}

/** Share of the positive heat whose cells have their middles in `box`; null where nothing is positive. */
export function energyInside(values, [rows, columns], {x0, y0, x1, y1}) {
  let [inside, total] = [0, 0];
  values.forEach((value, at) => {
    if (!(value > 0)) return;
    const [across, down] = [((at % columns) + 0.5) / columns, (Math.floor(at / columns) + 0.5) / rows];
    total += value;
    if (x0 <= across && across <= x1 && y0 <= down && down <= y1) inside += value;
  });
  return total > 0 ? inside / total : null;
}

/** Part of the picture that a box covers. */
export const areaOf = ({x0, y0, x1, y1}) => (x1 - x0) * (y1 - y0);

/** A measured number for the table: three decimals, a true minus sign. */
export const measured = (value) => (Number.isFinite(value) ? value.toFixed(3).replace("-", "−") : "–");

/** What the three numbers say, beside those of maps that know nothing of the network. */
export function verdict(row, baselines) {
  if (!row || !Number.isFinite(row.road)) return "";
  const known = baselines.filter((one) => Number.isFinite(one.road));
  if (known.length === 0) return `ROAD ${measured(row.road)}: above 0 means that the hot cells matter more than the cold ones.`;
  const best = known.reduce((most, one) => (one.road > most.road ? one : most));
  const words = row.road > best.road ? "more than" : "no more than";
  return `By ROAD, ${row.title} finds ${words} ${best.title.toLowerCase()} does: ${measured(row.road)} against ${measured(best.road)}.`;
}

/** What the check by random weights says, from its last stage. */
export function sanityVerdict(stages, title) {
  const last = stages.at(-1);
  if (!last || last.step !== last.steps) return "";
  if (last.zero) return `With random weights ${title} shows nothing at all: it depends on what the network learned.`;
  if (last.correlation === null) return `With random weights the map is flat, so that its order cannot be compared.`;
  const shown = format(last.correlation, 2);
  if (Math.abs(last.correlation) < 0.2) return `With all weights random the map is unlike the first one (rank correlation ${shown}): ${title} depends on what the network learned.`;
  if (Math.abs(last.correlation) < 0.5) return `With all weights random the map still resembles the first one somewhat (rank correlation ${shown}): part of it comes from the picture alone.`;
  return `With all weights random the map stays much the same (rank correlation ${shown}): ${title} hardly cares what the network learned. Do not read it as an explanation.`;
}

/** The next box for an arrow key: moved, or with Shift resized, held inside the picture; null for other keys. */
export function steppedBox(box, key, resize, step = 0.02) {
  const by = {ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step]}[key];
  if (!by) return null;
  const hold = (value, low, high) => Math.min(high, Math.max(low, value));
  if (resize) return {...box, x1: hold(box.x1 + by[0], box.x0 + step, 1), y1: hold(box.y1 + by[1], box.y0 + step, 1)};
  const dx = hold(by[0], -box.x0, 1 - box.x1);
  const dy = hold(by[1], -box.y0, 1 - box.y1);
  return {x0: box.x0 + dx, x1: box.x1 + dx, y0: box.y0 + dy, y1: box.y1 + dy};
}
