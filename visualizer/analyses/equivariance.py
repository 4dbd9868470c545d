"""Whether a layer's maps follow when the input moves: convolution's promise, measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.receptive_field import COLUMNS, ROWS, receptive_intervals
from visualizer.errors import VisualizerError
from visualizer.runtime.graph import INPUT
from visualizer.runtime.model import Model
from visualizer.runtime.picture import PictureSource

Array = NDArray[np.float32]


class BorderError(VisualizerError):
    """No cell of a layer is away from the border: there is nothing to compare."""


@dataclass(frozen=True)
class Equivariance:
    """How well a layer's maps follow a shift of the input by ``cells`` of their own.

    ``error`` is ``|moved maps - maps of the moved input| / |moved maps|`` over the ``compared``
    cells of a channel whose receptive field holds no border; ``still`` is the same for maps that
    had stayed where they were. Units: ``shift_px`` in pixels of the network's input.
    """

    layer: str
    cells: int
    shift_px: tuple[int, int]
    error: float
    still: float
    compared: int


def equivariance(
    model: Model,
    picture: PictureSource,
    layer: str | None = None,
    cells: int = 1,
    *,
    framing: str = "crop",
) -> Equivariance:
    """Shift the input down and right by ``cells`` strides of a layer and compare its maps.

    ``layer=None`` takes the first convolution.

    Raises:
        UnknownNameError: no such layer; the nearest names are listed.
        BorderError: no cell is away from the border.
        PictureError: the file is no picture.

    Source: I. Goodfellow et al., Deep Learning, section 9.2, on equivariance.
    """
    batch = model.preprocess(picture, framing).numpy()
    return measured(model, batch, layer or first_convolution(model), cells)


def first_convolution(model: Model) -> str:
    """Name the first convolution."""
    return next(layer.name for layer in model.graph.layers if layer.op == "conv2d")


def measured(model: Model, batch: Array, layer: str, cells: int = 1) -> Equivariance:
    """Do as :func:`equivariance`, given the network's input (1, C, H, W)."""
    graph, found = model.graph, model.layer(layer)
    _, height, width = graph[INPUT].output_shape
    rows, row_px = _inside(receptive_intervals(graph, found.name, ROWS), height, cells)
    columns, column_px = _inside(receptive_intervals(graph, found.name, COLUMNS), width, cells)
    if not (len(rows) and len(columns)):
        raise BorderError(
            f"Every cell of {layer} sees the border when the input moves by {cells} of its cells. "
            "Choose an earlier layer or a smaller shift."
        )
    moved = np.zeros_like(batch)
    moved[:, :, row_px:, column_px:] = batch[:, :, : height - row_px, : width - column_px]
    before = model.values(batch, [layer])[layer][0]
    after = model.values(moved, [layer])[layer][0]
    expected = before[:, rows][:, :, columns].astype(np.float64)
    here = after[:, rows + cells][:, :, columns + cells]
    stayed = before[:, rows + cells][:, :, columns + cells]
    size = float(np.linalg.norm(expected)) or 1.0
    return Equivariance(
        layer,
        cells,
        (row_px, column_px),
        float(np.linalg.norm(here - expected)) / size,
        float(np.linalg.norm(stayed - expected)) / size,
        len(rows) * len(columns),
    )


def changed_by_a_pixel(model: Model, batch: Array, layers: Sequence[str]) -> list[float]:
    """Move the input (1, C, H, W) one pixel down and right: how much do maps change in place?

    ``|maps of the moved input - maps| / |maps|`` of each layer, over all of its cells; the first
    row and column of the picture are repeated at the border. Pooling makes it smaller, convolution
    alone need not.

    Raises:
        UnknownNameError: no such layer.

    Source: I. Goodfellow et al., Deep Learning, section 9.3, on invariance.
    """
    moved = np.pad(batch[:, :, :-1, :-1], ((0, 0), (0, 0), (1, 0), (1, 0)), mode="edge")
    before, after = model.values(batch, layers), model.values(moved, layers)
    sizes = [float(np.linalg.norm(before[layer])) or 1.0 for layer in layers]
    return [
        float(np.linalg.norm(after[layer] - before[layer])) / size
        for layer, size in zip(layers, sizes, strict=True)
    ]


def _inside(seen: NDArray[np.int64], size: int, cells: int) -> tuple[NDArray[np.int64], int]:
    """Find the rows that see no border, before and after the move, and the move in pixels."""
    if not 1 <= cells < len(seen):
        return np.zeros(0, np.int64), 0
    step = int(seen[cells, 0] - seen[0, 0])
    here, there = seen[:-cells], seen[cells:]
    clear = (here[:, 0] >= 0) & (there[:, 1] < size) & (there[:, 0] - here[:, 0] == step)
    return np.flatnonzero(clear), step
