"""The classifier behind a layer, where it is averages and one fully connected layer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visualizer.runtime.graph import Graph, Layer
from visualizer.runtime.model import Model
from visualizer.runtime.segment import tail

Array = NDArray[np.float32]


def classifier_layer(graph: Graph, layer: str) -> str | None:
    """Name the fully connected layer that, with global average pooling, is all behind ``layer``.

    The pooling's own name comes back where the pooled channels are the logits already; ``None``
    where the head is built otherwise.
    """
    segment = tail(graph, layer)
    pools, linears = [], []
    for name in segment.steps:
        step = graph[name]
        if _averages_all(graph, step):
            pools.append(name)
        elif step.op == "linear":
            linears.append(name)
        elif step.op not in ("identity", "flatten"):
            return None
    if len(segment.sources) > 1 or len(pools) != 1 or len(linears) > 1:
        return None
    return (linears or pools)[0]


def _averages_all(graph: Graph, step: Layer) -> bool:
    """Tell whether a step averages each whole map into one value."""
    if step.op == "avg_pool":
        return step.attributes["kernel_size"] == graph[step.inputs[0]].output_shape[1:]
    return step.op == "adaptive_avg_pool" and step.output_shape[1:] == (1, 1)


def classifier_weights(model: Model, layer: str) -> Array:
    """Read the weights from channel averages to logits: (classes, K).

    Only for a layer with a :func:`classifier_layer`; the identity where averages are logits.
    """
    step = model.layer(classifier_layer(model.graph, layer) or layer)
    if step.op != "linear":
        return np.eye(step.output_shape[0], dtype=np.float32)
    parameter = model.graph.module.get_parameter(step.weights[0])
    return parameter.detach().float().cpu().numpy()
