"""Pictures below one another: exact where small, nearly so where large."""

import io

import numpy as np
from PIL import Image

from visualizer.ui.strip import strip


def test_a_small_strip_is_exact_and_in_order() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (3, 5, 7, 3), dtype=np.uint8)
    kind, data = strip(list(pictures))
    image = Image.open(io.BytesIO(data.tobytes()))
    assert (kind, image.format, image.size) == ("image/png", "PNG", (7, 15))
    assert np.array_equal(np.asarray(image).reshape(3, 5, 7, 3), pictures)


def test_a_large_strip_is_a_small_file_that_looks_the_same() -> None:
    ramp = np.linspace(0, 255, 300, dtype=np.uint8)
    picture = np.stack(np.broadcast_arrays(ramp[:, None], ramp[None, :], ramp[::-1, None]), axis=2)
    kind, data = strip([picture, picture[::-1]])
    shown = np.asarray(Image.open(io.BytesIO(data.tobytes()))).reshape(2, 300, 300, 3)
    assert kind == "image/jpeg"
    assert len(data) < picture.size / 5
    assert np.abs(shown[1].astype(int) - picture[::-1]).mean() < 2
