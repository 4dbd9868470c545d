"""A part of a large collection in which every class has its share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import VisualizerError
from visualizer.runtime.collection import Collection

Indices = NDArray[np.int32]


def balanced_part(collection: Collection, most: int | None, seed: int = 0) -> Indices:
    """Choose at most ``most`` pictures, as many of each class as there are, by turns.

    Without labels, any pictures. A larger part with the same seed contains the smaller one.

    Shapes: -> (n,) int32, in order.

    Raises:
        VisualizerError: a part of no picture.
    """
    count = len(collection)
    if most is not None and most < 1:
        raise VisualizerError(f"A part of {most} pictures is none. Choose 1 to {count}.")
    if most is None or most >= count:
        return np.arange(count, dtype=np.int32)
    drawn = np.random.default_rng(seed).permutation(count)
    if collection.labels is not None:
        classes = collection.labels[drawn]
        by_class = np.argsort(classes, kind="stable")
        starts = np.searchsorted(classes[by_class], classes[by_class], side="left")
        turn = np.empty(count, np.int64)
        turn[by_class] = np.arange(count) - starts
        drawn = drawn[np.argsort(turn, kind="stable")]
    return np.sort(drawn[:most]).astype(np.int32)
