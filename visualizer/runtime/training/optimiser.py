"""torch's optimisers, set to a recipe."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

import torch
from torch import nn

from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.schedule import Pace

SECOND = 0.999  # β₂, the share that Adam keeps of the squared gradients


class Settings(TypedDict):
    """What all optimisers of a recipe share."""

    lr: float
    weight_decay: float
    fused: bool


def make_optimiser(recipe: Recipe, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """Choose among AdamW, Adam, and gradient descent with and without momentum.

    Source: AdamW: Loshchilov & Hutter, arXiv:1711.05101, algorithm 2; Adam: Kingma & Ba,
    arXiv:1412.6980, algorithm 1; momentum: Sutskever et al., ICML 2013, as torch writes it.
    """
    given, share = list(parameters), recipe.momentum
    shared: Settings = {
        "lr": recipe.learning_rate,
        "weight_decay": recipe.weight_decay,
        "fused": recipe.fused,
    }
    if recipe.optimiser == "adamw":
        return torch.optim.AdamW(given, betas=(share, SECOND), **shared)
    if recipe.optimiser == "adam":
        return torch.optim.Adam(given, betas=(share, SECOND), **shared)
    if recipe.optimiser == "momentum":
        return torch.optim.SGD(given, momentum=share, **shared)
    return torch.optim.SGD(given, **shared)


def set_pace(optimiser: torch.optim.Optimizer, recipe: Recipe, pace: Pace) -> None:
    """Tell the optimiser what its next step is to use."""
    for group in optimiser.param_groups:
        group["lr"] = pace.rate
        if recipe.optimiser == "momentum":
            group["momentum"] = pace.momentum
        elif recipe.optimiser != "sgd":
            group["betas"] = (pace.momentum, SECOND)
