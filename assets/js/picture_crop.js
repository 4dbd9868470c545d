// The part of the picture that the network sees, and boxes on it.

/** Where the whole picture lies when the network's input fills `width` × `height`. */
export function picturePlace({picture, frame}, {width, height}) {
  const across = width / frame.width;
  const down = height / frame.height;
  return {x: -frame.left * across, y: -frame.top * down, width: picture.width * across, height: picture.height * down};
}

/** A receptive field on a canvas of `width` × `height` that shows the whole input, cut at its edges. */
export function receptiveBox({top, left, bottom, right}, [, inputHeight, inputWidth], {width, height}) {
  const within = (value, most) => Math.max(0, Math.min(most, value));
  const [x0, x1] = [left, right + 1].map((value) => (within(value, inputWidth) * width) / inputWidth);
  const [y0, y1] = [top, bottom + 1].map((value) => (within(value, inputHeight) * height) / inputHeight);
  return {x: x0, y: y0, width: x1 - x0, height: y1 - y0};
}

/** Draw what the network sees of `image`; grey where a border is added. */
export function drawCrop(context, image, run, size) {
  context.fillStyle = "#7f7f7f";
  context.fillRect(0, 0, size.width, size.height);
  if (!image) return;
  const {x, y, width, height} = picturePlace(run, size);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, x, y, width, height);
}

/** Text for a receptive field: its size, and whether it reaches beyond the input. */
export function receptiveText({top, left, bottom, right}, [, inputHeight, inputWidth]) {
  const size = `${bottom - top + 1} × ${right - left + 1} pixels`;
  const outside = top < 0 || left < 0 || bottom >= inputHeight || right >= inputWidth;
  return outside ? `${size}, some of them padding` : size;
}
