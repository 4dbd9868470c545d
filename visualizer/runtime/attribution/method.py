"""The registry record of a pixel attribution."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualizer.runtime.model import Model

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Question:
    """What a network is asked: which input cells speak for the score ``cotangent . logits``?

    Shapes: ``batch`` (1, C, H, W), the input; ``cotangent`` (1, classes, 1, 1): 1 at a class, and
    -1 at the class it is compared with.
    """

    model: Model
    batch: Array
    cotangent: Array
    layer: str | None = None  # where guided Grad-CAM reads its map; None: the network's own


@dataclass(frozen=True)
class Partial:
    """A map as far as it has grown: (H, W), and what has to be said about it."""

    step: int
    steps: int
    heat: Array
    notes: tuple[str, ...] = ()


def never_fails(_model: Model) -> str | None:
    """Let a method hold for every network."""
    return None


@dataclass(frozen=True)
class Attribution:
    """One method. ``run`` yields a growing map; the last one is the answer, not rescaled.

    ``signed`` maps have cells that speak against the class; ``long`` ones take many passes.
    ``holds`` gives the reason why a method has no meaning for a network, or ``None``.
    """

    id: str
    title: str
    run: Callable[[Question], Iterator[Partial]]
    sentence: str
    formula: str
    paper: str
    signed: bool = False
    long: bool = False
    needs_layer: bool = False
    holds: Callable[[Model], str | None] = never_fails
