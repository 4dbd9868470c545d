"""A stack with its shapes: described row by row, or built as a network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from torch import nn

from visualizer.errors import StackError
from visualizer.zoo.stack.grammar import Piece
from visualizer.zoo.stack.record import CLASSES, Cost, MisfitError, Settings, Shape, written

PARAMETERS_MOST = 2_000_000
MACS_MOST = 50_000_000
VALUES_MOST = 1_500_000  # kept for the way back, one picture; times the batch, times 4 bytes
CLASSES_MOST = 100


@dataclass(frozen=True)
class Row:
    """A layer of a stack as it is shown; ``place`` counts from 0, and is the module's name.

    Shapes: ``output_shape`` is (channels, height, width), or (values,) behind a flatten; None from
    the first misfit on, where ``error`` says what does not fit and ``way_out`` what would.
    """

    place: int
    kind: str
    title: str
    text: str
    output_shape: Shape | None
    parameters: int
    macs: int
    error: str | None = None
    way_out: str | None = None


@dataclass(frozen=True)
class _Fitted:
    """A layer that fits: its settings with the number of classes filled in, and its shapes."""

    piece: Piece
    settings: Settings
    before: Shape
    after: Shape
    cost: Cost


def describe_stack(
    stack: Sequence[Piece], input_shape: tuple[int, int, int], classes: int
) -> tuple[Row, ...]:
    """List the layers with their shapes, parameters and MACs (of one picture), up to a misfit."""
    rows: list[Row] = []
    misfit: MisfitError | None = None
    try:
        for one in _fitted(stack, input_shape, classes):
            rows.append(_row(len(rows), one.piece, one.after, one.cost))
    except MisfitError as error:
        misfit = error
    for place in range(len(rows), len(stack)):
        rows.append(_row(place, stack[place], None, Cost()))
    if misfit is not None and rows:
        place = len(rows) - 1 if misfit.place is None else misfit.place
        found = rows[place]
        rows[place] = Row(
            found.place, found.kind, found.title, found.text, found.output_shape,
            found.parameters, found.macs, misfit.what, misfit.way_out,
        )  # fmt: skip
    return tuple(rows)


def build_stack(
    stack: Sequence[Piece], input_shape: tuple[int, int, int], classes: int
) -> nn.Sequential:
    """Build the network, one module a layer, named "0", "1" and so on.

    Weights are drawn from PyTorch's generator, as its modules do.

    Shapes: it takes (n, *input_shape) and gives logits (n, classes).

    Raises:
        StackError: a layer does not fit, or the network is too large: says where and what would.
    """
    if not stack:
        raise StackError("The stack has no layers. Begin with flatten;linear(classes).")
    try:
        fitted = list(_fitted(stack, input_shape, classes))
    except MisfitError as error:
        if error.place is None:
            raise
        where = f"Layer {error.place + 1}, {stack[error.place].text}"
        raise MisfitError(f"{where}: {error.what}", error.way_out, error.place) from None
    return nn.Sequential(*(one.piece.record.make(one.settings, one.before) for one in fitted))


def _fitted(
    stack: Sequence[Piece], input_shape: tuple[int, int, int], classes: int
) -> Iterator[_Fitted]:
    """Follow the shapes through the stack, and its sums.

    Raises:
        MisfitError: at the first layer that does not fit, or takes a sum over its limit.
    """
    shape: Shape = tuple(input_shape)
    total = Cost()
    for place, piece in enumerate(stack):
        settings = {
            name: classes if value == CLASSES else value for name, value in piece.settings.items()
        }
        try:
            after = piece.record.shape(settings, shape)
            cost = piece.record.cost(settings, shape)
            total = _sum(total, cost)
            _refuse_large(total)
        except MisfitError as error:
            error.place = place
            raise
        yield _Fitted(piece, settings, shape, after, cost)
        shape = after
    _refuse_end(stack, shape, classes, total)


def _sum(total: Cost, cost: Cost) -> Cost:
    return Cost(
        total.parameters + cost.parameters, total.macs + cost.macs, total.values + cost.values
    )


def _refuse_large(total: Cost) -> None:
    for found, most, what in (
        (total.parameters, PARAMETERS_MOST, "parameters"),
        (total.macs, MACS_MOST, "multiplications a picture"),
        (total.values, VALUES_MOST, "values a picture to keep for the way back"),
    ):
        if found > most:
            raise MisfitError(
                f"Up to here the network has {found:,} {what}; the limit is {most:,}.",
                "Use fewer channels or values, or make the maps smaller earlier, by pooling or a "
                "stride.",
            )


def _refuse_end(stack: Sequence[Piece], shape: Shape, classes: int, total: Cost) -> None:
    place = len(stack) - 1
    if len(shape) != 1:
        raise MisfitError(
            f"The network ends with {written(shape)}; it needs one value for each class.",
            "End with Flatten and Fully connected (classes), or put Global average pooling before "
            "them.",
            place,
        )
    if shape != (classes,):
        raise MisfitError(
            f"The network ends with {shape[0]} values, and there are {classes} classes.",
            "End with Fully connected (classes).",
            place,
        )
    if not total.parameters:
        raise MisfitError(
            "No layer has parameters, so there is nothing to learn.",
            "Add Fully connected (classes).",
            place,
        )


def _row(place: int, piece: Piece, shape: Shape | None, cost: Cost) -> Row:
    title = piece.record.title
    return Row(place, piece.kind, title, piece.text, shape, cost.parameters, cost.macs)
