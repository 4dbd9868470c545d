// A panel's own small state, mirrored in the page's address beside the workspace's.

const WRITE_DELAY_MS = 150;

const differ = (a, b) => JSON.stringify(a) !== JSON.stringify(b);

/**
 * `get()`, `set(patch)`, `subscribe(listener(state, keys)) -> unsubscribe`, `destroy()`.
 * `words` reads and writes the address: `{INITIAL, parseWords(search), formatWords(state, search)}`;
 * `settled(state, patch, keys)` may adjust what follows from a change.
 */
export function createPanelState(words, {search = "", page = globalThis, settled = (state) => state} = {}) {
  const {INITIAL, parseWords, formatWords} = words;
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
      const unknown = Object.keys(patch).find((key) => !(key in INITIAL));
      if (unknown) throw new RangeError(`There is no "${unknown}"; there are ${Object.keys(INITIAL).join(", ")}.`);
      const keys = Object.keys(patch).filter((key) => differ(patch[key], state[key]));
      if (keys.length === 0) return;
      state = settled({...state, ...patch}, patch, keys);
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
