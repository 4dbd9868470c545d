// The pictures that take part: where each belongs, in which colour, and what to say about it.

import {coloursOf, isDark, kindsOf} from "./palette.js";

/** Whether any picture has a label. */
export const isLabelled = (labels) => labels.some((label) => label >= 0);

/**
 * The pictures of a points frame: `{count, indices, kinds, groups, groupOf, colours(), allowed(group), fade(group), describe(place)}`.
 * Coloured by label, without labels by what the network takes them for; `node` tells whether the page is dark.
 */
export function castOf({header, arrays}, node) {
  const {classes, predicted_classes: predicted = null} = header;
  const {indices, labels, predictions, probabilities, correct} = arrays;
  const mode = isLabelled(labels) ? "label" : "prediction";
  const found = kindsOf(mode, {labels, predictions, classes, predicted});
  const groups = found.kinds.map(() => []);
  found.of.forEach((group, place) => groups[group].push(place));
  let made = null; // colours, and for which ground
  const only = new Set();
  const className = (label) => (label < 0 ? null : (classes[label] ?? `class ${label}`));
  return {
    count: indices.length,
    total: header.total,
    indices,
    mode,
    kinds: found.kinds,
    groups,
    groupOf: found.of,
    colours() {
      const dark = isDark(node);
      if (made?.dark !== dark) made = {dark, list: coloursOf(mode, found, dark, classes.length)};
      return made.list;
    },
    allowed: (group) => only.size === 0 || only.has(group),
    isOnly: (group) => only.has(group),
    /** Only this kind stays bright, too; again: as before. */
    pick(group) {
      if (!only.delete(group)) only.add(group);
    },
    describe: (place) => ({
      index: indices[place],
      label: className(labels[place]),
      isRight: (correct?.[place] ?? -1) < 0 ? null : correct[place] === 1, // a ship is no class of every network
      prediction: predictions ? (predicted?.[predictions[place]] ?? `class ${predictions[place]}`) : null,
      probability: probabilities ? probabilities[place] : null,
    }),
  };
}

/** The thumbnails with their own ink: each picture in the colour of its kind. */
export function dressed(sheet, cast, rgb) {
  if (!sheet.isInk) return sheet;
  const own = Object.create(sheet); // the sheet is shared, its colours are not
  const list = cast.colours().map(rgb);
  const groups = new Map(Array.from(cast.indices, (index, place) => [index, cast.groupOf[place]]));
  own.colour((index) => list[groups.get(index) ?? 0]);
  return own;
}
