"""How each kind of layer passes a gradient back to one of its inputs: sums of products."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from visualizer.errors import VisualizerError
from visualizer.runtime.graph import Graph, Layer

Array = NDArray[np.float32]
Cell = tuple[int, int, int]


@dataclass(frozen=True)
class Term:
    """Upstream gradient times factor. ``cell`` is the upstream's in ``layer``, or it is a mean.

    ``weight`` and ``index`` name the factor where it is a weight; ``word`` says what it is.
    """

    layer: str
    cell: Cell | None
    upstream: float
    factor: float
    word: str
    weight: str = ""
    index: tuple[int, ...] = ()

    @property
    def product(self) -> float:
        """Multiply."""
        return self.upstream * self.factor


@dataclass(frozen=True, eq=False)
class Reader:
    """A layer that reads the value asked about; ``values`` are its source's, (n, C, h, w).

    ``made`` and ``gradients`` are the reader's own values and the loss's gradient by them;
    ``value`` is the gradient asked about.
    """

    graph: Graph
    layer: Layer
    source: str
    values: Array
    value: float
    made: Array
    gradients: Array
    picture: int
    cell: Cell

    def term(self, cell: Cell, factor: float, word: str, **named: Any) -> Term:
        """Multiply the gradient by the reader's value at ``cell`` with ``factor``."""
        upstream = float(self.gradients[(self.picture, *cell)])
        return Term(self.layer.name, cell, upstream, factor, word, **named)

    def own(self, name: str) -> tuple[str, Array]:
        """Find the reader's array ``weight``, and its dotted path."""
        path = next(one for one in self.layer.weights if one.endswith(name))
        owner, _, attribute = path.rpartition(".")
        value: Tensor = getattr(self.graph.module.get_submodule(owner), attribute)
        return path, value.detach().float().cpu().numpy()


Rule = Callable[[Reader, int], list[Term]]


def _linear(reader: Reader, _position: int) -> list[Term]:
    name, weights = reader.own("weight")
    column = weights[:, reader.cell[0]].tolist()
    return [
        reader.term((unit, 0, 0), weight, "weight", weight=name, index=(unit, reader.cell[0]))
        for unit, weight in enumerate(column)
    ]


def _convolution(reader: Reader, _position: int) -> list[Term]:
    """Go through all outputs that read the cell: each passes back its gradient times its weight."""
    name, weights = reader.own("weight")
    given, (outputs, height, width) = reader.layer.attributes, reader.layer.output_shape
    channel, *cell = reader.cell
    per_group = reader.values.shape[1] // given["groups"]
    group, within = divmod(channel, per_group)
    filters = outputs // given["groups"]
    along = [
        _reached(at, size, stride, padding, dilation, kernel)
        for at, size, stride, padding, dilation, kernel in zip(
            cell, (height, width), given["stride"], given["padding"], given["dilation"],
            given["kernel_size"], strict=True,
        )
    ]  # fmt: skip
    return [
        reader.term(
            (filter_, row, column),
            float(weights[filter_, within, r, c]),
            "weight",
            weight=name,
            index=(filter_, within, r, c),
        )
        for filter_ in range(group * filters, (group + 1) * filters)
        for row, r in along[0]
        for column, c in along[1]
    ]


