"""A layer's weights as arrays, of a loaded network or of the same network before training."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from visualizer.errors import VisualizerError
from visualizer.runtime.graph import Layer
from visualizer.runtime.model import Model
from visualizer.zoo.spec import ModelSpec
from visualizer.zoo.untrained import build_seeded

Array = NDArray[np.float32]
FILTERS = ("conv2d", "linear")
KEPT_BYTES = 64 * 2**20  # larger networks are drawn again each time


def layer_weights(model: Model, layer: Layer) -> tuple[Array, Array | None]:
    """Read a layer's filters and biases; shared with the network, so they cannot be written to.

    Shapes: (out, in / groups, kH, kW) and (out,); a fully connected layer is (out, in, 1, 1).

    Raises:
        VisualizerError: the layer has no filters.
    """
    return _arrays(model.graph.module, layer, model.spec.title)


def untrained_weights(spec: ModelSpec, layer: Layer) -> tuple[Array, Array | None]:
    """Draw the same layer's filters and biases as they are before training; shapes as above."""
    kept = spec.parameters * 4 <= KEPT_BYTES
    return _arrays(_untrained(spec) if kept else build_seeded(spec, 0), layer, spec.title)


@lru_cache(maxsize=2)
def _untrained(spec: ModelSpec) -> nn.Module:
    return build_seeded(spec, 0)


def _arrays(module: nn.Module, layer: Layer, title: str) -> tuple[Array, Array | None]:
    if layer.op not in FILTERS:
        raise VisualizerError(
            f"{layer.name} of {title} is a step of kind {layer.kind}, which has no filters. "
            "Choose a convolution or a fully connected layer."
        )
    weights, *biases = (_array(module, name) for name in layer.weights)
    if weights.ndim == 2:
        weights = weights[:, :, None, None]
    return weights, biases[0] if biases else None


def _array(module: nn.Module, name: str) -> NDArray[Any]:
    owner, _, attribute = name.rpartition(".")
    value: Tensor = getattr(module.get_submodule(owner), attribute)
    found = value.detach().float().cpu().numpy().view()
    found.flags.writeable = False
    return found
