// When a part of the page comes to life: the workspace at once, a panel when its tab is first in front.

import {make} from "./dom.js";

const REST_MS = 1500; // after the first panel stands, before the other tabs' modules are fetched

/** Whether an element is laid out; a tab behind another is not. */
const laidOut = (host) => host.getClientRects().length > 0;

/** Resolves when `host` is laid out. */
export function shown(host, Observer = globalThis.ResizeObserver) {
  if (laidOut(host)) return Promise.resolve();
  return new Promise((resolve) => {
    const observer = new Observer(() => {
      if (!laidOut(host)) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(host);
  });
}

/** Have the browser fetch modules side by side, instead of import by import. */
export function preload(addresses, {priority = "auto", page = document} = {}) {
  for (const href of addresses) {
    if (page.head.querySelector(`link[href="${href}"]`)) continue;
    const link = page.createElement("link");
    Object.assign(link, {rel: "modulepreload", href, fetchPriority: priority});
    page.head.append(link);
  }
}

/** Resolves when the browser has nothing better to do. */
const idle = () => new Promise((resolve) => setTimeout(() => (globalThis.requestIdleCallback ?? setTimeout)(resolve), REST_MS));

let waiting = Promise.resolve(); // panels behind others are fetched one after the other

const LOST = "This tab’s files did not arrive. Try again; where the server has been restarted with another version, reload the page.";

/** Import a module; while that fails, `host` says so and offers to try again. */
export async function fetched(load, host, {reload = () => globalThis.location.reload()} = {}) {
  for (;;) {
    try {
      return await load();
    } catch (error) {
      console.warn(error);
      await new Promise((resolve) => {
        const again = make("button", {type: "button", class: "vz-button", onclick: resolve}, "Try again");
        const fresh = make("button", {type: "button", class: "vz-button", onclick: reload}, "Reload the page");
        host.replaceChildren(make("div", {class: "vz-message", role: "alert"}, make("p", {}, LOST), again, " ", fresh));
      });
      host.replaceChildren();
    }
  }
}

/**
 * Mount `module` in `host` with `tools` as soon as it is seen. `base` is where all modules lie, `needs` those that it
 * brings along; a panel behind another fetches them while nothing else goes on.
 */
export async function mount({base, module, needs, host, tools}) {
  const addresses = [module, ...needs].map((name) => `${base}${name}.js`);
  if (!laidOut(host)) waiting = waiting.then(idle).then(() => preload(addresses, {priority: "low"}));
  await shown(host);
  preload(addresses);
  const {mount: begin} = await fetched(() => import(addresses[0]), host);
  return begin(host, tools);
}
