"""What an embedding cannot work with, said in one sentence before it begins."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.embedding.method import Array, Points, Settings
from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.maths.neighbours import matrix

FEWEST = 4
MOST_ITERATIONS = 10_000
METRICS = ("l2", "cosine")
STARTS = ("pca", "random")


def check_features(features: NDArray[Any]) -> Array:
    """Give features (n, d) as float32.

    Raises:
        VisualizerError: fewer than four pictures, all alike, or values that are no numbers.
    """
    array = matrix(features)
    check_count(len(array))
    if (array == array[0]).all():
        raise VisualizerError(
            f"All {len(array)} pictures have the same features, so there is nothing to arrange. "
            "Choose other pictures, or another layer."
        )
    return array


def check_count(count: int) -> None:
    """Refuse to make a map of fewer than four pictures.

    Raises:
        VisualizerError: fewer than four.
    """
    if count < FEWEST:
        raise VisualizerError(
            f"A map needs at least {FEWEST} pictures; there are {count}. Add pictures."
        )


def check_settings(settings: Settings, count: int, size: int) -> None:
    """Check what all methods share, for ``count`` pictures with ``size`` values each.

    Raises:
        VisualizerError: dimensions or numbers of iterations beyond their limits.
        UnknownNameError: no such metric.
    """
    if settings.dimensions not in (2, 3):
        raise VisualizerError(
            f"A map has 2 or 3 dimensions, not {settings.dimensions}. Choose 2 for the plane."
        )
    if size < settings.dimensions:
        raise VisualizerError(
            f"Features of {size} value{'s' if size > 1 else ''} cannot fill a map of "
            f"{settings.dimensions} dimensions. Choose a layer with more channels, or flatten it."
        )
    if settings.metric not in METRICS:
        raise UnknownNameError(
            f"There is no metric {settings.metric!r} for maps; choose {' or '.join(METRICS)}."
        )
    if not 0 <= settings.seed < 2**32:
        raise VisualizerError(
            f"Seed {settings.seed} is outside 0 to {2**32 - 1}. Choose one within, such as 0."
        )
    start = settings.start
    if isinstance(start, str):
        if start not in STARTS:
            raise UnknownNameError(
                f"There is no start {start!r}; choose {' or '.join(STARTS)}, or give a map."
            )
    elif start.shape != (count, settings.dimensions) or not np.isfinite(start).all():
        raise VisualizerError(
            f"The map to start from has shape {start.shape}; it needs finite numbers of shape "
            f"({count}, {settings.dimensions}). Give a map of the same pictures, or 'pca'."
        )


def check_tsne(settings: Settings, count: int) -> None:
    """Check t-SNE's own settings; nothing is adjusted silently.

    Raises:
        VisualizerError: a perplexity, exaggeration or number of iterations beyond its limits.
    """
    largest = (count - 1) // 3
    perplexity = settings.perplexity
    if not 1 <= perplexity <= largest:
        if perplexity > largest:
            raise VisualizerError(
                f"Perplexity {perplexity:g} needs at least {int(3 * perplexity) + 1} pictures; "
                f"there are {count}. Choose {largest} or less, or add pictures."
            )
        raise VisualizerError(
            f"Perplexity {perplexity:g} is below 1, less than one neighbour. Choose 1 to {largest}."
        )
    if not 1 <= settings.exaggeration <= 100:
        raise VisualizerError(
            f"Early exaggeration {settings.exaggeration:g} is outside 1 to 100. Choose 12, the "
            "usual value, or 1 for none."
        )
    total = settings.exaggerated_iterations + settings.iterations
    if (
        min(settings.exaggerated_iterations, settings.iterations) < 0
        or not 1 <= total <= MOST_ITERATIONS
    ):
        raise VisualizerError(
            f"{settings.exaggerated_iterations} exaggerated and {settings.iterations} further "
            f"iterations are outside the limits: none below 0, together 1 to {MOST_ITERATIONS:,}."
        )


def starting_points(start: str | Points, principal: Points, seed: int, spread: float) -> Points:
    """Lay out the start: ``spread`` wide along its first axis, with a hundredth of that as noise.

    The noise, drawn from the seed, parts pictures that are exactly alike.

    Shapes: principal (n, k) -> (n, k), mean 0.
    """
    noise = np.random.default_rng(seed).standard_normal(principal.shape)
    if isinstance(start, str) and start == "random":
        return spread * noise
    points = np.array(principal if isinstance(start, str) else start, dtype=np.float64)
    points -= points.mean(axis=0)
    width = float(points.std(axis=0).max()) or 1.0
    return spread * (points / width + 0.01 * noise)
