// The curves of an experiment as data: grown from frames, smoothed, with their ranges and labels.

import {before, extent} from "../curve_math.js";

const FORGETS = 0.9; // share of what was that a step leaves of the smoothed curve
const LOSS_MOST = 4; // of the axis: a loss that explodes leaves the picture instead of flattening all others

/** One training's curves: `{arm, run, steps, losses, accuracies, validation, smooth, why}`. */
function freshRun({arm, run, seed, steps, steps_per_epoch: perEpoch}) {
  return {arm, run, seed, total: steps, perEpoch, steps: [], losses: [], accuracies: [], validation: [], why: null,
    smooth: {losses: smoothed(), accuracies: smoothed()}};
}

/** A moving average without its start's bias; `add(value)` appends to `values`. */
function smoothed() {
  let [mean, seen] = [0, 0];
  const values = [];
  return {
    values,
    add(value) {
      if (Number.isFinite(value)) [mean, seen] = [FORGETS * mean + (1 - FORGETS) * value, FORGETS * seen + (1 - FORGETS)];
      values.push(seen > 0 ? mean / seen : NaN);
    },
  };
}

/** Add a frame to `runs`, which stay in the order in which they began. */
export function grow(runs, {header, arrays}) {
  (header.trainings ?? []).forEach((entry, place) => {
    let one = runs.find(({arm, run}) => arm === entry.arm && run === entry.run);
    if (!one) runs.push((one = freshRun(entry)));
    for (const loss of arrays[`losses${place}`] ?? []) {
      one.losses.push(loss);
      one.smooth.losses.add(loss);
      one.steps.push(one.losses.length);
    }
    for (const accuracy of arrays[`accuracies${place}`] ?? []) {
      one.accuracies.push(accuracy);
      one.smooth.accuracies.add(accuracy);
    }
    one.validation.push(...entry.validation);
    one.why = entry.why;
  });
  return runs;
}

/** What is drawn of a run: the bold line and the faint one, each `{steps, values}`. */
export function lines(run, shows) {
  const records = run.validation.filter(({[shows]: value}) => Number.isFinite(value));
  const key = shows === "loss" ? "losses" : "accuracies";
  return {
    validation: {steps: records.map(({step}) => step), values: records.map(({[shows]: value}) => value)},
    training: {steps: run.steps, values: run.smooth[key].values},
  };
}

/** The axis of a chart. */
export function range(runs, shows) {
  if (shows === "accuracy") return [0, 1];
  const found = extent(...runs.flatMap((run) => [lines(run, "loss").training.values, lines(run, "loss").validation.values]));
  return [0, Math.min(LOSS_MOST, Math.max(0.5, (found?.[1] ?? 2.5) * 1.04))];
}

export const longest = (runs) => runs.reduce((most, {total}) => Math.max(most, total), 1);

/** The values of an arm's newest or first run at `step`, or its last: `{validation, training}`. */
export function valuesAt(run, shows, step = Infinity) {
  const record = before(run.validation, step);
  const at = Math.min(run.steps.length, Number.isFinite(step) ? step : run.steps.length) - 1;
  const {training} = lines(run, shows);
  return {validation: record ? record[shows] : null, training: at >= 0 ? training.values[at] : null};
}
