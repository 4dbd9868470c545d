"""DeepLift's rules as gradients: a network runs on a picture and its reference side by side.

Linear steps pass multipliers on as gradients do. Each rule here gives a step that is not linear a
backward pass whose multipliers explain its whole difference. Only the picture's half of a batch
carries multipliers.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.nn import functional
from torchvision.models.convnext import LayerNorm2d

from visualizer.runtime.graph import Graph
from visualizer.runtime.segment import logits

ELEMENTWISE = {"relu", "relu6", "silu", "gelu", "hardswish", "hardsigmoid", "sigmoid", "tanh"}
RULES = ELEMENTWISE | {"max_pool", "multiply", "layer_norm"}
SMALL = 1e-6  # below this difference, relative to the values, the slope stands for Δout / Δin


class _Rescale(torch.autograd.Function):
    """One value in, one value out: m = Δout / Δin (equation 10)."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, function: Any) -> Tensor:
        with torch.enable_grad():
            given = values.detach().requires_grad_()
            made: Tensor = function(given)
            (slope,) = torch.autograd.grad(made.sum(), given)
        step = values[:1] - values[1:]
        near = step.abs() <= SMALL * values.abs().amax(dim=0, keepdim=True)
        made = made.detach()
        ratio = (made[:1] - made[1:]) / torch.where(near, 1, step)
        ctx.save_for_backward(torch.where(near, slope[:1], ratio))
        return made

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (ratio,) = ctx.saved_tensors
        own = gradients[0][:1] * ratio
        return torch.cat([own, torch.zeros_like(own)]), None


class _Product(torch.autograd.Function):
    """Two factors: each gets the other's mean of picture and reference; Δ(ab) is then exact."""

    @staticmethod
    def forward(ctx: Any, first: Tensor, second: Tensor) -> Tensor:
        ctx.save_for_backward(first.mean(0, keepdim=True), second.mean(0, keepdim=True))
        return first * second

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor]:
        first, second = ctx.saved_tensors
        given = gradients[0][:1]
        return tuple(  # type: ignore[return-value]
            torch.cat([own, torch.zeros_like(own)])
            for own in ((given * second).sum_to_size(first.shape),
                        (given * first).sum_to_size(second.shape))
        )  # fmt: skip


class _MaxPool(torch.autograd.Function):
    """The maximum: the difference goes to the cell that was largest, in picture or reference.

    Source: Lundberg & Lee's DeepExplainer: first up to the larger maximum, at the picture's cell,
    then the rest, at the reference's.
    """

    @staticmethod
    def forward(ctx: Any, values: Tensor, options: dict[str, Any]) -> Tensor:
        made, places = functional.max_pool2d(values, **options, return_indices=True)
        ctx.save_for_backward(values, made, places)
        return made

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        values, made, places = ctx.saved_tensors
        larger = made.max(dim=0, keepdim=True).values
        parts = torch.cat([larger - made[1:], made[:1] - larger]) * gradients[0][:1]
        shared = torch.zeros_like(values).flatten(2)
        shared.scatter_add_(2, places.flatten(2), parts.flatten(2))
        step = values[:1] - values[1:]
        own = shared.sum(0, keepdim=True).view_as(step)
        own = torch.where(step == 0, 0, own / torch.where(step == 0, 1, step))
        return torch.cat([own, torch.zeros_like(own)]), None


def rescale(values: Tensor, function: Any) -> Tensor:
    """Apply ``function`` cell by cell, with the rescale rule: (2, …) -> (2, …)."""
    made: Tensor = _Rescale.apply(values, function)
    return made


def product(first: Tensor, second: Tensor) -> Tensor:
    """Multiply two values that both depend on the picture."""
    made: Tensor = _Product.apply(first, second)
    return made


def max_pool(values: Tensor, options: dict[str, Any]) -> Tensor:
    """Take maxima, with DeepExplainer's rule."""
    made: Tensor = _MaxPool.apply(values, options)
    return made


def layer_norm(values: Tensor, module: nn.LayerNorm, axis: int) -> Tensor:
    """Normalise along ``axis``, from parts that have rules: centre, square, 1 / root, product."""
    centred = values - values.mean(axis, keepdim=True)
    variance = product(centred, centred).mean(axis, keepdim=True)
    scale = rescale(variance, lambda value: (value + module.eps).rsqrt())
    shape = [-1 if k == axis % values.dim() else 1 for k in range(values.dim())]
    return product(centred, scale) * module.weight.view(shape) + module.bias.view(shape)


class Differences(fx.Interpreter):
    """Runs a traced network on (picture, reference) with a rule for every step."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph.module)
        self.steps = {graph.nodes[layer.name]: layer for layer in graph.layers}
        self.last = graph.nodes[logits(graph)]
        self.found = torch.empty(0)

    def logits(self, both: Tensor) -> Tensor:
        """Compute the logits: (2, C, H, W) -> (2, classes)."""
        self.run(both)
        return self.found.flatten(1)

    def run_node(self, n: fx.Node) -> Any:
        """Run one step, by its rule where it is not linear."""
        value = self._by_rule(n)
        if n.name == self.last:
            self.found = value
        return value

    def _by_rule(self, n: fx.Node) -> Any:
        layer = self.steps.get(n.name)
        if layer is None or layer.op not in RULES:
            return super().run_node(n)
        args, kwargs = self.fetch_args_kwargs_from_env(n)
        if layer.op == "multiply":
            return product(args[0], args[1])
        if layer.op == "max_pool":
            names = ("kernel_size", "stride", "padding", "ceil_mode")
            return max_pool(args[0], {name: layer.attributes[name] for name in names})
        if layer.op == "layer_norm":
            module = self.fetch_attr(str(n.target))
            return layer_norm(args[0], module, 1 if isinstance(module, LayerNorm2d) else -1)
        return rescale(args[0], lambda x: getattr(self, n.op)(n.target, (x, *args[1:]), kwargs))
