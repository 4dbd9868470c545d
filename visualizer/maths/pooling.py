"""Max and average pooling, and max unpooling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import GeometryError
from visualizer.maths.conv import Array, Pair, Sides, output_size, pair, sides

Places = NDArray[np.int64]  # position in a channel, row by row


def max_pool2d(
    image: Array,
    kernel: Pair,
    *,
    stride: Pair | None = None,
    padding: Sides = 0,
    dilation: Pair = 1,
    ceil: bool = False,
) -> tuple[Array, Places]:
    """Keep the largest value of every window, and where it lay: of equal ones, the first.

    Shapes: image (C, H, W) -> (C, oH, oW) twice. Padding never wins.

    Raises:
        GeometryError: the window does not fit, or reads padding only.
    """
    seen, places = _windows(image, kernel, stride, padding, dilation, ceil)
    best = seen.argmax(axis=3)[..., np.newaxis]
    values = np.take_along_axis(seen, best, axis=3)[..., 0]
    if not np.isfinite(values).all() and np.isfinite(image).all():
        raise GeometryError("A window reads padding only. Lower padding or dilation.")
    rows, columns = np.indices(values.shape[1:])
    return values, places[rows, columns, best[..., 0]]


def avg_pool2d(
    image: Array,
    kernel: Pair,
    *,
    stride: Pair | None = None,
    padding: Sides = 0,
    ceil: bool = False,
    count_padding: bool = True,
) -> Array:
    """Take the mean of every window.

    Shapes: image (C, H, W) -> (C, oH, oW). Padding counts as zeros, or not at all without
    ``count_padding``; cells behind the padding (``ceil``) never count.

    Raises:
        GeometryError: the window does not fit.
    """
    seen, places = _windows(image, kernel, stride, padding, 1, ceil)
    inside = places >= (-1 if count_padding else 0)
    sums = np.where(places >= 0, seen, 0).sum(axis=3)
    return sums / inside.sum(axis=2)


def max_unpool2d(image: Array, places: Places, size: tuple[int, int]) -> Array:
    """Put every value back where its maximum lay; everything else is 0.

    Shapes: both (C, h, w) -> (C, *size).

    Raises:
        GeometryError: a place lies outside ``size``.
    """
    if places.size and not 0 <= places.min() <= places.max() < size[0] * size[1]:
        raise GeometryError(
            f"Places {places.min()} to {places.max()} do not fit {size[0]} x {size[1]} cells, "
            f"0 to {size[0] * size[1] - 1}. Give the size that was pooled."
        )
    flat = np.zeros((image.shape[0], size[0] * size[1]))
    np.put_along_axis(flat, places.reshape(len(places), -1), image.reshape(len(image), -1), axis=1)
    return flat.reshape(image.shape[0], *size)


def _windows(
    image: Array,
    kernel: Pair,
    stride: Pair | None,
    padding: Sides,
    dilation: Pair,
    ceil: bool,
) -> tuple[Array, Places]:
    """Cut out windows: -> (C, oH, oW, cells), and places (oH, oW, cells).

    A place is -1 in the padding and -2 behind it; the value is minus infinity there.
    """
    axes = [
        _axis(
            image.shape[axis + 1],
            pair(kernel)[axis],
            stride=pair(kernel if stride is None else stride)[axis],
            padding=sides(padding)[axis],
            dilation=pair(dilation)[axis],
            ceil=ceil,
        )
        for axis in (0, 1)
    ]
    rows, columns = axes[0][:, np.newaxis, :, np.newaxis], axes[1][np.newaxis, :, np.newaxis, :]
    outside = np.minimum(rows, columns)
    places = np.where(outside < 0, outside, rows * image.shape[2] + columns)
    places = places.reshape(*places.shape[:2], -1)
    flat = image.reshape(image.shape[0], -1)
    return np.where(places < 0, -np.inf, flat[:, np.maximum(places, 0)]), places


def _axis(
    size: int,
    kernel: int,
    *,
    stride: int,
    padding: tuple[int, int],
    dilation: int,
    ceil: bool,
) -> Places:
    """Input positions along one axis: (positions, taps); -1 in the padding, -2 behind it."""
    count = output_size(size, kernel, stride=stride, padding=padding, dilation=dilation, ceil=ceil)
    starts = np.arange(count) * stride - padding[0]
    cells = starts[:, np.newaxis] + np.arange(kernel) * dilation
    return np.select([cells >= size + padding[1], (cells < 0) | (cells >= size)], [-2, -1], cells)
