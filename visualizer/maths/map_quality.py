"""What a map keeps of the features, in numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import VisualizerError
from visualizer.maths.neighbours import BLOCK_CELLS, Index, check_count, graph, matrix

Labels = NDArray[np.int64]


def class_indices(labels: Any, count: int) -> Labels:
    """Turn labels, words or numbers, into indices 0, 1, ... in sorted order.

    Raises:
        VisualizerError: not one label per picture, or one class only.
    """
    given = np.asarray(labels)
    if given.shape != (count,):
        raise VisualizerError(
            f"There are {count} pictures and labels of shape {given.shape}: give one label each."
        )
    kinds, indices = np.unique(given, return_inverse=True)
    if len(kinds) < 2:
        raise VisualizerError(
            f"All {count} pictures are of one class, {kinds[0]}, so classes cannot be compared. "
            "Add pictures of another class."
        )
    return indices.astype(np.int64)


def neighbour_accuracy(
    points: NDArray[Any],
    labels: Any,
    k: int = 10,
    metric: str = "l2",
    *,
    sample: NDArray[np.intp] | None = None,
) -> float:
    """Give the share of pictures whose class most of their ``k`` nearest others have.

    Of classes with equally many, the first in sorted order counts, as in scikit-learn. With
    ``sample`` only these pictures are asked, all others still answer.

    Shapes: points or features (n, d), labels (n,).

    Raises:
        VisualizerError: one class only, or fewer than k others.

    Source: Cover & Hart, *IEEE Transactions on Information Theory* 13, 1967, leaving one out.
    """
    classes = class_indices(labels, len(points))
    kinds = int(classes.max()) + 1
    truth = classes if sample is None else classes[sample]
    right = start = 0
    for block in graph(points, k, metric, rows=sample):
        rows = np.arange(len(block.indices))
        flat = classes[block.indices] + kinds * rows[:, None]
        votes = np.bincount(flat.ravel(), minlength=kinds * len(rows)).reshape(-1, kinds)
        right += int(np.sum(votes.argmax(axis=1) == truth[start : start + len(rows)]))
        start += len(rows)
    return right / len(truth)


def trustworthiness(
    features: NDArray[Any],
    points: NDArray[Any],
    k: int = 10,
    metric: str = "l2",
    *,
    sample: NDArray[np.intp] | None = None,
) -> float:
    """Tell how far neighbours in the map are neighbours by their features: 1 is perfect.

    ``1 - 2 / (n k (2n - 3k - 1)) Σ_i Σ_j max(0, rank(i, j) - k)`` over the k nearest j of i in the
    map, where rank counts by features, the nearest being 1. With ``sample`` the sum runs over these
    i only, and n in front of k becomes their number: an estimate.

    Shapes: features (n, d), points (n, 2).

    Raises:
        VisualizerError: k is not below half of the number of pictures.

    Source: Venna & Kaski, ICANN 2001, equation 1.
    """
    count = len(features)
    if not 1 <= k < count / 2:
        raise VisualizerError(
            f"Trustworthiness with {k} neighbours needs at least {2 * k + 1} pictures; there are "
            f"{count}. Choose {max(1, (count - 1) // 2)} or less, or add pictures."
        )
    chosen = np.arange(count) if sample is None else np.asarray(sample)
    index, on_map = Index(features, metric), Index(points, "l2")
    penalty, rows = 0, max(1, BLOCK_CELLS // (4 * count))
    for start in range(0, len(chosen), rows):
        block = chosen[start : start + rows]
        far, distances = (one.distances(one.vectors[block]) for one in (on_map, index))
        for between in (far, distances):
            between[np.arange(len(block)), block] = np.inf
        penalty += _intruding(distances, np.argpartition(far, k - 1, axis=1)[:, :k])
    return 1 - 2 * penalty / (len(chosen) * k * (2 * count - 3 * k - 1))


def _intruding(distances: NDArray[np.floating], near: NDArray[np.intp]) -> int:
    """Add up by how many ranks the map's neighbours ``near`` (n, k) are too far by features."""
    count, penalty = near.shape[1], 0
    for place in range(count):
        mine = np.take_along_axis(distances, near[:, place, None], axis=1)
        ranks = np.count_nonzero(distances < mine, axis=1) + 1
        penalty += int(np.maximum(ranks - count, 0).sum())
    return penalty


def silhouette(
    points: NDArray[Any],
    labels: Any,
    metric: str = "l2",
    *,
    sample: NDArray[np.intp] | None = None,
) -> float:
    """Tell how far classes lie apart: 1 compact and separate, 0 mixed, below 0 in the wrong place.

    The mean of ``(b - a) / max(a, b)``: a is the mean distance to the others of the same class, b
    to those of the nearest other class; 0 for a class of one. ``cosine`` measures 1 - cos. With
    ``sample`` the mean is over these pictures only.

    Shapes: points or features (n, d), labels (n,).

    Raises:
        VisualizerError: one class only.

    Source: Rousseeuw, *J. Computational and Applied Mathematics* 20, 1987.
    """
    classes = class_indices(labels, len(points))
    index = Index(matrix(points), metric)
    members = np.eye(int(classes.max()) + 1, dtype=np.float32)[classes]
    sizes = members.sum(axis=0)
    chosen = np.arange(len(classes)) if sample is None else np.asarray(sample)
    total, rows = 0.0, max(1, BLOCK_CELLS // (2 * len(classes)))
    for start in range(0, len(chosen), rows):
        block = chosen[start : start + rows]
        distances = index.distances(index.vectors[block])
        distances[np.arange(len(block)), block] = 0
        if metric == "l2":
            np.sqrt(distances, out=distances)
        total += _silhouettes(distances @ members, classes[block], sizes)
    return total / len(chosen)


def _silhouettes(sums: NDArray[np.float32], own: Labels, sizes: NDArray[np.float32]) -> float:
    """Add up ``(b - a) / max(a, b)`` from each picture's summed distances to every class."""
    totals = sums.astype(np.float64)
    here = np.arange(len(own)), own
    inside = totals[here] / np.maximum(sizes[own] - 1, 1)
    means = totals / sizes
    means[here] = np.inf
    outside = means.min(axis=1)
    larger = np.maximum(np.maximum(inside, outside), 1e-30)
    return float(np.sum(np.where(sizes[own] > 1, (outside - inside) / larger, 0)))


def random_sample(count: int, most: int | None, seed: int = 0) -> NDArray[np.intp] | None:
    """Draw ``most`` of ``count`` pictures, in order; None where all of them are few enough."""
    if most is None or count <= most:
        return None
    check_count(most, count)
    return np.sort(np.random.default_rng(seed).choice(count, most, replace=False))
