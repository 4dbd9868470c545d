// What a heatmap shows, in words; nothing here touches the page.

import {format} from "../colour.js";
import {loadCall} from "../own_networks.js";

const quoted = (name) => `“${name}”`;

/** “tiger cat”, or “tiger cat” rather than “tabby”. */
export function questionText(heat, className) {
  const own = quoted(heat.label ?? className(heat.target));
  const {against} = heat;
  return against === null || against === undefined ? own : `${own} rather than ${quoted(className(against))}`;
}

/** A map without any heat, or with nothing to tell apart, said in words; null for any other. */
export function emptyText(heat, limits, className) {
  if (limits) return null;
  const broken = heat.values.some((value) => !Number.isFinite(value));
  if (broken) return "The heat is not a number anywhere: the network's values are broken on this picture.";
  const question = questionText(heat, className);
  const where = heat.source === "input" ? "no input pixel" : `no cell of ${heat.layer}`;
  return `The map is zero everywhere: by this method ${where} speaks for ${question}. There is nothing to draw.`;
}

/** The heading's facts: size of the map, layer, what it took. */
export function factsText(heat) {
  const [rows, columns] = heat.shape;
  const cells = heat.source === "input" ? `${rows} × ${columns} input pixels, no layer to choose` : `${rows} × ${columns} cells of ${heat.layer}`;
  return `${cells} · ${timeText(heat.time_ms)}`;
}

/** A duration as a reader says it: "0.4 ms", "23 ms", "6.2 s". */
export function timeText(time_ms) {
  if (!Number.isFinite(time_ms)) return "";
  if (time_ms >= 1000) return `${(time_ms / 1000).toFixed(1)} s`;
  return `${time_ms < 10 ? time_ms.toFixed(1) : Math.round(time_ms)} ms`;
}

/** A cell's heat in words: raw, and as a share of the strongest. */
export function cellText(heat, [row, column], share) {
  const value = heat.values[row * heat.shape[1] + column];
  const place = heat.source === "input" ? "pixel" : "cell";
  const part = heat.source !== "input" && Number.isFinite(share) ? `, ${format(100 * share, 3)} % of the strongest` : "";
  return `${place} row ${row}, column ${column} · heat ${format(value)}${part}`;
}

/** How much more a cell sees than its square: its receptive field, in words. */
export function receptiveText({top, left, bottom, right}, [, height, width], times) {
  const padded = top < 0 || left < 0 || bottom >= height || right >= width;
  const more = times >= 1.5 ? `, ${times < 10 ? times.toFixed(1) : Math.round(times)} times its square` : "";
  return `sees ${bottom - top + 1} × ${right - left + 1} input pixels${padded ? " (some are padding)" : ""}${more}`;
}

/** "412 of 1,280, about 4 s left". */
export function progressText({step, steps, remaining_s}) {
  const count = `${step.toLocaleString("en")} of ${steps.toLocaleString("en")}`;
  if (!Number.isFinite(remaining_s)) return count;
  const left = remaining_s < 1 ? "less than 1 s" : `about ${Math.round(remaining_s)} s`;
  return `${count}, ${left} left`;
}

const literal = (text) => JSON.stringify(text); // a Python string literal too

/** Python lines that compute the heatmap shown. */
export function pythonLines({net, weights, picture, framing}, method, {layer, target, against}, usesLayer) {
  const sample = picture?.startsWith("sample:") ? picture.slice("sample:".length) : null;
  const source = sample ? `vz.sample(${literal(sample)})` : '"my_picture.jpg"';
  const named = [`method=${literal(method.id)}`, `target=${target}`];
  if (usesLayer) named.push(`layer=${literal(layer)}`);
  if (against !== null && against !== undefined) named.push(`against=${against}`);
  if (framing && framing !== "crop") named.push(`framing=${literal(framing)}`);
  const call = method.family === "cam" ? "cam" : "attribute";
  return [
    "import visualizer as vz",
    "",
    `model = ${loadCall(net, {weights})}`,
    `heat = vz.${call}(model, ${source}, ${named.join(", ")})  # (H, W) float32`,
  ].join("\n");
}
