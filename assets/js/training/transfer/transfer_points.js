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

/** The axis of accuracies: from the whole tens below all that is known, chance included, to 100 %. */
export function accuracyRange(outcomes, chance) {
  const low = Math.min(chance, ...outcomes.map(({accuracy}) => accuracy));
  return [Math.max(0, Math.floor(10 * low + 1e-9) / 10), 1];
}

/** The largest number of pictures that every curve has reached; where there is none, the largest of any. */
export function reached(curves) {
  const ends = curves.map(({points}) => points.at(-1)?.count ?? 0);
  return Math.min(...ends) || Math.max(0, ...ends) || null;
}

/** The place of the count next to a share of the axis. */
export function nearestCount(shares, at) {
  return shares.reduce((best, one, place) => (Math.abs(one - at) < Math.abs(shares[best] - at) ? place : best), 0);
}
