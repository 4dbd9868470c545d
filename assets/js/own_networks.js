// The networks that this page trained: in every menu, named by secrets, never in a link.

import {getJSON} from "./api.js";

const NAME = /^([0-9a-f]{32})(?:_(\d{1,5}))?$/;
const REST_MS = 800; // between two questions while a training adds epoch after epoch

const listeners = new Set();
let known = [];
let asking = null;
let again = false;
let due = false; // the next question does not wait
let endRest = () => {};

/** Whether a name is that of a network trained on this page, or was. */
export const isOwnNetwork = (name) => typeof name === "string" && NAME.test(name);

/** `{training, moment}` of an own network's name, null for others; without a moment the newest is meant. */
export function ownParts(name) {
  const [, training, moment] = (isOwnNetwork(name) && NAME.exec(name)) || [];
  return training ? {training, moment: moment === undefined ? null : Number(moment)} : null;
}

/** The name of a training's network at a moment. */
export const ownName = (training, moment) => `${training}_${moment}`;

/** The networks as entries of the menu, each at its newest moment, the newest training first. */
export const ownNetworks = () => known;

/** The menu's entry of an own network at the moment that its name says; null where it is not kept. */
export function ownNetwork(name) {
  const parts = ownParts(name);
  const entry = parts && known.find(({training}) => training === parts.training);
  if (!entry) return null;
  const moment = entry.moments[parts.moment ?? entry.moments.length - 1];
  if (!moment) return null;
  return {...entry, name, title: `${entry.base}, ${moment.title}`, weights: moment.weights};
}

function take(list) {
  if (JSON.stringify(list) === JSON.stringify(known)) return;
  known = list;
  listeners.forEach((listener) => listener(known));
}

async function ask() {
  try {
    take((await getJSON("networks")).networks);
  } catch (error) {
    if (error.status === 410) take([]); // the server knows this page no longer, and with it no network
  }
}

function rest() {
  return due ? null : new Promise((resolve) => {
    const timer = setTimeout(resolve, REST_MS);
    endRest = () => (clearTimeout(timer), resolve());
  });
}

/**
 * Ask for the list again; while one question is on its way, one more follows it: at once, or where there is no hurry after
 * a rest, so that a training of short epochs does not ask and ask.
 */
export function refreshOwnNetworks({unhurried = false} = {}) {
  again = true;
  due ||= !unhurried;
  if (due) endRest();
  asking ??= (async () => {
    while (again) {
      again = due = false;
      await ask();
      await rest();
    }
    asking = null;
  })();
  return asking;
}

/** Take a list as the server would send it. */
export const takeOwnNetworks = take;

/** Hear of changes; returns the way to stop. */
export function onOwnNetworks(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What a file of a network is called; the name of an own one is a secret, so its title serves. */
export function fileStem(net) {
  if (!isOwnNetwork(net)) return String(net);
  return (ownNetwork(net)?.title ?? "trained network").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

/** The Python call that loads a network; an own one is read from the file that the Training tab offers. */
export function loadCall(net, {weights = null, run = ""} = {}) {
  const untrained = weights === "untrained";
  if (!isOwnNetwork(net)) return `vz.load_model(${JSON.stringify(net)}${run}${untrained ? ", weights=None" : ""})`;
  const name = untrained ? ownName(ownParts(net).training, 0) : net;
  return `vz.read_trained(${JSON.stringify(`${fileStem(name)}.safetensors`)}${run})`;
}
