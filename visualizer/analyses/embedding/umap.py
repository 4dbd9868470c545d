"""UMAP, where umap-learn is installed: a graph of neighbours, drawn by sampled forces."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from typing import Any

import numpy as np

from visualizer.analyses.embedding.checks import starting_points
from visualizer.analyses.embedding.method import Array, EmbeddingMethod, Frame, Settings
from visualizer.errors import VisualizerError
from visualizer.maths.neighbours import graph
from visualizer.maths.projection import principal_components

MISSING = "UMAP needs the package umap-learn: pip install 'cnn-visualizer[umap]', or choose t-SNE."
START_SPREAD = 5.0
NEGATIVE_SAMPLES = 5


def reason() -> str | None:
    """Say why UMAP cannot run here; None where it can."""
    return None if importlib.util.find_spec("umap") else MISSING


def frames(features: Array, settings: Settings) -> Iterator[Frame]:
    """Grow a map epoch by epoch; the first frames show the start while neighbours are searched.

    Shapes: features (n, d) -> frames with points (n, dimensions).

    Raises:
        VisualizerError: umap-learn is not installed, or more neighbours than pictures.

    Source: McInnes, Healy & Melville, arXiv:1802.03426, algorithms 1 to 5.
    """
    missing = reason()
    if missing:
        raise VisualizerError(missing)
    count = len(features)
    if not 2 <= settings.neighbours <= count - 1:
        raise VisualizerError(
            f"{settings.neighbours} neighbours cannot be had from {count} pictures. "
            f"Choose 2 to {count - 1}, or add pictures."
        )
    if not 0 <= settings.smallest_distance <= 1:
        raise VisualizerError(
            f"The smallest distance {settings.smallest_distance:g} is outside 0 to 1. "
            "Choose 0.1, the usual value."
        )
    principal = principal_components(features, settings.dimensions).points
    points = starting_points(settings.start, principal, settings.seed, START_SPREAD)
    epochs = 500 if count <= 10_000 else 200
    yield Frame(0, np.nan, points.copy(), epochs, "neighbours", 0.0)
    indices = np.empty((count, settings.neighbours), np.int32)
    distances = np.zeros((count, settings.neighbours), np.float32)
    indices[:, 0] = np.arange(count)  # UMAP counts the picture itself among its neighbours
    found = 0
    for block in graph(features, settings.neighbours - 1, settings.metric):
        stop = found + len(block.indices)
        indices[found:stop, 1:], distances[found:stop, 1:] = block
        found = stop
        yield Frame(0, np.nan, points.copy(), epochs, "neighbours", found / count)
    yield from _descend(points.astype(np.float32), indices, distances, settings, epochs)


def _descend(
    points: Array, indices: Any, distances: Array, settings: Settings, epochs: int
) -> Iterator[Frame]:
    from umap.layouts import _get_optimize_layout_euclidean_single_epoch_fn
    from umap.umap_ import find_ab_params, fuzzy_simplicial_set, make_epochs_per_sample

    random = np.random.RandomState(settings.seed)  # umap-learn takes no Generator
    edges, _, _ = fuzzy_simplicial_set(
        points, settings.neighbours, random, "euclidean", knn_indices=indices, knn_dists=distances
    )
    edges = edges.tocoo()
    edges.sum_duplicates()
    edges.data[edges.data < edges.data.max() / epochs] = 0
    edges.eliminate_zeros()
    pause = make_epochs_per_sample(edges.data, epochs)
    a, b = find_ab_params(1.0, settings.smallest_distance)
    state = random.randint(-(2**31) + 1, 2**31 - 2, 3).astype(np.int64)
    states = np.full((len(points), 3), state) + points[:, :1].astype(np.float64).view(np.int64)
    negative_pause = pause / NEGATIVE_SAMPLES
    next_negative, next_sample = negative_pause.copy(), pause.copy()
    one_epoch = _get_optimize_layout_euclidean_single_epoch_fn(False)
    unused = np.zeros(1, np.float32)  # of densMAP
    rate = 1.0
    for epoch in range(epochs):
        yield Frame(epoch, np.nan, points.astype(np.float64), epochs)
        one_epoch(
            points, points, edges.row, edges.col, len(points), pause, a, b, states, 1.0,
            points.shape[1], True, rate, negative_pause, next_negative, next_sample, epoch,
            False, unused, unused, 0, 0, 0, 0, unused, unused, 0,
        )  # fmt: skip
        rate = 1.0 - epoch / epochs
    yield Frame(epochs, np.nan, points.astype(np.float64), epochs)


METHOD = EmbeddingMethod(
    "umap",
    "UMAP",
    frames,
    "Pictures that are neighbours in a graph of features are pulled together, others pushed apart.",
    "As with t-SNE, neighbours mean something; gaps between groups and their sizes hardly do.",
    "McInnes, Healy & Melville, arXiv:1802.03426",
    reason,
)
