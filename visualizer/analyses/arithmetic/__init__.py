"""The arithmetic of a single value of any layer: one line per kind of step."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from visualizer.analyses.arithmetic import (
    activations,
    joins,
    normalisation,
    pooling,
    sums,
)
from visualizer.analyses.arithmetic.activations import unary
from visualizer.analyses.arithmetic.place import Arithmetic, Array, Place
from visualizer.errors import GeometryError
from visualizer.runtime.model import Model

RULES: Mapping[str, Callable[[Place], Arithmetic]] = {
    "input": activations.pixel,
    "conv2d": sums.convolution,
    "linear": sums.linear,
    "scale": sums.scale,
    "max_pool": pooling.max_pool,
    "avg_pool": pooling.avg_pool,
    "adaptive_avg_pool": pooling.adaptive_avg_pool,
    "batch_norm": normalisation.batch_norm,
    "layer_norm": normalisation.layer_norm,
    "softmax": normalisation.softmax,
    "relu": unary(activations.relu),
    "relu6": unary(activations.relu6),
    "silu": unary(activations.silu),
    "gelu": unary(activations.gelu),
    "hardswish": unary(activations.hardswish),
    "hardsigmoid": unary(activations.hardsigmoid),
    "sigmoid": unary(activations.sigmoid),
    "tanh": unary(activations.tanh),
    "add": joins.add,
    "multiply": joins.multiply,
    "concatenate": joins.concatenate,
    "flatten": joins.flatten,
    "permute": joins.passed_on("The axes change their order, no value changes."),
    "identity": joins.passed_on("This step passes every value on when the network is not trained."),
    "pad": joins.pad,
}


def work_out(
    model: Model, maps: Callable[[str], Array], layer: str, channel: int, row: int, column: int
) -> Arithmetic:
    """Work out one value of ``layer`` from its inputs' values and its weights.

    ``maps`` gives what a layer produced, (C, H, W).

    Raises:
        UnknownNameError: no such layer; the nearest names are listed.
        GeometryError: the cell lies outside the map.
    """
    step = model.layer(layer)
    check(layer, step.output_shape, (channel, row, column))
    normalise = (0.0, 1.0)
    if step.op == "input":
        normalise = model.spec.mean[channel], model.spec.std[channel]
    sources = tuple(model.graph[name] for name in step.inputs)
    place = Place(step, channel, row, column, sources, maps, model.array, normalise)
    with np.errstate(invalid="ignore", over="ignore"):
        return RULES[step.op](place)


def check(layer: str, shape: tuple[int, int, int], cell: tuple[int, int, int]) -> None:
    """Refuse a cell that ``layer`` does not have.

    Raises:
        GeometryError: channel, row or column is outside; the limits are named.
    """
    if all(0 <= index < size for index, size in zip(cell, shape, strict=True)):
        return
    limits = ", ".join(
        f"{axis} 0 to {size - 1}"
        for axis, size in zip(("channels", "rows", "columns"), shape, strict=True)
    )
    channel, row, column = cell
    raise GeometryError(
        f"Channel {channel}, row {row}, column {column} is outside {layer}, "
        f"which is {' x '.join(map(str, shape))}: {limits}."
    )
