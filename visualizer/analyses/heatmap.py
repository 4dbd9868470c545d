"""Heatmaps: which cells of a layer speak for a class, and the same laid over the picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses import cam as methods
from visualizer.analyses.cam.method import CamMethod, Need, weighted_sum
from visualizer.analyses.evidence import (
    SURVEYS,
    ClassScore,
    Evidence,
    needed_layers,
    survey,
    survey_name,
)
from visualizer.errors import VisualizerError
from visualizer.maths.resize import resize_bilinear
from visualizer.runtime.graph import INPUT
from visualizer.runtime.heat_layers import heat_layer, why_not
from visualizer.runtime.model import Model
from visualizer.runtime.picture import PictureSource
from visualizer.runtime.segment import between
from visualizer.zoo import labels

Array = NDArray[np.float32]
ROUNDING = 1e-6  # sums below this share of their terms are what float32 leaves of a zero


@dataclass(frozen=True)
class Growth:
    """A heatmap as far as it is known: (N, h, w), not rescaled."""

    step: int
    steps: int
    heat: Array


def cam(
    model: Model,
    picture: PictureSource | Sequence[PictureSource],
    method: str = "grad-cam",
    target: int | Sequence[int] | None = None,
    layer: str | None = None,
    *,
    against: int | None = None,
    framing: str = "crop",
) -> Array:
    """Show where a layer's evidence for a class lies: (H, W) float32 in [0, 1].

    The map covers what the network sees of the picture (with ``framing="crop"`` the centre) and
    has the size of its input. 0 is no evidence and 1 the strongest cell; where a method keeps
    cells that speak against the class, 0 is the lowest cell. A map without any evidence is 0
    everywhere, one of a broken network not-a-number.

    ``target=None`` takes the most probable class, ``layer=None`` the last feature maps; ``against``
    asks what speaks for ``target`` rather than for that class. A list of pictures, or of targets,
    gives (N, H, W).

    Raises:
        UnknownNameError: no such method or layer; the nearest names are listed.
        VisualizerError: a class outside the range, a layer without height and width, a method
            that the layers behind do not allow.
        PictureError: a file is no picture.
    """
    chosen = methods.find(method)
    read = heat_layer(model, layer).name
    check_method(model, chosen, read)
    batch = _inputs(model, picture, framing)
    names = needed_layers(model, read)
    found = model.evaluate(between(model.graph, (INPUT,), names), [batch])
    values = {**dict(zip(names, found, strict=True)), INPUT: batch}
    score = class_score(model, values[model.logits][:, :, 0, 0], target, against)
    *_, last = heat_steps(chosen, Evidence(model, read, values, score))
    _, height, width = model.spec.input_shape
    shown = np.stack([rescale(resize_bilinear(one, height, width)) for one in last.heat])
    return shown if isinstance(picture, list | tuple) or _several(target) else shown[0]


def _inputs(model: Model, picture: PictureSource | Sequence[PictureSource], framing: str) -> Array:
    """Turn one picture, or a list of them, into the network's input: (N, C, H, W)."""
    several = isinstance(picture, Sequence) and not isinstance(picture, str | bytes)
    pictures = cast(Sequence[PictureSource], picture if several else [picture])
    if not pictures:
        raise VisualizerError("There is no picture in the list. Give at least one.")
    return np.concatenate([model.preprocess(one, framing).numpy() for one in pictures])


def cam_methods() -> tuple[CamMethod, ...]:
    """List the class activation maps: id, title, what each does, its formula and paper."""
    return methods.METHODS


def check_method(model: Model, method: CamMethod, layer: str) -> None:
    """Refuse a method that the layers behind ``layer`` do not allow."""
    reason = why_not(model.graph, layer, method.needs)
    if reason is not None:
        raise VisualizerError(reason)


def class_score(
    model: Model, logits: Array, target: int | Sequence[int] | None, against: int | None
) -> ClassScore:
    """Settle which class each row explains; the most probable where none is named.

    Shapes: logits (N, classes).

    Raises:
        VisualizerError: a class outside the range, twice the same, or too few of them.
    """
    if target is None:
        wanted = [int(index) for index in np.argmax(np.nan_to_num(logits, nan=-np.inf), axis=1)]
    elif isinstance(target, int | np.integer):
        wanted = [int(target)] * len(logits)
    else:
        wanted = [int(index) for index in target]
        if not wanted or (len(logits) > 1 and len(wanted) != len(logits)):
            raise VisualizerError(
                f"{len(wanted)} targets do not fit the number of pictures, {len(logits)}. "
                "Give one for each picture, or one for all."
            )
    for index in dict.fromkeys([*wanted, *([] if against is None else [against])]):
        _check_class(model, index)
    if against in wanted:
        raise VisualizerError(
            f"Class {against} against itself differs by 0 everywhere. Choose another one."
        )
    return ClassScore(tuple(wanted), against)


def heat_steps(method: CamMethod, evidence: Evidence) -> Iterator[Growth]:
    """Compute heatmaps; a long method on one picture grows, channel by channel.

    Sums that are rounding errors beside their terms become 0.
    """
    need = long_need(method, evidence)
    if need is not None and len(evidence.score.targets) == 1:
        for partial in survey(evidence, need):
            if partial.step < partial.steps:
                given = {
                    "score": evidence["score"],
                    need: evidence.score.of(partial.logits[None]),
                }
                activations = evidence.activations[:, partial.channels]
                weights = method.weights(**{name: given[name] for name in method.needs})
                yield Growth(partial.step, partial.steps, method.heat(weights, activations))
        yield Growth(partial.steps, partial.steps, _whole(method, evidence))
    else:
        yield Growth(1, 1, _whole(method, evidence))


@np.errstate(invalid="ignore", over="ignore")  # broken networks hold infinities
def _whole(method: CamMethod, evidence: Evidence) -> Array:
    weights, activations = method.channel_weights(evidence), evidence.activations
    heat = method.heat(weights, activations)
    terms = weighted_sum(abs(weights), abs(activations)).max(axis=(1, 2), keepdims=True)
    peaks = abs(heat).max(axis=(1, 2), keepdims=True)
    return np.where(peaks <= ROUNDING * terms, np.float32(0), heat)


def long_need(method: CamMethod, evidence: Evidence) -> Need | None:
    """Name what a method needs that takes a run per channel and is not known yet."""
    for need in method.needs:
        if need in SURVEYS and evidence.memory.recall(survey_name(evidence.layer, need)) is None:
            return need
    return None


def rescale(heat: Array) -> Array:
    """Map a heatmap to [0, 1]: 0 stays 0 where nothing is negative, else the lowest becomes 0.

    A map that holds anything but numbers becomes not-a-number all over.
    """
    if not np.isfinite(heat).all():
        return np.full_like(heat, np.nan)
    start = min(float(heat.min()), 0.0)
    span = float(heat.max()) - start
    if span == 0:
        return np.zeros_like(heat)
    return (heat - np.float32(start)) / np.float32(span)


def _several(target: int | Sequence[int] | None) -> bool:
    return target is not None and not isinstance(target, int | np.integer)


def _check_class(model: Model, index: int) -> None:
    count = len(labels(model.spec))
    if not 0 <= index < count:
        raise VisualizerError(
            f"Class {index} is outside {model.spec.title}, which knows {count}: 0 to {count - 1}."
        )
