"""How a network is trained: the numbers one may turn, their limits, and good ones to begin with."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from numbers import Integral, Real
from typing import TYPE_CHECKING, Literal, get_args

from visualizer.errors import VisualizerError
from visualizer.zoo.stack import Network, describe_stack

if TYPE_CHECKING:
    from visualizer.runtime.training.data import Data

Optimiser = Literal["adamw", "adam", "momentum", "sgd"]
Schedule = Literal["one-cycle", "constant", "cosine"]
Precision = Literal["float32", "bfloat16"]


@dataclass(frozen=True)
class Range:
    """The limits of one number of a recipe; ``whole`` numbers have no fraction."""

    name: str
    title: str
    low: float
    high: float
    whole: bool = False


FEW = 10_000  # pictures: below, batches are small and epochs many
EPOCHS = {"mnist": 3, "fashion_mnist": 5, "cifar10": 8}
SHALLOW = ("lenet5", "mlp", "linear")
PLAIN_RATES = {"momentum": 0.03, "sgd": 0.1}
LIGHT_MACS = 2_000_000  # of a picture: above, batches are smaller, so that a pause is soon there
SHARED_STEP_MACS = 100_000_000  # of a large batch: below, sharing a step out saves nothing
LARGE_STEP_MACS = 500_000_000  # of any batch
THREADS_MOST = 4

RANGES = (
    Range("epochs", "Epochs", 1, 200, whole=True),
    Range("learning_rate", "Learning rate", 1e-6, 1000),
    Range("batch_size", "Batch size", 1, 1024, whole=True),
    Range("weight_decay", "Weight decay", 0, 1),
    Range("momentum", "Momentum", 0, 0.99),
    Range("label_smoothing", "Label smoothing", 0, 0.5),
    Range("threads", "Processor threads", 1, 64, whole=True),
    Range("shift", "Shift in pixels", 0, 16, whole=True),
)
CHOICES: dict[str, tuple[str, ...]] = {
    "optimiser": get_args(Optimiser),
    "schedule": get_args(Schedule),
    "precision": get_args(Precision),
}


@dataclass(frozen=True)
class Recipe:
    """How a network is trained.

    ``momentum`` is also Adam's first moment's share (β₁); one-cycle moves it by 0.05 against the
    learning rate (Smith, arXiv:1708.07120). ``pictures`` limits the training pictures, balanced
    by class. ``pixels_shuffled`` moves every picture's pixels to other places, the same for all.

    ``augment`` is a pipeline's text, as the Augmentation tab writes it. ``shift`` and ``flip``
    are two simple ones: every picture is moved by up to ``shift`` pixels on either axis, the
    border filled with the mean colour, and half of the pictures are mirrored left to right.
    ``fused`` lets PyTorch update all of a weight's numbers in one sweep; the last bits differ.

    Raises:
        VisualizerError: a number outside its limits, or a word that is not among the choices.
    """

    epochs: int = 10
    learning_rate: float = 4e-3
    batch_size: int = 64
    optimiser: Optimiser = "adamw"
    schedule: Schedule = "one-cycle"
    weight_decay: float = 0.01
    momentum: float = 0.9
    label_smoothing: float = 0.0
    augment: str | None = None
    pixels_shuffled: bool = False
    pictures: int | None = None
    precision: Precision = "float32"
    threads: int = 1
    shift: int = 0
    flip: bool = False
    fused: bool = True

    def __post_init__(self) -> None:
        for limits in RANGES:
            _check(limits, getattr(self, limits.name))
        for name, words in CHOICES.items():
            if getattr(self, name) not in words:
                raise VisualizerError(
                    f"The {name} is {getattr(self, name)!r}; choose one of {', '.join(words)}."
                )
        if self.pictures is not None:
            _check(Range("pictures", "Number of pictures", 2, 1_000_000, whole=True), self.pictures)


def _check(limits: Range, value: float) -> None:
    words = f"{limits.title} is {value!r}"
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise VisualizerError(f"{words}, which is no number; give {_span(limits)}.")
    if limits.whole and not isinstance(value, Integral):
        raise VisualizerError(f"{words}; give a whole number, {_span(limits)}.")
    if not limits.low <= value <= limits.high:
        raise VisualizerError(f"{words}; give {_span(limits)}.")


def _span(limits: Range) -> str:
    return f"{limits.low:,g} to {limits.high:,g}"


def usual_rate(network: Network, optimiser: str = "adamw") -> float:
    """Give a learning rate that usually goes well, where batches have 32 to 128 pictures."""
    if optimiser in PLAIN_RATES:
        return PLAIN_RATES[optimiser]
    return 4e-3 if network.name in SHALLOW else 3e-3


def default_recipe(network: Network, data: Data, optimiser: Optimiser = "adamw") -> Recipe:
    """Choose a recipe that reaches a good accuracy soon, for this network and these pictures.

    Of the data only the name and the number of training pictures count.
    """
    small = len(data.train.labels) < FEW
    macs = _macs(network, data.name)
    light = macs <= LIGHT_MACS
    batch, faster = (32, 1.5) if small else (256, 2.0) if light else (64, 1.0)
    return Recipe(
        epochs=15 if small else EPOCHS.get(data.name, 5),
        learning_rate=faster * usual_rate(network, optimiser),
        batch_size=batch,
        optimiser=optimiser,
        label_smoothing=0.1 if small else 0.0,
        threads=_threads(macs * batch, small),
    )


def _threads(step_macs: int, small: bool) -> int:
    """Choose how many processor threads share a step."""
    most = THREADS_MOST if step_macs >= LARGE_STEP_MACS else 2
    least = LARGE_STEP_MACS if small else SHARED_STEP_MACS
    return min(most, os.cpu_count() or 1) if step_macs >= least else 1


def _macs(network: Network, data: str) -> int:
    """Count the multiply-accumulates of a picture, near enough."""
    shape = (3 if data == "cifar10" else 1, network.side, network.side)
    return sum(row.macs for row in describe_stack(network.stack, shape, 10))
