"""A layer's filters as they formed: in a training at hand, or in one recorded in ``models/``."""

from __future__ import annotations

import numpy as np

from visualizer.runtime.checkpoints import Checkpoints, read_checkpoints
from visualizer.runtime.graph import Layer
from visualizer.runtime.model import Model
from visualizer.runtime.training.trained_model import TrainedModel

VALUES_MOST = 1_000_000  # sent at once; further moments are left out, evenly


def recorded(model: Model, layer: Layer) -> Checkpoints | None:
    """Give the moments of a convolution; None where nobody recorded any."""
    if layer.op != "conv2d":
        return None
    if isinstance(model, TrainedModel):
        return _own(model, layer.weights[0])
    kept = read_checkpoints(model.name)
    return kept if kept is not None and layer.weights[0] in kept.weights else None


def _own(model: TrainedModel, name: str) -> Checkpoints | None:
    moments = model.training.moments
    most = max(2, VALUES_MOST // moments[0].state[name].numel())
    places = np.unique(np.linspace(0, len(moments) - 1, min(most, len(moments))).astype(int))
    chosen = [moments[place] for place in places]
    if len(chosen) < 2:
        return None
    return Checkpoints(
        np.array([one.step for one in chosen], np.int32),
        np.array([one.epoch for one in chosen], np.float32),
        np.array([one.accuracy for one in chosen], np.float32),
        {name: np.stack([one.state[name].numpy() for one in chosen])},
        "validation",
    )
