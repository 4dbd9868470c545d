"""From maps to classes: flatten, and the fully connected layer."""

from __future__ import annotations

from math import prod

from torch import nn

from visualizer.zoo.stack.record import (
    CLASSES,
    Cost,
    Kind,
    MisfitError,
    Parameter,
    Settings,
    Shape,
    number,
    written,
)

FAMILY = "Fully connected"
UNITS = Parameter("units", "Values", 1, 4096, CLASSES, counts_classes=True, leading=True)
BIAS = Parameter("bias", "Bias", 0, 1, 1, flag=True)


def _flat(_settings: Settings, shape: Shape) -> Shape:
    if len(shape) == 1:
        raise MisfitError(f"Here come {written(shape)} already.", "Take Flatten out.")
    return (prod(shape),)


def _connected(settings: Settings, shape: Shape) -> Shape:
    if len(shape) != 1:
        pooled = shape[1:] == (1, 1)
        one = "Flatten" if pooled else "Flatten, or Global average pooling and Flatten,"
        raise MisfitError(
            f"Fully connected needs values in a row; here come {written(shape)}.",
            f"Put {one} before it.",
        )
    return (number(settings, "units"),)


def _linear(settings: Settings, shape: Shape) -> nn.Module:
    return nn.Linear(shape[0], number(settings, "units"), bias=bool(settings["bias"]))


def _cost(settings: Settings, shape: Shape) -> Cost:
    units = number(settings, "units")
    weights = shape[0] * units
    return Cost(weights + units * bool(settings["bias"]), weights, units)


KINDS = (
    Kind(
        "flatten",
        "Flatten",
        "All maps become one row of values: where they were is no longer said.",
        _flat,
        lambda _settings, _shape: nn.Flatten(),
        family=FAMILY,
    ),
    Kind(
        "linear",
        "Fully connected",
        "Every output sees every input, each by a weight of its own.",
        _connected,
        _linear,
        (UNITS, BIAS),
        _cost,
        FAMILY,
    ),
)
