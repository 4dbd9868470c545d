"""The pictures most like one: by a network's features, and by the pixels it saw."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import VisualizerError
from visualizer.maths.neighbours import Index
from visualizer.maths.retrieval import precision_at_k

SHOWN_MOST = 100


@dataclass(frozen=True)
class Similar:
    """The most similar first. Shapes: positions and distances (k,)."""

    positions: NDArray[np.intp]
    distances: NDArray[np.float32]
    time_ms: float


def most_similar(index: Index, query: NDArray[Any], k: int, *, own: int | None = None) -> Similar:
    """Find the ``k`` most similar to a query (d,); ``own`` is its place, which is left out.

    Raises:
        VisualizerError: k below 1, above 100, or above the number of others.
    """
    others = len(index) - (own is not None)
    most = min(SHOWN_MOST, others)
    if not 1 <= k <= most:
        raise VisualizerError(
            f"{k} similar pictures cannot be shown of {others} others. Choose 1 to {most}."
        )
    start_s = time.perf_counter()
    found = index.nearest(query, k + (own is not None))
    time_ms = 1000 * (time.perf_counter() - start_s)
    keep = np.flatnonzero(found.indices != own)[:k]  # equal pictures may come before it
    return Similar(found.indices[keep], found.distances[keep], time_ms)


def share_of_same(found: Similar, labels: NDArray[Any] | None, label: int | None) -> float | None:
    """Give precision at k; None where the class of the query or of the others is unknown."""
    if labels is None or label is None:
        return None
    return precision_at_k(labels[found.positions] == label, len(found.positions))


def search_cost(index: Index, time_ms: float) -> str:
    """Say what an exact search reads, how long that took, and what a million vectors would read.

    No time is foretold for the million: beyond the processor's cache it would not grow in step.
    """
    count, size = index.raw.shape
    each = index.raw.itemsize * size
    return (
        f"{count:,} × {size:,} numbers, {_bytes(each * count)}, in {_milliseconds(time_ms)}; "
        f"a million would be {_bytes(each * 1_000_000)} to read for each query"
    )


def _bytes(size: int) -> str:
    for power, unit in ((9, "GB"), (6, "MB"), (3, "kB")):
        if size >= 10**power:
            return f"{_plain(size / 10**power)} {unit}"
    return f"{size} bytes"


def _milliseconds(time_ms: float) -> str:
    return f"{_plain(time_ms)} ms" if time_ms >= 0.05 else "less than 0.05 ms"


def _plain(value: float) -> str:
    """Write a number without an exponent: one decimal below ten, else whole."""
    return f"{value:,.0f}" if value >= 9.95 else f"{value:.1f}".removesuffix(".0")
