"""One value of one layer, and the values and weights that it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from visualizer.runtime.graph import Layer

Array = NDArray[np.float32]
Numbers = NDArray[np.float64]
Cells = NDArray[np.int64]
Family = Literal["sum", "max", "unary", "norm", "join", "softmax", "input"]


@dataclass(frozen=True)
class Place:
    """A cell that is asked about, and where to read what it is made of.

    ``maps`` gives a layer's values (C, H, W); ``weights`` gives, by dotted path, the part of an
    array that belongs to one output channel. ``normalise`` is (mean, std) of the input's channel.
    """

    layer: Layer
    channel: int
    row: int
    column: int
    sources: tuple[Layer, ...]
    maps: Callable[[str], Array]
    weights: Callable[[str, int], Array]
    normalise: tuple[float, float]

    def own(self) -> dict[str, Numbers]:
        """Read the weights of the cell's channel by their last names, ``weight`` or ``bias``."""
        return {
            name.rpartition(".")[2]: np.asarray(self.weights(name, self.channel), np.float64)
            for name in self.layer.weights
        }


@dataclass(frozen=True)
class Patch:
    """The cells of one layer that a value is made of: all of ``channels`` x ``rows`` x ``columns``.

    Shapes: ``inputs`` and ``weights`` (channels, rows, columns). Rows and columns outside the
    layer's map are padding; there ``inputs`` is 0.
    """

    layer: str
    channels: Cells
    rows: Cells
    columns: Cells
    inputs: Numbers
    weights: Numbers
    size: tuple[int, int]  # height and width of the layer's map

    @property
    def row_inside(self) -> NDArray[np.bool_]:
        """Tell which rows lie in the map: (rows,)."""
        return (self.rows >= 0) & (self.rows < self.size[0])

    @property
    def column_inside(self) -> NDArray[np.bool_]:
        """Tell which columns lie in the map: (columns,)."""
        return (self.columns >= 0) & (self.columns < self.size[1])

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Tell which cells lie in the map: (rows, columns)."""
        return self.row_inside[:, None] & self.column_inside[None, :]

    @property
    def products(self) -> Numbers:
        """Multiply inputs by weights; padding gives 0."""
        return np.where(self.inside, self.inputs * self.weights, 0.0)

    @property
    def sums(self) -> Numbers:
        """Add the products of each channel: (channels,)."""
        return self.products.sum(axis=(1, 2))


@dataclass(frozen=True)
class Arithmetic:
    """How a value is worked out, in double precision.

    Where ``adds`` is set, the value is the sum of all products of ``patches``, plus ``bias``.
    ``constants`` are the other numbers of the ``formula``, by name; ``note`` says what the formula
    leaves open.
    """

    family: Family
    patches: tuple[Patch, ...]
    value: float
    formula: str
    adds: bool = False
    bias: float | None = None
    before: float | None = None
    constants: tuple[tuple[str, float], ...] = ()
    note: str = ""

    def cells(self) -> Iterator[tuple[str, int, int, int, float]]:
        """Go through all inputs inside the maps: layer, channel, row, column, value."""
        for patch in self.patches:
            inside = patch.inside
            for k, channel in enumerate(patch.channels.tolist()):
                for i, row in enumerate(patch.rows.tolist()):
                    for j, column in enumerate(patch.columns.tolist()):
                        if inside[i, j]:
                            yield patch.layer, channel, row, column, float(patch.inputs[k, i, j])


def patch(
    place: Place,
    source: Layer,
    channels: range,
    rows: Any,
    columns: Any,
    weights: Numbers | float = 1.0,
) -> Patch:
    """Read ``channels`` x ``rows`` x ``columns`` of ``source``; what lies outside reads 0."""
    maps = place.maps(source.name)
    _, height, width = maps.shape
    row_cells, column_cells = np.asarray(rows, np.int64), np.asarray(columns, np.int64)
    taken = maps[channels.start : channels.stop]
    taken = taken[:, row_cells.clip(0, height - 1)][:, :, column_cells.clip(0, width - 1)]
    values = taken.astype(np.float64)
    made = Patch(
        source.name,
        np.arange(channels.start, channels.stop),
        row_cells,
        column_cells,
        values,
        np.broadcast_to(np.asarray(weights, np.float64), values.shape),
        (height, width),
    )
    values[:, ~made.inside] = 0
    return made


def cell_patch(place: Place, source: Layer, weight: float = 1.0) -> Patch:
    """Read the one cell of ``source`` at the same place; a side of 1 serves all (broadcast)."""
    channels, height, width = source.output_shape
    channel = place.channel if channels > 1 else 0
    row = place.row if height > 1 else 0
    column = place.column if width > 1 else 0
    return patch(place, source, range(channel, channel + 1), [row], [column], weight)
