// One view of the arithmetic panel in the address at a time: `wb=` or `trace=`; the other's word waits.

const PARAMETERS = {workbench: "wb", trace: "trace"};

/** The query with only the shown view's word; the words taken out of it go into `kept`. */
export function switchedSearch(search, shown, kept) {
  const query = new URLSearchParams(search);
  for (const [name, parameter] of Object.entries(PARAMETERS)) {
    if (query.has(parameter)) kept[name] = query.get(parameter);
    if (name !== shown) query.delete(parameter);
    else if (kept[name]) query.set(parameter, kept[name]);
  }
  const text = query.toString().replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");
  return text ? `?${text}` : "";
}

/** Whose word the address carries, and the words that wait. */
export function createAddressTurns(page = globalThis) {
  const kept = {};
  let shown = null;
  return {
    /** Another view is on screen. */
    show(name) {
      shown = name;
      const {pathname, search, hash} = page.location;
      const next = switchedSearch(search, name, kept);
      const changed = Object.values(PARAMETERS).some((parameter) => new URLSearchParams(next).get(parameter) !== new URLSearchParams(search).get(parameter));
      if (changed) page.history.replaceState(page.history.state, "", pathname + next + hash);
    },
    /** Whether a view may write now; where not, its word waits. */
    take(name, word) {
      kept[name] = word;
      return shown === null || shown === name;
    },
  };
}

export const turns = createAddressTurns();
