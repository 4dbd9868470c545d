"""Pictures as files for the screen."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from starlette.responses import Response

SHOWN_SIDE = 1024
LOSSLESS_SIDE = 64  # small pictures are looked at cell by cell


def picture_answer(pixels: NDArray[np.uint8], *, private: bool) -> Response:
    """Answer with a picture (H, W, 3) as WebP; a visitor's own is kept by nobody on the way."""
    image = Image.fromarray(pixels)
    image.thumbnail((SHOWN_SIDE, SHOWN_SIDE), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, "WEBP", lossless=max(image.size) <= LOSSLESS_SIDE, quality=90, method=2)
    return Response(file.getvalue(), media_type="image/webp", headers=kept(private=private))


def kept(*, private: bool) -> dict[str, str]:
    """Say how long a browser may keep an answer."""
    return {"Cache-Control": "no-store" if private else "private, max-age=3600"}
