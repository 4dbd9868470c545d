"""A network's convolutions as they formed during training: recorded once, read for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save
from torch import nn

from visualizer.runtime.writing import write_whole
from visualizer.zoo.resources import folder

Array = NDArray[np.float32]
EARLY_STEPS = (0, 10, 30, 100, 200)  # most of what a filter becomes, it becomes at once


@dataclass(frozen=True)
class Checkpoints:
    """Moments of one training.

    Shapes: ``steps`` (n,) optimiser steps taken; ``epochs`` (n,) the same in passes over the data;
    ``accuracy`` (n,) on the ``split`` ("test" or "validation"), in [0, 1]; ``weights`` by name,
    each (n, out, in, kH, kW).
    """

    steps: NDArray[np.int32]
    epochs: Array
    accuracy: Array
    weights: Mapping[str, Array]
    split: str = "test"


def path_of(name: str) -> Path:
    """Name the file of a network's checkpoints, whether it is there or not."""
    return folder("models") / f"{name}_checkpoints.safetensors"


@lru_cache(maxsize=8)
def read_checkpoints(name: str) -> Checkpoints | None:
    """Read the checkpoints of a network; None where none were recorded."""
    path = path_of(name)
    if not path.is_file():
        return None
    arrays = load_file(path)
    steps, epochs, accuracy = (arrays.pop(key) for key in ("steps", "epochs", "accuracy"))
    return Checkpoints(steps, epochs, accuracy, arrays)


@dataclass
class Recorder:
    """Keeps a network's convolutions as its training goes on."""

    steps_per_epoch: int
    _moments: list[tuple[int, float]] = field(default_factory=list)
    _weights: dict[str, list[Array]] = field(default_factory=dict)

    def keep(self, step: int, network: nn.Module, accuracy: float) -> None:
        """Keep what the convolutions hold after ``step`` steps, and what the network reaches."""
        self._moments.append((step, accuracy))
        for name, part in network.named_modules():
            if isinstance(part, nn.Conv2d):
                kept = part.weight.detach().contiguous().numpy().copy()
                self._weights.setdefault(f"{name}.weight", []).append(kept)

    def save(self, path: Path) -> None:
        """Write all that was kept, whole or not at all.

        Raises:
            VisualizerError: the disk is full or cannot be written.
        """
        steps, accuracy = zip(*self._moments, strict=True)
        epochs = np.array(steps, np.float32) / self.steps_per_epoch
        arrays: dict[str, NDArray[Any]] = {
            "steps": np.array(steps, np.int32),
            "epochs": epochs.astype(np.float32),
            "accuracy": np.array(accuracy, np.float32),
        }
        weights = {name: np.stack(kept) for name, kept in self._weights.items()}
        write_whole(path, save({**arrays, **weights}))
