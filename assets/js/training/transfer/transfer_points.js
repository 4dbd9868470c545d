// The outcomes of a comparison as points: mean and spread for each way and number of pictures.

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The standard deviation over the seeds; null for one. */
export function spreadOf(values) {
  if (values.length < 2) return null;
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

/** `[{way, count, values, mean, spread, seconds}]` of one way, by number of pictures. */
export function curveOf(outcomes, way) {
  const own = outcomes.filter((one) => one.way === way);
  const counts = [...new Set(own.map((one) => one.per_class))].sort((a, b) => a - b);
  return counts.map((count) => {
    const here = own.filter((one) => one.per_class === count);
    const values = here.map(({accuracy}) => accuracy);
    return {way, count, values, mean: mean(values), spread: spreadOf(values), seconds: mean(here.map(({seconds}) => seconds))};
  });
}

/** Where numbers of pictures lie on the axis, by powers: shares from 0 to 1. */
export function places(counts) {
  const [low, high] = [Math.log(counts[0]), Math.log(counts.at(-1))];
  return counts.map((count) => (high > low ? (Math.log(count) - low) / (high - low) : 0.5));
}

/** The axis of accuracies: whole tens around all that is known, chance included. */
export function accuracyRange(outcomes, chance) {
  const values = outcomes.map(({accuracy}) => accuracy);
  const low = Math.min(chance, ...values);
  const high = values.length ? Math.max(...values) : 1;
  return [Math.max(0, Math.floor(10 * low) / 10), Math.min(1, Math.max(0.5, Math.ceil(10 * high + 0.2) / 10))];
}

/** The place of the count next to a share of the axis. */
export function nearestCount(shares, at) {
  return shares.reduce((best, one, place) => (Math.abs(one - at) < Math.abs(shares[best] - at) ? place : best), 0);
}
