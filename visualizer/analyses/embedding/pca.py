"""PCA: the shadow of the features along their two or three directions of largest variance."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from visualizer.analyses.embedding.method import Array, EmbeddingMethod, Frame, Settings
from visualizer.maths.neighbours import unit_length
from visualizer.maths.projection import principal_components


def frames(features: Array, settings: Settings) -> Iterator[Frame]:
    """Give one frame: the projection onto the first principal components.

    Shapes: features (n, d) -> points (n, dimensions), in the features' own units.

    Source: Hotelling, *J. Educational Psychology* 24, 1933.
    """
    vectors = unit_length(features) if settings.metric == "cosine" else features
    points = principal_components(vectors, settings.dimensions).points
    yield Frame(1, np.nan, points, 1)


METHOD = EmbeddingMethod(
    "pca",
    "PCA",
    frames,
    "A straight projection: distances in the map are never larger than between the features.",
    "Two axes show only part of the variance; what lies apart along the others falls together.",
    "Hotelling, Journal of Educational Psychology 24, 1933",
)
