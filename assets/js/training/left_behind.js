// A training ends with its page: the next one in the same browser tab says so.

const KEY = "vz-training-left";
const SENTENCE = "The training that was under way ended when its page was reloaded or left. Start it again: the same seed gives the same weights.";

/** The tab's memory; null where the browser forbids it, as in some frames. */
function tabMemory() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

/** Note, as the page goes, whether a training was under way. */
export function noteLeaving({handle, ended, status}, storage = tabMemory()) {
  if (status === "opening" || (handle && !ended)) storage?.setItem(KEY, "yes");
}

/** What the page before left unfinished, said once; "" where nothing was. */
export function leftBehind(storage = tabMemory()) {
  const left = storage?.getItem(KEY);
  storage?.removeItem(KEY);
  return left ? SENTENCE : "";
}
