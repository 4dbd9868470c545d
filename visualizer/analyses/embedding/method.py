"""The records of an embedding: a method of the menu, its settings, one frame of its growth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Array = NDArray[np.float32]


class Frame(NamedTuple):
    """A map while it grows.

    Shapes: points (n, 2) or (n, 3). ``kl_divergence`` is t-SNE's objective as last measured, nan
    before and for methods without one; ``iteration`` counts from 0, the start, to ``iterations``.
    In the stage ``neighbours`` (of the pictures, found before the descent) the points rest, and
    ``share`` is how much of them is found, 0 to 1.
    """

    iteration: int
    kl_divergence: float
    points: Points
    iterations: int = 0
    stage: str = "descent"
    share: float = 1.0


@dataclass(frozen=True)
class Settings:
    """What a map depends on, besides the features.

    ``start`` is ``pca``, ``random``, or the map (n, dimensions) to begin with. ``neighbours`` and
    ``smallest_distance`` are UMAP's, ``perplexity``, ``exaggeration`` and the two numbers of
    iterations t-SNE's.
    """

    perplexity: float = 30.0
    seed: int = 0
    dimensions: int = 2
    metric: str = "l2"
    exaggeration: float = 12.0
    exaggerated_iterations: int = 75
    iterations: int = 175
    start: str | Points = "pca"
    neighbours: int = 15
    smallest_distance: float = 0.1


Frames = Callable[[Array, Settings], Iterator[Frame]]


@dataclass(frozen=True)
class EmbeddingMethod:
    """One method of the menu.

    ``frames`` computes it step by step; ``reason`` says why it cannot run here, or None.
    """

    id: str
    title: str
    frames: Frames
    sentence: str
    caution: str
    paper: str
    reason: Callable[[], str | None] = lambda: None
