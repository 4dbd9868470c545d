// What the view of top patches says: how far the search is, what was found, where a cell looks.

import {format} from "../colour.js";

const MOST_CLASSES = 4;

export const whole = (count) => count.toLocaleString("en");

const pictures = (count) => `${whole(count)} ${count === 1 ? "picture" : "pictures"}`;

/** Seconds as people say them. */
export function lasting(seconds) {
  if (seconds < 1.5) return "about a second";
  if (seconds < 90) return `about ${Math.round(seconds)} seconds`;
  return `about ${Math.round(seconds / 60)} minutes`;
}

/** How far a search is; `remaining_s` null where it rests. */
export function progressText({indexed, total, remaining_s: seconds = null}) {
  const done = `${whole(indexed)} of ${pictures(total)} searched`;
  return seconds === null || indexed === 0 ? done : `${done}, ${lasting(seconds)} left`;
}

/** The patches that the channel answers to: those of value 0 say nothing about it. */
export const driving = (patches) => patches.filter(({value}) => value !== 0);

/** Classes by how many of the patches show them: `[{label, count}]`. */
export function tally(patches) {
  const counts = new Map();
  for (const {label} of patches) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, count]) => ({label, count})).sort((one, other) => other.count - one.count);
}

/** The classes of the patches as a sentence; empty where there are no labels. */
export function classText(patches) {
  const all = tally(patches);
  if (all.length === 0) return "";
  const named = all.slice(0, MOST_CLASSES).map(({label, count}) => `${count} × “${label}”`);
  const rest = all.length - named.length;
  return `Classes: ${named.join(", ")}${rest > 0 ? `, and ${rest} more` : ""}.`;
}

/** What was found for a channel, in one or two sentences; `part`: which samples were looked through, null for all pictures. */
export function foundText({layer, channel, indexed, patches, part = null}) {
  const name = `Channel ${channel} of ${/^\d+$/.test(layer) ? `layer ${layer}` : layer}`;
  if (indexed === 0) return "";
  if (patches.length === 0) return `${name} has no value that is a number in ${pictures(indexed)}.`;
  const found = driving(patches);
  if (found.length === 0) return `${name} is dead here: 0 everywhere in ${pictures(indexed)}.`;
  const fewer = found.length < patches.length ? ` It is 0 everywhere in the others.` : "";
  const where = found.length === 1 ? "the one place that drives" : `the ${found.length} places that drive`;
  const among = part ? ` Only the ${part.length} samples that suit this network were searched.` : "";
  return `${name}: ${where} it most in ${pictures(indexed)}, one in each.${fewer}${among} ${classText(found)}`.trim();
}

/** Where a patch comes from. */
export function placeText({picture, row, column, box, name}, [height, width], title) {
  const [top, left, down, across] = box;
  const outside = top < 0 || left < 0 || top + down > height || left + across > width;
  const from = name ? `${name} (${title})` : `Picture ${whole(picture)} of ${title}`;
  const sees = `The cell in row ${row}, column ${column} sees ${down} × ${across} pixels`;
  return `${from}. ${sees}${outside ? `; some lie outside the ${height} × ${width} of the input, where there is only padding` : ""}.`;
}

/** A value, and what its rectifier was given where that was above the ceiling. */
export const valueText = ({value, before}) => (before > value ? `${format(value)} (${format(before)} before the ceiling)` : format(value));

/** A card read aloud. */
export const cardText = ({value, label, picture, name}, place) =>
  [`Place ${place + 1}`, `value ${format(value)}`, name ?? `picture ${whole(picture)}`, label && `class ${label}`].filter(Boolean).join(", ");

/** The line of Python that finds the same. */
export function pythonLine({layer, channel, collection, framing, guided, part = null}) {
  const source = part ? `vz.collection(${collection}).part([${part.join(", ")}])` : collection;
  const frame = framing && framing !== "crop" ? `, framing="${framing}"` : "";
  return `vz.top_patches(model, "${layer}", ${channel}, ${source}${frame}${guided ? ", guided=True" : ""})`;
}
