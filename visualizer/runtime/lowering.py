"""Which step each PyTorch module, function and method is, with its settings.

One line per kind of layer: a network with another kind needs its line here, its emission in
``onnx_export`` and its receptive field in ``maths``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from torchvision.models.convnext import LayerNorm2d
from torchvision.ops import StochasticDepth, stochastic_depth

Pair = tuple[int, int]


@dataclass(frozen=True)
class Step:
    """What one step does; ``weights`` names its arrays, ``counted`` those that are parameters."""

    op: str
    kind: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    weights: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()


def pair(value: Any) -> Pair:
    """Write ``3`` and ``(3, 3)`` alike."""
    height, width = value if isinstance(value, tuple | list) else (value, value)
    return int(height), int(width)


def _arrays(module: nn.Module, name: str, *candidates: str) -> tuple[str, ...]:
    return tuple(f"{name}.{c}" for c in candidates if getattr(module, c, None) is not None)


def _convolution(module: Any, name: str) -> Step:
    if module.padding_mode != "zeros" or isinstance(module.padding, str):
        raise NotImplementedError(f"{name}: padding {module.padding}, {module.padding_mode}")
    settings = {
        key: pair(getattr(module, key)) for key in ("kernel_size", "stride", "padding", "dilation")
    }
    weights = _arrays(module, name, "weight", "bias")
    return Step("conv2d", "convolution", {**settings, "groups": module.groups}, weights, weights)


def _batch_norm(module: Any, name: str) -> Step:
    weights = _arrays(module, name, "weight", "bias", "running_mean", "running_var")
    return Step("batch_norm", "batch normalisation", {"eps": module.eps}, weights, weights[:2])


def _layer_norm(module: Any, name: str) -> Step:
    weights = _arrays(module, name, "weight", "bias")
    return Step("layer_norm", "layer normalisation", {"eps": module.eps}, weights, weights)


def _linear(module: Any, name: str) -> Step:
    weights = _arrays(module, name, "weight", "bias")
    return Step("linear", "fully connected", {}, weights, weights)


def _pool(
    op: str, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False
) -> Step:
    settings = {
        "kernel_size": pair(kernel_size),
        "stride": pair(kernel_size if stride is None else stride),
        "padding": pair(padding),
        "ceil_mode": bool(ceil_mode),
    }
    return Step(op, {"max_pool": "max pooling", "avg_pool": "average pooling"}[op], settings)


def _max_pool(
    _x: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
    ceil_mode: bool = False, return_indices: bool = False,
) -> Step:  # fmt: skip
    if pair(dilation) != (1, 1) or return_indices:
        raise NotImplementedError("max pooling with dilation or indices")
    return _pool("max_pool", kernel_size, stride, padding, ceil_mode)


def _avg_pool(
    _x: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True, divisor_override: int | None = None,
) -> Step:  # fmt: skip
    if divisor_override or not count_include_pad:
        raise NotImplementedError("average pooling that leaves its padding out")
    return _pool("avg_pool", kernel_size, stride, padding, ceil_mode)


def _adaptive(output_size: Any) -> Step:
    return Step("adaptive_avg_pool", "adaptive average pooling", {"output_size": pair(output_size)})


def _zero_pad(module: Any, _name: str) -> Step:
    left, right, top, bottom = module.padding
    return Step("pad", "zero padding", {"before": (top, left), "after": (bottom, right)})


def _module(op: str, kind: str) -> Callable[[Any, str], Step]:
    return lambda _module, _name: Step(op, kind)


def _function(op: str, kind: str) -> Callable[..., Step]:
    return lambda *_inputs, **_options: Step(op, kind)


def _gelu(module: Any, _name: str) -> Step:
    return Step("gelu", "GELU", {"approximate": module.approximate})


def _concatenate(_inputs: Any, dim: int = 0) -> Step:
    if dim not in (1, -3):
        raise NotImplementedError("concatenation along another axis than the channels")
    return Step("concatenate", "concatenation")


def _permute(_x: Any, *dims: Any) -> Step:
    order = dims[0] if len(dims) == 1 else dims
    return Step("permute", "permute", {"dims": tuple(order)})


MODULES: Mapping[type[nn.Module], Callable[[Any, str], Step]] = {
    nn.Conv2d: _convolution,
    nn.BatchNorm2d: _batch_norm,
    nn.LayerNorm: _layer_norm,
    LayerNorm2d: _layer_norm,
    nn.Linear: _linear,
    nn.ReLU: _module("relu", "ReLU"),
    nn.ReLU6: _module("relu6", "ReLU6"),
    nn.SiLU: _module("silu", "SiLU"),
    nn.GELU: _gelu,
    nn.Hardswish: _module("hardswish", "Hardswish"),
    nn.Hardsigmoid: _module("hardsigmoid", "Hardsigmoid"),
    nn.Sigmoid: _module("sigmoid", "sigmoid"),
    nn.Tanh: _module("tanh", "tanh"),
    nn.MaxPool2d: lambda m, _n: _max_pool(
        None, m.kernel_size, m.stride, m.padding, m.dilation, m.ceil_mode, m.return_indices
    ),
    nn.AvgPool2d: lambda m, _n: _avg_pool(
        None, m.kernel_size, m.stride, m.padding, m.ceil_mode, m.count_include_pad,
        m.divisor_override,
    ),
    nn.AdaptiveAvgPool2d: lambda m, _n: _adaptive(m.output_size),
    nn.ZeroPad2d: _zero_pad,
    nn.Flatten: _module("flatten", "flatten"),
    nn.Dropout: _module("identity", "dropout"),
    StochasticDepth: _module("identity", "stochastic depth"),
    nn.Identity: _module("identity", "identity"),
}  # fmt: skip

FUNCTIONS: Mapping[Any, Callable[..., Step]] = {
    operator.add: _function("add", "add"),
    torch.add: _function("add", "add"),
    operator.mul: _function("multiply", "multiply"),
    torch.mul: _function("multiply", "multiply"),
    torch.cat: _concatenate,
    torch.flatten: _function("flatten", "flatten"),
    torch.permute: _permute,
    torch.softmax: _function("softmax", "softmax"),
    functional.relu: _function("relu", "ReLU"),
    functional.dropout: _function("identity", "dropout"),
    functional.max_pool2d: _max_pool,
    functional.avg_pool2d: _avg_pool,
    functional.adaptive_avg_pool2d: lambda _x, size: _adaptive(size),
    stochastic_depth: _function("identity", "stochastic depth"),
}

METHODS: Mapping[str, Callable[..., Step]] = {
    "flatten": _function("flatten", "flatten"),
    "permute": _permute,
}

IN_PLACE: Mapping[Any, Any] = {operator.iadd: operator.add, operator.imul: operator.mul}
