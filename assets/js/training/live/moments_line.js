// Where the moments of a training lie on the scrubber, and which one a key or a pointer means. Nothing here touches the page.

const KEYS = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 5, PageDown: -5};

/**
 * The places of the scrubber: `[{moment, epoch, accuracy}]`, every moment, and `moment` null for a training that has
 * gone on behind its last moment.
 */
export function placesOf(moments, {step, epoch}) {
  const places = moments.map(({moment, epoch: at, step: taken, accuracy}) => ({moment, epoch: at, step: taken, accuracy}));
  const last = moments.at(-1);
  if (!last || step > last.step) places.push({moment: null, epoch: Math.max(epoch ?? 0, last?.epoch ?? 0), step, accuracy: null});
  return places;
}

/**
 * The newest share of right answers: as counted, `{right, count, step}`, or of the last moment that was validated since.
 * `{step, share}`, with `right` and `count` where they were counted; null where nothing is known.
 */
export function newestShare(places, counted) {
  const last = places.findLast(({accuracy}) => Number.isFinite(accuracy)) ?? null;
  if (counted && counted.step >= (last?.step ?? 0)) return {...counted, share: counted.right / counted.count};
  return last && {step: last.step, share: last.accuracy};
}

/** The place of the chosen moment; null means the newest. */
export function placeOf(places, moment) {
  const found = places.findIndex((place) => place.moment === moment);
  return found >= 0 && moment !== null ? found : places.length - 1;
}

/** What is chosen at a place: the newest of all is null, so that it goes on moving. */
export const momentAt = (places, place) => (place >= places.length - 1 ? null : places[place].moment);

/** The place a key leads to; null for other keys. */
export function steppedPlace(key, place, count) {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return key in KEYS ? Math.max(0, Math.min(count - 1, place + KEYS[key])) : null;
}

/** The place nearest to an epoch. */
export function nearestPlace(places, epoch) {
  let best = 0;
  places.forEach((place, at) => Math.abs(place.epoch - epoch) < Math.abs(places[best].epoch - epoch) && (best = at));
  return best;
}

/** Epochs that get a number: at most `most`, in round steps. */
export function epochMarks(epochs, most) {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((size) => epochs / size <= most) ?? Math.ceil(epochs / most);
  return Array.from({length: Math.floor(epochs / step) + 1}, (_, at) => at * step);
}
