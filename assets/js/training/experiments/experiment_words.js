// An experiment in words: its word in the link, its Python line, how sure a number is.

import {percent} from "../tr_says.js";

export const SEEDS_MOST = 5;
const LARGEST_SEED = 2 ** 31 - 1 - SEEDS_MOST;
const OWN = /^[0-9a-f]{32}$/;

/** "pooling:data=digits,seeds=3,seed=7": which experiment, and what of it is not as usual. */
export function writeExperiment({name, data = null, seeds = null, seed = 0}) {
  const more = [["data", data === null || OWN.test(data) ? null : data], ["seeds", seeds], ["seed", seed || null]].filter(([, value]) => value !== null);
  return more.length ? `${name}:${more.map(([key, value]) => `${key}=${value}`).join(",")}` : name;
}

/** What a link's word says; what cannot be read stays as usual. */
export function readExperiment(text) {
  const found = {name: null, data: null, seeds: null, seed: 0};
  const [name, rest = ""] = (text ?? "").split(":");
  if (/^[a-z_]{1,30}$/.test(name)) found.name = name;
  for (const [key, value = ""] of rest.split(",").map((pair) => pair.split("="))) {
    const number = /^\d{1,10}$/.test(value) ? Number(value) : NaN;
    if (key === "data" && /^[a-z0-9_]{1,48}$/.test(value) && !OWN.test(value)) found.data = value;
    if (key === "seeds" && number >= 1 && number <= SEEDS_MOST) found.seeds = number;
    if (key === "seed" && number <= LARGEST_SEED) found.seed = number;
  }
  return found;
}

/** The lines that run the same experiment with this library. */
export function experimentLines({name, data = null, seeds = null, seed = 0, augment = null, own = false}) {
  const given = [JSON.stringify(name)];
  if (own) given.push("pictures");
  else if (data) given.push(JSON.stringify(data));
  if (seeds) given.push(`seeds=${seeds}`);
  if (seed) given.push(`seed=${seed}`);
  if (augment) given.push(`augment=${JSON.stringify(augment)}`);
  const pictures = own ? ['pictures = vz.collection("your-pictures.zip")'] : [];
  return ["import visualizer as vz", "", ...pictures, `result = vz.experiment(${given.join(", ")})`, "print(result)"].join("\n");
}

/** "97.8 %" or, with several seeds, "97.8 ± 0.3 %". */
export function withSpread(mean, spread) {
  if (spread === null || spread === undefined) return percent(mean);
  return `${(100 * mean).toFixed(1)} ± ${(100 * spread).toFixed(1)} %`;
}

/** Whether the reader expected what came out: a sentence. */
export function revealed(experiment, guess, outcome) {
  const text = (name) => experiment.guesses.find((one) => one.name === name)?.text ?? name;
  if (guess === null) return `What came out: ${text(outcome)}.`;
  return guess === outcome ? `As you expected: ${text(outcome)}.` : `You expected: ${text(guess)}. In this run: ${text(outcome)}.`;
}

/** About how long it takes on an idle machine. */
export function expected(seconds) {
  return seconds < 55 ? `about ${Math.max(5, Math.ceil(seconds / 5) * 5)} s` : seconds < 90 ? "about a minute" : `about ${Math.round(seconds / 60)} minutes`;
}

/** What a start promises; with data or a pipeline of the reader's own, only what the usual ones take is known. */
export function promised({arms, seeds, seconds, usual}) {
  const count = `${arms} trainings${seeds > 1 ? `, ${seeds} times` : ""}`;
  const long = expected(seconds * seeds);
  return usual ? `${count}: ${long} on an idle machine` : `${count}: ${long} with the usual pictures and pipeline, perhaps far longer with these; it shows once they run`;
}
