"""Any value of any layer as the arithmetic that made it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from visualizer.analyses.arithmetic import check, work_out
from visualizer.analyses.arithmetic.place import Arithmetic
from visualizer.runtime.model import Model
from visualizer.runtime.picture import PictureSource


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of one layer."""

    layer: str
    channel: int
    row: int
    column: int
    value: float


@dataclass(frozen=True, slots=True)
class Term:
    """One product of a sum; ``cell`` is None in the padding, where ``value`` is 0."""

    cell: Cell | None
    value: float
    weight: float
    product: float


@dataclass(frozen=True)
class Trace:
    """A value of a network and what made it.

    ``value`` is what the network computed (float32), ``recomputed`` what ``inputs`` and weights
    give in double precision. Where the step is a sum, ``terms`` plus ``bias`` make up
    ``recomputed``; otherwise ``terms`` is empty. A batch normalisation is the sum slope · x +
    offset. ``formula`` has the numbers put in, ``constants`` holds those of them that are neither
    inputs nor weights, ``note`` says in words what the formula leaves open.
    """

    value: float
    terms: tuple[Term, ...] = field(repr=False)
    bias: float | None
    inputs: tuple[Cell, ...] = field(repr=False)
    formula: str
    layer: str
    channel: int
    row: int
    column: int
    kind: str
    op: str
    recomputed: float
    constants: dict[str, float]
    note: str


def trace(
    model: Model,
    picture: PictureSource,
    layer: str,
    channel: int,
    row: int = 0,
    column: int = 0,
    *,
    framing: str = "crop",
) -> Trace:
    """Work out one value of ``layer``; each of its inputs can be traced in turn, down to pixels.

    Raises:
        UnknownNameError: no such layer; the nearest names are listed.
        GeometryError: the cell lies outside the map.
        PictureError: the file is no picture.
    """
    step = model.layer(layer)
    check(layer, step.output_shape, (channel, row, column))
    values = model.values(model.preprocess(picture, framing), {layer, *step.inputs})
    work = work_out(model, lambda name: values[name][0], layer, channel, row, column)
    return Trace(
        value=float(values[layer][0, channel, row, column]),
        terms=_terms(work) if work.adds else (),
        bias=work.bias,
        inputs=tuple(Cell(*cell) for cell in work.cells()),
        formula=work.formula,
        layer=layer,
        channel=channel,
        row=row,
        column=column,
        kind=step.kind,
        op=step.op,
        recomputed=work.value,
        constants=dict(work.constants),
        note=work.note,
    )


def _terms(work: Arithmetic) -> tuple[Term, ...]:
    terms = []
    for patch in work.patches:
        inside, inputs, weights = patch.inside, patch.inputs, patch.weights
        for k, i, j in np.ndindex(inputs.shape):
            value, weight = float(inputs[k, i, j]), float(weights[k, i, j])
            cell = None
            if inside[i, j]:
                channel, row, column = patch.channels[k], patch.rows[i], patch.columns[j]
                cell = Cell(patch.layer, int(channel), int(row), int(column), value)
            terms.append(Term(cell, value, weight, value * weight if cell else 0.0))
    return tuple(terms)
