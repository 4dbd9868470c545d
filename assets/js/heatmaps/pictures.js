// Pictures to draw under heat: fetched once, the last ones kept.

import {Recent} from "../answers.js";
import {address} from "../api.js";

const kept = new Recent(24);

/** The picture of a handle, decoded. */
export function pictureOf(handle) {
  const known = kept.get(handle);
  if (known) return known;
  const image = new Image();
  image.src = address(`pictures/${encodeURIComponent(handle)}`);
  const ready = image.decode().then(() => image);
  kept.set(handle, ready);
  ready.catch(() => kept.entries.delete(handle));
  return ready;
}
