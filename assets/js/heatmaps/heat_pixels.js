// Heat as coloured, more or less transparent pixels to lay over the picture.

import {lookup} from "../colour.js";
import {HEAT_COLOURS} from "./heat_colours.js";

const MISSING = [226, 0, 116, 255]; // values that are not a number

/** The colour table of a map's choice; what has a sign is always diverging, white in the middle. */
export const tableOf = (colours, signed) => (signed ? lookup("diverging") : HEAT_COLOURS[colours].table());

/**
 * How opaque a strength of 0 to 1 is drawn: growing with it, so that the picture shows through the cold; single
 * pixels, thin as they are, sooner. `even`: the same everywhere.
 */
export const opacityAt = (strength, {opacity, even, fine}) => (even ? opacity : opacity * (fine ? Math.sqrt(strength) : strength));

const STEPS = 1024; // of strength, drawn alike within

/** Colour and opacity of every step from 0 to 1, or from −1 to 1 where there is a sign: packed RGBA. */
function inkTable(signed, blend) {
  const table = tableOf(blend.colours, signed);
  const bytes = new Uint8ClampedArray(4 * (STEPS + 1));
  const spotlight = !signed && HEAT_COLOURS[blend.colours].spotlight;
  for (let step = 0; step <= STEPS; step += 1) {
    const place = step / STEPS; // along the colour map
    const strength = signed ? Math.abs(2 * place - 1) : place;
    const from = 4 * Math.round(255 * place);
    if (spotlight) bytes[4 * step + 3] = 255 * blend.opacity * (strength < blend.threshold ? 1 : 1 - strength);
    else if (strength >= blend.threshold) {
      bytes.set(table.subarray(from, from + 3), 4 * step);
      bytes[4 * step + 3] = 255 * opacityAt(strength, blend);
    }
  }
  return new Uint32Array(bytes.buffer);
}

/**
 * RGBA bytes of `shares` (0…1, signed −1…1). `blend`: {colours, opacity 0…1, even, fine, threshold 0…1}; what is
 * weaker than the threshold is left out.
 */
export function heatPixels(shares, signed, blend) {
  const inks = inkTable(signed, blend);
  const [missing] = new Uint32Array(new Uint8Array(MISSING).buffer);
  const pixels = new Uint32Array(shares.length);
  const [scale, start] = signed ? [STEPS / 2, STEPS / 2 + 0.5] : [STEPS, 0.5];
  for (let at = 0; at < shares.length; at += 1) {
    const step = Math.floor(shares[at] * scale + start);
    pixels[at] = step >= 0 && step <= STEPS ? inks[step] : missing;
  }
  return new Uint8ClampedArray(pixels.buffer);
}
