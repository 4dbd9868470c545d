"""Many pictures as thumbnails in one file: the browser cuts them out again."""

from __future__ import annotations

import io
import math
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from visualizer.errors import CollectionError
from visualizer.runtime.collection import Collection

SIDES = 32, 128  # the usual side of a thumbnail, and the largest
LEAST_SIDE = 8
MOST_PICTURES = 10_000
MOST_PIXELS = 16_384  # of a sheet's side: what browsers can draw
SLICE = 64  # pictures between two turns
QUALITY = 85
KEPT_EACH = 8

Pixels = NDArray[np.uint8]
Turn = Callable[[], AbstractContextManager[None]]
File = tuple[int, bytes]


class Sheets:
    """The sheets made last, each as long as its collection is kept."""

    def __init__(self) -> None:
        self._files: WeakKeyDictionary[Collection, dict[tuple[int, int, int], File]]
        self._files = WeakKeyDictionary()
        self._lock = threading.Lock()

    def get(self, collection: Collection, side: int, first: int, count: int, turn: Turn) -> File:
        """Give the columns and the JPEG file; made in turns, with others between.

        Raises:
            CollectionError: a side or range beyond the limits.
        """
        _check(collection, side, first, count)
        key = side, first, count
        with self._lock:
            found = self._files.get(collection, {}).get(key)
        if found is None:
            found = _made(collection, side, first, count, turn)
            with self._lock:
                own = self._files.setdefault(collection, {})
                own[key] = found
                while len(own) > KEPT_EACH:
                    del own[next(iter(own))]
        return found


def thumbnail(pixels: Pixels, side: int) -> Pixels:
    """Cut the centre square out and resize it: (H, W[, 3]) -> (side, side[, 3])."""
    height, width = pixels.shape[:2]
    shorter = min(height, width)
    if shorter == side == max(height, width):
        return pixels
    top, left = (height - shorter) // 2, (width - shorter) // 2
    square = np.ascontiguousarray(pixels[top : top + shorter, left : left + shorter])
    filtering = Image.Resampling.BICUBIC if shorter < side else Image.Resampling.LANCZOS
    return np.asarray(Image.fromarray(square).resize((side, side), filtering, reducing_gap=2.0))


def _check(collection: Collection, side: int, first: int, count: int) -> None:
    if not LEAST_SIDE <= side <= SIDES[1]:
        raise CollectionError(
            f"Thumbnails of {side} pixels are not made; choose {LEAST_SIDE} to {SIDES[1]}."
        )
    if not 1 <= count <= MOST_PICTURES or first + count > len(collection):
        raise CollectionError(
            f"Pictures {first} to {first + count - 1} were asked for; {collection.title} has 0 to "
            f"{len(collection) - 1}, and a sheet holds at most {MOST_PICTURES:,}."
        )
    if math.ceil(math.sqrt(count)) * side > MOST_PIXELS:
        raise CollectionError(
            f"{count:,} thumbnails of {side} pixels do not fit a sheet of {MOST_PIXELS:,} pixels: "
            "ask for fewer or smaller ones."
        )


def _made(collection: Collection, side: int, first: int, count: int, turn: Turn) -> File:
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    array = collection.array
    grey = array is not None and array.ndim == 3
    tiles = np.zeros((rows * columns, side, side, 1 if grey else 3), dtype=np.uint8)
    for start in range(0, count, SLICE):
        with turn():
            for place in range(start, min(start + SLICE, count)):
                index = first + place
                pixels = array[index] if array is not None else collection.pixels(index)
                tiles[place] = thumbnail(pixels, side).reshape(tiles.shape[1:])
    whole = tiles.reshape(rows, columns, side, side, -1).swapaxes(1, 2)
    whole = whole.reshape(rows * side, columns * side, -1)
    file = io.BytesIO()
    with turn():
        Image.fromarray(whole[:, :, 0] if grey else whole).save(file, "JPEG", quality=QUALITY)
    return columns, file.getvalue()
