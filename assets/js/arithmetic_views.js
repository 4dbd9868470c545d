// Which of the arithmetic panel's two views is asked for; other panels may ask before it is on the page.

export const VIEWS = ["workbench", "trace"];

const listeners = new Set();
let wanted = null;

/** The view that an address means: a trace, unless it carries a workbench. */
export function viewOfAddress(search) {
  const query = new URLSearchParams(search);
  return query.has("trace") && !query.has("wb") ? "trace" : "workbench";
}

/** Ask for a view; `workspace.set({panel: "arithmetic"})` brings the panel itself to the front. */
export function requestView(name) {
  if (!VIEWS.includes(name)) throw new RangeError(`There is no view "${name}"; there are ${VIEWS.join(", ")}.`);
  wanted = name;
  listeners.forEach((listener) => listener(name));
}

/** Be told of every view asked for, the last one before included; answers how to stop. */
export function onViewRequest(listener) {
  listeners.add(listener);
  if (wanted) listener(wanted);
  return () => listeners.delete(listener);
}

const benches = new Set();
let bench = null;

/** Ask for the workbench with a word of its own (`wb=`), as `formatBench` writes it. */
export function requestBench(word) {
  bench = word;
  benches.forEach((listener) => listener(word));
}

/** Be told of every word asked for, the last one before included, once; answers how to stop. */
export function onBenchRequest(listener) {
  const once = (word) => {
    bench = null;
    listener(word);
  };
  benches.add(once);
  if (bench !== null) once(bench);
  return () => benches.delete(once);
}
