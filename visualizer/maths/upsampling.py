"""Nearest and bilinear upsampling by whole factors."""

from __future__ import annotations

import numpy as np

from visualizer.errors import GeometryError
from visualizer.maths.conv import Array, Pair, pair


def upsample_nearest(image: Array, scale: Pair) -> Array:
    """Let every cell become a block of copies: (C, H, W) -> (C, H s, W s).

    Raises:
        GeometryError: a scale below 1.
    """
    rows, columns = _scales(scale)
    return image.repeat(rows, axis=1).repeat(columns, axis=2)


def upsample_bilinear(image: Array, scale: Pair, *, align_corners: bool = False) -> Array:
    """Mix the four nearest cells, nearer ones more: (C, H, W) -> (C, H s, W s).

    Cell centres keep their places (position ``(o + 1/2) / s - 1/2``); with ``align_corners`` the
    corner cells lie on each other (position ``o (i - 1) / (i s - 1)``).

    Raises:
        GeometryError: a scale below 1.
    """
    rows, columns = (
        interpolation(size, each, align_corners=align_corners)
        for size, each in zip(image.shape[1:], _scales(scale), strict=True)
    )
    return np.einsum("yh,chw,xw->cyx", rows, image, columns)


def interpolation(size: int, scale: int, *, align_corners: bool = False) -> Array:
    """Share of each input cell in each output cell along one axis: (size s, size), rows add to 1.

    Source: PyTorch, ``torch.nn.functional.interpolate``, mode linear.
    """
    outputs = np.arange(size * scale)
    if align_corners:
        positions = outputs * (size - 1) / max(1, size * scale - 1)
    else:
        positions = np.maximum(0, (outputs + 0.5) / scale - 0.5)
    first = np.minimum(positions.astype(int), size - 1)
    second = np.minimum(first + 1, size - 1)
    shares = np.zeros((size * scale, size))
    np.add.at(shares, (outputs, first), 1 - (positions - first))
    np.add.at(shares, (outputs, second), positions - first)
    return shares


def _scales(scale: Pair) -> tuple[int, int]:
    rows, columns = pair(scale)
    if rows < 1 or columns < 1:
        raise GeometryError(f"Scale {rows} x {columns} must be at least 1 along both axes.")
    return rows, columns
