"""Which part of a picture a network sees, and the numbers it gets to see."""

from __future__ import annotations

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
    layout = _layout(pixels.shape[0], pixels.shape[1], spec, framing)
    channels, height, width = spec.input_shape
    image = Image.fromarray(np.ascontiguousarray(pixels))
    if channels == 1:
        image = image.convert("L")
    resized = image.resize((layout.width, layout.height), RESAMPLING[spec.interpolation])
    top, left = max(layout.top, 0), max(layout.left, 0)
    seen = np.asarray(resized)[top : layout.top + height, left : layout.left + width]
    cells = seen.reshape(*seen.shape[:2], channels).transpose(2, 0, 1).astype(np.float32) / 255
    mean = np.array(spec.mean, dtype=np.float32).reshape(-1, 1, 1)
    std = np.array(spec.std, dtype=np.float32).reshape(-1, 1, 1)
    values = np.zeros((1, channels, height, width), dtype=np.float32)
    row, column = top - layout.top, left - layout.left
    values[0, :, row : row + cells.shape[1], column : column + cells.shape[2]] = (
        cells - mean
    ) / std
    return values


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
