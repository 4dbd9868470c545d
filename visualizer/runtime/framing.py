"""Which part of a picture a network sees, and the numbers it gets to see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from visualizer.errors import UnknownNameError
from visualizer.zoo.spec import ModelSpec

FRAMINGS = ("crop", "fit", "stretch")

RESAMPLING = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


@dataclass(frozen=True)
class Frame:
    """The region of the picture that the network's whole input shows.

    Units: picture pixels, with fractions; ``fit`` reaches beyond the picture.
    """

    top: float
    left: float
    height: float
    width: float


@dataclass(frozen=True)
class _Layout:
    """The resized picture's size, and where in it the input's first cell lies; < 0: border."""

    height: int
    width: int
    top: int
    left: int


def frame(picture_height: int, picture_width: int, spec: ModelSpec, framing: str = "crop") -> Frame:
    """Find the region of the picture that the input shows.

    Raises:
        UnknownNameError: no such framing.
    """
    layout = _layout(picture_height, picture_width, spec, framing)
    _, input_height, input_width = spec.input_shape
    rows = picture_height / layout.height  # picture pixels per input cell
    columns = picture_width / layout.width
    return Frame(
        layout.top * rows, layout.left * columns, input_height * rows, input_width * columns
    )


def network_input(
    pixels: npt.NDArray[np.uint8], spec: ModelSpec, framing: str = "crop"
) -> npt.NDArray[np.float32]:
    """Resize, crop and normalise a picture; ``crop`` is the network's own preprocessing.

    Shapes: pixels (H, W, 3), uint8 -> (1, C, h, w). A border has the mean colour, so it is 0.

    Raises:
        UnknownNameError: no such framing.

    Source: torchvision's presets: Resize and CenterCrop of a PIL image, then Normalize.
    """
    return network_batch([pixels], spec, framing)


def network_batch(
    pictures: Sequence[npt.NDArray[np.uint8]] | npt.NDArray[np.uint8],
    spec: ModelSpec,
    framing: str = "crop",
) -> npt.NDArray[np.float32]:
    """Prepare several pictures at once, each as :func:`network_input` does.

    Shapes: n pictures (H, W, 3) or grey (H, W), uint8, of any sizes -> (n, C, h, w).

    Raises:
        UnknownNameError: no such framing.
    """
    channels, height, width = spec.input_shape
    values = np.zeros((len(pictures), channels, height, width), dtype=np.float32)
    bordered = []
    for index, pixels in enumerate(pictures):
        layout = _layout(pixels.shape[0], pixels.shape[1], spec, framing)
        cells = _seen(pixels, layout, spec)
        row, column = max(-layout.top, 0), max(-layout.left, 0)
        place = (index, ..., slice(row, row + len(cells)), slice(column, column + cells.shape[1]))
        values[place] = cells if cells.ndim == 2 else cells.transpose(2, 0, 1)
        if cells.shape[:2] != (height, width):
            bordered.append(place)
    values /= 255
    values -= np.array(spec.mean, dtype=np.float32).reshape(-1, 1, 1)
    values /= np.array(spec.std, dtype=np.float32).reshape(-1, 1, 1)
    for place in bordered:
        inside = values[place].copy()
        values[place[0]] = 0
        values[place] = inside
    return values


def network_pixels(pixels: npt.NDArray[np.uint8], spec: ModelSpec) -> npt.NDArray[np.uint8]:
    """Resize and crop a picture as the network's own preprocessing does, before it is normalised.

    Shapes: (H, W, 3) or grey (H, W) -> (C, h, w), all uint8.
    """
    layout = _layout(pixels.shape[0], pixels.shape[1], spec, "crop")
    cells = _seen(pixels, layout, spec)
    planes = cells[None] if cells.ndim == 2 else cells.transpose(2, 0, 1)
    return np.ascontiguousarray(planes)


def _seen(pixels: npt.NDArray[np.uint8], layout: _Layout, spec: ModelSpec) -> npt.NDArray[np.uint8]:
    """Resize and cut out: (h, w) for a network of one channel, else (h, w, 3)."""
    channels, height, width = spec.input_shape
    mode = "L" if channels == 1 else "RGB"
    if pixels.shape[:2] == (layout.height, layout.width) and pixels.ndim == (
        2 if mode == "L" else 3
    ):
        resized = pixels
    else:
        image = Image.fromarray(np.ascontiguousarray(pixels))
        if image.mode != mode:
            image = image.convert(mode)
        size = (layout.width, layout.height)
        if image.size != size:
            image = image.resize(size, RESAMPLING[spec.interpolation])
        resized = np.asarray(image)
    top, left = max(layout.top, 0), max(layout.left, 0)
    return resized[top : top + height, left : left + width]


def _layout(height: int, width: int, spec: ModelSpec, framing: str) -> _Layout:
    _, input_height, input_width = spec.input_shape
    if framing == "stretch":
        return _Layout(input_height, input_width, 0, 0)
    if framing == "fit":
        shrink = min(input_height / height, input_width / width)
        new_height = min(input_height, max(1, round(height * shrink)))
        new_width = min(input_width, max(1, round(width * shrink)))
        border_top, border_left = (input_height - new_height) // 2, (input_width - new_width) // 2
        return _Layout(new_height, new_width, -border_top, -border_left)
    if framing == "crop":
        longer = int(spec.resize * max(height, width) / min(height, width))
        new_height, new_width = (longer, spec.resize) if height >= width else (spec.resize, longer)
        top = round((new_height - input_height) / 2.0)
        left = round((new_width - input_width) / 2.0)
        return _Layout(new_height, new_width, top, left)
    raise UnknownNameError(f"There is no framing {framing!r}; choose one of {', '.join(FRAMINGS)}.")
