"""Second derivatives of a network's score by what a layer produced."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from visualizer.runtime.evaluating import evaluating
from visualizer.runtime.model import Model
from visualizer.runtime.segment import Segment, TorchSegment
from visualizer.runtime.torch_backend import array

Array = NDArray[np.float32]


def residual_curvature(
    model: Model, segment: Segment, values: Sequence[Array], cotangent: Array
) -> tuple[Array, Array]:
    """Differentiate logits plus log-probabilities, once and twice along the values themselves.

    With u = ``cotangent . (y + log softmax y)`` as a function of the first source A: gradient
    ∂u/∂A, and Hessian times A.

    Shapes: values and cotangent as for :meth:`Model.pull_back` -> both as the first source.
    """
    tensor = model.gradients.tensor
    run = _twice_differentiable(model, segment)
    first, *beside = map(tensor, values)
    with evaluating(run.module), torch.enable_grad():
        source = first.detach().clone().requires_grad_()
        (logits,) = run(source, *beside)
        residual = logits + torch.log_softmax(logits, dim=1)
        (gradient,) = torch.autograd.grad(
            residual, source, tensor(cotangent), create_graph=True, materialize_grads=True
        )
        product = _along(gradient, source)
    return array(gradient), array(product)


def _twice_differentiable(model: Model, segment: Segment) -> TorchSegment:
    """Give the segment; PyTorch differentiates hard sigmoids once only, but their parts twice."""
    graph = model.graph
    hard = [name for name in segment.steps if graph[name].op == "hardsigmoid"]
    if not hard:
        return model.gradients.differentiable(segment)
    run = TorchSegment(graph, segment)
    calls = [node for node in run.module.graph.nodes if node.op.startswith("call")]
    for node, name in zip(calls, segment.steps, strict=True):
        if name in hard:
            with run.module.graph.inserting_before(node):
                parts = run.module.graph.call_function(_hard_sigmoid, (node.args[0],))
            node.replace_all_uses_with(parts)
            run.module.graph.erase_node(node)
    run.module.recompile()
    return run


def _hard_sigmoid(values: Tensor) -> Tensor:
    return torch.clamp(values / 6 + 0.5, 0, 1)


def _along(gradient: Tensor, source: Tensor) -> Tensor:
    """Multiply the gradient's own derivative with the source; 0 where it is constant."""
    if not gradient.requires_grad:
        return torch.zeros_like(source)
    (product,) = torch.autograd.grad(
        gradient, source, source.detach(), allow_unused=True, materialize_grads=True
    )
    return product
