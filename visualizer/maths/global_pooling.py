"""From a layer's maps to one vector of features per picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import UnknownNameError, VisualizerError

Array = NDArray[np.float32]

POOLS = ("average", "sum", "max", "generalised-mean", "flatten")
POWER = 3.0


def global_pool(maps: Array, pool: str = "average", *, power: float = POWER) -> Array:
    """Reduce each map to one number, or with ``flatten`` keep every cell.

    ``generalised-mean`` is ``(mean of max(x, 0)^p)^(1/p)``: p = 1 averages, large p tends to the
    maximum; values below 0 count as 0.

    Shapes: (n, C, h, w) -> (n, C), or (n, C h w) with ``flatten``, row by row of each channel.

    Raises:
        UnknownNameError: no such pooling.
        VisualizerError: a power that is not above 0.

    Source: generalised mean: Radenović, Tolias & Chum, arXiv:1711.02512, equation 3.
    """
    if pool not in POOLS:
        raise UnknownNameError(f"There is no pooling {pool!r}; choose one of {', '.join(POOLS)}.")
    if not 0 < power <= 100:
        raise VisualizerError(
            f"Power {power:g} of the generalised mean is outside the limits, above 0 up to 100. "
            f"Choose {POWER:g}, as in the paper."
        )
    flat = maps.reshape(*maps.shape[:2], -1)
    if pool == "flatten":
        return np.ascontiguousarray(flat.reshape(len(maps), -1), dtype=np.float32)
    if pool == "max":
        return flat.max(axis=2)
    if pool == "sum":
        return flat.sum(axis=2)
    if pool == "average":
        return flat.mean(axis=2)
    positive = np.maximum(flat, 0)
    largest = positive.max(axis=2, keepdims=True)  # else a large power overflows
    shares = positive / np.where(largest == 0, 1, largest)
    return largest[:, :, 0] * np.mean(shares**power, axis=2) ** (1 / power)
