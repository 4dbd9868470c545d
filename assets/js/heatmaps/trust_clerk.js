// Asks the server for measurements, one after the other, and hands on what comes.

import {postFrames} from "../api.js";
import {asVisitor} from "../visitor.js";

export const BASELINES = {centre: "The picture's centre", random: "A random map"};

const CURVES = ["deletion", "insertion", "hottest_removed", "coldest_removed"];

/** A frame of /vz/trust as a row's new parts. */
export function partOf({header, arrays}) {
  if (header.heating) return {progress: header};
  const curves = Object.fromEntries(CURVES.map((name) => [name, {shares: arrays[`${name}_shares`], scores: arrays[`${name}_scores`]}]));
  const {deletion, insertion, road, notes, ...progress} = header;
  return {curves, deletion, insertion, road, notes, progress};
}

/** A baseline's heat as the server draws it, for the box: warm in the middle, or null. */
export function baselineHeat(name, [, rows, columns]) {
  if (name !== "centre") return null;
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const [down, across] = [(2 * row) / (rows - 1) - 1, (2 * column) / (columns - 1) - 1];
      values[row * columns + column] = 2 - down ** 2 - across ** 2;
    }
  }
  return {values, shape: [rows, columns]};
}

/** Measure one map; `onPart` gets the growing row. */
export function measureMap(parameters, onPart, {signal}) {
  return asVisitor(() => postFrames("trust", parameters, (frame) => onPart(partOf(frame)), {signal}));
}

/** Randomise stage by stage; `onStage` gets each stage with its heat. */
export function checkSanity(parameters, onStage, {signal}) {
  return asVisitor(() => postFrames("trust/sanity", parameters, ({header, arrays}) => {
    if (!arrays.heat) return onStage({...header, waiting: true});
    const shape = header.arrays.heat.shape;
    return onStage({...header, heat: {values: arrays.heat, shape, signed: header.signed, source: "layer"}});
  }, {signal}));
}
