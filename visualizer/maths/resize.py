"""Bilinear resizing to any size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def resize_bilinear(maps: Array, height: int, width: int) -> Array:
    """Mix the four nearest cells, nearer ones more; cell centres keep their places.

    Shapes: (..., h, w) -> (..., height, width).

    Output cell o reads position ``(o + 1/2) i / s - 1/2`` of i input and s output cells, held
    between the first and the last centre: no cell is made up outside.

    Source: PyTorch, ``torch.nn.functional.interpolate``, mode bilinear, align_corners=False.
    """
    rows, columns = _shares(maps.shape[-2], height), _shares(maps.shape[-1], width)
    return np.matmul(rows, np.matmul(maps, columns.T), dtype=np.float32)


def _shares(size: int, wanted: int) -> Array:
    """Tell each input cell's share in each output cell: (wanted, size), rows add to 1."""
    positions = np.clip((np.arange(wanted) + 0.5) * size / wanted - 0.5, 0, size - 1)
    first = positions.astype(int)
    second = np.minimum(first + 1, size - 1)
    shares = np.zeros((wanted, size))
    np.add.at(shares, (np.arange(wanted), first), 1 - (positions - first))
    np.add.at(shares, (np.arange(wanted), second), positions - first)
    return shares.astype(np.float32)
