// What became of a sample's objects in a draw: the share of their pixels still inside the picture.

import {countedPixels} from "./masks.js";

const square = ({values: {size}}, before) => ({...before, height: size, width: size});
const grown = (before, rows, columns) => ({...before, height: before.height && before.height + rows, width: before.width && before.width + columns});
const lost = (before) => ({...before, factor: null}); // areas grow here and shrink there, or parts come twice

function resized(step, before) {
  const {height, width} = before;
  if (!height) return lost(before);
  const shorter = Math.min(height, width);
  const [down, across] = [height, width].map((side) => Math.trunc((step.values.size * side) / shorter));
  return {...before, factor: before.factor && (before.factor * down * across) / (height * width), height: down, width: across};
}

/** How a step that fired changes an area and the picture's size: `{factor, height, width, exact}`, null for unknown. */
const CHANGES = {
  resized_crop: (step, before, {height_px: height, width_px: width}) => square(step, {...before, factor: before.factor && (before.factor * step.values.size ** 2) / (height * width)}),
  resize: resized,
  crop: (step, before) => (step.values.padding_mode === "constant" ? square(step, before) : lost(square(step, before))),
  center_crop: square,
  pad: (step, before) => (step.values.padding_mode === "constant" ? grown : (...all) => lost(grown(...all)))(before, 2 * step.values.padding, 2 * step.values.padding),
  zoom_out: (_, before, told) => grown(before, told.top_px + told.bottom_px, told.left_px + told.right_px),
  rotate: (step, before) => (step.values.expand ? {...before, height: null, width: null} : before),
  affine: (_, before, told) => ({...before, factor: before.factor && before.factor * told.scale ** 2}),
  elastic: (_, before) => ({...before, exact: false}), // areas stay the same on average
  perspective: (_, before) => lost(before),
};

/** How many times larger a draw's steps make an area, in pixels: `{factor, exact}`; factor null where that differs from place to place. */
export function areaChange(draw, steps, {height, width}) {
  const change = (before, {id, step, values}) => (CHANGES[id] ? CHANGES[id](steps[step], before, values) : before);
  return draw.applied.reduce(change, {factor: 1, exact: true, height, width});
}

/** Pixels of each object of a draw, in the draw's own pixels; undefined for those without a mask. */
function areas({draws, masks}, number) {
  const {at, width, height} = draws[number];
  const pixel = (width * height) / (at[2] * at[3]);
  if (!masks) return [];
  const found = masks.fine(at);
  const counts = countedPixels(found, found.place);
  return draws[number].boxes.map((_, place) => counts[place + 1] * pixel);
}

/** A mask's pixels before, by label. */
function maskedBefore(origin) {
  const found = areas(origin, 0);
  return new Map(origin.draws[0].boxes.map(({label}, place) => [label, found[place]]).filter(([, area]) => area > 0));
}

const percent = (share) => `${Math.round(100 * Math.min(1, share))}\u00a0%`; // pixels are counted after they moved: 100.4 % is all

/** One line for each label of the sample's objects: `[{label, text}]`; none where boxes do not move along. */
export function objectLines(sheet, number, origin, steps) {
  const draw = sheet.draws[number];
  if (draw.boxes_lost) return [];
  const [before, after] = [maskedBefore(origin), areas(sheet, number)];
  const {factor, exact} = areaChange(draw, steps, origin.draws[0]);
  const labels = [...new Set(sheet.objects.map(({label}) => label))];
  return labels.map((label) => {
    const all = sheet.objects.filter((object) => object.label === label).length;
    const left = draw.boxes.filter((object) => object.label === label).length;
    if (left === 0) return {label, text: "out of the picture"};
    if (!before.has(label)) return {label, text: all === 1 ? "in the picture" : `${left} of ${all} in the picture`};
    const area = after[draw.boxes.findIndex((object) => object.label === label)] || 0;
    const filling = `it fills ${percent(area / (draw.width * draw.height))} of the draw`;
    if (factor === null) return {label, text: filling};
    const share = percent(area / (before.get(label) * factor));
    return {label, text: `${exact ? "" : "about "}${share === percent(1) ? "all" : share} of it is still in the picture; ${filling}`};
  });
}
