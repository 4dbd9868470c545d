"""Making maps smaller, each new cell the mean of those it covers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import GeometryError

Array = NDArray[np.float32]


def shrink(maps: Array, height: int, width: int) -> Array:
    """Average over ``height`` × ``width`` windows that cover the map.

    Output cell o covers input cells ``floor(o i / s)`` up to ``ceil((o + 1) i / s)`` of i input and
    s output cells: neighbouring windows share a cell where s does not divide i.

    Shapes: (..., h, w) -> (..., height, width).

    Raises:
        GeometryError: more cells are wanted than there are.

    Source: PyTorch, ``torch.nn.functional.adaptive_avg_pool2d``.
    """
    rows, columns = _shares(maps.shape[-2], height), _shares(maps.shape[-1], width)
    return np.matmul(rows, np.matmul(maps, columns.T), dtype=np.float32)


def _shares(size: int, wanted: int) -> Array:
    if not 1 <= wanted <= size:
        raise GeometryError(
            f"{size} cells cannot be averaged into {wanted}. Choose 1 to {size} of them."
        )
    shares = np.zeros((wanted, size), np.float32)
    for cell in range(wanted):
        first, last = cell * size // wanted, -(-(cell + 1) * size // wanted)
        shares[cell, first:last] = 1 / (last - first)
    return shares
