"""Pictures to train on: one tensor of bytes for each of training, validation and test."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from visualizer.maths.shapes import draw_shapes
from visualizer.runtime.collection import Collection
from visualizer.runtime.training.data_menu import DATA as DATA
from visualizer.runtime.training.data_menu import PUBLISHED, SHAPES_COUNTS, find_data
from visualizer.runtime.training.dividing import divide
from visualizer.runtime.training.fitting import Fitted, fitted, fitting
from visualizer.zoo.class_names import LABELS

KEPT_BYTES = 400_000_000  # of data sets of the menu
Progress = tuple[int, int]
"""Pictures brought to size, and pictures in all."""


@dataclass(frozen=True, eq=False)
class Split:
    """Pictures (n, C, H, W) uint8 and the indices of their classes (n,) int64."""

    pictures: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class Data:
    """Pictures of one size in three parts that share none.

    ``labels`` is the family of class names, ``own`` for a visitor's; ``mean`` and ``std`` are of
    the training part, per channel, of pixels in [0, 1]; ``notes`` are sentences for the screen.
    ``fresh(epoch)``, where there is one, draws a training part that no other epoch has;
    ``fresh(0)`` is ``train``. ``digest`` identifies the content. ``resize`` is the shorter side
    before the crop, the pictures' own where it is None; ``interpolation`` is how it was reached.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    labels: str
    train: Split
    validation: Split
    test: Split
    mean: tuple[float, ...]
    std: tuple[float, ...]
    notes: tuple[str, ...]
    fresh: Callable[[int], Split] | None
    digest: str
    resize: int | None = None
    interpolation: Literal["bilinear", "bicubic"] = "bilinear"

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Give (channels, height, width)."""
        channels, height, width = self.train.pictures.shape[1:]
        return channels, height, width

    @property
    def size_bytes(self) -> int:
        """Count the memory of the pictures."""
        return sum(one.pictures.numel() for one in (self.train, self.validation, self.test))


_Key = tuple[int | None, int | None, int]
_menu: OrderedDict[tuple[str, _Key], Data] = OrderedDict()
_own: WeakKeyDictionary[Collection, dict[_Key, Data]] = WeakKeyDictionary()
_keeping = threading.Lock()


def load_data(
    source: str | Collection,
    *,
    side: int | None = None,
    channels: int | None = None,
    seed: int = 0,
) -> Data:
    """Open data to train on: a name of the menu, or a collection with labels.

    Pictures are brought to ``side`` × ``side`` and to 1 or 3 channels; without them the data's own
    are taken. Official test splits stay whole; other splits are drawn from ``seed``, in each class
    the same share. The same call gives the same object while it is kept.

    Raises:
        UnknownNameError: no such data.
        CollectionError: not on this machine, or nothing to train on: says what is missing.
    """
    steps = loading(source, side=side, channels=channels, seed=seed)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def loading(
    source: str | Collection,
    *,
    side: int | None = None,
    channels: int | None = None,
    seed: int = 0,
) -> Generator[Progress, None, Data]:
    """Do what :func:`load_data` does in small steps, telling the progress."""
    key = side, channels, seed
    with _keeping:
        found = _kept(source, key)
    if found is not None:
        return found
    made = yield from _made(source, side=side, channels=channels, seed=seed)
    with _keeping:
        return _kept(source, key) or _keep(source, key, made)


def _kept(source: str | Collection, key: _Key) -> Data | None:
    if isinstance(source, Collection):
        return _own.get(source, {}).get(key)
    found = _menu.get((source, key))
    if found is not None:
        _menu.move_to_end((source, key))
    return found


def _keep(source: str | Collection, key: _Key, made: Data) -> Data:
    if isinstance(source, Collection):
        _own[source] = {key: made}  # one form of a visitor's pictures, gone with them
        return made
    _menu[source, key] = made
    while len(_menu) > 1 and sum(data.size_bytes for data in _menu.values()) > KEPT_BYTES:
        _menu.popitem(last=False)
    return made


def _made(
    source: str | Collection, *, side: int | None, channels: int | None, seed: int
) -> Generator[Progress, None, Data]:
    """Divide the pictures and bring all of them to size."""
    record = next((one for one in DATA if one.name == source), None)
    if record is not None:
        side, channels = side or record.side, channels or record.channels
        if record.name == "shapes":
            return _drawn(side, channels, seed)
    found = divide(source, seed)
    whole = {}
    for one in found.sources:
        whole[one] = yield from fitting(one, side, channels)
    training = whole[found.parts[0].source]
    published = record is not None and channels == record.channels
    digests = [one.digest for one in found.sources]
    shape = training.pictures.shape[1:] if len(digests) == 1 else (side, channels)
    train, validation, test = (
        _split(whole[part.source], part.labels, part.indices) for part in found.parts
    )
    return _data(
        found.name,
        found.title,
        found.classes,
        found.labels,
        (train, validation, test),
        notes=(*found.notes, *training.notes),
        digest=_digest(*digests, *shape, seed),
        mean_std=PUBLISHED.get(found.name) if published else None,
    )


def _drawn(side: int, channels: int, seed: int) -> Data:
    """Draw shapes; ``fresh`` draws as many new ones for each epoch."""
    training, validation, test = SHAPES_COUNTS

    def draw(count: int, *place: int) -> Split:
        pictures, labels = draw_shapes(count, side=side, seed=(seed, *place))
        made = fitted(pictures, side, channels)
        return _split(made, labels, np.arange(count))

    def fresh(epoch: int) -> Split:
        return draw(training, 0, epoch)

    return _data(
        "shapes",
        find_data("shapes").title,
        LABELS["shapes"],
        "shapes",
        (fresh(0), draw(validation, 1), draw(test, 2)),
        notes=(),
        digest=_digest("shapes", side, channels, seed),
        fresh=fresh,
    )


def _data(
    name: str,
    title: str,
    classes: tuple[str, ...],
    labels: str,
    parts: tuple[Split, Split, Split],
    *,
    notes: tuple[str, ...],
    digest: str,
    mean_std: tuple[tuple[float, ...], tuple[float, ...]] | None = None,
    fresh: Callable[[int], Split] | None = None,
) -> Data:
    mean, std = mean_std or _moments(parts[0].pictures)
    train, validation, test = parts
    return Data(
        name, title, classes, labels, train, validation, test, mean, std, notes, fresh, digest
    )


def _moments(pictures: Tensor) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Measure mean and standard deviation per channel from counts of the 256 levels."""
    means, stds = [], []
    levels = torch.arange(256, dtype=torch.float64) / 255
    for channel in range(pictures.shape[1]):
        counts = torch.bincount(pictures[:, channel].flatten().int(), minlength=256).double()
        share = counts / counts.sum()
        mean = float((share * levels).sum())
        variance = float((share * (levels - mean) ** 2).sum())
        means.append(round(mean, 4))
        stds.append(round(max(variance**0.5, 1e-4), 4))
    return tuple(means), tuple(stds)


def _split(source: Fitted, labels: NDArray[np.int64], chosen: NDArray[np.int64]) -> Split:
    """Take the ``chosen`` pictures; ``labels`` are theirs."""
    pictures = source.pictures
    if len(chosen) != len(pictures):
        pictures = pictures[chosen]
    return Split(torch.from_numpy(pictures), torch.from_numpy(labels))


def _digest(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
