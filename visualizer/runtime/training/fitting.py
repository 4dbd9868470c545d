"""Pictures of any size and colour brought to one: the square in the middle, resized."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from visualizer.errors import CollectionError
from visualizer.runtime.collection import Collection
from visualizer.runtime.picture import Pixels

OWN_SIDE = 32  # where neither the data nor the network says another
SIDES = (8, 96)
BYTES_MOST = 300_000_000
AT_ONCE = 16  # pictures between two reports
LUMINANCE = np.array([19_595, 38_470, 7_471], dtype=np.uint32)  # of 65,536, as Pillow's "L"


@dataclass(frozen=True, eq=False)
class Fitted:
    """Pictures (n, C, side, side) uint8, and what was done to them."""

    pictures: NDArray[np.uint8]
    notes: tuple[str, ...] = ()


def fitted(pictures: Pixels, side: int, channels: int) -> Fitted:
    """Bring an array (n, H, W) or (n, H, W, 3) to size at once."""
    steps = fitting_array(pictures, side, channels)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return Fitted(end.value)


def fitting(
    source: Collection, side: int | None, channels: int | None
) -> Generator[tuple[int, int], None, Fitted]:
    """Bring a collection's pictures to size, telling how many are done.

    Without ``channels``, grey pictures get one and coloured ones three.

    Raises:
        CollectionError: a size outside the limits, or too many pictures of it.
    """
    array = source.array
    if array is not None and side is None and array.shape[1] == array.shape[2] <= SIDES[1]:
        side = max(int(array.shape[1]), SIDES[0])
    side = side or OWN_SIDE
    _refuse(source, side, channels)
    if array is not None and (array.ndim == 3 or channels == 3):
        made = yield from fitting_array(array, side, channels or 1)
        return Fitted(made, _cut_note(len(array) * (array.shape[1] != array.shape[2]), len(array)))
    return (yield from _each(source, side, channels))


def fitting_array(
    pictures: Pixels, side: int, channels: int
) -> Generator[tuple[int, int], None, NDArray[np.uint8]]:
    """Bring an array to size; one that has it already is only turned to (n, C, H, W)."""
    if pictures.shape[1:3] != (side, side):
        small = np.empty((len(pictures), side, side, *pictures.shape[3:]), np.uint8)
        for place, one in enumerate(pictures):
            if place % AT_ONCE == 0:
                yield place, len(pictures)
            small[place] = resized(one, side)
        pictures = small
    if pictures.ndim == 4 and channels == 1:
        pictures = grey(pictures)
    if pictures.ndim == 4:
        return np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))
    return np.repeat(pictures[:, None], channels, axis=1)


def _each(
    source: Collection, side: int, channels: int | None
) -> Generator[tuple[int, int], None, Fitted]:
    """Bring pictures of several sizes to one."""
    made = np.empty((len(source), side, side, 3), np.uint8)
    cut = coloured = 0
    for place, pixels in enumerate(source):
        if place % AT_ONCE == 0:
            yield place, len(source)
        cut += pixels.shape[0] != pixels.shape[1]
        coloured += bool((pixels != pixels[:, :, :1]).any())
        made[place] = resized(pixels, side)
    channels = channels or (3 if coloured else 1)
    notes = _cut_note(cut, len(source))
    if channels == 3 and 0 < coloured < len(source):
        notes += (
            f"{len(source) - coloured:,} of {len(source):,} pictures are grey: they have three "
            "equal channels.",
        )
    if channels == 1 and coloured:
        notes += (f"{coloured:,} of {len(source):,} pictures had colours: they are made grey.",)
    planes = grey(made)[:, None] if channels == 1 else made.transpose(0, 3, 1, 2)
    return Fitted(np.ascontiguousarray(planes), notes)


def resized(pixels: Pixels, side: int) -> Pixels:
    """Cut (H, W) or (H, W, 3) to the square in its middle and resize it, smoothed (bilinear)."""
    height, width = pixels.shape[:2]
    least = min(height, width)
    top, left = (height - least) // 2, (width - least) // 2
    square = np.ascontiguousarray(pixels[top : top + least, left : left + least])
    if least == side:
        return square
    return np.asarray(Image.fromarray(square).resize((side, side), Image.Resampling.BILINEAR))


def grey(pixels: Pixels) -> Pixels:
    """Turn (..., 3) levels into luminance as Pillow does: 0.299 R + 0.587 G + 0.114 B."""
    return ((pixels @ LUMINANCE + 32_768) >> 16).astype(np.uint8)


def _refuse(source: Collection, side: int, channels: int | None) -> None:
    if not SIDES[0] <= side <= SIDES[1]:
        raise CollectionError(
            f"Pictures of {side} × {side} cells are not trained on here: choose {SIDES[0]} to "
            f"{SIDES[1]}."
        )
    if channels not in (None, 1, 3):
        raise CollectionError(
            f"{channels} channels are asked for; choose 1 (grey) or 3 (red, green, blue)."
        )
    size = len(source) * side**2 * (channels or 3)
    if size > BYTES_MOST:
        fits = int((BYTES_MOST / len(source) / (channels or 3)) ** 0.5)
        raise CollectionError(
            f"{len(source):,} pictures of {side} × {side} cells take {size / 1e6:,.0f} MB; the "
            f"limit is {BYTES_MOST / 1e6:,.0f} MB: choose up to {fits} cells, or fewer pictures."
        )


def _cut_note(count: int, total: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (f"{count:,} of {total:,} pictures are not square: the square in their middle counts.",)
