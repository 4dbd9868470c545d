"""A network that forgets its training from the last layers to the first, in a copy of its own."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator

import torch

from visualizer.runtime.graph import Layer, trace
from visualizer.runtime.model import Model
from visualizer.runtime.torch_backend import TorchBackend
from visualizer.zoo.untrained import build_seeded

STAGES_MOST = 8
SEED = 1  # untrained networks on show have seed 0


def stages(model: Model) -> list[tuple[str, tuple[str, ...]]]:
    """Group the layers with weights into at most eight stages, last first: (name, layers)."""
    weighted = [layer for layer in model.layers if layer.weights]
    parts: list[list[Layer]] = []
    for layer in weighted:  # a normalisation belongs to the convolution before it
        if parts and layer.op in ("batch_norm", "layer_norm", "scale"):
            parts[-1].append(layer)
        else:
            parts.append([layer])
    parts.reverse()
    size = len(parts) / min(STAGES_MOST, len(parts))
    cuts = [round(size * k) for k in range(min(STAGES_MOST, len(parts)) + 1)]
    grouped = [[*itertools.chain(*parts[a:b])] for a, b in itertools.pairwise(cuts)]
    return [(_first(group).name, tuple(layer.name for layer in group)) for group in grouped]


def _first(group: list[Layer]) -> Layer:
    """Find the layer nearest to the input; parts come last first, each in its own order."""
    found = [part for part in group if part.op in ("conv2d", "linear")]
    return (found or group)[-1]


def forgetting(model: Model, seed: int = SEED) -> Iterator[tuple[str, Model]]:
    """Replace the trained weights stage by stage by freshly drawn ones, the last stage first.

    Yields the stage's first layer and a network of which everything from there on is random. It
    is the same object each time, a copy: ``model`` stays as it is. It runs in PyTorch.

    Source: Adebayo et al., NeurIPS 2018, arXiv:1810.03292, section 3.1 (cascading randomisation).
    """
    module = copy.deepcopy(model.module)
    graph = trace(module, model.spec.input_shape)
    device = next(module.parameters()).device
    backend = TorchBackend(graph, device)
    copied = Model(model.spec, module, graph, backend, backend, model.device, model.weights)
    drawn = build_seeded(model.spec, seed).state_dict()
    own = module.state_dict()
    for name, layers in stages(model):
        with torch.no_grad():
            for layer in layers:
                for weight in graph[layer].weights:
                    own[weight].copy_(drawn[weight])
        yield name, copied
