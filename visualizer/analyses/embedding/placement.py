"""Where does a new picture land on a finished map?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.embedding.method import Points
from visualizer.errors import VisualizerError
from visualizer.maths.neighbours import Array, Index, Indices, matrix
from visualizer.maths.tsne import neighbour_probabilities, place


@dataclass(frozen=True)
class Landing:
    """Where a picture lies, (2,), with its nearest pictures by features, the nearest first.

    ``kl_divergence`` is small where the map has a place that suits all neighbours.
    """

    point: Points
    neighbours: Indices
    distances: Array
    kl_divergence: float


class FrozenMap:
    """A finished t-SNE map with its features, ready to take in new pictures one by one.

    Shapes: features (n, d), or an index of them, whose metric then counts; points (n, 2) or (n, 3).

    Raises:
        VisualizerError: features and points that do not belong together, or a perplexity that
            needs more pictures.
    """

    def __init__(
        self,
        features: NDArray[Any] | Index,
        points: NDArray[Any],
        *,
        perplexity: float = 30.0,
        metric: str = "l2",
    ) -> None:
        self.index = features if isinstance(features, Index) else Index(features, metric)
        self.points = matrix(points).astype(np.float64)
        self.perplexity = perplexity
        if len(self.points) != len(self.index):
            raise VisualizerError(
                f"The map shows {len(self.points)} pictures, the features are of "
                f"{len(self.index)}: give those that the map was made of."
            )
        most = len(self.index) // 3
        if not 1 <= perplexity <= most:
            raise VisualizerError(
                f"Perplexity {perplexity:g} is outside 1 to {most} for a map of "
                f"{len(self.index)} pictures. Choose the map's own."
            )

    def place(self, feature: NDArray[Any]) -> Landing:
        """Place one picture by its features (d,); no other point moves.

        Raises:
            VisualizerError: the vector has another length than the features.
        """
        found = self.index.nearest(np.ravel(feature), int(3 * self.perplexity))
        distances = found.distances.astype(np.float64)
        squares = 2 * distances if self.index.metric == "cosine" else distances**2
        chances = neighbour_probabilities(squares, self.perplexity)
        placed = place(self.points, found.indices, chances)
        return Landing(placed.point, found.indices, found.distances, placed.kl_divergence)


def place_on_map(
    features: NDArray[Any],
    points: NDArray[Any],
    query: NDArray[Any],
    *,
    perplexity: float = 30.0,
    metric: str = "l2",
) -> Points:
    """Put new pictures onto a finished t-SNE map, each by itself, by the exact gradient.

    Shapes: features (n, d) and points (n, 2) of the map; query (d,) or (m, d) -> (2,) or (m, 2).
    For one picture after another make a :class:`FrozenMap` once.

    Raises:
        VisualizerError: arrays that do not belong together.

    Source: see :func:`visualizer.maths.tsne.place`.
    """
    frozen = FrozenMap(features, points, perplexity=perplexity, metric=metric)
    placed = [frozen.place(row).point for row in np.atleast_2d(query)]
    return placed[0] if np.ndim(query) == 1 else np.stack(placed)
