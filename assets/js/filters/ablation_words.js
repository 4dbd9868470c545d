// Switched-off channels as text, and what became of the prediction in words. Nothing here touches the page.

import {format} from "../colour.js";
import {percentage} from "../prediction.js";

const LISTED = 6;

/** The channels of a link's word `1,5,9`; null where it is none. */
export function readOff(text) {
  if (text === null || !/^\d{1,5}(,\d{1,5})*$/.test(text) || text.length > 4000) return null;
  return [...new Set(text.split(",").map(Number))].sort((a, b) => a - b);
}

/** Channels for the server: `all` where it is all of them. */
export const channelsParameter = (off, count) => (off.length === count ? "all" : off.join(","));

/** `channel 3`, `channels 1, 2 and 5`, `all 32 channels`, `40 of 96 channels`. */
export function channelsText(off, count) {
  if (off.length === count) return `all ${count.toLocaleString("en")} channels`;
  if (off.length > LISTED) return `${off.length.toLocaleString("en")} of ${count.toLocaleString("en")} channels`;
  if (off.length === 1) return `channel ${off[0]}`;
  return `channels ${off.slice(0, -1).join(", ")} and ${off.at(-1)}`;
}

/** The most probable class of an answer's rows, before or after. */
export const winner = (classes, when) => classes.reduce((best, one) => ((one[when] ?? -1) > (best[when] ?? -1) ? one : best));

/** What became of the prediction: one or two sentences. */
export function outcome(answer, off, count) {
  const [before, after] = [winner(answer.classes, "before"), winner(answer.classes, "after")];
  if (off.length === 0) return `With all channels: ${before.label}, ${percentage(before.before)}. Switch one off.`;
  const what = `Without ${channelsText(off, count)}`;
  const shares = (one) => `${percentage(one.before)} → ${percentage(one.after)}`;
  if (before.index === after.index) return `${what} it is still ${before.label}: ${shares(before)}.`;
  return `${what} it is ${after.label} (${shares(after)}), no longer ${before.label} (${shares(before)}).`;
}

/** The target's logit before and after. */
export function logitText({label, logits: [before, after]}) {
  if (before === null || after === null) return `The logit of ${label} is not a number.`;
  const change = after - before;
  if (change === 0) return `Logit of ${label}: ${format(before, 4)}`;
  const sign = change < 0 ? "−" : "+";
  return `Logit of ${label}: ${format(before, 4)} → ${format(after, 4)} (${sign}${format(Math.abs(change), 3)})`;
}

/** Orders of the channels in menu order. */
export const ORDERS = {index: "index", maximum: "strongest response", importance: "importance"};

/** Channels in an order; those whose importance is not known yet come last. */
export function channelOrder(maps, key, falls) {
  const order = Int32Array.from({length: maps.channels}, (_, channel) => channel);
  const values = key === "maximum" ? maps.maximum : key === "importance" ? falls : null;
  if (!values) return order;
  const rank = (channel) => (Number.isFinite(values[channel]) ? values[channel] : -Infinity);
  return order.sort((a, b) => (rank(a) === rank(b) ? a - b : rank(b) - rank(a)));
}

/** The channels on which the class rests most: those whose loss costs it something. */
export function mostImportant(falls, count) {
  const known = Array.from(falls, (fall, channel) => ({fall, channel})).filter(({fall}) => fall > 0);
  return known.sort((a, b) => b.fall - a.fall || a.channel - b.channel).slice(0, count).map(({channel}) => channel);
}
