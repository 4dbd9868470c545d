"""A network without some of its channels: what it says, and which channels a class rests on."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.prediction import Prediction, strongest
from visualizer.errors import VisualizerError
from visualizer.runtime.model import Model
from visualizer.runtime.picture import PictureSource
from visualizer.runtime.segment import Segment, tail
from visualizer.zoo import labels

Array = NDArray[np.float32]
TOP = 5
SLICE_S = 0.15  # a batch of channels takes about this long
BATCH_MOST = 64
BATCH_BYTES = 48 * 2**20
AFFINE = {
    "conv2d", "linear", "batch_norm", "avg_pool", "adaptive_avg_pool", "flatten", "identity",
    "add", "pad", "permute", "concatenate", "scale",
}  # fmt: skip


@dataclass(frozen=True)
class Ablation:
    """A prediction with all channels and the same without some of a layer's.

    Shapes: logits and probabilities (classes,); ``change`` is after minus before.
    """

    layer: str
    channels: tuple[int, ...]
    before: tuple[Prediction, ...]
    after: tuple[Prediction, ...]
    logits_before: Array
    logits_after: Array
    probabilities_before: Array
    probabilities_after: Array

    @property
    def change(self) -> Array:
        """Tell by how much each class's probability rises."""
        return self.probabilities_after - self.probabilities_before


def ablate(
    model: Model,
    picture: PictureSource,
    layer: str,
    channels: Sequence[int],
    *,
    framing: str = "crop",
) -> Ablation:
    """Set some channels of a layer to zero and run what lies behind it.

    Raises:
        UnknownNameError: no such layer; the nearest names are listed.
        VisualizerError: no such channel, or no prediction behind the layer.
        PictureError: the file is no picture.
    """
    segment = part_behind(model, layer)
    values = model.values(model.preprocess(picture, framing), segment.sources)
    return ablation(model, {name: value[0] for name, value in values.items()}, layer, channels)


def part_behind(model: Model, layer: str) -> Segment:
    """Find what runs between a layer and the logits; its sources are the values it needs.

    Raises:
        VisualizerError: the layer lies behind the logits.
    """
    return tail(model.graph, model.layer(layer).name)


def ablation(
    model: Model, values: Mapping[str, Array], layer: str, channels: Sequence[int]
) -> Ablation:
    """Do as :func:`ablate`, given (C, h, w) of every source of :func:`part_behind`."""
    segment = part_behind(model, layer)
    given = [values[name][None] for name in segment.sources]
    off = [switched_off(values[layer], channels, layer)[None], *given[1:]]
    before, after = (_logits(model, segment, each) for each in (given, off))
    shares = softmax(before), softmax(after)
    names = labels(model.spec)
    top = [tuple(strongest(each, names, min(TOP, len(names)))) for each in shares]
    return Ablation(
        layer, tuple(sorted(set(channels))), top[0], top[1], before, after, shares[0], shares[1]
    )


def switched_off(maps: Array, channels: Sequence[int], layer: str) -> Array:
    """Copy (C, h, w) with some channels set to zero.

    Raises:
        VisualizerError: no such channel.
    """
    wrong = next((channel for channel in channels if not 0 <= channel < len(maps)), None)
    if wrong is not None:
        raise VisualizerError(
            f"Channel {wrong} is outside {layer}, which has {len(maps)}: 0 to {len(maps) - 1}."
        )
    changed = maps.copy()
    changed[list(channels)] = 0
    return changed


def softmax(logits: Array) -> Array:
    """Turn (classes,) logits into probabilities."""
    powers = np.exp(logits.astype(np.float64) - logits.max())
    return (powers / powers.sum()).astype(np.float32)


def channel_importance(
    model: Model,
    picture: PictureSource,
    layer: str,
    target: int | None = None,
    *,
    framing: str = "crop",
) -> Array:
    """Tell by how much the target's logit falls when each channel alone is switched off: (C,).

    Exact: every channel is switched off in turn. ``target=None`` takes the most probable class.

    Raises: as :func:`ablate`, and VisualizerError where there is no such class.
    """
    segment = part_behind(model, layer)
    values = model.values(model.preprocess(picture, framing), segment.sources)
    steps = importance_steps(model, {n: v[0] for n, v in values.items()}, layer, target)
    (falls,) = deque(steps, maxlen=1)
    return falls


def importance_steps(
    model: Model, values: Mapping[str, Array], layer: str, target: int | None
) -> Iterator[Array]:
    """Yield the falls (C,) of the target's logit as they become known; not-a-number until then.

    Where everything behind the layer is affine (a pooled linear head, say), one gradient g holds
    them all: ``sum over cells of a * g`` of each channel. Otherwise channels are switched off in
    batches; one that is 0 everywhere changes nothing and is not run.
    """
    segment = part_behind(model, layer)
    maps = values[layer]
    given = [values[name][None] for name in segment.sources]
    before = _logits(model, segment, given)
    target = int(before.argmax()) if target is None else target
    if not 0 <= target < len(before):
        raise VisualizerError(
            f"There is no class {target}: {model.spec.title} tells 0 to {len(before) - 1} apart."
        )
    if all(model.graph[name].op in AFFINE for name in segment.steps):
        yield _closed_form(model, segment, given, target)
        return
    falls = np.full(len(maps), np.nan, np.float32)
    alive = np.flatnonzero(maps.reshape(len(maps), -1).any(axis=1))
    falls[np.setdiff1d(np.arange(len(maps)), alive)] = 0
    most = max(1, min(BATCH_MOST, BATCH_BYTES // max(1, maps.nbytes)))
    count, done = min(2, most), 0
    yield falls.copy()
    while done < len(alive):
        start = time.perf_counter()
        chosen = alive[done : done + count]
        batch = np.repeat(maps[None], len(chosen), axis=0)
        batch[np.arange(len(chosen)), chosen] = 0
        made = model.evaluate(segment, [batch, *given[1:]])[0]
        falls[chosen] = before[target] - made[:, target, 0, 0]
        done += len(chosen)
        faster = SLICE_S / max(1e-6, time.perf_counter() - start)
        count = int(np.clip(len(chosen) * min(2.0, faster), 1, most))
        yield falls.copy()


def _closed_form(model: Model, segment: Segment, given: Sequence[Array], target: int) -> Array:
    classes = model.graph[model.logits].output_shape[0]
    one = np.zeros((1, classes, 1, 1), np.float32)
    one[0, target] = 1
    if not segment.steps:
        return (given[0] * one)[0, :, 0, 0]
    _, gradient = model.pull_back(segment, given, one)
    return np.einsum("nchw,nchw->c", given[0], gradient)


def _logits(model: Model, segment: Segment, given: Sequence[Array]) -> Array:
    """Run the part behind the layer: (classes,); the logits' own layer has none."""
    made = model.evaluate(segment, given)[0] if segment.steps else given[0]
    return made[0, :, 0, 0]
