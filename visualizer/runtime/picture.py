"""Turn what a user gives into RGB pixels with 8 bits, and say what had to be changed for it."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image

from visualizer.errors import PictureError
from visualizer.runtime import picture_file
from visualizer.runtime.picture_file import (
    LONGEST_SIDE,
    MAX_ASPECT,
    MAX_BYTES,
    MAX_JPEG_PIXELS,
    MAX_PIXELS,
    MIN_ASPECT,
)

__all__ = [
    "LONGEST_SIDE",
    "MAX_ASPECT",
    "MAX_BYTES",
    "MAX_JPEG_PIXELS",
    "MAX_PIXELS",
    "MIN_ASPECT",
    "Opened",
    "PictureSource",
    "Pixels",
    "open_picture",
    "read_picture",
]

Pixels = npt.NDArray[np.uint8]
PictureSource = str | Path | bytes | Image.Image | npt.NDArray[Any]

TURNS = {  # EXIF orientation -> what puts the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
LYING = (5, 6, 7, 8)  # orientations stored with height and width exchanged

_decoding = threading.Lock()


@dataclass(frozen=True, eq=False)
class Opened:
    """A picture, pixels (H, W, 3), and short sentences on what was changed to show it."""

    pixels: Pixels
    notes: tuple[str, ...]


def read_picture(source: PictureSource) -> Pixels:
    """Give the pixels of a picture, shape (H, W, 3), uint8."""
    return open_picture(source).pixels


def open_picture(source: PictureSource) -> Opened:
    """Open a file (by path or as bytes), a PIL image, or an array (H, W, 3) or (H, W) of uint8.

    The first picture of an animation counts; transparency is shown on white; the longer side is
    reduced to ``LONGEST_SIDE`` pixels; an EXIF rotation is carried out.

    Raises:
        PictureError: no picture, damaged, or beyond a limit: one sentence for the screen.
    """
    with _one_at_a_time():
        image, (width, height) = _decoded(source)
        orientation = _orientation(image)
        notes = []
        if getattr(image, "is_animated", False):
            notes.append("The file holds several pictures: the first is shown.")
        image = _rgb(image, notes)
        if orientation in TURNS:
            image = image.transpose(TURNS[orientation])
        if orientation in LYING:
            width, height = height, width
        if (width, height) != image.size:
            notes.append(
                f"Reduced from {height} × {width} to {image.height} × {image.width} pixels "
                "(height × width)."
            )
        return Opened(np.array(image, dtype=np.uint8), tuple(notes))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Bound the memory of many visitors; Pillow's warnings on odd metadata stay out of the log."""
    with _decoding, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield


def _decoded(source: PictureSource) -> tuple[Image.Image, tuple[int, int]]:
    """Give a decoded image and the (width, height) it had before a JPEG was reduced."""
    if isinstance(source, bytes):
        return picture_file.decode(source)
    if isinstance(source, str | Path):
        return picture_file.decode(picture_file.read_bytes(Path(source).expanduser()))
    if isinstance(source, np.ndarray):
        source = _from_array(source)
    elif not isinstance(source, Image.Image):
        raise PictureError(
            "A picture is a path, bytes, a PIL image or an array of shape (height, width, 3), "
            f"not {type(source).__name__}: give one of these."
        )
    picture_file.check_size(*source.size, MAX_JPEG_PIXELS)
    picture_file.load(source)
    return source, source.size


def _from_array(array: npt.NDArray[Any]) -> Image.Image:
    coloured = array.ndim == 3 and array.shape[2] == 3
    if array.dtype != np.uint8 or not (coloured or array.ndim == 2):
        raise PictureError(
            f"The array has shape {array.shape} and type {array.dtype}; a picture needs "
            "(height, width, 3) or (height, width) with values 0 to 255 of type uint8."
        )
    picture_file.check_size(array.shape[1], array.shape[0], MAX_JPEG_PIXELS)
    return Image.fromarray(np.ascontiguousarray(array))


def _orientation(image: Image.Image) -> int:
    """Read the EXIF orientation; broken metadata do not spoil a good picture."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except picture_file.DAMAGE:
        return 1


def _rgb(image: Image.Image, notes: list[str]) -> Image.Image:
    """Convert to RGB and reduce to ``LONGEST_SIDE``; note what was lost."""
    if image.mode.startswith("I;16"):
        notes.append("16-bit values are shown with 8 bits.")
        image = _eight_bit(image)
    elif image.mode in ("1", "P", "PA") or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image = _reduced(image)  # before the steps below: they copy
    if image.mode in ("I", "F"):
        image = _rescaled(image, notes)
    elif image.mode in ("LA", "La", "RGBA", "RGBa"):
        image = _on_white(image, notes)
    elif image.mode == "CMYK":
        notes.append("CMYK colours are shown as RGB.")
    try:
        return image.convert("RGB")
    except ValueError as error:
        raise PictureError(
            f"Pictures in {image.mode} colours cannot be shown: save it as RGB and try again."
        ) from error


def _eight_bit(image: Image.Image) -> Image.Image:
    """Keep the upper 8 of 16 bits, as Pillow itself does for 16-bit colours; or of 12 bits."""
    bits = getattr(image, "tag_v2", {}).get(258, (16,))[0]  # 258: BitsPerSample of a TIFF file
    values = np.asarray(image)
    return Image.fromarray((values >> (bits - 8)).astype(np.uint8))


def _reduced(image: Image.Image) -> Image.Image:
    shrink = LONGEST_SIDE / max(image.size)
    if shrink >= 1:
        return image
    width, height = (max(1, round(side * shrink)) for side in image.size)
    rescaled_later = image.mode in ("I", "F")  # bicubic would overshoot their extremes
    resampling = Image.Resampling.BILINEAR if rescaled_later else Image.Resampling.BICUBIC
    return image.resize((width, height), resampling, reducing_gap=3.0)


def _rescaled(image: Image.Image, notes: list[str]) -> Image.Image:
    """Map the smallest finite value to black and the largest to white; one value alone is grey."""
    values = np.asarray(image)
    finite = np.isfinite(values)
    if not finite.any():
        raise PictureError("No value of the picture is a number: save it again and try again.")
    low, high = float(values[finite].min()), float(values[finite].max())
    notes.append(f"Values from {low:.4g} to {high:.4g} are shown as black to white.")
    if not finite.all():
        notes.append("Values that are no numbers are shown black.")
    if low == high:
        return Image.new("L", image.size, 128)
    shares = (values[finite].astype(np.float64) - low) / (high - low)
    shown = np.zeros(values.shape, dtype=np.uint8)
    shown[finite] = np.rint(shares * 255)
    return Image.fromarray(shown)


def _on_white(image: Image.Image, notes: list[str]) -> Image.Image:
    image = image.convert("RGBA")
    if np.asarray(image.getchannel("A")).min() == 255:
        return image
    notes.append("Transparent parts are shown on white.")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
