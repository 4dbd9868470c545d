// The size formula with the numbers put in.

import {axisOf, isUpsample, settle} from "./sizes.js";

const piece = (text, control = null) => ({text: String(text), control});

/** 2·1 where both sides are padded alike, otherwise 1 + 0. */
function padding({padBefore, padAfter}) {
  if (padBefore === padAfter) return [piece("2·"), piece(padBefore, "padding")];
  return [piece(padBefore, "padding"), piece(" + "), piece(padAfter, "padding")];
}

function kernel({kernel: size, dilation}) {
  if (dilation === 1) return [piece(size, "kernel")];
  return [piece("("), piece(dilation, "dilation"), piece("·("), piece(size, "kernel"), piece(" − 1) + 1)")];
}

function windowPieces(axis, rounding) {
  return [
    piece(`${rounding}((`), piece(axis.input, "input"), piece(" + "), ...padding(axis), piece(" − "), ...kernel(axis),
    piece(") / "), piece(axis.stride, "stride"), piece(") + 1"),
  ];
}

function transposedPieces(axis) {
  const sides = padding(axis);
  const cut = sides.length === 3 ? [piece("("), ...sides, piece(")")] : sides;
  const extra = axis.outputPadding ? [piece(" + "), piece(axis.outputPadding, "outputPadding")] : [];
  return [
    piece("("), piece(axis.input, "input"), piece(" − 1)·"), piece(axis.stride, "stride"), piece(" − "), ...cut,
    piece(" + "), ...kernel(axis), ...extra,
  ];
}

/**
 * The output's size along one axis (0 rows, 1 columns): {pieces: [{text, control}], text, size, fits, unrounded, note}.
 * `control` names the setting a number comes from. `unrounded` says what stands before rounding when stride does not fit.
 */
export function formula(spec, axis) {
  const shape = settle(spec);
  const one = axisOf(shape, axis);
  const size = shape.output[axis + 1];
  let [pieces, fits, unrounded, note] = [[], true, null, null];
  if (isUpsample(shape.op)) pieces = [piece(one.input, "input"), piece("·"), piece(one.scale, "scale")];
  else if (shape.op === "max-unpool" && shape.outputSize) [pieces, note] = [[piece(size)], "the size that was pooled"];
  else if (shape.op === "transposed" || shape.op === "max-unpool") pieces = transposedPieces(one);
  else {
    const steps = shape.padded[axis] - shape.extent[axis];
    pieces = windowPieces(one, shape.ceil ? "ceil" : "floor");
    fits = steps % one.stride === 0;
    if (!fits) unrounded = `${steps} / ${one.stride} + 1 = ${(steps / one.stride + 1).toFixed(2)}`;
    if (shape.ceil && Math.ceil(steps / one.stride) + 1 > size) {
      pieces.push(piece(" − 1"));
      note = "the last window would begin behind the input";
    }
  }
  pieces.push(piece(" = "), piece(size, "output"));
  return {pieces, text: pieces.map(({text}) => text).join(""), size, fits, unrounded, note};
}
