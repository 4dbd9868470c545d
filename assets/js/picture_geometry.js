// Where things lie: picture pixels, network-input pixels and the screen. Regions are
// {top, left, height, width}; a receptive field is {top, left, bottom, right}, inclusive.

/** The smallest region that holds the whole picture and all that the network sees. */
export function extentOf(picture, frame) {
  const seen = frame ?? {top: 0, left: 0, height: 0, width: 0};
  const top = Math.min(0, seen.top);
  const left = Math.min(0, seen.left);
  const bottom = Math.max(picture.height, seen.top + seen.height);
  const right = Math.max(picture.width, seen.left + seen.width);
  return {top, left, height: bottom - top, width: right - left};
}

/** Place `extent` as large as it fits, centred in a box: screen pixels per picture pixel, offsets. */
export function fitted(extent, box, margin = 0) {
  const scale = Math.max(
    0,
    Math.min((box.width - 2 * margin) / extent.width, (box.height - 2 * margin) / extent.height),
  );
  return {
    scale,
    top: (box.height - scale * extent.height) / 2 - scale * extent.top,
    left: (box.width - scale * extent.width) / 2 - scale * extent.left,
  };
}

/** A region of the picture on the screen. */
export function onScreen(region, {scale, top, left}) {
  return {
    top: top + scale * region.top,
    left: left + scale * region.left,
    height: scale * region.height,
    width: scale * region.width,
  };
}

/** The region of the picture that a receptive field covers; `input` is [C, H, W]. */
export function onPicture(receptive, frame, [, height, width]) {
  const rows = frame.height / height; // picture pixels per input pixel
  const columns = frame.width / width;
  return {
    top: frame.top + rows * receptive.top,
    left: frame.left + columns * receptive.left,
    height: rows * (receptive.bottom - receptive.top + 1),
    width: columns * (receptive.right - receptive.left + 1),
  };
}

/** The part of a receptive field that lies in the input, not in its padding; null if none does. */
export function insideInput(receptive, [, height, width]) {
  const inside = {
    top: Math.max(0, receptive.top),
    left: Math.max(0, receptive.left),
    bottom: Math.min(height - 1, receptive.bottom),
    right: Math.min(width - 1, receptive.right),
  };
  return inside.top <= inside.bottom && inside.left <= inside.right ? inside : null;
}

/** Whether any of a receptive field lies in the padding. */
export function reachesPadding(receptive, [, height, width]) {
  const {top, left, bottom, right} = receptive;
  return top < 0 || left < 0 || bottom >= height || right >= width;
}

/** "receptive field 35 × 35", height before width, and where it is cut by the input's edge. */
export function receptiveLabel(receptive, input) {
  const height = receptive.bottom - receptive.top + 1;
  const width = receptive.right - receptive.left + 1;
  const size = `receptive field ${height} × ${width}`;
  return reachesPadding(receptive, input) ? `${size}, partly padding` : size;
}
