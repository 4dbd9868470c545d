"""By number what the eye sees: how true a map is, and how far the classes have come apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from visualizer.maths.map_quality import (
    class_indices,
    neighbour_accuracy,
    random_sample,
    silhouette,
    trustworthiness,
)
from visualizer.maths.neighbours import matrix

NEIGHBOURS = 10
SAMPLE = 2000


@dataclass(frozen=True)
class Quality:
    """Numbers of a map (n, 2) and of the features (n, d) it was made of.

    ``accuracy`` is that of the 10 nearest neighbours; numbers that need classes are None without;
    the numbers are means over ``sampled`` of the ``pictures``: estimates where it is smaller.
    """

    neighbours: int
    pictures: int
    sampled: int
    trustworthiness: float
    accuracy_map: float | None
    accuracy_features: float | None
    silhouette_map: float | None
    silhouette_features: float | None


def map_quality(
    features: NDArray[Any],
    points: NDArray[Any],
    labels: Any = None,
    *,
    neighbours: int = NEIGHBOURS,
    metric: str = "l2",
    sample: int | None = SAMPLE,
    seed: int = 0,
) -> Quality:
    """Measure a map: trustworthiness, and with labels neighbour accuracy and silhouette.

    ``metric`` is that of the features. Of more than ``sample`` pictures so many are drawn to
    ask; all others still answer. None asks all.

    Shapes: features (n, d), points (n, 2) or (n, 3), labels (n,).

    Raises:
        VisualizerError: too few pictures for so many neighbours, one class only.

    Source: see :mod:`visualizer.maths.map_quality`.
    """
    vectors, flat = matrix(features), matrix(points)
    if labels is not None:
        labels = class_indices(labels, len(vectors))
    drawn = random_sample(len(vectors), sample, seed)
    trusted = trustworthiness(vectors, flat, neighbours, metric, sample=drawn)
    known = labels is not None
    return Quality(
        neighbours,
        len(vectors),
        len(vectors) if drawn is None else len(drawn),
        trusted,
        neighbour_accuracy(flat, labels, neighbours, sample=drawn) if known else None,
        neighbour_accuracy(vectors, labels, neighbours, metric, sample=drawn) if known else None,
        silhouette(flat, labels, sample=drawn) if known else None,
        silhouette(vectors, labels, metric, sample=drawn) if known else None,
    )
