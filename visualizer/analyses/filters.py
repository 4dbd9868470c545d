"""What a layer has learned: its filters as arrays, and the small payload that shows them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import VisualizerError
from visualizer.maths.filters import filter_norms, kernel_norms, similarity_chain
from visualizer.runtime.graph import Graph, Layer
from visualizer.runtime.model import Model
from visualizer.runtime.weights import layer_weights

Array = NDArray[np.float32]
EXACT_WEIGHTS = 40_000  # below this, the overview is the weights themselves: 160 kB
KERNEL_CELLS = 160_000  # above it, a kernel is shown by its norm, one cell each
OVERVIEW_CELLS = 420_000
FINE_CELLS = 64_000
FINE_STEPS, COARSE_STEPS = 127, 31  # from 0 to the filter's largest weight
ALIKE_PRODUCTS = 10**11  # a second or two


@dataclass(frozen=True)
class FilterSheet:
    """A layer's filters at a glance.

    ``form`` tells what one filter looks like: ``colour`` (three input channels), ``single`` (one),
    ``kernels`` (one kernel per input channel), ``norms`` (the same, too many to draw: one number
    each) or ``matrix`` (one weight per input channel).

    Shapes: ``shape`` (out, in, kH, kW) as drawn; either ``values`` of that shape, exact, or
    ``cells`` (out, n) int8 in ``steps`` from 0 to ``scale`` (out,), where ``pool`` neighbouring
    inputs share a cell. ``norm``, ``mean``, ``minimum``, ``maximum`` (out,) are exact.
    """

    form: str
    shape: tuple[int, int, int, int]
    values: Array | None
    cells: NDArray[np.int8] | None
    scale: Array
    steps: int
    pool: int
    norm: Array
    mean: Array
    minimum: Array
    maximum: Array


def filters(model: Model, layer: str) -> Array:
    """Give a layer's weights: (out, in / groups, kH, kW) float32, not to be written to.

    A fully connected layer comes as (out, in, 1, 1).

    Raises:
        UnknownNameError: no such layer; the nearest names are listed.
        VisualizerError: the layer has no filters.
    """
    return layer_weights(model, model.layer(layer))[0]


def flattened_shape(graph: Graph, layer: Layer) -> tuple[int, int, int] | None:
    """Tell which maps (C, h, w) a fully connected layer reads as one row; None without any.

    Its weights are then kernels of h x w: it is a convolution that fits in one place only.
    """
    source = graph[layer.inputs[0]]
    while source.op in ("identity", "flatten"):
        if source.op == "flatten":
            before = graph[source.inputs[0]].output_shape
            return None if before[1:] == (1, 1) else before
        source = graph[source.inputs[0]]
    return None


def as_drawn(weights: Array, graph: Graph, layer: Layer) -> Array:
    """Lay the weights of a fully connected layer out as the maps that it reads."""
    maps = flattened_shape(graph, layer) if layer.op == "linear" else None
    return weights if maps is None else weights.reshape(len(weights), *maps)


def filter_sheet(weights: Array) -> FilterSheet:
    """Put (out, in, kH, kW) weights into few bytes, exact where they are few anyway."""
    form = _form(weights)
    rows = weights.reshape(len(weights), -1)
    norm, mean = filter_norms(weights), rows.mean(axis=1, dtype=np.float64).astype(np.float32)
    lowest, highest = rows.min(axis=1), rows.max(axis=1)
    shape = (weights.shape[0], weights.shape[1], weights.shape[2], weights.shape[3])
    if form != "norms" and weights.size <= EXACT_WEIGHTS:
        scale = np.abs(rows).max(axis=1)
        return FilterSheet(form, shape, weights, None, scale, 0, 1, norm, mean, lowest, highest)
    shown = kernel_norms(weights) if form == "norms" else rows
    pool = max(1, -(-shown.size // OVERVIEW_CELLS))
    shown = _strongest(shown, pool)
    steps = FINE_STEPS if shown.size <= FINE_CELLS or form != "matrix" else COARSE_STEPS
    scale = np.abs(shown).max(axis=1)
    return FilterSheet(
        form, shape, None, _quantised(shown, scale, steps), scale, steps, pool,
        norm, mean, lowest, highest,
    )  # fmt: skip


def similarity_order(weights: Array) -> NDArray[np.int64]:
    """Order filters so that neighbours are alike: see :func:`similarity_chain`.

    Raises:
        VisualizerError: it would take too long.
    """
    products = len(weights) * weights.size
    if products > ALIKE_PRODUCTS:
        raise VisualizerError(
            f"Comparing {len(weights):,} filters of {weights[0].size:,} weights takes "
            f"{products:.1e} multiplications; the limit is {ALIKE_PRODUCTS:.0e}. "
            "Sort by norm, or by likeness to one filter."
        )
    return similarity_chain(weights)


def _form(weights: Array) -> str:
    _, inputs, height, width = weights.shape
    if height * width == 1:
        return "matrix"
    if inputs == 1:
        return "single"
    if inputs == 3:
        return "colour"
    return "kernels" if weights.size <= KERNEL_CELLS else "norms"


def _strongest(rows: Array, pool: int) -> Array:
    """Of each ``pool`` neighbouring columns, keep the one farthest from 0, with its sign."""
    if pool == 1:
        return rows
    count, width = rows.shape
    padded = np.zeros((count, -(-width // pool) * pool), np.float32)
    padded[:, :width] = rows
    blocks = padded.reshape(count, -1, pool)
    return np.take_along_axis(blocks, np.abs(blocks).argmax(2)[..., None], 2)[..., 0]


def _quantised(rows: Array, scale: Array, steps: int) -> NDArray[np.int8]:
    """Round (out, n) to ``steps`` from 0 to each row's ``scale``; what is no number becomes 0."""
    usable = np.isfinite(scale) & (scale > 0)
    factor = np.divide(steps, scale, out=np.zeros_like(scale), where=usable)
    with np.errstate(invalid="ignore", over="ignore"):
        cells: NDArray[Any] = np.rint(rows * factor[:, None])
    return np.nan_to_num(cells, nan=0, posinf=0, neginf=0).astype(np.int8)
