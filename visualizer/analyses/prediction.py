"""What the network takes the picture for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import VisualizerError
from visualizer.runtime.graph import SOFTMAX
from visualizer.runtime.model import Model
from visualizer.runtime.picture import PictureSource
from visualizer.zoo import labels


@dataclass(frozen=True)
class Prediction:
    """One class and the probability the network gives it."""

    label: str
    index: int
    probability: float


def classify(
    model: Model, picture: PictureSource, top: int = 5, *, framing: str = "crop"
) -> list[Prediction]:
    """List the ``top`` most probable classes, most probable first.

    Raises:
        PictureError: the file is no picture.
        VisualizerError: ``top`` is below 1 or above the number of classes.
    """
    names = labels(model.spec)
    if not 1 <= top <= len(names):
        raise VisualizerError(f"top={top} is not possible: choose 1 to {len(names)} classes.")
    values = model.values(model.preprocess(picture, framing), [SOFTMAX])
    return strongest(values[SOFTMAX][0, :, 0, 0], names, top)


def strongest(
    probabilities: NDArray[np.float32], names: tuple[str, ...], top: int
) -> list[Prediction]:
    """Pick the ``top`` of (classes,) probabilities; the lower index first among equals."""
    order = np.argsort(-probabilities, kind="stable")[:top]
    return [Prediction(names[i], int(i), float(probabilities[i])) for i in order]