def _reached(
    at: int, size: int, stride: int, padding: int, dilation: int, kernel: int
) -> list[tuple[int, int]]:
    """List (output, kernel cell) along one axis for which the output reads input cell ``at``."""
    pairs = [(at + padding - dilation * k, k) for k in range(kernel)]
    return [
        (start // stride, k)
        for start, k in pairs
        if start % stride == 0 and 0 <= start // stride < size
    ]


def elementwise(reader: Reader, _position: int) -> list[Term]:
    """Multiply by the slope of a function that takes every value on its own."""
    layer = reader.layer
    shapes = {layer.output_shape, reader.graph[reader.source].output_shape}
    if layer.weights or len(layer.inputs) != 1 or len(shapes) != 1:
        raise VisualizerError(
            f"How {layer.kind} ({layer.name}) passes gradients back is not taken apart. "
            "Choose a layer behind it."
        )
    (node,) = (
        one for one in reader.graph.module.graph.nodes if one.name == reader.graph.nodes[layer.name]
    )
    at = torch.tensor([float(reader.values[(reader.picture, *reader.cell)])], requires_grad=True)
    with torch.enable_grad():
        if node.op == "call_module":
            made = reader.graph.module.get_submodule(str(node.target))(at)
        elif node.op == "call_method":
            made = getattr(at, str(node.target))(*node.args[1:], **node.kwargs)
        else:
            made = node.target(at, *node.args[1:], **node.kwargs)
        (slope,) = torch.autograd.grad(made.sum(), at)
    return [reader.term(reader.cell, float(slope), f"slope of {layer.kind}")]


def _identity(reader: Reader, position: int) -> list[Term]:
    """Pass on; dropout drops the value, or scales it up by 1 / (1 - p)."""
    if "dropout" not in reader.layer.kind:
        return elementwise(reader, position)
    upstream = float(reader.gradients[(reader.picture, *reader.cell)])
    node = reader.graph.nodes[reader.layer.name]
    (found,) = (one for one in reader.graph.module.graph.nodes if one.name == node)
    share = float(getattr(reader.graph.module.get_submodule(str(found.target)), "p", 0.0))
    read = float(reader.values[(reader.picture, *reader.cell)])
    made = float(reader.made[(reader.picture, *reader.cell)])
    kept = made != 0 if read else upstream != 0 and reader.value != 0
    word = f"kept: 1 / (1 − {share:g})" if kept else "dropped"
    return [reader.term(reader.cell, 1 / (1 - share) if kept else 0.0, word)]


def _max_pool(reader: Reader, _position: int) -> list[Term]:
    """Pass a window's gradient on to its largest value, the first of equal ones."""
    given, (channel, row, column) = reader.layer.attributes, reader.cell
    plane = torch.from_numpy(reader.values[reader.picture, channel].copy())[None, None]
    options = {key: given[key] for key in ("kernel_size", "stride", "padding", "ceil_mode")}
    _, winners = functional.max_pool2d(plane, **options, return_indices=True)
    own = row * plane.shape[3] + column
    windows = np.argwhere(winners[0, 0].numpy() == own).tolist()
    won = [reader.term((channel, y, x), 1.0, "largest of its window") for y, x in windows]
    if won:
        return won
    y = min((row + given["padding"][0]) // given["stride"][0], winners.shape[2] - 1)
    x = min((column + given["padding"][1]) // given["stride"][1], winners.shape[3] - 1)
    return [reader.term((channel, y, x), 0.0, "not the largest of its window")]


def _avg_pool(reader: Reader, _position: int) -> list[Term]:
    given, (channel, row, column) = reader.layer.attributes, reader.cell
    _, height, width = reader.layer.output_shape
    tall, wide = given["kernel_size"]
    along = [
        _reached(at, size, stride, padding, 1, kernel)
        for at, size, stride, padding, kernel in zip(
            (row, column), (height, width), given["stride"], given["padding"], (tall, wide),
            strict=True,
        )
    ]  # fmt: skip
    share, word = 1 / (tall * wide), f"1 / {tall * wide}"
    return [reader.term((channel, y, x), share, word) for y, _ in along[0] for x, _ in along[1]]


def _adaptive(reader: Reader, _position: int) -> list[Term]:
    """Divide by the number of cells of each window, ``floor(o i / s)`` to ``ceil((o + 1) i / s)``.

    Source: PyTorch, ``adaptive_avg_pool2d``.
    """
    (channel, *cell), terms = reader.cell, []
    _, height, width = reader.layer.output_shape
    along = []
    for at, size, given in zip(cell, (height, width), reader.values.shape[2:], strict=True):
        edges = [(o, o * given // size, -(-(o + 1) * given // size)) for o in range(size)]
        along.append([(o, stop - start) for o, start, stop in edges if start <= at < stop])
    for y, tall in along[0]:
        for x, wide in along[1]:
            terms.append(reader.term((channel, y, x), 1 / (tall * wide), f"1 / {tall * wide}"))
    return terms


def _flatten(reader: Reader, _position: int) -> list[Term]:
    channel, row, column = reader.cell
    _, _, height, width = reader.values.shape
    flat = (channel * height + row) * width + column
    return [reader.term((flat, 0, 0), 1.0, "the same value, flattened")]


def _add(reader: Reader, _position: int) -> list[Term]:
    return [reader.term(reader.cell, 1.0, "passed on by the addition")]


def _concatenate(reader: Reader, position: int) -> list[Term]:
    before = reader.layer.inputs[:position]
    offset = sum(reader.graph[name].output_shape[0] for name in before)
    channel, row, column = reader.cell
    return [reader.term((offset + channel, row, column), 1.0, "the same value, joined")]


def _batch_norm(reader: Reader, _position: int) -> list[Term]:
    """Pass back ``γ/σ · (g - mean(g) - x̂ · mean(g x̂))``: the batch's mean and spread move too.

    Source: Ioffe & Szegedy, ICML 2015, arXiv:1502.03167, section 3, the derivatives collected.
    """
    channel, row, column = reader.cell
    x = reader.values[:, channel].astype(np.float64)
    deviation = float(np.sqrt(x.var() + reader.layer.attributes["eps"]))
    normal = (x - x.mean()) / deviation
    gradients = reader.gradients[:, channel].astype(np.float64)
    scale = 1 / deviation
    if any(name.endswith("weight") for name in reader.layer.weights):
        scale *= float(reader.own("weight")[1][channel])
    own = float(normal[reader.picture, row, column])
    name = reader.layer.name
    return [
        reader.term(reader.cell, scale, "γ / σ of the batch"),
        Term(name, None, float(gradients.mean()), -scale, "−γ / σ, for the mean"),
        Term(name, None, float((gradients * normal).mean()), -scale * own, "−γ x̂ / σ, the spread"),
    ]


RULES: Mapping[str, Rule] = {
    "linear": _linear,
    "conv2d": _convolution,
    "identity": _identity,
    "max_pool": _max_pool,
    "avg_pool": _avg_pool,
    "adaptive_avg_pool": _adaptive,
    "flatten": _flatten,
    "add": _add,
    "concatenate": _concatenate,
    "batch_norm": _batch_norm,
}
