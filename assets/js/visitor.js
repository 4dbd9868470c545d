// Whose uploads these are: a token, asked for when something is first sent, alive while the page is open.

import {address, ApiError, configure, postJSON} from "./api.js";

const STAY_MS = 60000;
let token = null;
let asked = null;

function forget() {
  token = asked = null;
}

async function ask() {
  const {visitor} = await postJSON("visitors");
  token = visitor;
  configure({visitor});
}

function known() {
  asked ??= ask().catch((error) => {
    forget();
    throw error;
  });
  return asked;
}

/** Send something as this page's visitor; where the server no longer knows it, once more as a new one. */
export async function asVisitor(send) {
  await known();
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 410) throw error;
    forget();
    await known();
    return send();
  }
}

/** Tell the server now and then that the page is open, and at once when it is closed. */
export function stayWhileOpen({signal}) {
  const timer = setInterval(() => token && postJSON("visitors/stay").catch((error) => error.status === 410 && forget()), STAY_MS);
  signal.addEventListener("abort", () => clearInterval(timer));
  globalThis.addEventListener("pagehide", () => {
    if (token) navigator.sendBeacon(address("visitors/leave"), token);
    forget();
  }, {signal});
}
