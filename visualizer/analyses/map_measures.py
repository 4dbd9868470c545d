"""All that is said of a finished map: its worth in numbers, groups, and true neighbours."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.embedding.quality import NEIGHBOURS, SAMPLE
from visualizer.errors import VisualizerError
from visualizer.maths.clusters import k_means
from visualizer.maths.map_quality import (
    class_indices,
    neighbour_accuracy,
    random_sample,
    silhouette,
    trustworthiness,
)
from visualizer.maths.neighbours import Array, graph, unit_length

GROUPS = 10
ROWS = 250  # pictures asked between two turns
Points = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass
class Measures:
    """Numbers of a map; those that cannot be had are None, and ``notes`` say why.

    Shapes: neighbours (n, 10) by features, fewer where there are fewer pictures; clusters (n,),
    k-means of the features with as many groups as there are classes, 10 without.
    """

    accuracy: float | None = None
    accuracy_features: float | None = None
    trustworthiness: float | None = None
    silhouette: float | None = None
    sampled: int = 0
    groups: int = 0
    neighbours: NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 0), np.int32))
    clusters: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    notes: list[str] = field(default_factory=list)


def true_neighbours(features: Array, metric: str) -> Generator[str, None, NDArray[np.int32]]:
    """Find the ten nearest of each picture by its features, block by block."""
    blocks = []
    for block in graph(features, min(NEIGHBOURS, len(features) - 1), metric):
        blocks.append(block.indices.astype(np.int32))
        yield "neighbours"
    return np.concatenate(blocks)


def groups(
    features: Array, metric: str, count: int, seed: int = 0
) -> Generator[str, None, NDArray[np.int32]]:
    """Group pictures by their features, round by round."""
    vectors = unit_length(features) if metric == "cosine" else features
    members = np.zeros(len(vectors), np.int32)
    for found in k_means(vectors, min(count, len(vectors)), seed):
        members = found.members
        yield "groups"
    return members


def measured(
    features: Array, points: Points, labels: NDArray[np.int64] | None, metric: str
) -> Generator[str, None, Measures]:
    """Measure a finished map; each step names what it measures, the generator returns all.

    Of more than 2,000 pictures so many are asked, drawn with seed 0; all others still answer.

    Shapes: features (n, d), points (n, 2) or (n, 3), labels (n,).
    """
    found, count = Measures(), len(features)
    kinds = 0 if labels is None else len(np.unique(labels))
    found.neighbours = yield from true_neighbours(features, metric)
    found.groups = min(kinds if kinds > 1 else GROUPS, count)
    found.clusters = yield from groups(features, metric, found.groups)
    drawn = random_sample(count, SAMPLE)
    asked = np.arange(count) if drawn is None else drawn
    found.sampled = len(asked)

    def trusted(rows: Rows) -> float:
        return trustworthiness(features, points, NEIGHBOURS, metric, sample=rows)

    found.trustworthiness = yield from _mean(found, "trustworthiness", trusted, asked)
    if labels is None:
        found.notes.append("Without labels there is no accuracy and no silhouette.")
        return found
    try:
        classes = class_indices(labels, count)
    except VisualizerError as error:  # one class only: said, not fatal
        found.notes.append(str(error))
        return found
    return (yield from _by_class(found, features, points, classes, metric, asked))


def _by_class(
    found: Measures,
    features: Array,
    points: Points,
    classes: NDArray[np.int64],
    metric: str,
    asked: Rows,
) -> Generator[str, None, Measures]:
    """Measure what needs classes."""
    most = min(NEIGHBOURS, len(features) - 1)

    def near(vectors: NDArray[Any], by: str) -> Callable[[Rows], float]:
        return lambda rows: neighbour_accuracy(vectors, classes, most, by, sample=rows)

    def apart(rows: Rows) -> float:
        return silhouette(points, classes, sample=rows)

    found.accuracy = yield from _mean(found, "accuracy", near(points, "l2"), asked)
    found.accuracy_features = yield from _mean(found, "accuracy", near(features, metric), asked)
    found.silhouette = yield from _mean(found, "silhouette", apart, asked)
    return found


def _mean(
    found: Measures, name: str, ask: Callable[[Rows], float], asked: Rows
) -> Generator[str, None, float | None]:
    total = 0.0
    for start in range(0, len(asked), ROWS):
        rows = asked[start : start + ROWS]
        try:
            total += len(rows) * ask(rows)
        except VisualizerError as error:  # too few pictures for this number: said, not fatal
            found.notes.append(str(error))
            return None
        yield name
    return total / len(asked)
