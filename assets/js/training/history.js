// What a training has done so far, as the page keeps it: arrays that grow, no step twice.

/** An empty history. */
export const emptyHistory = () => ({steps: [], losses: [], accuracies: [], rates: [], validation: [], moments: []});

const last = (values) => values[values.length - 1];

/**
 * Add what a frame brings. Steps known already are passed over; where steps are missing between
 * the last known and the first new one, nothing is added and the answer is false.
 */
export function grow(history, {header = {}, arrays = {}}) {
  const {steps = [], losses = [], accuracies = [], rates = []} = arrays;
  const known = last(history.steps) ?? 0;
  let at = 0;
  while (at < steps.length && steps[at] <= known) at += 1;
  if (at < steps.length && steps[at] > known + 1) return false;
  for (; at < steps.length; at += 1) {
    history.steps.push(steps[at]);
    history.losses.push(losses[at]);
    history.accuracies.push(accuracies[at]);
    history.rates.push(rates[at]);
  }
  const {validation, moment, moments = Number.isInteger(moment) ? [{moment, step: header.step, epoch: header.epoch, ...validation}] : []} = header;
  for (const one of moments) addMoment(history, one);
  return true;
}

/** A moment, and how the validation pictures were answered then: nothing twice. */
function addMoment(history, {moment, step, epoch, loss = null, accuracy = null}) {
  if (history.moments.some((one) => one.moment === moment)) return;
  history.moments.push({moment, epoch, step, loss, accuracy});
  history.validation.push({step, epoch, loss, accuracy});
}

/** The history that the header of an opened training tells. */
export function historyOf({header, arrays}) {
  const history = emptyHistory();
  grow(history, {header: {moments: header.moments}, arrays});
  return history;
}

const TOLD = ["step", "epoch", "left_s", "per_s", "loss", "accuracy", "rate", "ended", "why", "maps_range", "features_range"];

/** The header of a training with what a frame tells anew. */
export const newerInfo = (info, header) => ({...info, ...Object.fromEntries(TOLD.filter((name) => name in header).map((name) => [name, header[name]]))});
