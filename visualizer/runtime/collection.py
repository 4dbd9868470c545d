"""Many pictures under one name, with labels where there are some: samples, data sets, own zips."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import CollectionError, PictureError
from visualizer.runtime.picture import PictureSource, Pixels, read_picture

Labels = NDArray[np.int64]
Entry = Pixels | bytes | Path
"""Pixels (H, W) or (H, W, 3) uint8, or a picture file still to be decoded."""


@dataclass(frozen=True, eq=False)
class Collection:
    """Pictures in a fixed order; ``pixels(i)`` and iteration give (H, W, 3) uint8.

    Shapes: ``pictures`` is one array, (n, H, W) or (n, H, W, 3) uint8, where all have one size,
    else one entry each; ``labels`` (n,) are indices into ``classes``, None where nothing is known.

    ``suits`` is the family of class names that the pictures belong to (``mnist``, ``imagenet``),
    empty where it is unknown; ``digest`` identifies the content; ``names`` are file names where
    there are any; ``notes`` are sentences for the screen: what was left out, or is missing.
    """

    name: str
    title: str
    pictures: Pixels | Sequence[Entry]
    classes: tuple[str, ...]
    labels: Labels | None
    digest: str
    notes: tuple[str, ...] = ()
    suits: str = ""
    names: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        pictures: Iterable[PictureSource],
        *,
        labels: Sequence[str] | Sequence[int] | Labels | None = None,
        classes: Sequence[str] | None = None,
        name: str = "own",
        title: str = "Own pictures",
        suits: str = "",
    ) -> Collection:
        """Collect pictures, each anything that ``open_picture`` takes; labels as words or indices.

        Raises:
            CollectionError: there is no picture, or the labels do not fit.
            PictureError: one cannot be read: says which.
        """
        opened = tuple(_read(source, place) for place, source in enumerate(pictures))
        kinds, indices = label_indices(labels, classes, len(opened))
        return collected(opened, name=name, title=title, classes=kinds, labels=indices, suits=suits)

    def __len__(self) -> int:
        return len(self.pictures)

    def __iter__(self) -> Iterator[Pixels]:
        return (self.pixels(index) for index in range(len(self)))

    @property
    def array(self) -> Pixels | None:
        """Give all pictures as one array, (n, H, W) grey or (n, H, W, 3), where they have one size.

        Nothing is copied; do not write to it.
        """
        return self.pictures if isinstance(self.pictures, np.ndarray) else None

    @property
    def size_bytes(self) -> int:
        """Count the memory that the pictures take; files on the disk take none."""
        if isinstance(self.pictures, np.ndarray):
            return self.pictures.nbytes
        return sum(
            one.nbytes if isinstance(one, np.ndarray) else len(one)
            for one in self.pictures
            if not isinstance(one, Path)
        )

    def pixels(self, index: int) -> Pixels:
        """Give one picture, (H, W, 3) uint8; a file is decoded anew each time.

        Raises:
            CollectionError: no such index.
            PictureError: the file has become unreadable.
        """
        if not 0 <= index < len(self):
            raise CollectionError(
                f"{self.title} has pictures 0 to {len(self) - 1}; there is no {index}."
            )
        entry = self.pictures[index]
        if not isinstance(entry, np.ndarray):
            return read_picture(entry)
        return entry if entry.ndim == 3 else np.repeat(entry[:, :, None], 3, axis=2)

    def label(self, index: int) -> str | None:
        """Name the class of one picture; None where labels are unknown."""
        return None if self.labels is None else self.classes[int(self.labels[index])]

    def part(self, indices: Sequence[int] | NDArray[np.integer]) -> Collection:
        """Take some of the pictures, in the given order; classes and notes stay."""
        chosen = np.asarray(indices, dtype=np.int64)
        pictures = (
            self.pictures[chosen]
            if isinstance(self.pictures, np.ndarray)
            else tuple(self.pictures[int(index)] for index in chosen)
        )
        return replace(
            self,
            pictures=pictures,
            labels=None if self.labels is None else self.labels[chosen],
            names=tuple(self.names[int(index)] for index in chosen) if self.names else (),
            digest=hashlib.sha256(self.digest.encode() + chosen.tobytes()).hexdigest(),
        )


def collected(
    entries: Pixels | Sequence[Entry],
    *,
    name: str,
    title: str,
    classes: tuple[str, ...] = (),
    labels: Labels | None = None,
    notes: tuple[str, ...] = (),
    suits: str = "",
    names: tuple[str, ...] = (),
    owner: str = "",
) -> Collection:
    """Make a collection of what was read; equal small arrays are joined, the digest is computed.

    ``owner`` enters the digest, so that what is computed for one visitor is never another's.

    Raises:
        CollectionError: there is no picture.
    """
    if len(entries) == 0:
        raise CollectionError(f"{title}: there is no picture among them; give at least one.")
    pictures = entries if isinstance(entries, np.ndarray) else _joined(entries)
    digest = _digest(pictures, labels, owner)
    return Collection(name, title, pictures, classes, labels, digest, notes, suits, names)


def label_indices(
    labels: Sequence[str] | Sequence[int] | Labels | None,
    classes: Sequence[str] | None,
    count: int,
) -> tuple[tuple[str, ...], Labels | None]:
    """Turn labels, words or indices, into class names and indices (n,).

    Raises:
        CollectionError: not one label a picture, or one outside the classes.
    """
    if labels is None:
        return tuple(classes or ()), None
    if len(labels) != count:
        raise CollectionError(
            f"There are {count} pictures and {len(labels)} labels: give one label for each picture."
        )
    if any(isinstance(label, str) for label in labels):
        words = [str(label) for label in labels]
        kinds = tuple(classes) if classes is not None else tuple(sorted(set(words)))
        strange = next((word for word in words if word not in kinds), None)
        if strange is not None:
            raise CollectionError(
                f"The label {strange[:40]!r} is none of the {len(kinds)} classes: add it to them."
            )
        place = {word: index for index, word in enumerate(kinds)}
        return kinds, np.array([place[word] for word in words], dtype=np.int64)
    indices = np.asarray(labels, dtype=np.int64)
    top = int(indices.max(initial=-1))
    kinds = tuple(classes) if classes is not None else tuple(str(one) for one in range(top + 1))
    if indices.min(initial=0) < 0 or top >= len(kinds):
        raise CollectionError(
            f"Labels go from {indices.min()} to {top}; with {len(kinds)} classes they are "
            f"0 to {len(kinds) - 1}."
        )
    return kinds, indices


def _read(source: PictureSource, place: int) -> Pixels:
    try:
        return read_picture(source)
    except PictureError as error:
        raise PictureError(f"Picture {place} of the list: {error}") from error


def _joined(entries: Sequence[Entry]) -> Pixels | tuple[Entry, ...]:
    """Stack pixels of one shape into one array."""
    arrays = [entry for entry in entries if isinstance(entry, np.ndarray)]
    if len(arrays) == len(entries) and len({array.shape for array in arrays}) == 1:
        return np.stack(arrays)
    return tuple(entries)


def _digest(pictures: Pixels | Sequence[Entry], labels: Labels | None, owner: str) -> str:
    digest = hashlib.sha256(owner.encode())
    entries = [pictures] if isinstance(pictures, np.ndarray) else pictures
    for entry in entries:
        if isinstance(entry, np.ndarray):
            digest.update(f"|{entry.shape}|".encode())
            digest.update(np.ascontiguousarray(entry).data)
        elif isinstance(entry, bytes):
            digest.update(f"|{len(entry)}|".encode() + entry)
        else:
            status = entry.stat()
            digest.update(f"|{entry.resolve()}|{status.st_size}|{status.st_mtime_ns}|".encode())
    if labels is not None:
        digest.update(labels.tobytes())
    return digest.hexdigest()
