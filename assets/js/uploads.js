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

/** Uploads of one visitor; `post(file, signal)` sends, `changed(status)` hears what became of it. */
export class Uploads {
  constructor({store, context, post, changed, signal}) {
    Object.assign(this, {store, context, post, changed, current: null});
    this.refuse = (error) => this.publish({error, notes: []});
    this.status = {busy: false, error: null, notes: []};
    signal?.addEventListener("abort", () => this.current?.abort());
  }

  publish(patch) {
    Object.assign(this.status, patch);
    this.changed(this.status);
  }

  clear() {
    this.publish({error: null, notes: []});
  }

  /** Upload and show a picture; its handle, or null where it was refused or overtaken. */
  async send(file, {notes = []} = {}) {
    const refusal = refusalOf(file, this.context.catalogue?.limits);
    if (refusal) {
      this.refuse(refusal);
      return null;
    }
    this.current?.abort();
    const mine = new AbortController();
    this.current = mine;
    this.publish({busy: true, error: null, notes: []});
    try {
      const answer = await this.post(file, mine.signal);
      if (mine !== this.current) return null;
      this.publish({busy: false, notes: [...notes, ...(answer.notes ?? [])]});
      this.store.set(changedView(this.store.get(), {picture: answer.picture}));
      return answer.picture;
    } catch (error) {
      if (mine === this.current && error.name !== "AbortError") this.publish({busy: false, error: error.message});
      return null;
    }
  }
}
