// Strips of patches: decoding them, and drawing one with its padding left open.

/** The part of a window `[top, left, height, width]` that lies inside the input, in the window's own pixels. */
export function inside([top, left, height, width], [inputHeight, inputWidth]) {
  const [y0, x0] = [Math.max(0, -top), Math.max(0, -left)];
  const [y1, x1] = [Math.min(height, inputHeight - top), Math.min(width, inputWidth - left)];
  return {x: x0, y: y0, width: Math.max(0, x1 - x0), height: Math.max(0, y1 - y0)};
}

/** A box in per cent of the input, for an element laid over it. */
export function share([top, left, height, width], [inputHeight, inputWidth]) {
  const percent = (part, of) => `${(100 * part) / of}%`;
  return {top: percent(top, inputHeight), left: percent(left, inputWidth), height: percent(height, inputHeight), width: percent(width, inputWidth)};
}

/** The bytes of a strip as an image that canvases draw. */
export const decoded = (bytes, type) => createImageBitmap(new Blob([bytes], {type}));

/** Draw picture `place` of a strip of `height` × `width` ones; what is not `within` stays see-through. */
export function drawPart(canvas, image, place, [height, width], within = {x: 0, y: 0, width, height}) {
  [canvas.width, canvas.height] = [width, height];
  canvas.style.aspectRatio = `${width} / ${height}`;
  canvas.classList.toggle("vz-ft-coarse", Math.max(height, width) <= 96);
  if (within.width === 0 || within.height === 0) return;
  const {x, y} = within;
  canvas.getContext("2d").drawImage(image, x, place * height + y, within.width, within.height, x, y, within.width, within.height);
}
