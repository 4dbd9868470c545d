// The workspace: one small state that every panel reads and changes, mirrored in the address bar.

import {isOwnNetwork} from "./own_networks.js";

const WRITE_DELAY_MS = 150;

const INITIAL = {
  net: null,
  weights: null, // null: trained; "untrained"
  picture: null, // handle: "sample:NAME" or an upload's token
  framing: "crop",
  layer: null,
  channel: null,
  cell: null, // [row, column]
  target: null,
  panel: null,
  run: null, // the answer of /vz/run for this view, or null while there is none
  busy: false,
  error: null,
  selectedReceptive: null, // the receptive field of `cell`, shown while nothing is hovered
  pipeline: null, // the augmentation panel's, handed over to the training
  hover: null, // {layer, channel, row, column, receptive: {top, left, bottom, right}}
};

const count = (text) => (/^\d{1,6}$/.test(text) ? Number(text) : undefined);
const matching = (pattern) => (text) => (pattern.test(text) ? text : undefined);
const networkOf = (text) => (/^[a-z0-9_]{1,48}$/.test(text) && !isOwnNetwork(text) ? text : undefined);
const cellOf = (text) => (/^\d{1,5},\d{1,5}$/.test(text) ? text.split(",").map(Number) : undefined);

/** Address parameter, state key, reader (undefined refuses the value), writer (null omits it). */
const PARAMETERS = [
  ["net", "net", networkOf, String],
  ["weights", "weights", matching(/^untrained$/), String],
  [
    "picture",
    "picture",
    (text) => (/^[\w.-]{1,64}$/.test(text) ? `sample:${text}` : undefined),
    (handle) => (handle.startsWith("sample:") ? handle.slice("sample:".length) : null),
  ],
  ["framing", "framing", matching(/^(crop|fit|stretch)$/), (name) => (name === "crop" ? null : name)],
  ["layer", "layer", matching(/^[\w.:/+-]{1,160}$/), String],
  ["ch", "channel", count, String],
  ["cell", "cell", cellOf, (cell) => cell.join(",")],
  ["class", "target", count, String],
  ["panel", "panel", matching(/^[a-z0-9_-]{1,48}$/), String],
];

/** What means nothing without the network; an own one, a secret of this page, is in no address. */
const OF_NETWORK = ["net", "weights", "layer", "channel", "cell", "target"];

/** The part of the state that an address's query carries; unreadable values are left out. */
export function parseAddress(search) {
  const query = new URLSearchParams(search);
  const state = {};
  for (const [parameter, key, read] of PARAMETERS) {
    const text = query.get(parameter);
    const value = text === null ? undefined : read(text);
    if (value !== undefined) state[key] = value;
  }
  return state;
}

/** The query that carries `state`; parameters of others (`__theme`) stay as they are in `search`. */
export function formatAddress(state, search = "") {
  const query = new URLSearchParams(search);
  const hidden = isOwnNetwork(state.net) ? OF_NETWORK : [];
  for (const [parameter, key, , write] of PARAMETERS) {
    const value = hidden.includes(key) ? null : state[key];
    const text = value === null || value === undefined ? null : write(value);
    if (text === null) query.delete(parameter);
    else query.set(parameter, text);
  }
  const text = query.toString().replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");
  return text ? `?${text}` : "";
}

/** The query parameters `view` of the server's routes: which network sees which picture, and how. */
export function viewParameters(state) {
  const view = {net: state.net, picture: state.picture};
  if (state.weights) view.weights = state.weights;
  if (state.framing && state.framing !== "crop") view.framing = state.framing;
  return view;
}

function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => same(a[key], b[key]));
}

/** Changed entries of `patch`; a run is compared by identity, being large. */
function changes(state, patch) {
  const unequal = (key) => (key === "run" ? state.run !== patch.run : !same(state[key], patch[key]));
  return Object.keys(patch).filter(unequal);
}

/** A workspace that reads its start from `page.location` and writes to `page.history`. */
export function createWorkspace(page = globalThis) {
  const listeners = new Set();
  const pending = new Set();
  const opened = page.location?.search ?? ""; // before anything writes the address
  let state = {...INITIAL, ...parseAddress(opened)};
  let writing = null;

  function writeAddress() {
    writing = null;
    const {pathname, search, hash} = page.location;
    const address = formatAddress(state, search);
    if (address !== search) page.history.replaceState(page.history.state, "", pathname + address + hash);
  }

  function scheduleAddress(keys) {
    if (!page.history || writing !== null) return;
    if (!PARAMETERS.some(([, key]) => keys.includes(key))) return;
    writing = setTimeout(writeAddress, WRITE_DELAY_MS);
  }

  function notify() {
    const keys = [...pending];
    pending.clear();
    scheduleAddress(keys);
    for (const listener of [...listeners]) {
      try {
        if (listeners.has(listener)) listener(state, keys);
      } catch (error) {
        console.error(error); // one widget's fault must not silence the others
      }
    }
  }

  return {
    opened,
    get: () => state,
    set(patch) {
      const unknown = Object.keys(patch).find((key) => !(key in INITIAL));
      if (unknown) throw new RangeError(`The workspace has no "${unknown}"; it has ${Object.keys(INITIAL).join(", ")}.`);
      const keys = changes(state, patch);
      if (keys.length === 0) return;
      state = {...state, ...patch};
      if (pending.size === 0) queueMicrotask(notify);
      keys.forEach((key) => pending.add(key));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const workspace = createWorkspace();
