"""The picture that drives a channel most, in one call."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from visualizer.runtime.model import Model
from visualizer.runtime.pattern.ascent import STEPS, Ascent
from visualizer.runtime.pattern.objective import Objective
from visualizer.runtime.pattern.views import Size


def visualize_filter(
    model: Model,
    layer: str,
    channel: int | None,
    steps: int = STEPS,
    seed: int = 0,
    *,
    negative: bool = False,
    cell: tuple[int, int] | Literal["centre"] | None = None,
    size: Size | None = None,
) -> NDArray[np.uint8]:
    """Grow the picture that makes the mean of a layer's channel large, by gradient ascent.

    ``cell`` (row, column), or ``centre``, drives one cell instead of the mean, ``channel=None``
    the whole layer, ``negative`` makes the value small; with ``layer=model.logits`` a channel is a
    class. ``size`` is the picture's (height, width), by default the network's own, of large
    networks 128 × 128.
    The same seed gives the same picture.

    Shapes: (H, W, 3); of a grey network all three are equal.

    Raises:
        UnknownNameError: no such layer; the nearest names are listed.
        VisualizerError: no such channel or cell, a layer without a slope to climb, a size that the
            network does not take, or a number of steps outside 1 to 4,096.

    Source: Erhan et al., Visualizing Higher-Layer Features of a Deep Network, 2009; in the form of
    Olah, Mordvintsev & Schubert, Feature Visualization, Distill 2017.
    """
    objective = Objective(layer, channel, cell, negative)
    ascent = Ascent(model, objective, steps=steps, size=size, seed=seed)
    for _ in ascent.run():
        pass
    return ascent.pictures()[0]
