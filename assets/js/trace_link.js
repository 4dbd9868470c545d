// The way of a trace in the address bar: `trace=`, beside what the workspace keeps there.

import {turns} from "./arithmetic_address.js";

const WRITE_DELAY_MS = 150;

/** The query with another way, and no workbench; other parameters stay as they are. */
export function withTrace(search, text) {
  const rest = search.replace(/^\?/, "").split("&").filter((part) => part && !/^(trace|wb)=/.test(part));
  return `?${[...rest, `trace=${text}`].join("&")}`;
}

/** The way in a query; null without one. */
export const traceOf = (search) => new URLSearchParams(search).get("trace");

/** A writer that waits for a pause, since browsers limit how often an address may change. */
export function traceWriter(page = globalThis) {
  let timer = null;
  return {
    write(text) {
      clearTimeout(timer);
      if (!turns.take("trace", text)) return;
      timer = setTimeout(() => {
        if (!turns.take("trace", text)) return;
        const {pathname, search, hash} = page.location;
        const next = withTrace(search, text);
        if (next !== search) page.history.replaceState(page.history.state, "", pathname + next + hash);
      }, WRITE_DELAY_MS);
    },
    cancel: () => clearTimeout(timer),
  };
}
