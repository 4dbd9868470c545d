"""Steps and moments of a training as numbers for the page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from visualizer.runtime.training.history import History, Moment

Arrays = Mapping[str, NDArray[Any]]


def history_arrays(history: History, known: int = 0) -> dict[str, NDArray[Any]]:
    """Give what came after the first ``known`` steps: one number a step in each array."""
    names = ("steps", "losses", "accuracies", "rates")
    return {name: getattr(history, name)[known:] for name in names}


def moment_record(one: Moment) -> dict[str, Any]:
    """Write down a moment without its weights."""
    return {"moment": one.k, **validation_record(one)}


def validation_record(one: Moment) -> dict[str, Any]:
    """Write down how a moment did on the validation pictures."""
    return {
        "step": one.step,
        "epoch": one.epoch,
        "loss": finite(one.loss),
        "accuracy": finite(one.accuracy),
    }


def finite(number: float) -> float | None:
    """Replace what JSON cannot carry."""
    return number if math.isfinite(number) else None
