// Sending a visitor's picture: checked here first, the last one sent wins, the old one stays on failure.

import {sizeText} from "./network_menu.js";
import {changedView} from "./view.js";

/** Why a file will not be sent, in one sentence; null if it may be. */
export function refusalOf(file, limits) {
  const name = file.name ? `“${file.name}”` : "The picture";
  if (file.size === 0) return `${name} is empty. Choose another picture.`;
  if (file.type && !file.type.startsWith("image/")) {
    return `${name} is not a picture but ${file.type}. Choose a photo or a drawing, such as JPEG, PNG or WebP.`;
  }
  if (limits?.bytes && file.size > limits.bytes) {
    return `${name} has ${sizeText(file.size)}; the limit is ${sizeText(limits.bytes)}. Choose a smaller picture.`;
  }
  return null;
}

/** The first picture among files, and how many were left out. */
export function chosenFile(files) {
  const all = Array.from(files ?? []);
  const file = all.find(({type}) => type.startsWith("image/")) ?? all[0] ?? null;
  return {file, ignored: Math.max(0, all.length - 1)};
}

/**
 * `send(file)` uploads and shows a picture, and resolves to its handle, or null if it was refused.
 *
 * `status` is {busy, error, notes}; `changed()` is called after each of its changes.
 */
export function uploads({store, context, post, changed, signal}) {
  const status = {busy: false, error: null, notes: []};
  let current = null;

  function publish(patch) {
    Object.assign(status, patch);
    changed(status);
  }

  async function send(file, {notes = []} = {}) {
    const refusal = refusalOf(file, context.catalogue?.limits);
    if (refusal) {
      publish({error: refusal, notes: []});
      return null;
    }
    current?.abort();
    const mine = new AbortController();
    current = mine;
    publish({busy: true, error: null, notes: []});
    try {
      const answer = await post(file, mine.signal);
      if (mine !== current) return null;
      publish({busy: false, notes: [...notes, ...(answer.notes ?? [])]});
      store.set(changedView(store.get(), {picture: answer.picture}));
      return answer.picture;
    } catch (error) {
      if (mine === current && error.name !== "AbortError") publish({busy: false, error: error.message});
      return null;
    }
  }

  signal?.addEventListener("abort", () => current?.abort());
  return {status, send, refuse: (error) => publish({error, notes: []}), clear: () => publish({error: null, notes: []})};
}
