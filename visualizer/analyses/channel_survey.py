"""Class scores when one channel after the other is switched off, or looked through alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualizer.maths.resize import resize_bilinear
from visualizer.runtime.classifier import classifier_layer, classifier_weights
from visualizer.runtime.graph import INPUT
from visualizer.runtime.model import Model
from visualizer.runtime.segment import Segment, between, tail

Array = NDArray[np.float32]
Channels = NDArray[np.intp]
SLICE_PRODUCTS = 5e9  # a batch takes about a fifth of a second on two cores
SLICE_BYTES = 32 * 2**20
BATCH_MOST = 64


@dataclass(frozen=True)
class Survey:
    """How far it is, and the logits, (n, classes), with each of n ``channels`` changed.

    The last one has all channels, in order.
    """

    step: int
    steps: int
    channels: Channels
    logits: Array


def ablated(
    model: Model, layer: str, values: Mapping[str, Array], so_far: Survey | None = None
) -> Iterator[Survey]:
    """Set one channel after the other to 0 and run the layers behind.

    ``values`` are those of :func:`needed_layers` for one picture, each (1, C, h, w); ``so_far`` is
    what an earlier walk, given up half-way, has found out: its channels are not run again.

    A channel that is 0 anyway changes nothing and is not run. Where only average pooling and one
    fully connected layer follow, a channel's mean times its weight is what the logits lose.
    """
    maps, logits = values[layer][0], values[model.logits][0, :, 0, 0]
    if classifier_layer(model.graph, layer) is not None:
        lost = maps.mean(axis=(1, 2))[:, None] * classifier_weights(model, layer).T
        yield Survey(1, 1, np.arange(len(maps)), logits - lost)
        return
    segment = tail(model.graph, layer)
    beside = [values[name] for name in segment.sources[1:]]

    def change(channels: Channels) -> list[Array]:
        stack = np.repeat(maps[None], len(channels), axis=0)
        stack[np.arange(len(channels)), channels] = 0
        return [stack, *beside]

    yield from _survey(model, segment, maps, maps.any(axis=(1, 2)), change, logits, so_far)


def masked(
    model: Model, layer: str, values: Mapping[str, Array], so_far: Survey | None = None
) -> Iterator[Survey]:
    """Look at the picture through each channel: its map enlarged, rescaled to [0, 1], as a mask.

    ``values`` are those of ``layer`` and ``input`` for one picture, each (1, C, h, w); ``so_far``
    as for :func:`ablated`.

    A channel of one value everywhere masks all; these share one run. Masked means the input's
    zero, the mean colour.
    """
    maps, picture = values[layer][0], values[INPUT]
    segment = between(model.graph, (INPUT,), (model.logits,))
    (dark,) = model.evaluate(segment, [np.zeros_like(picture)])

    def change(channels: Channels) -> list[Array]:
        masks = resize_bilinear(maps[channels], *picture.shape[2:])
        lowest = masks.min(axis=(1, 2), keepdims=True)
        span = masks.max(axis=(1, 2), keepdims=True) - lowest
        masks = np.divide(masks - lowest, span, out=np.zeros_like(masks), where=span > 0)
        return [picture * masks[:, None]]

    live = maps.max(axis=(1, 2)) > maps.min(axis=(1, 2))
    yield from _survey(model, segment, maps, live, change, dark[0, :, 0, 0], so_far)


def _survey(
    model: Model,
    segment: Segment,
    maps: Array,
    live: NDArray[np.bool_],
    change: Callable[[Channels], list[Array]],
    unchanged: Array,
    so_far: Survey | None,
) -> Iterator[Survey]:
    """Run the ``live`` channels in batches, strongest first; the others' logits are known."""
    logits = np.repeat(unchanged[None], len(maps), axis=0)
    strength = np.where(live, abs(maps).sum(axis=(1, 2)), -1)
    order = np.argsort(-strength, kind="stable")[: live.sum()]
    size = _batch(model, segment)
    steps = max(1, -(-len(order) // size))
    known = ~live
    if so_far is not None:
        logits[so_far.channels] = so_far.logits
        known[so_far.channels] = True
        order = order[~known[order]]
    batches = [order[start : start + size] for start in range(0, len(order), size)]
    for left, channels in zip(range(len(batches) - 1, -1, -1), batches, strict=True):
        logits[channels] = model.evaluate(segment, change(channels))[0][:, :, 0, 0]
        known[channels] = True
        if left:
            listed = np.flatnonzero(known)
            yield Survey(steps - left, steps, listed, logits[listed])
    yield Survey(steps, steps, np.arange(len(maps)), logits)


def _batch(model: Model, segment: Segment) -> int:
    """Choose how many pictures run together, by the multiplications and memory of one."""
    steps = [model.graph[name] for name in segment.steps]
    products = sum(one.parameters * one.output_shape[1] * one.output_shape[2] for one in steps)
    cells = max(model.graph[name].cells for name in (*segment.sources, *segment.steps))
    fitting = min(SLICE_PRODUCTS / max(1, products), SLICE_BYTES / (4 * cells))
    return min(BATCH_MOST, max(1, int(fitting)))
