"""Principal components, and how to turn one map so that it lies on another."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import VisualizerError

Matrix = NDArray[np.float64]


class Components(NamedTuple):
    """Principal components.

    Shapes: points (n, k); axes (k, d) of length 1; explained (k,), each axis' share of the whole
    variance; mean (d,).
    """

    points: Matrix
    axes: Matrix
    explained: Matrix
    mean: Matrix


def principal_components(features: NDArray[Any], count: int = 2) -> Components:
    """Project onto the ``count`` directions of largest variance, the largest first.

    Shapes: features (n, d). Eigenvectors of the d × d covariance, or of the n × n products where
    that is smaller; each axis is turned so that its largest entry is positive.

    Raises:
        VisualizerError: more axes than the features have dimensions, or no variance at all.

    Source: Hotelling, *J. Educational Psychology* 24, 1933; sign as in scikit-learn's svd_flip.
    """
    n, d = features.shape
    most = min(n - 1, d)
    if not 1 <= count <= most:
        raise VisualizerError(
            f"{count} principal components cannot be had from {n} pictures with {d} values. "
            f"Choose 1 to {most}."
            if most
            else "One picture alone has no principal component."
        )
    single = np.asarray(features, dtype=np.float32)
    mean = single.mean(axis=0, dtype=np.float64)
    centred = single - mean.astype(np.float32)
    products = centred.T @ centred if d <= n else centred @ centred.T
    values, vectors = np.linalg.eigh(products.astype(np.float64))
    largest, axes = values[::-1][:count], vectors[:, ::-1][:, :count].T
    total = float(np.trace(products))
    if total <= 0:
        raise VisualizerError(
            f"All {n} pictures have the same features, so nothing can be told apart. "
            "Choose other pictures, or another layer."
        )
    if d > n:
        axes = axes @ centred
        axes /= np.maximum(np.linalg.norm(axes, axis=1, keepdims=True), np.finfo(float).tiny)
    signs = np.sign(axes[np.arange(count), np.abs(axes).argmax(axis=1)])
    axes = axes * np.where(signs == 0, 1, signs)[:, None]
    return Components(centred @ axes.T, axes, np.maximum(largest, 0) / total, mean)


def align(points: NDArray[Any], reference: NDArray[Any], *, scale: bool = False) -> Matrix:
    """Move, turn and mirror a map (with ``scale`` also resize it) so that it fits another best.

    Shapes: both (n, k), row i the same picture -> (n, k). Distances within the map stay as they
    are, up to the common factor.

    Raises:
        VisualizerError: the maps do not show the same number of points.

    Source: Schönemann, *Psychometrika* 31, 1966; scale: Gower, *Psychometrika* 40, 1975.
    """
    moved, fixed = np.asarray(points, float), np.asarray(reference, float)
    if moved.shape != fixed.shape:
        raise VisualizerError(
            f"A map of shape {moved.shape} cannot be laid on one of shape {fixed.shape}: "
            "both must show the same pictures."
        )
    middle = fixed.mean(axis=0)
    moved = moved - moved.mean(axis=0)
    left, sizes, right = np.linalg.svd(moved.T @ (fixed - middle))
    extent = float(np.sum(moved**2))
    factor = float(sizes.sum()) / extent if scale and extent > 0 else 1.0
    return factor * moved @ (left @ right) + middle
