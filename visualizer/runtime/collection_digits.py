"""The collections that need no download: the samples, and scikit-learn's handwritten digits."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from visualizer.runtime.collection import Collection, collected
from visualizer.runtime.picture import Pixels, read_picture
from visualizer.runtime.samples import SAMPLES, sample_path
from visualizer.zoo.class_names import LABELS

LEVELS = 16  # the digits' largest value
DRAWN, FRAME = 20, 28  # cells of a digit, and of the black square around it


def samples() -> Collection:
    """Collect the pictures that travel with the package."""
    return collected(
        tuple(read_picture(sample_path(sample.name)) for sample in SAMPLES),
        name="samples",
        title="Samples",
        names=tuple(sample.title for sample in SAMPLES),
    )


def digits() -> Collection:
    """Collect scikit-learn's 1,797 handwritten digits, drawn as MNIST draws its own.

    Shapes: 8 × 8 cells with values 0 to 16 become (1797, 28, 28) uint8: see :func:`drawn`.

    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (UCI).
    """
    cells, labels = _read()
    return collected(
        drawn(cells),
        name="digits",
        title="Handwritten digits",
        classes=LABELS["mnist"],
        labels=labels,
        suits="mnist",
    )


def _read() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Read scikit-learn's own file; importing scikit-learn for it would take over a second."""
    spec = importlib.util.find_spec("sklearn")
    places = (spec and spec.submodule_search_locations) or ["."]
    file = Path(places[0], "datasets/data/digits.csv.gz")
    if not file.is_file():
        from sklearn.datasets import load_digits

        data = load_digits()
        return data.images, data.target.astype(np.int64)
    table = np.loadtxt(file, delimiter=",", dtype=np.int64)
    return table[:, :-1].reshape(-1, 8, 8).astype(np.float64), table[:, -1]


def drawn(cells: NDArray[np.floating]) -> Pixels:
    """Draw digits white on black: enlarged to 20 × 20, the centre of mass in the middle of 28 × 28.

    Shapes: (n, 8, 8), values 0 to 16 -> (n, 28, 28) uint8; bicubic, value times 255 / 16.

    Source: LeCun et al., MNIST, for the frame and the centring.
    """
    levels = np.rint(cells * (255 / LEVELS)).astype(np.uint8)
    side, bicubic = (DRAWN, DRAWN), Image.Resampling.BICUBIC
    large = np.stack([np.asarray(Image.fromarray(one).resize(side, bicubic)) for one in levels])
    top, left = (_start(large.sum(axis=axis, dtype=np.float64)) for axis in (2, 1))
    pictures = np.zeros((len(large), FRAME, FRAME), dtype=np.uint8)
    reach = np.arange(DRAWN)
    rows, columns = top[:, None] + reach, left[:, None] + reach
    pictures[np.arange(len(large))[:, None, None], rows[:, :, None], columns[:, None, :]] = large
    return pictures


def _start(mass: NDArray[np.float64]) -> NDArray[np.int64]:
    """Place (n, 20) profiles so that their centre of mass comes nearest the frame's middle."""
    total = np.maximum(mass.sum(axis=1), 1)
    centre = mass @ np.arange(DRAWN) / total
    start = np.rint((FRAME - 1) / 2 - centre).astype(np.int64)
    return np.clip(start, 0, FRAME - DRAWN)
