"""Groups that nobody named: k-means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import VisualizerError

ROUNDS = 50


class Clusters(NamedTuple):
    """Groups so far. Shapes: members (n,) int32, the group of each; centres (k, d)."""

    members: NDArray[np.int32]
    centres: NDArray[np.float32]
    settled: bool


def k_means(features: NDArray[Any], k: int, seed: int = 0) -> Iterator[Clusters]:
    """Group vectors round by round; the last round is settled, or the fiftieth.

    The first centres are vectors drawn far apart (k-means++); a group left without a member takes
    the vector furthest from its centre. Groups are numbered by size, the largest is 0.

    Shapes: features (n, d).

    Raises:
        VisualizerError: more groups than vectors.

    Source: Lloyd, *IEEE Transactions on Information Theory* 28, 1982; Arthur & Vassilvitskii,
    SODA 2007.
    """
    vectors = np.asarray(features, dtype=np.float32)
    if not 1 <= k <= len(vectors):
        raise VisualizerError(
            f"{len(vectors)} pictures cannot form {k} groups. Choose 1 to {len(vectors)}."
        )
    vectors = vectors - vectors.mean(axis=0)
    centres = first_centres(vectors, k, seed)
    members = np.full(len(vectors), -1)
    for _ in range(ROUNDS):
        nearest = _nearest(squared_distances(vectors, centres))
        settled = bool((nearest == members).all())
        members = nearest
        sizes = np.bincount(members, minlength=k)
        belongs = np.eye(k, dtype=np.float32)[members]
        centres = (belongs.T @ vectors) / sizes[:, None]
        order = np.argsort(-sizes, kind="stable")
        place = np.argsort(order, kind="stable").astype(np.int32)
        yield Clusters(place[members], centres[order], settled)
        if settled:
            return


def _nearest(distances: NDArray[np.float32]) -> NDArray[np.intp]:
    """Choose a group for each, (n, k) -> (n,), with at least one member in every group."""
    members = distances.argmin(axis=1)
    gaps = distances.min(axis=1)
    sizes = np.bincount(members, minlength=distances.shape[1])
    for group in np.flatnonzero(sizes == 0):
        taken = int(np.where(sizes[members] > 1, gaps, -1).argmax())
        sizes[members[taken]] -= 1
        members[taken], sizes[group], gaps[taken] = group, 1, -1
    return members


def first_centres(vectors: NDArray[np.float32], k: int, seed: int) -> NDArray[np.float32]:
    """Draw k vectors, each with a chance in proportion to its squared distance from the nearest.

    Shapes: (n, d) -> (k, d).
    """
    random = np.random.default_rng(seed)
    chosen = [int(random.integers(len(vectors)))]
    gaps = squared_distances(vectors, vectors[chosen])[:, 0].astype(np.float64)
    while len(chosen) < k:
        total = float(gaps.sum())
        chances = gaps / total if total > 0 else np.full(len(vectors), 1 / len(vectors))
        chosen.append(int(random.choice(len(vectors), p=chances)))
        gaps = np.minimum(gaps, squared_distances(vectors, vectors[chosen[-1:]])[:, 0])
    return vectors[chosen]


def squared_distances(
    vectors: NDArray[np.float32], centres: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Give ``|v|² - 2 v·c + |c|²``. Shapes: (n, d), (k, d) -> (n, k)."""
    own = np.einsum("nd,nd->n", vectors, vectors)[:, None]
    squares = own - 2 * (vectors @ centres.T) + np.einsum("kd,kd->k", centres, centres)
    return np.maximum(squares, 0)
