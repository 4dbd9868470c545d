// The workbench's word in the page's address.

import {turns} from "./arithmetic_address.js";

const WRITE_DELAY_MS = 250;
const PARAMETER = "wb";

/** The page's address with another word for the workbench in it. */
export function addressOf(word, {pathname, search, hash} = globalThis.location) {
  const query = new URLSearchParams(search);
  query.set(PARAMETER, word);
  query.delete("trace");
  const text = query.toString().replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");
  return `${pathname}?${text}${hash}`;
}

/** The word that the address carries, or null. */
export const wordOf = (search) => new URLSearchParams(search).get(PARAMETER);

/** Writes words into the address a little after the last change; before `open()`, none. */
export function addressWriter() {
  let [timer, open] = [null, false];
  return {
    open: () => (open = true),
    stop: () => clearTimeout(timer),
    write(word) {
      clearTimeout(timer);
      if (!open || !turns.take("workbench", word)) return;
      const replace = () => turns.take("workbench", word) && history.replaceState(history.state, "", addressOf(word));
      timer = setTimeout(replace, WRITE_DELAY_MS);
    },
  };
}
