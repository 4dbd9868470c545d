// The names of a network's classes and what it gives each of them, asked for once.

import {getArrays, getJSON} from "./api.js";
import {Recent} from "./answers.js";
import {viewParameters} from "./store.js";

const names = new Recent(12);
const shares = new Recent(6);

/** Keep a promise under `key`; one that fails is forgotten. */
function once(kept, key, ask) {
  const known = kept.get(key);
  if (known) return known;
  const asked = ask();
  kept.set(key, asked);
  asked.catch(() => kept.entries.get(key) === asked && kept.entries.delete(key));
  return asked;
}

/** Names of all classes of the network `net`, in the order of its logits. */
export const classLabels = (net) => once(names, net, async () => (await getJSON("classes", {net})).labels);

/** Probability of every class on the workspace's picture: Float32Array, or null where they are not exact. */
export function classProbabilities(state) {
  const view = viewParameters(state);
  return once(shares, JSON.stringify(view), async () => {
    const {arrays} = await getArrays("maps", {...view, layer: "softmax"});
    return arrays.values ?? null;
  });
}

/** The class a panel explains: the chosen one, else the most probable; null without a run. */
export const targetOf = ({target, run}) => target ?? run?.top[0]?.index ?? null;
