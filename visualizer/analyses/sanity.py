"""Does a heatmap depend on what the network learned? Randomise its layers and look again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.heatmap import rescale
from visualizer.maths.resize import resize_bilinear
from visualizer.maths.similarity import rank_correlation, structural_similarity
from visualizer.runtime.cascade import forgetting, stages
from visualizer.runtime.model import Model

Array = NDArray[np.float32]
SSIM_SIDE = 64  # maps are compared at most this large


@dataclass(frozen=True)
class Stage:
    """A map of a partly randomised network, and how alike it is to the trained network's.

    ``layer``: everything from it to the end is random; ``None`` for the trained network. Shapes:
    heat (h, w), not rescaled. ``correlation`` is NaN where a map is flat.
    """

    step: int
    steps: int
    layer: str | None
    heat: Array
    correlation: float
    similarity: float


def sanity(model: Model, explain: Callable[[Model], Array]) -> Iterator[Stage]:
    """Explain with the trained network, then with one randomised stage by stage from the top.

    ``explain`` computes a heatmap (h, w) of a network for the picture and class in question. A
    method whose map stays alike does not show what the network learned.

    Source: Adebayo et al., NeurIPS 2018, arXiv:1810.03292, sections 3.1 and 4.
    """
    steps = len(stages(model)) + 1
    first = explain(model)
    yield Stage(1, steps, None, first, *likeness(first, first))
    for step, (layer, randomised) in enumerate(forgetting(model), 2):
        heat = explain(randomised)
        yield Stage(step, steps, layer, heat, *likeness(first, heat))


def likeness(first: Array, second: Array) -> tuple[float, float]:
    """Compare two maps (h, w): rank correlation of the cells, and SSIM of the rescaled maps."""
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return float("nan"), float("nan")
    shown = [_seen(one) for one in (first, second)]
    return rank_correlation(first, second), structural_similarity(shown[0], shown[1])


def _seen(heat: Array) -> Array:
    height, width = (max(SSIM_SIDE, 1) for _ in heat.shape)
    return resize_bilinear(rescale(heat), height, width)
