"""Why a training ended before its last step, and which learning rate is worth a try."""

from __future__ import annotations

import math

from visualizer.runtime.training.recipe import default_recipe
from visualizer.runtime.training.task import Task


def why_failed(task: Task, loss: float, *, step: int, rate: float, kept: int) -> str:
    """Say what happened to ``loss`` at ``step``, where the schedule had come to ``rate``.

    ``kept`` is the epoch of the network that stays, 0 for the untrained one. Offered is the usual
    rate of the network, the data and the optimiser, or a tenth of the chosen one where that is
    no higher.
    """
    chosen = task.recipe.learning_rate
    word = "is not a number any more" if math.isnan(loss) else "has grown beyond all numbers"
    there = "" if math.isclose(rate, chosen, rel_tol=1e-3) else f" ({_number(rate)} at that step)"
    usual = default_recipe(task.network, task.data, task.recipe.optimiser).learning_rate
    offer = f"{_number(usual)}, the usual one" if usual < chosen else _number(chosen / 10)
    return (
        f"The loss {word} at step {step}, with a learning rate of {_number(chosen)}{there}: its "
        f"updates overshoot. The network of {f'epoch {kept}' if kept else 'the beginning'} is "
        f"kept; try a rate of {offer}."
    )


def _number(rate: float) -> str:
    """Write three digits that matter: ``1,000``, ``40.2``, ``0.006``."""
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.3g}"
