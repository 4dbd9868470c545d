"""One weight's gradient taken apart: a sum over the batch's pictures, each a sum over positions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import VisualizerError
from visualizer.runtime.graph import Layer

if TYPE_CHECKING:
    from visualizer.runtime.training.explained_step import ExplainedStep

Array = NDArray[np.float32]
Numbers = NDArray[np.float64]
Cells = NDArray[np.int64]


@dataclass(frozen=True)
class WeightGradient:
    """A weight's gradient: upstream gradient times input, over all positions of all pictures.

    ``upstream`` is the loss's gradient by the layer's output, which holds the batch mean's 1/n;
    ``inputs`` what the weight multiplied there, ``None`` for an added one (it counts as 1).
    ``gradient`` is autograd's; the products add up to it but for float32's rounding.

    Shapes: ``upstream`` and ``inputs`` (n, h, w); ``rows`` (h,) and ``columns`` (w,) of the
    source's map, of which those outside are padding; ``channel`` is the layer's, ``source_channel``
    the source's. ``mean`` and ``deviation`` are the batch's, where the input was normalised.
    """

    name: str
    index: tuple[int, ...]
    layer: str
    source: str
    gradient: float
    channel: int
    source_channel: int
    upstream: Numbers
    inputs: Numbers | None
    rows: Cells
    columns: Cells
    mean: float | None = None
    deviation: float | None = None

    @property
    def products(self) -> Numbers:
        """Multiply upstream gradients by inputs: (n, h, w)."""
        return self.upstream if self.inputs is None else self.upstream * self.inputs

    @property
    def parts(self) -> Numbers:
        """Add up each picture's positions: (n,)."""
        return self.products.sum(axis=(1, 2))


@dataclass(frozen=True)
class Read:
    """What a weight's gradient is made of, at every position; see :class:`WeightGradient`."""

    inputs: Numbers | None
    channel: int
    source_channel: int
    rows: Cells
    columns: Cells
    mean: float | None = None
    deviation: float | None = None


def weight_gradient(
    step: ExplainedStep, layer: str, name: str, index: tuple[int, ...]
) -> WeightGradient:
    """Take one weight's gradient apart.

    Raises:
        VisualizerError: the layer is of a kind that is not taken apart.
    """
    home = step.start.graph[layer]
    if home.op not in READERS:
        raise VisualizerError(
            f"Gradients of {home.kind} ({name}) are not taken apart. Choose a weight of a "
            "convolution, a fully connected layer or batch normalisation."
        )
    (source,) = home.inputs
    values = step.maps_of([source, layer])
    own = name.rpartition(".")[2]
    _, _, height, width = values[layer][1].shape
    if own == "bias":
        read = Read(None, index[0], 0, np.arange(height), np.arange(width))
    else:
        read = READERS[home.op](values[source][0], home, index)
    return WeightGradient(
        name, index, layer, source,
        float(step.change(name).gradient[index]),
        read.channel,
        read.source_channel,
        values[layer][1][:, read.channel].astype(np.float64),
        read.inputs, read.rows, read.columns, read.mean, read.deviation,
    )  # fmt: skip


def _convolution(inputs: Array, layer: Layer, index: tuple[int, ...]) -> Read:
    """Read the input under one cell of the kernel, at each position; outside the map it is 0."""
    given, (channels, height, width) = layer.attributes, layer.output_shape
    filter_, within, *cell = index
    per_group = inputs.shape[1] // given["groups"]
    channel = filter_ // (channels // given["groups"]) * per_group + within
    rows, columns = (
        np.arange(size) * stride - padding + dilation * at
        for size, stride, padding, dilation, at in zip(
            (height, width), given["stride"], given["padding"], given["dilation"], cell, strict=True
        )
    )
    inside = (rows[:, None] >= 0) & (rows[:, None] < inputs.shape[2])
    inside = inside & (columns >= 0) & (columns < inputs.shape[3])
    plane = inputs[:, channel][:, rows.clip(0, inputs.shape[2] - 1)]
    plane = plane[:, :, columns.clip(0, inputs.shape[3] - 1)].astype(np.float64)
    return Read(np.where(inside, plane, 0.0), filter_, channel, rows, columns)


def _linear(inputs: Array, _layer: Layer, index: tuple[int, ...]) -> Read:
    """Read the one input that the weight multiplies."""
    unit, given = index
    cell = inputs[:, given].astype(np.float64)
    return Read(cell, unit, given, np.arange(1), np.arange(1))


def _batch_norm(inputs: Array, layer: Layer, index: tuple[int, ...]) -> Read:
    """Normalise the channel with the mean and variance of this batch, as training does.

    Source: Ioffe & Szegedy, ICML 2015, arXiv:1502.03167, algorithm 1.
    """
    (channel,) = index
    plane = inputs[:, channel].astype(np.float64)
    mean, deviation = float(plane.mean()), float(np.sqrt(plane.var() + layer.attributes["eps"]))
    rows, columns = (np.arange(size) for size in plane.shape[1:])
    return Read((plane - mean) / deviation, channel, channel, rows, columns, mean, deviation)


READERS: Mapping[str, Callable[[Array, Layer, tuple[int, ...]], Read]] = {
    "conv2d": _convolution,
    "linear": _linear,
    "batch_norm": _batch_norm,
}
