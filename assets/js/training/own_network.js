// The network in training joins the page's menu: at once, and again after every epoch.

import {refreshOwnNetworks} from "../own_networks.js";

/** Keep the menu's list up to date; returns the way to stop. */
export function followTraining({desk, refresh = refreshOwnNetworks}) {
  return desk.onChange((keys) => {
    if (desk.handle && keys.some((key) => key === "opened" || key === "moment")) refresh();
  });
}
