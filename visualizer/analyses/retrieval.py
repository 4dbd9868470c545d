"""Which pictures are alike, and how often the nearest are of the same class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import VisualizerError
from visualizer.maths.map_quality import class_indices, random_sample
from visualizer.maths.neighbours import BLOCK_CELLS, Index, Neighbours, check_count, nearest
from visualizer.maths.retrieval import average_precision

__all__ = ["Index", "Neighbours", "RetrievalScores", "nearest", "retrieval_scores", "scoring"]


@dataclass(frozen=True)
class RetrievalScores:
    """How well a collection's own pictures find others of their class.

    ``first`` is the share of queries whose nearest other is of the same class, ``precision`` the
    mean share among the ``k`` nearest, ``precisions`` among the 1, 2, ... k nearest,
    ``mean_average_precision`` looks at the whole ranking; ``chance`` is what a random order reaches
    in each. ``queries`` of ``planned`` were asked so far; ``left_out`` are alone in their class.
    """

    metric: str
    k: int
    queries: int
    planned: int
    left_out: int
    first: float
    precision: float
    mean_average_precision: float
    chance: float
    precisions: tuple[float, ...]


def retrieval_scores(
    features: NDArray[Any],
    labels: Any,
    metric: str = "cosine",
    k: int = 10,
    *,
    queries: int | None = None,
    seed: int = 0,
) -> RetrievalScores:
    """Ask with every picture for the others, and score the rankings by their labels.

    ``queries`` limits how many pictures, drawn with ``seed``, ask; all others still answer.

    Shapes: features (n, d), labels (n,), words or numbers.

    Raises:
        UnknownNameError: no such metric.
        VisualizerError: one class only, no class with two pictures, fewer than k others.

    Source: Manning, Raghavan & Schütze, *Introduction to Information Retrieval*, 2008, section 8.4.
    """
    *_, last = scoring(features, labels, metric, k, queries=queries, seed=seed)
    return last


def scoring(
    features: NDArray[Any],
    labels: Any,
    metric: str = "cosine",
    k: int = 10,
    *,
    queries: int | None = None,
    seed: int = 0,
) -> Iterator[RetrievalScores]:
    """Score block by block: each result counts the queries so far, the last one all.

    Raises:
        UnknownNameError, VisualizerError: as :func:`retrieval_scores`.
    """
    index = Index(features, metric)
    check_count(k, len(index) - 1)
    classes = class_indices(labels, len(index))
    partners = np.bincount(classes)[classes] - 1
    asking, left_out = _asking(partners, queries, seed)
    rows = 4 if metric == "l1" else max(1, min(64, BLOCK_CELLS // len(index)))
    sums, hits = np.zeros(2), np.zeros(k)
    for start in range(0, len(asking), rows):
        block = asking[start : start + rows]
        prepared = index.raw[block] if metric == "l1" else index.vectors[block]
        for query, distances in zip(block, index.distances(prepared), strict=True):
            ranking, average = _scores(distances, classes, query, k)
            hits += ranking
            sums += average, partners[query] / (len(index) - 1)
        done = start + len(block)
        mean_average_precision, chance = (sums / done).tolist()
        precisions = tuple((np.cumsum(hits) / (np.arange(1, k + 1) * done)).tolist())
        yield RetrievalScores(
            metric, k, done, len(asking), left_out,
            precisions[0], precisions[-1], mean_average_precision, chance, precisions,
        )  # fmt: skip


def _asking(
    partners: NDArray[np.int64], queries: int | None, seed: int
) -> tuple[NDArray[np.intp], int]:
    """Draw those who ask, and count those left out: they have no partner in their class."""
    drawn = random_sample(len(partners), queries, seed)
    drawn = np.arange(len(partners)) if drawn is None else drawn
    asking = drawn[partners[drawn] > 0]
    if not len(asking):
        raise VisualizerError(
            f"Each of the {len(drawn)} pictures asked with is alone in its class, so none can be "
            "found. Add a second picture to a class."
        )
    return asking, len(drawn) - len(asking)


def _scores(
    distances: NDArray[np.float32], classes: NDArray[np.int64], query: int, k: int
) -> tuple[NDArray[np.bool_], float]:
    others = np.delete(distances, query)
    relevant = np.delete(classes, query) == classes[query]
    near = np.argpartition(others, k - 1)[:k]
    near = near[np.lexsort((near, others[near]))]
    return relevant[near], average_precision(others, relevant)
