"""One gradient by a layer's value, and what made it: the chain rule, one layer at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import GeometryError, VisualizerError
from visualizer.runtime.graph import INPUT, SOFTMAX
from visualizer.runtime.training.backward_rules import RULES, Reader, Term, elementwise

if TYPE_CHECKING:
    from visualizer.runtime.training.explained_step import ExplainedStep

Array = NDArray[np.float32]
Cell = tuple[int, int, int]


@dataclass(frozen=True)
class Origin:
    """A gradient by one value, as the sum of what its readers pass back.

    ``value`` is autograd's. ``terms`` hold products of an upstream gradient and a factor, the
    largest first; for a logit there are none, but ``probability``, ``target`` and ``pictures``:
    there the gradient is ``(p - t) / n``. ``activation`` is the value itself.
    """

    layer: str
    picture: int
    cell: Cell
    value: float
    activation: float
    terms: tuple[Term, ...] = ()
    readers: tuple[str, ...] = ()
    probability: float | None = None
    target: float | None = None
    pictures: int | None = None


def origin(step: ExplainedStep, layer: str, picture: int, cell: Cell) -> Origin:
    """Say what made the loss's gradient by one value of ``layer``, (channel, row, column).

    Raises:
        UnknownNameError: no such layer.
        GeometryError: no such picture in the batch, or no such cell in the layer.
        VisualizerError: the value is read by a kind of layer that is not taken apart.

    Source: the chain rule as in Rumelhart, Hinton & Williams, Nature 323, 1986.
    """
    graph = step.start.graph
    readers = [one for one in graph.layers if layer in one.inputs]
    ends = any(one.name == SOFTMAX for one in readers)
    others = [one for one in readers if one.name != SOFTMAX]
    found = step.maps_of([layer, *(one.name for one in others)])
    values, gradients = found[layer]
    _check(layer, picture, cell, values.shape)
    place = (picture, *cell)
    value, activation = float(gradients[place]), float(values[place])
    if ends:
        share = float(step.probabilities[picture, cell[0]])
        target = float(step.targets[picture, cell[0]])
        count = len(step.labels)
        return Origin(layer, picture, cell, value, activation, (), (), share, target, count)
    terms: list[Term] = []
    for one in others:
        rule = RULES.get(one.op, elementwise)
        made, passed_back = found[one.name]
        reader = Reader(graph, one, layer, values, value, made, passed_back, picture, cell)
        for position, name in enumerate(one.inputs):
            if name == layer:
                terms += rule(reader, position)
    terms.sort(key=lambda term: -abs(term.product))
    names = tuple(one.name for one in others)
    return Origin(layer, picture, cell, value, activation, tuple(terms), names)


def _check(layer: str, picture: int, cell: Cell, shape: tuple[int, ...]) -> None:
    count, *sizes = shape
    if not 0 <= picture < count:
        raise GeometryError(f"The batch has no picture {picture}: it has {count}, from 0.")
    if layer == INPUT and len(sizes) != 3:
        raise VisualizerError("The pictures have no gradient here. Choose a layer.")
    if any(not 0 <= at < size for at, size in zip(cell, sizes, strict=True)):
        raise GeometryError(
            f"{layer} has no cell {cell}: it has {' × '.join(map(str, sizes))} (channels, rows, "
            "columns), counted from 0."
        )
