"""Layers that keep every value in its place: nonlinearities, normalisation, dropout."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from torch import nn

from visualizer.zoo.stack.record import Cost, Kind, Parameter, Settings, Shape, refuse_vector

FAMILY = "Nonlinearities"
SHARE = Parameter("p", "Share switched off", 0, 0.9, 0.5, 0.05, leading=True)


def _same(_settings: Settings, shape: Shape) -> Shape:
    return shape


def _kept(_settings: Settings, shape: Shape) -> Cost:
    return Cost(values=prod(shape))


def _nonlinearity(name: str, title: str, sentence: str, module: Callable[[], nn.Module]) -> Kind:
    return Kind(
        name, title, sentence, _same, lambda _settings, _shape: module(), cost=_kept, family=FAMILY
    )


def _normalised(_settings: Settings, shape: Shape) -> Shape:
    refuse_vector("Batch normalisation", shape)
    return shape


KINDS = (
    _nonlinearity("relu", "ReLU", "Negative values become 0.", nn.ReLU),
    _nonlinearity("relu6", "ReLU6", "ReLU that stops at 6.", nn.ReLU6),
    _nonlinearity("tanh", "tanh", "Squeezes into −1 to 1, as in 1998; flat far out.", nn.Tanh),
    _nonlinearity("sigmoid", "Sigmoid", "Squeezes into 0 to 1; flat far out.", nn.Sigmoid),
    _nonlinearity("gelu", "GELU", "A ReLU with a soft corner, x Φ(x).", nn.GELU),
    _nonlinearity("silu", "SiLU", "A ReLU with a soft corner, x σ(x), also called swish.", nn.SiLU),
    Kind(
        "batchnorm",
        "Batch normalisation",
        "Each channel gets mean 0 and variance 1 over the batch, then a scale and a shift.",
        _normalised,
        lambda _settings, shape: nn.BatchNorm2d(shape[0]),
        cost=lambda _settings, shape: Cost(2 * shape[0], 0, prod(shape)),
        family="Regularisation",
    ),
    Kind(
        "dropout",
        "Dropout",
        "While training, each value is switched off by chance: nothing may rest on one alone.",
        _same,
        lambda settings, _shape: nn.Dropout(float(settings["p"])),
        (SHARE,),
        _kept,
        "Regularisation",
    ),
)
