"""Several pictures of one size as one file: exact where that is small."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

EXACT_PIXELS = 64_000  # a strip up to this many pixels is sent without loss
JPEG_QUALITY = 92


def strip(pictures: Sequence[NDArray[np.uint8]]) -> tuple[str, NDArray[np.uint8]]:
    """Put pictures below one another: the file's media type and its bytes.

    Shapes: n times (h, w, 3) -> (bytes,), a picture of n h rows and w columns.
    """
    image = Image.fromarray(np.concatenate(pictures))
    file = io.BytesIO()
    if image.width * image.height <= EXACT_PIXELS:
        image.save(file, "PNG", compress_level=1)
        return "image/png", np.frombuffer(file.getvalue(), np.uint8)
    image.save(file, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return "image/jpeg", np.frombuffer(file.getvalue(), np.uint8)
