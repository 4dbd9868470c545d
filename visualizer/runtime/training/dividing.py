"""Which pictures of a data set train, validate and test, before any of them is brought to size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualizer.runtime.collection import Collection
from visualizer.runtime.collection_menu import COLLECTIONS, load_collection
from visualizer.runtime.training.data_menu import DATA, find_data
from visualizer.runtime.training.splitting import Indices, check_labels, divided, validation_of
from visualizer.zoo.class_names import LABELS

OTHERS = tuple(  # labelled collections of the menu that are not in the one of data
    one.name
    for one in COLLECTIONS
    if one.classes > 1 and one.name not in [record.name for record in DATA]
)


@dataclass(frozen=True, eq=False)
class Part:
    """Some pictures of a labelled collection."""

    source: Collection
    indices: Indices

    @property
    def labels(self) -> Indices:
        """Give the classes of these pictures, (n,)."""
        assert self.source.labels is not None
        return self.source.labels[self.indices]


@dataclass(frozen=True, eq=False)
class Divided:
    """A data set in three parts that share no picture: training, validation, test.

    ``labels`` is the family of class names, ``own`` for a visitor's.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    labels: str
    parts: tuple[Part, Part, Part]
    notes: tuple[str, ...]

    @property
    def sources(self) -> tuple[Collection, ...]:
        """List the collections that the parts are of, each once."""
        return tuple(dict.fromkeys(part.source for part in self.parts))


def divide(source: str | Collection, seed: int) -> Divided:
    """Divide data of the menu, or a labelled collection.

    Official test splits stay whole; others are drawn from ``seed``, in each class the same share.

    Raises:
        UnknownNameError: no such data.
        CollectionError: not on this machine, or nothing to train on: says what is missing.
    """
    if isinstance(source, Collection):
        return _of_collection(source, seed)
    if source in OTHERS:
        return _of_collection(load_collection(source), seed)
    record = find_data(source)
    if not record.split:
        return _of_collection(load_collection(source), seed)
    training, test = load_collection(source, "train"), load_collection(source, "test")
    assert training.labels is not None
    held = validation_of(training.labels, seed)
    return Divided(
        source,
        record.title,
        training.classes,
        training.suits,
        (
            Part(training, np.setdiff1d(np.arange(len(training)), held)),
            Part(training, held),
            Part(test, np.arange(len(test))),
        ),
        training.notes,
    )


def _of_collection(source: Collection, seed: int) -> Divided:
    """Divide a collection that has no official splits."""
    training, held, test = divided(check_labels(source), seed)
    return Divided(
        source.name,
        source.title,
        source.classes,
        source.suits if LABELS.get(source.suits) == source.classes else "own",
        (Part(source, training), Part(source, held), Part(source, test)),
        source.notes,
    )
