"""Which input cells one output cell depends on, one axis at a time.

An interval holds the first and the last cell, both included. Cells outside the input are padding:
a receptive field is not cut at the border, so that its size is the same wherever it lies.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Intervals = NDArray[np.int64]  # (n, 2): first and last cell


def identity(size: int) -> Intervals:
    """Let each of ``size`` cells depend on itself: -> (size, 2)."""
    cells = np.arange(size, dtype=np.int64)
    return np.stack([cells, cells], axis=1)


def through_window(
    after: Intervals, *, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> Intervals:
    """Follow intervals of a layer's output back through its sliding window.

    Shapes: (n, 2) -> (n, 2). The first cell ``a`` reads from ``a s - p``, the last cell ``b`` up to
    ``b s - p + d (k - 1)``.

    Source: Araujo, Norris & Sim, Distill 2019, equations 1 and 4.
    """
    first = after[:, 0] * stride - padding
    last = after[:, 1] * stride - padding + dilation * (kernel_size - 1)
    return np.stack([first, last], axis=1)


def through_bins(after: Intervals, *, input_size: int, output_size: int) -> Intervals:
    """Follow intervals back through adaptive pooling.

    Shapes: (n, 2) -> (n, 2). Bin i covers the cells from floor(i n / o) up to, and without,
    ceil((i + 1) n / o).

    Source: PyTorch, ``AdaptiveAvgPool2d`` (start and end index).
    """
    first = after[:, 0] * input_size // output_size
    last = -(-(after[:, 1] + 1) * input_size // output_size) - 1
    return np.stack([first, last], axis=1)


def whole(count: int, size: int) -> Intervals:
    """Let each of ``count`` cells depend on all ``size`` cells: -> (count, 2)."""
    return np.tile(np.array([[0, size - 1]], dtype=np.int64), (count, 1))


def union(one: Intervals, other: Intervals) -> Intervals:
    """Span both intervals of each cell: (n, 2), (n, 2) -> (n, 2)."""
    first = np.minimum(one[:, 0], other[:, 0])
    return np.stack([first, np.maximum(one[:, 1], other[:, 1])], axis=1)
