"""How far a cell of any layer sees: its receptive field through the whole network."""

from __future__ import annotations

from visualizer.errors import GeometryError
from visualizer.maths.receptive_field import (
    Intervals,
    identity,
    through_bins,
    through_window,
    union,
    whole,
)
from visualizer.runtime.graph import INPUT, Graph, Layer
from visualizer.runtime.model import Model

WINDOWS = ("conv2d", "max_pool", "avg_pool")
ROWS, COLUMNS = 0, 1


def receptive_field(model: Model, layer: str, row: int, column: int) -> tuple[int, int, int, int]:
    """Find the input pixels that one cell of ``layer`` depends on: (top, left, height, width).

    Units: pixels of the network's input. The box is the true one through every branch and is not
    cut at the border: what lies outside the input is padding, so ``top`` can be negative.

    Raises:
        UnknownNameError: no such layer; the nearest names are listed.
        GeometryError: the cell lies outside the map.
    """
    _, height, width = model.layer(layer).output_shape
    if not (0 <= row < height and 0 <= column < width):
        raise GeometryError(
            f"Cell ({row}, {column}) is outside {layer}, whose map is {height} x {width}: "
            f"rows 0 to {height - 1}, columns 0 to {width - 1}."
        )
    top, bottom = (int(cell) for cell in receptive_intervals(model.graph, layer, ROWS)[row])
    left, right = (int(cell) for cell in receptive_intervals(model.graph, layer, COLUMNS)[column])
    return top, left, bottom - top + 1, right - left + 1


def receptive_intervals(graph: Graph, layer: str, axis: int) -> Intervals:
    """Find, for every row (axis 0) or column (axis 1) of a map, the input rows or columns it sees.

    Shapes: -> (height or width of the map, 2): first and last, both included, unclipped.
    """
    size = graph[layer].output_shape[1 + axis]
    seen: dict[str, Intervals] = {layer: identity(size)}
    for step in reversed(graph.layers):
        if step.name not in seen or step.name == INPUT:
            continue
        after = seen.pop(step.name)
        for source in step.inputs:
            before = _back(step, graph[source], after, axis)
            seen[source] = union(seen[source], before) if source in seen else before
    return seen[INPUT]


def _back(step: Layer, source: Layer, after: Intervals, axis: int) -> Intervals:
    before_size, after_size = source.output_shape[1 + axis], step.output_shape[1 + axis]
    if step.op in WINDOWS:
        settings = {
            name: step.attributes[name][axis]
            for name in ("kernel_size", "stride", "padding", "dilation")
            if name in step.attributes
        }
        return through_window(after, **settings)
    if step.op == "pad":
        return after - step.attributes["before"][axis]
    if step.op == "adaptive_avg_pool":
        return through_bins(after, input_size=before_size, output_size=after_size)
    if step.op == "flatten" or (before_size == 1 and after_size > 1):  # all cells; broadcast
        return whole(len(after), before_size)
    return after
