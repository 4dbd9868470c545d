"""The records of a stack: a kind of layer, its parameters, and one layer with its settings."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from torch import nn

from visualizer.errors import StackError

CLASSES = "classes"  # stands for the number of classes, whatever the data

Value = int | float | str
Settings = Mapping[str, Value]
Shape = tuple[int, ...]  # (channels, height, width), or (values,) behind a flatten


@dataclass(frozen=True)
class Parameter:
    """One number of a layer, from ``low`` to ``high``; ``flag`` is 0 or 1, written no and yes.

    ``counts_classes`` tells that the word ``classes`` may stand for the number. Those that are
    ``leading`` are always written, first and without their names.
    """

    name: str
    title: str
    low: float
    high: float
    default: Value
    step: float = 1
    flag: bool = False
    counts_classes: bool = False
    leading: bool = False

    @property
    def whole(self) -> bool:
        """Tell whether only whole numbers are legal."""
        return self.step == int(self.step)


@dataclass(frozen=True)
class Cost:
    """What a layer costs: parameters, MACs for one picture, values kept for the way back."""

    parameters: int = 0
    macs: int = 0
    values: int = 0


@dataclass(frozen=True)
class Kind:
    """A kind of layer.

    ``shape(settings, input_shape)`` gives the output's shape or raises :class:`MisfitError`;
    ``make`` builds the module and ``cost`` counts it, both for an input that fits.
    """

    name: str
    title: str
    sentence: str
    shape: Callable[[Settings, Shape], Shape] = field(repr=False)
    make: Callable[[Settings, Shape], nn.Module] = field(repr=False)
    parameters: tuple[Parameter, ...] = ()
    cost: Callable[[Settings, Shape], Cost] = field(repr=False, default=lambda _s, _shape: Cost())
    family: str = ""


class MisfitError(StackError):
    """A layer that does not fit what comes before it: ``what`` is wrong, ``way_out`` would fit.

    ``place`` counts layers from 0; None where the stack as a whole is meant.
    """

    def __init__(self, what: str, way_out: str, place: int | None = None) -> None:
        super().__init__(f"{what} {way_out}")
        self.what, self.way_out, self.place = what, way_out, place


def checked(kind: Kind, parameter: Parameter, value: Value) -> Value:
    """Return a legal value in the parameter's own type.

    Raises:
        StackError: it is not legal.
    """
    where = f"{parameter.name} of {kind.name}"
    if parameter.counts_classes and value == CLASSES:
        return value
    if not _is_number(value):
        words = f" or {CLASSES}" if parameter.counts_classes else ""
        example = f"{where} is {str(value)[:20]!r}; it needs a number{words}, "
        raise StackError(f"{example}such as {kind.name}({parameter.name}={parameter.default}).")
    if not parameter.low <= value <= parameter.high:
        raise StackError(f"{where} is {value:g}; choose {parameter.low:g} to {parameter.high:g}.")
    if parameter.whole:
        if value != int(value):
            raise StackError(f"{where} is {value:g}; it needs a whole number.")
        return int(value)
    return float(value)


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def number(settings: Settings, name: str) -> int:
    """Read a whole number among settings in which the number of classes has been filled in."""
    return int(settings[name])


def written(shape: Shape) -> str:
    """Write a shape for a sentence: ``16 × 10 × 10 (channels × height × width)``."""
    if len(shape) == 1:
        return f"{shape[0]} values in a row"
    return f"{' × '.join(map(str, shape))} (channels × height × width)"


def refuse_vector(title: str, shape: Shape) -> None:
    """Refuse a layer of maps behind a flatten.

    Raises:
        MisfitError: there are no maps.
    """
    if len(shape) != 3:
        raise MisfitError(
            f"{title} needs maps with height and width; here come {written(shape)}.",
            f"Put {title} before Flatten.",
        )
