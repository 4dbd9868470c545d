"""The registry records: a transform of the menu and the numbers it is set by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torchvision.transforms import v2

Value = float | int | bool | str | tuple[float, float]
Values = Mapping[str, Value]
Told = tuple[str, dict[str, Any]]  # words for the screen, and the same as numbers
Family = Literal["imagenet", "mnist", "fashion_mnist", "cifar10"]


@dataclass(frozen=True)
class Parameter:
    """One setting of a transform, named and meant as in torchvision.

    ``kind`` is number, whole, range (two numbers in order), choice or flag. ``official`` is
    torchvision's own default where the one here differs; ``choices`` pairs each word with what
    torchvision gets.
    """

    name: str
    title: str
    kind: Literal["number", "whole", "range", "choice", "flag"]
    default: Value
    minimum: float = 0
    maximum: float = 1
    step: float = 0.01
    unit: str = ""
    sentence: str = ""
    official: Value | None = None
    choices: tuple[tuple[str, Any], ...] = ()

    @property
    def whole(self) -> bool:
        """Tell whether only whole numbers are legal."""
        return self.kind == "whole" or (self.kind == "range" and isinstance(self.step, int))


@dataclass(frozen=True)
class Caution:
    """Where a transform can change what the picture shows, and what to do about it."""

    families: tuple[Family, ...]
    sentence: str
    applies: Callable[[Values], bool] = lambda _values: True


def as_given(values: Values) -> dict[str, Any]:
    """Hand the settings to torchvision under their own names."""
    return dict(values)


def tell_nothing(_params: Mapping[str, Any], _values: Values) -> Told:
    """Describe a transform that draws nothing."""
    return "", {}


@dataclass(frozen=True)
class Transform:
    """One transform of torchvision v2.

    ``chance`` is the usual probability; ``own_chance`` tells that torchvision's class takes ``p``
    itself (others are wrapped in ``v2.RandomApply``). ``arguments`` turns settings into those of
    torchvision's class, ``kind`` is a class that draws and computes the same and tells more.
    ``boxes`` tells whether boxes and masks move along, ``late`` whether random numbers are drawn
    while the picture is changed, not before.
    """

    id: str
    title: str
    group: str
    sentence: str
    torchvision: str
    parameters: tuple[Parameter, ...] = ()
    chance: float = 1.0
    own_chance: bool = False
    tell: Callable[[Mapping[str, Any], Values], Told] = tell_nothing
    arguments: Callable[[Values], dict[str, Any]] = as_given
    kind: type[v2.Transform] | None = None
    cautions: tuple[Caution, ...] = ()
    boxes: bool = True
    pair: bool = False
    late: bool = False

    def keywords(self, values: Values, probability: float) -> dict[str, Any]:
        """Give the keyword arguments of torchvision's class."""
        settled = dict(values)
        for parameter in self.parameters:
            if parameter.choices:
                settled[parameter.name] = dict(parameter.choices)[str(values[parameter.name])]
        chance = {"p": probability} if self.own_chance else {}
        return {**self.arguments(settled), **chance}

    def make(self, values: Values, probability: float) -> v2.Transform:
        """Build torchvision's transform."""
        kind = self.kind or getattr(v2, self.torchvision)
        keywords = self.keywords(values, probability)
        if "fill" in keywords:  # a colour for the picture, nothing for masks
            keywords["fill"] = {torch.Tensor: keywords["fill"], "others": 0}
        return kind(**keywords)


MEAN_COLOUR = (124, 116, 104)  # ImageNet's mean: becomes about 0 when a network normalises
FILL = Parameter(
    "fill",
    "Border",
    "choice",
    "mean",
    sentence="The colour of what lies outside the picture; torchvision fills black by itself.",
    official="black",
    choices=(("mean", MEAN_COLOUR), ("black", 0), ("grey", 128), ("white", 255)),
)
INTERPOLATION = Parameter(
    "interpolation",
    "Interpolation",
    "choice",
    "bilinear",
    sentence="Between pixels: bilinear is smooth; nearest, torchvision's default, leaves steps.",
    official="nearest",
    choices=(
        ("bilinear", v2.InterpolationMode.BILINEAR),
        ("nearest", v2.InterpolationMode.NEAREST),
    ),
)
SMOOTH = Parameter(
    "interpolation", "Interpolation", "choice", "bilinear", choices=INTERPOLATION.choices
)
