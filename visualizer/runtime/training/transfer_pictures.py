"""The pictures of a comparison: for a large network only those that are needed are made ready."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from visualizer.errors import CollectionError
from visualizer.maths.shapes import draw_shapes
from visualizer.runtime.collection import Collection, collected
from visualizer.runtime.framing import network_pixels
from visualizer.runtime.training.data import Data, Progress, Split, loading
from visualizer.runtime.training.data_menu import find_data
from visualizer.runtime.training.dividing import Divided, Part, divide
from visualizer.runtime.training.fitting import AT_ONCE, BYTES_MOST
from visualizer.runtime.training.transfer_scale import is_large
from visualizer.zoo.class_names import LABELS
from visualizer.zoo.spec import ModelSpec

DRAWN_COUNTS, DRAWN_AT_ONCE = (300, 50, 150), 50  # shapes to train, validate and test
Taking = Generator[Progress, None, Tensor]


class Take(Protocol):
    """Bring some pictures to size: places (n,) -> (n, C, H, W) uint8, telling how many are done."""

    def __call__(self, places: Tensor, /) -> Taking: ...  # noqa: D102


@dataclass(frozen=True, eq=False)
class Stock:
    """One part of a data set: all its labels (n,), and a way to take some of its pictures."""

    labels: Tensor
    take: Take

    def split(self, places: Tensor) -> Generator[Progress, None, Split]:
        """Take these pictures, with their labels."""
        pictures = yield from self.take(places)
        return Split(pictures, self.labels[places])


@dataclass(frozen=True, eq=False)
class Supply:
    """Pictures to choose from; ``data`` tells all about them, and may hold none itself."""

    data: Data
    train: Stock
    validation: Stock
    test: Stock


def supplying(
    source: str | Collection | Data, spec: ModelSpec
) -> Generator[Progress, None, Supply]:
    """Open pictures for a network, telling the progress.

    For a large network none is brought to size yet, and each will be by the network's own
    preprocessing: resized, then cut to the middle.

    Raises:
        UnknownNameError: no such data.
        CollectionError: not on this machine, or nothing to train on: says what is missing.
    """
    if isinstance(source, Data):
        return supply_of(source)
    channels, side, _ = spec.input_shape
    if not is_large(spec):
        return supply_of((yield from loading(source, side=side, channels=channels)))
    if source == "shapes":
        return _supply_for((yield from _drawing(spec.resize)), spec)
    return _supply_for(divide(source, 0), spec)


def supply_of(data: Data) -> Supply:
    """Offer pictures that are at hand."""
    return Supply(data, *map(_at_hand, (data.train, data.validation, data.test)))


def _at_hand(split: Split) -> Stock:
    def take(places: Tensor) -> Taking:
        yield from ()
        return split.pictures[places]

    return Stock(split.labels, take)


def _supply_for(found: Divided, spec: ModelSpec) -> Supply:
    """Offer pictures that are brought to size when they are taken."""
    train, validation, test = (
        Stock(torch.from_numpy(part.labels), partial(_framing, part, spec)) for part in found.parts
    )
    nothing = Split(
        torch.empty(0, *spec.input_shape, dtype=torch.uint8), torch.empty(0, dtype=torch.int64)
    )
    digest = f"{'|'.join(one.digest for one in found.sources)}|{spec.resize}|{spec.interpolation}"
    data = Data(
        found.name, found.title, found.classes, found.labels, nothing, nothing, nothing,
        spec.mean, spec.std, found.notes, None, digest, spec.resize, spec.interpolation,
    )  # fmt: skip
    return Supply(data, train, validation, test)


def _framing(part: Part, spec: ModelSpec, places: Tensor) -> Taking:
    """Frame pictures as the network's prediction of them does."""
    size = len(places) * int(np.prod(spec.input_shape))
    if size > BYTES_MOST:
        fits = BYTES_MOST // int(np.prod(spec.input_shape))
        raise CollectionError(
            f"{len(places):,} pictures of {spec.input_shape[1]} × {spec.input_shape[2]} cells take "
            f"{size / 1e6:,.0f} MB; the limit is {BYTES_MOST / 1e6:,.0f} MB, {fits:,} pictures: "
            "choose fewer of each class."
        )
    made = torch.empty(len(places), *spec.input_shape, dtype=torch.uint8)
    for number, place in enumerate(part.indices[places.numpy()]):
        if number % AT_ONCE == 0:
            yield number, len(places)
        pixels = part.source.pixels(int(place))
        made[number] = torch.from_numpy(network_pixels(pixels, spec))
    return made


def _drawing(side: int) -> Generator[Progress, None, Divided]:
    """Draw shapes of this side, a handful at a time; those of the last few sides are kept."""
    total = sum(DRAWN_COUNTS)
    parts, done = [], 0
    for kind, count in enumerate(DRAWN_COUNTS):
        drawn = []
        for number in range(count // DRAWN_AT_ONCE):
            yield done, total
            drawn.append(_drawn(side, kind, number))
            done += DRAWN_AT_ONCE
        pictures, labels = (np.concatenate(values) for values in zip(*drawn, strict=True))
        source = collected(
            pictures, name="shapes", title=find_data("shapes").title, classes=LABELS["shapes"],
            labels=labels, suits="shapes",
        )  # fmt: skip
        parts.append(Part(source, np.arange(len(source))))
    train, validation, test = parts
    first = train.source
    return Divided("shapes", first.title, first.classes, "shapes", (train, validation, test), ())


@lru_cache(maxsize=2 * sum(DRAWN_COUNTS) // DRAWN_AT_ONCE)
def _drawn(side: int, kind: int, number: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    return draw_shapes(DRAWN_AT_ONCE, side=side, seed=(0, kind, number))
