"""Occlusion: how much the score falls when a square of the picture is covered."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from visualizer.runtime.attribution.gradient import scores, together
from visualizer.runtime.attribution.method import Array, Attribution, Partial, Question

SHARE = 7  # a square's side is this part of the input's


def squares(size: int, window: int, stride: int) -> list[tuple[int, int]]:
    """List where windows begin and end along one axis, the last one cut at the border."""
    count = 1 + math.ceil(max(0, size - window) / stride)
    return [(k * stride, min(k * stride + window, size)) for k in range(count)]


def occlusion(
    question: Question, window: tuple[int, int] | None = None, stride: tuple[int, int] | None = None
) -> Iterator[Partial]:
    """Cover squares with the mean colour; a cell gets the mean fall of those over it: (H, W).

    Units: ``window`` and ``stride`` in input cells (rows, columns); by default a seventh of the
    input, and half of that.

    Source: Zeiler & Fergus, arXiv:1311.2901, section 4.2.
    """
    picture = question.batch
    height, width = picture.shape[2:]
    window = window or (max(1, height // SHARE), max(1, width // SHARE))
    stride = stride or (max(1, window[0] // 2), max(1, window[1] // 2))
    places = [
        (rows, columns)
        for rows in squares(height, window[0], stride[0])
        for columns in squares(width, window[1], stride[1])
    ]
    (plain,) = scores(question, picture)
    falls, covers = np.zeros((height, width)), np.zeros((height, width))
    size = together(question)
    for start in range(0, len(places), size):
        part = places[start : start + size]
        for (rows, columns), score in zip(
            part, scores(question, _covered(picture, part)), strict=True
        ):
            falls[slice(*rows), slice(*columns)] += plain - score
            covers[slice(*rows), slice(*columns)] += 1
        heat = (falls / np.maximum(covers, 1)).astype(np.float32)
        yield Partial(start + len(part), len(places), heat)


def _covered(picture: Array, places: list[tuple[tuple[int, int], tuple[int, int]]]) -> Array:
    batch = np.repeat(picture, len(places), axis=0)
    for one, (rows, columns) in zip(batch, places, strict=True):
        one[:, slice(*rows), slice(*columns)] = 0
    return batch


METHOD = Attribution(
    id="occlusion",
    title="Occlusion",
    run=occlusion,
    sentence=(
        "A square of the mean colour covers the picture place by place; a pixel's heat is how "
        "much the score falls, on average, when a square lies over it."
    ),
    formula="M(i,j) = mean over squares s that cover (i,j) of y(x) − y(x without s)",
    paper="Zeiler & Fergus, arXiv:1311.2901, section 4.2",
    signed=True,
    long=True,
)
