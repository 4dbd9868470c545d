// The augmentation panel's own small state, mirrored in the page's address.

import {INITIAL, formatWords, parseWords} from "./au_words.js";

const WRITE_DELAY_MS = 200;

/** `get()`, `set(patch)`, `subscribe(listener(state, keys))`. */
export function createAugmentState(search = "", page = globalThis) {
  const listeners = new Set();
  let state = {...INITIAL, ...parseWords(search)};
  let timer = null;

  function write() {
    const {pathname, search: before, hash} = page.location;
    const after = formatWords(state, before);
    if (after !== before) page.history.replaceState(page.history.state, "", pathname + after + hash);
  }

  return {
    get: () => state,
    set(patch) {
      const keys = Object.keys(patch).filter((key) => JSON.stringify(patch[key]) !== JSON.stringify(state[key]));
      if (keys.length === 0) return;
      state = {...state, ...patch};
      clearTimeout(timer);
      if (page.history) timer = setTimeout(write, WRITE_DELAY_MS);
      listeners.forEach((listener) => listener(state, keys));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    destroy: () => clearTimeout(timer),
  };
}
