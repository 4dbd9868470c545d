"""Read a picture file from its bytes: limits first, then only decoders that we chose, then pixels.

The six decoders are called by the file's content, never by its name. Nothing of Pillow's global
settings is touched.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from visualizer.errors import PictureError

MAX_BYTES = 50_000_000
MAX_PIXELS = 25_000_000  # 95 MB while decoding
MAX_JPEG_PIXELS = 52_000_000  # read at reduced size; 300 MB if progressive, 13 MB if not
MAX_WEBP_PIXELS = 16_000_000  # 250 MB while decoding
MIN_ASPECT, MAX_ASPECT = 1 / 40, 40.0  # width / height
MAX_JPEG_SCANS = 60  # a progressive picture has about 10; each takes time again
LONGEST_SIDE = 2048  # of what is kept

DAMAGE = (
    OSError,
    SyntaxError,  # Pillow's word for a broken file
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    RuntimeError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


@dataclass(frozen=True)
class Kind:
    """A picture format: how its files begin and who decodes them."""

    name: str
    beginning: bytes
    decoder: Callable[[IO[bytes], str], ImageFile.ImageFile]
    max_pixels: int = MAX_PIXELS


KINDS = (
    Kind("JPEG", rb"\xff\xd8\xff", JpegImagePlugin.JpegImageFile, MAX_JPEG_PIXELS),
    Kind("PNG", rb"\x89PNG\r\n\x1a\n", PngImagePlugin.PngImageFile),
    Kind("GIF", rb"GIF8[79]a", GifImagePlugin.GifImageFile),
    Kind("WebP", rb"RIFF....WEBP", WebPImagePlugin.WebPImageFile, MAX_WEBP_PIXELS),
    Kind("BMP", rb"BM....\0\0\0\0", BmpImagePlugin.BmpImageFile),
    Kind("TIFF", rb"II[*+]\0|MM\0[*+]", TiffImagePlugin.TiffImageFile),
)

OTHERS = (
    (rb"PK\x03\x04|PK\x05\x06", "a zip archive"),
    (rb"....ftyp(hei|hev|mif1|msf1)", "a HEIC photo"),
    (rb"....ftypavi[fs]", "an AVIF picture"),
    (rb"....ftyp|\x1a\x45\xdf\xa3", "a video"),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (rb"\0\0\0\x0cjP", "a JPEG 2000 picture"),
    (rb"8BPS", "a Photoshop file"),
    (rb"%PDF", "a PDF document"),
    (rb"\x80[\x02-\x05]", "a Python pickle"),
    (rb"\x93NUMPY", "a NumPy file"),
    (rb"(?i).{0,900}<svg", "an SVG drawing"),
    (rb"(?i).{0,900}<(!doctype html|html|head|body|script)", "a web page"),
    (rb"[\t\n\r\x20-\x7e]+\Z", "a text file"),
)


def read_bytes(path: Path) -> bytes:
    """Read a file, unless it is too large.

    Raises:
        PictureError: there is no such file, or it has more than ``MAX_BYTES``.
    """
    try:
        if not path.is_file():
            raise PictureError(f"There is no file {path.name[:60]!r} there: check the path.")
        check_bytes(path.stat().st_size)
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise PictureError(
            "The file cannot be read: check its name and permissions, and try again."
        ) from error


def check_bytes(size_bytes: int) -> None:
    """Refuse a file without a byte, or with too many."""
    if size_bytes == 0:
        raise PictureError("The file is empty, it has 0 bytes: choose another one.")
    if size_bytes > MAX_BYTES:
        raise PictureError(
            f"The file has {size_bytes:,} bytes; the limit is {MAX_BYTES:,}: "
            "save the picture smaller, for example as JPEG, and try again."
        )


def check_size(width: int, height: int, max_pixels: int, what: str = "pictures") -> None:
    """Refuse too many pixels, none, or a sliver.

    Raises:
        PictureError: says the size and the limit.
    """
    if width < 1 or height < 1:
        raise PictureError("The picture has no pixels: choose another one.")
    if width * height > max_pixels:
        raise PictureError(
            f"The picture has {width * height:,} pixels ({height} × {width}); the limit for {what} "
            f"is {max_pixels:,}: make it smaller and try again."
        )
    if not MIN_ASPECT <= width / height <= MAX_ASPECT:
        ratio = max(width, height) / min(width, height)
        raise PictureError(
            f"The picture has {height} × {width} pixels, one side is {ratio:,.0f} times the other; "
            f"the limit is {MAX_ASPECT:.0f} times: crop it and try again."
        )


def load(image: Image.Image, what: str = "picture") -> None:
    """Decode ``image`` in place.

    Raises:
        PictureError: the data are damaged.
    """
    try:
        image.load()
    except DAMAGE as error:
        raise _damaged(what, error) from error


def decode(data: bytes) -> tuple[Image.Image, tuple[int, int]]:
    """Decode the first picture of a file, and say what (width, height) the file has.

    A large JPEG is decoded at a half, a quarter or an eighth of its size.

    Raises:
        PictureError: no picture, damaged, or beyond a limit.
    """
    check_bytes(len(data))
    kind = kind_of(data)
    image = _opened(kind, data)
    size = image.size
    check_size(*size, kind.max_pixels, kind.name)
    if kind.name == "JPEG":
        scans = data.count(b"\xff\xda")
        if scans > MAX_JPEG_SCANS:
            raise PictureError(
                f"The JPEG file is drawn in {scans} passes; the limit is {MAX_JPEG_SCANS}: "
                "save it again and try again."
            )
        shrink = min(1.0, LONGEST_SIDE / max(size))
        image.draft(None, (max(1, int(size[0] * shrink)), max(1, int(size[1] * shrink))))
    load(image, f"{kind.name} file")
    return image, size


def kind_of(data: bytes) -> Kind:
    """Recognise a format by how the file begins.

    Raises:
        PictureError: names what the file is instead.
    """
    start = data[:1024]
    for kind in KINDS:
        if re.match(kind.beginning, start, re.DOTALL):
            return kind
    what = "a file of an unknown kind"
    for beginning, other in OTHERS:
        if re.match(beginning, start, re.DOTALL):
            what = other
            break
    names = ", ".join(kind.name for kind in KINDS[:-1])
    raise PictureError(
        f"This is {what}; pictures are {names} or {KINDS[-1].name} files: "
        "save it as one of these and try again."
    )


def _opened(kind: Kind, data: bytes) -> ImageFile.ImageFile:
    """Read the header; a PNG's checksums too, since its decoder skips those of the pixels."""
    try:
        if kind.name == "PNG":
            kind.decoder(io.BytesIO(data), "").verify()
        return kind.decoder(io.BytesIO(data), "")
    except DAMAGE as error:
        raise _damaged(f"{kind.name} file", error) from error


def _damaged(what: str, error: BaseException) -> PictureError:
    if "MAX_TEXT" in str(error):
        return PictureError(
            f"This {what} holds compressed text or a colour profile of more than "
            f"{PngImagePlugin.MAX_TEXT_CHUNK:,} bytes: save it without them and try again."
        )
    return PictureError(
        f"This {what} cannot be decoded, it is damaged, cut short or of a rare variety: "
        "save it again as PNG or JPEG and try again."
    )
