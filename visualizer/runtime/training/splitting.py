"""Which pictures train, validate and test: drawn from a seed, in each class the same share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import CollectionError
from visualizer.runtime.collection import Collection
from visualizer.zoo.stack import CLASSES_MOST

TEST_SHARE = 0.2
VALIDATION_SHARE = 0.1  # of what is not for the test
VALIDATION_MOST = 5_000
CLASS_LEAST = 3  # one picture each to train, validate and test

Indices = NDArray[np.int64]


def check_labels(source: Collection) -> Indices:
    """Give the labels of a collection that can be trained on.

    Raises:
        CollectionError: no labels, one class, or a class with too few pictures.
    """
    need = (
        f"Training needs at least 2 classes with {CLASS_LEAST} pictures each (one each to train, "
        "validate and test)"
    )
    if source.labels is None:
        found = "1 picture" if len(source) == 1 else f"{len(source):,} pictures"
        lie = "lies" if len(source) == 1 else "lie"
        raise CollectionError(
            f"{source.title}: {found} {lie} in one folder or in none, so there are no labels. "
            f"{need}: put the pictures of each class into a folder of its own."
        )
    counts = np.bincount(source.labels, minlength=len(source.classes))
    if np.count_nonzero(counts) < 2:
        only = source.classes[int(counts.argmax())]
        raise CollectionError(
            f"{source.title}: all {len(source):,} pictures are of one class, {only[:40]!r}. "
            f"{need}: add a second folder."
        )
    if len(counts) > CLASSES_MOST:
        raise CollectionError(
            f"{source.title} has {len(counts)} classes; at most {CLASSES_MOST} are trained. Take "
            "some folders out."
        )
    least = int(counts.argmin())
    if counts[least] < CLASS_LEAST:
        found = ("no picture", "1 picture", "2 pictures")[int(counts[least])]
        raise CollectionError(
            f"{source.title}: the class {source.classes[least][:40]!r} has {found}. {need}: add "
            "some, or take the class out."
        )
    return source.labels


def divided(labels: Indices, seed: int) -> tuple[Indices, Indices, Indices]:
    """Divide pictures into training, validation and test, each in the order of the collection."""
    generator = np.random.default_rng((seed, 0))
    test = _drawn(labels, TEST_SHARE, len(labels), generator, spare=2)
    rest = np.setdiff1d(np.arange(len(labels)), test)
    held = rest[_drawn(labels[rest], VALIDATION_SHARE, VALIDATION_MOST, generator, spare=1)]
    return np.setdiff1d(rest, held), held, test


def training_count(total: int, test: int | None = None) -> int:
    """Count what is left to train on; ``test`` pictures where the test split is an official one.

    Every class is taken to have pictures enough for its share.
    """
    rest = total - (round(TEST_SHARE * total) if test is None else test)
    return rest - min(round(VALIDATION_SHARE * rest), VALIDATION_MOST)


def validation_of(labels: Indices, seed: int) -> Indices:
    """Choose what validates among the pictures of an official training split."""
    generator = np.random.default_rng((seed, 1))
    return _drawn(labels, VALIDATION_SHARE, VALIDATION_MOST, generator, spare=1)


def _drawn(
    labels: Indices, share: float, most: int, generator: np.random.Generator, *, spare: int
) -> Indices:
    """Draw this share of every class, at least one picture of each, and leave ``spare`` of it."""
    kinds, sizes = np.unique(labels, return_counts=True)
    total = min(round(share * len(labels)), most)
    exact = sizes * (total / len(labels))
    counts = np.floor(exact).astype(np.int64)
    for kind in np.argsort(counts - exact, kind="stable")[: total - counts.sum()]:
        counts[kind] += 1  # the largest remainders make the total exact
    counts = np.clip(counts, 1, sizes - spare)
    members = [generator.permutation(np.flatnonzero(labels == kind)) for kind in kinds]
    chosen = [own[:count] for own, count in zip(members, counts, strict=True)]
    return np.sort(np.concatenate(chosen))
