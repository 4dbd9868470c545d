"""A visitor's own pictures, from a zip archive or a folder: the folders' names are the labels."""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from PIL import Image

from visualizer.errors import CollectionError, PictureError, VisualizerError
from visualizer.runtime.collection import Collection, Entry, collected, label_indices
from visualizer.runtime.collection_archive import LITTER, MAX_FILES, open_archive
from visualizer.runtime.picture import Pixels, open_picture
from visualizer.runtime.picture_file import DAMAGE, check_bytes, kind_of, read_bytes

KEPT_SIDE = 512  # longer sides are reduced to it: networks see 224 to 299
RAW_SIDE = 64  # pictures up to this size are kept as pixels
JPEG_QUALITY = 95
MAX_PIXELS = 4_000_000_000  # of all pictures together: a minute or two of decoding
LISTED = 12  # names of files left out, in the notes
NO_FOLDER = "(no folder)"

Progress = tuple[int, int]
"""Files looked at, and files in all."""


@dataclass
class _Harvest:
    """What has been read so far."""

    entries: list[Entry] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    reduced: int = 0
    pixels: int = 0

    def add(self, name: str, read: Callable[[], bytes], path: Path | None = None) -> None:
        """Keep a picture, by its path if there is one; note a file that is none, or is broken."""
        try:
            data = read()
            self._count(data)
            opened = open_picture(data).pixels
        except PictureError as error:
            self.left_out.append((name, _brief(error)))
            return
        self.names.append(name)
        self.entries.append(self._kept(opened, data) if path is None else path)

    def _count(self, data: bytes) -> None:
        check_bytes(len(data))
        kind = kind_of(data)
        try:
            width, height = kind.decoder(io.BytesIO(data), "").size
        except DAMAGE:
            return  # open_picture says it in words
        self.pixels += width * height
        if self.pixels > MAX_PIXELS:
            raise CollectionError(
                f"The pictures have more than {MAX_PIXELS / 1e6:,.0f} million pixels together, "
                f"the limit, after {len(self.names):,} of them: choose fewer or smaller ones."
            )

    def _kept(self, pixels: Pixels, data: bytes) -> Entry:
        """Keep small ones as pixels, others as the file, or as a smaller one."""
        if max(pixels.shape[:2]) <= RAW_SIDE:
            return pixels
        if max(pixels.shape[:2]) <= KEPT_SIDE and len(data) <= pixels.nbytes:
            return data
        image = Image.fromarray(pixels)
        if max(image.size) > KEPT_SIDE:
            self.reduced += 1
            image.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.BICUBIC)
        file = io.BytesIO()
        image.save(file, "JPEG", quality=JPEG_QUALITY, subsampling=0)
        return file.getvalue()


def zip_collection(
    data: bytes, *, name: str = "own", title: str = "Own pictures", owner: str = ""
) -> Generator[Progress, None, Collection]:
    """Read a zip archive picture by picture, in memory; yields progress, returns the collection.

    Raises:
        CollectionError: the archive is hostile, too large, or holds no picture.
    """
    archive = open_archive(data)
    harvest = _Harvest(left_out=list(archive.left_out))
    files = sorted(archive.files, key=lambda file: _reading_order(file.name))
    for done, file in enumerate(files):
        yield done, len(files)
        harvest.add(file.name, partial(archive.read, file))
    yield len(files), len(files)
    return _finished(harvest, name=name, title=title, owner=owner)


def folder_collection(folder: Path) -> Generator[Progress, None, Collection]:
    """Read a folder and those in it; pictures stay files and are decoded when they are used.

    Raises:
        CollectionError: it holds more than ``MAX_FILES`` files, or no picture.
    """
    paths = _files(folder)
    harvest = _Harvest()
    for done, path in enumerate(paths):
        yield done, len(paths)
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            harvest.left_out.append((name, "a symbolic link"))
            continue
        harvest.add(name, partial(read_bytes, path), path)
    yield len(paths), len(paths)
    return _finished(harvest, name=folder.name or "own", title=folder.name or "Own pictures")


def labels_of(names: Iterable[str]) -> list[str] | None:
    """Read a label from each path: the folder a picture lies in; None where all lie in one."""
    folders = [PurePosixPath(name).parent.name or NO_FOLDER for name in names]
    return folders if len(set(folders)) > 1 else None


def _finished(harvest: _Harvest, *, name: str, title: str, owner: str = "") -> Collection:
    if not harvest.entries:
        bad = harvest.left_out
        first = f" The first, {bad[0][0][-60:]!r}: {bad[0][1]}." if bad else ""
        raise CollectionError(
            f"There is no readable picture among {len(bad)} files.{first} "
            "Choose a folder of JPEG, PNG, WebP, GIF, BMP or TIFF files."
        )
    words = labels_of(harvest.names)
    kinds, labels = label_indices(words, None, len(harvest.names))
    return collected(
        harvest.entries,
        name=name,
        title=title,
        classes=kinds,
        labels=labels,
        notes=_notes(harvest, kinds),
        names=tuple(harvest.names),
        owner=owner,
    )


def _notes(harvest: _Harvest, kinds: tuple[str, ...]) -> tuple[str, ...]:
    notes = []
    if harvest.left_out:
        total = len(harvest.left_out) + len(harvest.entries)
        listed = [f"{name}: {reason}" for name, reason in harvest.left_out[:LISTED]]
        more = len(harvest.left_out) - len(listed)
        rest = [f"and {more} more"] if more > 0 else []
        notes.append(f"{len(harvest.left_out)} of {total} files were left out.")
        notes += [f"Left out: {line}" for line in listed + rest]
    if harvest.reduced:
        notes.append(
            f"Pictures with more than {KEPT_SIDE} pixels on a side were reduced to it: "
            f"{harvest.reduced}."
        )
    if NO_FOLDER in kinds:
        notes.append(f"Pictures beside the folders form the class {NO_FOLDER!r}.")
    return tuple(notes)


def _brief(error: VisualizerError) -> str:
    """Keep what went wrong; the way out is for single pictures."""
    sentence = re.split(r"[;:] ", str(error), maxsplit=1)[0]
    return sentence.rstrip(".")


def _reading_order(path: str) -> list[tuple[int, str]]:
    """Sort paths as people count: 2 before 10."""
    pieces = re.split(r"([0-9]+)", path.lower())
    return [(len(one.lstrip("0")) if one.isdecimal() else 0, one) for one in pieces]


def _files(folder: Path) -> list[Path]:
    """List the files below a folder; links are listed and never followed."""
    found: list[Path] = []
    for place, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(one for one in folders if not one.startswith(".") and one not in LITTER)
        for name in names:
            if not name.startswith(".") and name not in LITTER:
                path = Path(place, name)
                if stat.S_ISREG(path.lstat().st_mode) or path.is_symlink():
                    found.append(path)
        if len(found) > MAX_FILES:
            raise CollectionError(
                f"The folder {folder.name[:60]!r} holds more than {MAX_FILES:,} files, the limit: "
                "choose one further down, or some of them."
            )
    return sorted(found, key=lambda path: _reading_order(path.as_posix()))
