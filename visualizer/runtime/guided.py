"""Guided backpropagation: what in the input drives a layer up, without what holds it back."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from visualizer.errors import VisualizerError
from visualizer.runtime.evaluating import evaluating
from visualizer.runtime.graph import INPUT, Graph
from visualizer.runtime.model import Model
from visualizer.runtime.segment import Segment, TorchSegment, between, pull_back
from visualizer.runtime.torch_backend import TorchBackend, array

Array = NDArray[np.float32]

CEILINGS = {"relu": float("inf"), "relu6": 6.0}  # rectifiers, and where each stops rising
SMOOTH = {"silu": "SiLU", "gelu": "GELU", "hardswish": "Hardswish", "tanh": "tanh"}
SEGMENTS_MOST = 16  # they share the network's weights


def guided_backpropagation(model: Model, batch: Array, target: str, cotangent: Array) -> Array:
    """Carry ``cotangent`` back from ``target`` to the input, rectified at every rectifier.

    ReLU and ReLU6 pass a gradient on where it is positive and the unit itself was open:
    ``R_before = [0 < x < ceiling] [R > 0] R``. All other steps pass it on as they always do.

    Shapes: batch (N, C, H, W); cotangent as the target's values (N, K, h, w) -> (N, C, H, W).

    Raises:
        UnknownNameError: no such layer; the nearest names are listed.
        VisualizerError: the network has smooth activations before ``target``, for which the rule
            is not defined.

    Source: Springenberg et al., ICLR 2015 workshop, arXiv:1412.6806, section 3.4 and figure 1.
    """
    reason = unguided(model, target)
    if reason is not None:
        raise VisualizerError(reason)
    run = _segments(model.gradients, between(model.graph, (INPUT,), (target,)))
    tensor = model.gradients.tensor
    with evaluating(run.module):
        _, gradient = pull_back(run, [tensor(batch)], tensor(cotangent))
    return array(gradient)


def unguided(model: Model, target: str) -> str | None:
    """Say why guided backpropagation is not defined up to ``target``, if it is not.

    Raises:
        UnknownNameError: no such layer; the nearest names are listed.
    """
    layer = model.layer(target).name
    for step in between(model.graph, (INPUT,), (layer,)).steps:
        name = SMOOTH.get(model.graph[step].op)
        if name is not None:
            return (
                f"Guided backpropagation is a rule for ReLU; {model.spec.title} has {name} at "
                f"{step}, which also lets negative values pass. Choose a network with ReLU, or a "
                "layer before it."
            )
    return None


class _Guided(torch.autograd.Function):
    """A rectifier whose gradient is rectified as well."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, ceiling: float) -> Tensor:
        ctx.save_for_backward((values > 0) & (values < ceiling))
        return values.clamp(0, ceiling)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (opened,) = ctx.saved_tensors
        return gradients[0].clamp(min=0) * opened, None


def guided_rectifier(values: Tensor, ceiling: float) -> Tensor:
    """Compute min(max(x, 0), ceiling), with the guided gradient."""
    made: Tensor = _Guided.apply(values, ceiling)
    return made


def _guide(graph: Graph, segment: Segment) -> TorchSegment:
    """Extract a segment and put guided rectifiers into the copy; the network keeps its own."""
    run = TorchSegment(graph, segment)
    traced = run.module.graph
    calls = [node for node in traced.nodes if node.op.startswith("call")]
    for node, step in zip(calls, segment.steps, strict=True):
        ceiling = CEILINGS.get(graph[step].op)
        if ceiling is not None:
            with traced.inserting_before(node):
                guided = traced.call_function(guided_rectifier, (node.args[0], ceiling))
            node.replace_all_uses_with(guided)
            traced.erase_node(node)
    run.module.recompile()
    return run


_known: WeakKeyDictionary[TorchBackend, OrderedDict[Segment, TorchSegment]] = WeakKeyDictionary()
_preparing = threading.Lock()


def _segments(backend: TorchBackend, segment: Segment) -> TorchSegment:
    with _preparing:
        kept = _known.setdefault(backend, OrderedDict())
        if segment not in kept:
            kept[segment] = _guide(backend.graph, segment)
        kept.move_to_end(segment)
        while len(kept) > SEGMENTS_MOST:
            kept.popitem(last=False)
        return kept[segment]
