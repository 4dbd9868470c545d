// Keeps workspace.run in step with what is chosen: network, weights, picture, framing.

const VIEW_KEYS = ["net", "weights", "picture", "framing"];

/**
 * Fetch a run whenever the view changes; answers to an older view are dropped.
 *
 * `fetchRun(state, signal)` asks the server; `arrived(run, state)` may add to the patch that
 * publishes it; `failed(error, state)` may return a patch that changes the view instead.
 */
export function followView({store, fetchRun, arrived = () => ({}), failed = () => null, signal}) {
  let current = null;

  async function refresh() {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    const state = store.get();
    if (!state.net || !state.picture) return;
    store.set({run: null, busy: true, error: null});
    try {
      const run = await fetchRun(state, mine.signal);
      if (mine === current) store.set({run, busy: false, ...arrived(run, store.get())});
    } catch (error) {
      if (mine !== current || error.name === "AbortError") return;
      store.set({busy: false, error: error.message, ...failed(error, store.get())});
    }
  }

  const unsubscribe = store.subscribe((_state, keys) => {
    if (keys.some((key) => VIEW_KEYS.includes(key))) refresh();
  });
  signal?.addEventListener("abort", () => {
    unsubscribe();
    current?.abort();
    current = null;
  });
  return {refresh};
}
