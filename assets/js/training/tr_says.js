// The training in sentences: how far it is, how long it will take, what it has come to.

/** "4 s", "1 min 20 s", "12 min": how long something takes. */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 1) return "under 1 s";
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 10) return `${Math.round(seconds / 60)} min`;
  const rest = Math.round((seconds % 60) / 10) * 10;
  return rest === 60 ? `${minutes + 1} min` : rest ? `${minutes} min ${rest} s` : `${minutes} min`;
}

/** "4.2 ms", "35 ms", "1.2 s": how long a step takes. */
export function stepTime(seconds) {
  const ms = 1000 * seconds;
  return ms < 9.95 ? `${ms.toFixed(1)} ms` : ms < 995 ? `${Math.round(ms)} ms` : `${seconds.toFixed(1)} s`;
}

export const count = (number) => Math.round(number).toLocaleString("en");

/** "97.8 %", with "–" where nothing is known. */
export const percent = (share) => (Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "–");

/** A loss or a rate with three digits that matter: "0.0421", "2.30", "4.0e-5". */
export function figure(value) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return value.toExponential(1).replace("-", "−").replace("+", "");
  return size >= 100 ? value.toFixed(0) : value.toPrecision(3).replace("-", "−");
}

/** A setting as short as it can be said: "0.004", "2.5", "1e−5". */
export const setting = (value) => (value !== 0 && Math.abs(value) < 1e-3 ? figure(value).replace(".0e", "e") : String(Number(value.toPrecision(2))));

const MACS_EACH_SECOND = 2.5e9; // one thread of this kind of work, both ways, in round numbers
const STEP_S = 0.0025; // what a step costs whatever its size

/** About how long a training takes, before anything was timed. */
export function expectedSeconds({macs, parameters = 0, pictures, epochs, batch}) {
  const steps = Math.ceil(pictures / batch) * epochs;
  return steps * (STEP_S + (macs * batch) / MACS_EACH_SECOND + parameters * 4e-9);
}

/** "about 5 s", "about 2 min": a guess, told as one. */
export function roughly(seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 10) return "in a few seconds";
  if (seconds < 55) return `in about ${Math.ceil(seconds / 10) * 10} s: under a minute`;
  if (seconds < 90) return "in about a minute";
  return seconds < 3600 ? `in about ${Math.round(seconds / 60)} minutes` : `in about ${Math.round(seconds / 3600)} hours`;
}

/** Where the training is: "Epoch 3 of 15 · step 120 of 690". */
export function placeWords({epoch = 0, epochs, step, steps, steps_per_epoch: each}) {
  const running = Math.min(epochs, each ? Math.floor(Math.max(0, step - 1) / each) + 1 : epoch);
  return `Epoch ${step ? running : 0} of ${epochs} · step ${count(step)} of ${count(steps)}`;
}

/** What it has come to after its last epoch. */
export function resultWords({validation}) {
  const last = validation.at(-1);
  return last && last.step > 0 ? `Validation, epoch ${last.epoch}: ${percent(last.accuracy)} right` : "";
}
