"""Draws of an augmentation on one sheet, for the screen."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from visualizer.runtime.augmentation.draw import together

Pixels = NDArray[np.uint8]
JPEG_QUALITY = 90
EXACT_PIXELS = 64_000
GROUND = 128
SMALL_SIDE = 64  # smaller pictures are enlarged pixel by pixel


def sheet(pictures: Sequence[Pixels], side: int) -> tuple[dict[str, Any], NDArray[np.uint8]]:
    """Lay pictures (h, w, 3) of any sizes into square cells: where each lies, and the file's bytes.

    Units: ``at`` is [left, top, width, height] of each picture in pixels of the sheet; the rest of
    a cell is grey.
    """
    columns = math.ceil(math.sqrt(len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    whole = np.full((rows * side, columns * side, 3), GROUND, np.uint8)
    places = []
    for number, shown in enumerate(together(partial(fitted, side=side), pictures)):
        height, width = shown.shape[:2]
        top, left = _corner(number, columns, height, width, side)
        whole[top : top + height, left : left + width] = shown
        places.append([left, top, width, height])
    kind, file = _file(whole)
    return {"columns": columns, "rows": rows, "side": side, "format": kind, "at": places}, file


def fitted(picture: Pixels, side: int) -> Pixels:
    """Bring the longer side to ``side``; small pictures grow without smoothing."""
    height, width = picture.shape[:2]
    size = _size(height, width, side)
    if size == (width, height):
        return picture
    small = max(height, width) <= SMALL_SIDE
    filtering = Image.Resampling.NEAREST if small else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(picture).resize(size, filtering, reducing_gap=2.0))


def mask_sheet(masks: Sequence[Pixels], side: int) -> Pixels:
    """Lay masks (h, w) out as :func:`sheet` does, each number kept: the bytes of a grey PNG."""
    columns = math.ceil(math.sqrt(len(masks)))
    whole = np.zeros((math.ceil(len(masks) / columns) * side, columns * side), np.uint8)
    for number, mask in enumerate(masks):
        size = _size(mask.shape[0], mask.shape[1], side)
        shown = np.asarray(Image.fromarray(mask).resize(size, Image.Resampling.NEAREST))
        top, left = _corner(number, columns, shown.shape[0], shown.shape[1], side)
        whole[top : top + shown.shape[0], left : left + shown.shape[1]] = shown
    file = io.BytesIO()
    Image.fromarray(whole).save(file, "PNG", compress_level=1)
    return np.frombuffer(file.getvalue(), np.uint8)


def _size(height: int, width: int, side: int) -> tuple[int, int]:
    factor = side / max(height, width)
    return max(1, round(width * factor)), max(1, round(height * factor))


def _corner(number: int, columns: int, height: int, width: int, side: int) -> tuple[int, int]:
    top = number // columns * side + (side - height) // 2
    return top, number % columns * side + (side - width) // 2


def _file(whole: Pixels) -> tuple[str, NDArray[np.uint8]]:
    image, file = Image.fromarray(whole), io.BytesIO()
    if image.width * image.height <= EXACT_PIXELS:
        image.save(file, "PNG", compress_level=1)
        return "image/png", np.frombuffer(file.getvalue(), np.uint8)
    image.save(file, "JPEG", quality=JPEG_QUALITY)
    return "image/jpeg", np.frombuffer(file.getvalue(), np.uint8)
