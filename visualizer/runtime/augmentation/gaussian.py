"""A Gaussian blur along rows, then along columns: a whole kernel's result by far fewer products."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import torch
from torch import Tensor

BLOCK = 64  # cells at once: the matrix stays small beside a kernel of some 50


def blurred(wide: Tensor, size: int, sigma: float) -> Tensor:
    """Convolve with torchvision's Gaussian of ``size`` × ``size`` cells, summed up in float64.

    torchvision multiplies with the whole kernel and adds up in float32, which other machines round
    differently: this lies closer to the formula.

    Shapes: (n, H, W) -> (n, H - size + 1, W - size + 1), float64.
    """
    count, high, wide_cells = wide.shape
    height, width = high - size + 1, wide_cells - size + 1
    rows = wide.double().view(-1, wide_cells)
    across = rows.new_empty(len(rows), width)
    for made, seen, band in _blocks(width, size, sigma):
        torch.mm(rows[:, seen], band, out=across[:, made])
    result = rows.new_empty(count, height, width)
    for plane, both in zip(across.view(count, high, width), result, strict=True):
        for made, seen, band in _blocks(height, size, sigma):
            torch.mm(band.T, plane[seen], out=both[made])
    return result


def _blocks(count: int, size: int, sigma: float) -> Iterator[tuple[slice, slice, Tensor]]:
    """Give the cells of each block of ``count`` results, those it sees, and its banded matrix."""
    matrix = _band(size, sigma)
    for start in range(0, count, BLOCK):
        cells = min(BLOCK, count - start)
        seen = cells + size - 1
        yield slice(start, start + cells), slice(start, start + seen), matrix[:seen, :cells]


@lru_cache(maxsize=8)
def _band(size: int, sigma: float) -> Tensor:
    """Lay the kernel into each column, a cell further down each time: (BLOCK+size-1, BLOCK)."""
    end = (size - 1) / (2 * math.sqrt(2))
    places = torch.linspace(-end, end, size)
    kernel = torch.softmax(places.div(sigma).pow(2).neg(), dim=0).double()  # torchvision's
    matrix = torch.zeros(BLOCK + size - 1, BLOCK, dtype=torch.float64)
    matrix.as_strided((BLOCK, size), (BLOCK + 1, BLOCK)).copy_(kernel.expand(BLOCK, size))
    return matrix
