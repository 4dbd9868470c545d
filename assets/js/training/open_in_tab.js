// Taking what was trained elsewhere: into another tab, once the page's menus have the network, or into a file.

import {address, getJSON} from "../api.js";
import {icon, make} from "../dom.js";
import {ICONS} from "../icons.js";
import {onOwnNetworks, ownName, ownNetwork, refreshOwnNetworks} from "../own_networks.js";
import {chosenNetwork} from "../view.js";

/** The tabs that can open a network, by the name of their panel. */
export const TABS = {"feature-maps": "Feature maps", filters: "Filters", heatmaps: "Heatmaps", embeddings: "Embeddings", augmentation: "Augmentation"};
/** What a network is saved as, by the word the server knows. */
export const FILES = {
  safetensors: {title: "Weights", note: "The weights with the whole setup inside; vz.read_trained(path) makes a model of them again"},
  onnx: {title: "ONNX", note: "The network for other programs"},
  card: {title: "Card", note: "What it was trained on, how, and how well it does"},
};
const FILE = "file:";
const PATIENCE_MS = 5000;

/** Wait until the page's menu has the network. */
function listed(name) {
  if (ownNetwork(name)) return Promise.resolve();
  refreshOwnNetworks();
  return new Promise((resolve, reject) => {
    const end = (tell, error) => {
      clearTimeout(timer);
      stop();
      tell(error);
    };
    const timer = setTimeout(() => end(reject, new Error("The page’s list of networks does not have it yet. Try again in a moment.")), PATIENCE_MS);
    const stop = onOwnNetworks(() => ownNetwork(name) && end(resolve));
  });
}

function save(kind, {training, moment}) {
  make("a", {href: address(`training/${training}/download`, {as: kind, moment}), download: ""}).click();
}

/**
 * `open(place, kept)`: the panel of that name opens on the network that `kept()` promises as `{training, moment}`, its picture
 * staying where it means something to it; or the network is saved as a file.
 */
export function tabOpener({workspace, say}) {
  let catalogue = null;

  async function open(panel, {training, moment}) {
    catalogue ??= await getJSON("catalogue");
    const name = ownName(training, moment);
    await listed(name);
    workspace.set({...chosenNetwork(workspace.get(), name, catalogue), panel});
  }

  return async (place, kept) => {
    try {
      if (place.startsWith(FILE)) save(place.slice(FILE.length), await kept());
      else await open(place, await kept());
    } catch (error) {
      say(error.message);
    }
  };
}

/** A select of tabs and kinds of files. */
export function placeSelect(attributes, panels = Object.keys(TABS)) {
  const tabs = panels.map((panel) => make("option", {value: panel}, TABS[panel]));
  const files = Object.entries(FILES).map(([kind, {title, note}]) => make("option", {value: FILE + kind, title: note}, title));
  return make("select", {class: "vz-field", ...attributes}, make("optgroup", {label: "Tab"}, ...tabs), make("optgroup", {label: "File"}, ...files));
}

/** A button that opens or saves a network; until `open()` has ended it takes no second click. */
export function openButton(attributes, open) {
  const button = make("button", {type: "button", class: "vz-button", onclick: () => once(), ...attributes}, icon(ICONS.chevron), "Open");

  async function once() {
    button.disabled = true;
    await open();
    button.disabled = false;
  }

  button.firstChild.classList.add("vz-tn-forward");
  return button;
}
