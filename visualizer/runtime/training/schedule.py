"""The learning rate by step, known before the first one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from visualizer.runtime.training.recipe import Recipe

RISE = 0.3  # share of the steps on which a one-cycle rate rises
START, END = 25.0, 1e4  # it begins at rate / START and ends at that / END
SWING = 0.05  # of the momentum, either way


@dataclass(frozen=True)
class Pace:
    """What one step uses."""

    rate: float
    momentum: float


def pace(recipe: Recipe, step: int, steps: int) -> Pace:
    """Give the learning rate and the momentum of ``step`` (from 0) of ``steps``.

    Source: one-cycle: Smith & Topin, arXiv:1708.07120, as torch's ``OneCycleLR`` with cosines;
    cosine: Loshchilov & Hutter, arXiv:1608.03983, equation 5, without restarts.
    """
    if recipe.schedule == "constant":
        return Pace(recipe.learning_rate, recipe.momentum)
    if recipe.schedule == "cosine":
        return Pace(_between(recipe.learning_rate, 0.0, step / steps), recipe.momentum)
    first, top = recipe.learning_rate / START, recipe.learning_rate
    high, low = (round(recipe.momentum + swing, 10) for swing in (SWING, -SWING))
    if recipe.momentum < SWING or high >= 1:  # no room to swing
        high = low = recipe.momentum
    summit = RISE * steps - 1
    if step <= summit:
        share = step / summit if summit else 1.0
        return Pace(_between(first, top, share), _between(high, low, share))
    share = (step - max(summit, 0.0)) / (steps - 1 - max(summit, 0.0)) if steps > 1 else 0.0
    return Pace(_between(top, first / END, share), _between(low, high, share))


def _between(start: float, end: float, share: float) -> float:
    """Go from start to end along half a cosine."""
    return end + (start - end) / 2 * (math.cos(math.pi * share) + 1)
