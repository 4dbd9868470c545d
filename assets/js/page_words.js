// Words of their own that panels keep in the page's address, beside those of the workspace.

/** The word `name` of an address's query where `allowed(text)`; else null. */
export function readWord(search, name, allowed = () => true) {
  const text = new URLSearchParams(search).get(name);
  return text !== null && allowed(text) ? text : null;
}

/** The query with the word put in, or, being null, taken out; all else stays. */
export function withWord(search, name, text) {
  const query = new URLSearchParams(search);
  if (text === null || text === undefined) query.delete(name);
  else query.set(name, text);
  const written = query.toString().replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");
  return written ? `?${written}` : "";
}

/** Put a word into the page's address without a new entry in its history. */
export function writeWord(name, text, page = globalThis) {
  const {pathname, search, hash} = page.location;
  const next = withWord(search, name, text);
  if (next !== search) page.history.replaceState(page.history.state, "", pathname + next + hash);
}
