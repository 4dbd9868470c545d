// The sheet of draws as the server sends it: one JPEG, cut into tiles in the browser.

import {masksOf} from "./masks.js";

/** A sheet with its pictures decoded: `{bitmap, masks, side, columns, draws, notes}`; `masks` null where there are none. */
export async function sheetOf({header, arrays}) {
  const pictures = createImageBitmap(new Blob([arrays.sheet], {type: header.format}));
  const [bitmap, masks] = await Promise.all([pictures, arrays.masks ? masksOf(arrays.masks) : null]);
  return {...header, bitmap, masks};
}

/** Draw one picture of the sheet into a canvas of the picture's own pixels. */
export function paintTile(canvas, {draws, bitmap}, number) {
  const [left, top, width, height] = draws[number].at;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, {width, height});
  canvas.getContext("2d").drawImage(bitmap, left, top, width, height, 0, 0, width, height);
}

/** The draws with names for the steps that did not fire, whose places the server tells. */
export function namedSteps(sheet, titles) {
  const draws = sheet.draws.map((draw) => ({...draw, skipped: draw.skipped.map((step) => ({step, title: titles[step]}))}));
  return {...sheet, draws};
}

/** The tile that a key leads to from `index` of `count` in rows of `columns`; null for other keys. */
export function steppedTile(key, index, count, columns) {
  const steps = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns};
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (!(key in steps)) return null;
  const next = index + steps[key];
  return next >= 0 && next < count ? next : index;
}
