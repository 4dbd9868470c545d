// The network in training joins the page's menu: at once, and again after every epoch.

import {refreshOwnNetworks} from "../own_networks.js";

/** Keep the menu's list up to date; returns the way to stop. Going back to an earlier moment brings nothing new. */
export function followTraining({desk, refresh = refreshOwnNetworks}) {
  let known = null;
  return desk.onChange((keys) => {
    const newest = `${desk.handle} ${desk.newest}`;
    if (!desk.handle || newest === known || !keys.some((key) => key === "opened" || key === "moment")) return;
    known = newest;
    refresh({unhurried: desk.newest > 0 && !desk.ended}); // who waits for the last epoch waits for no rest
  });
}
