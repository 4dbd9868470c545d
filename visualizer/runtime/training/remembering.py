"""Where a training stood at a moment, beside its weights: its next step can be taken again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from visualizer.runtime.training.recipe import Recipe

ROOM_BYTES = 256 * 2**20  # of the buffers at all moments of a training in a notebook
FLOAT_BYTES = 4
BUFFERS = {"sgd": 0, "momentum": 1, "adam": 2, "adamw": 2}  # of a weight

Buffers = Sequence[Mapping[str, Tensor]]


@dataclass(frozen=True, eq=False)
class Stand:
    """Where random numbers and the optimiser stood.

    ``order`` is the state of the generator that draws the batches, ``chance`` of the one that drops
    values. ``buffers`` are the optimiser's, parameter by parameter; None where they are not kept.
    """

    order: Tensor
    chance: Tensor
    buffers: Buffers | None


def stand_of(
    order: torch.Generator, chance: Tensor, optimiser: torch.optim.Optimizer | None
) -> Stand:
    """Copy where all of them stand; without an optimiser its buffers are left out."""
    buffers = None if optimiser is None else buffers_of(optimiser)
    return Stand(order.get_state(), chance.clone(), buffers)


def buffers_bytes(recipe: Recipe, network: nn.Module) -> int:
    """Foretell the memory of the optimiser's buffers at all moments; the first one has none."""
    weights = sum(value.numel() for value in network.parameters() if value.requires_grad)
    return FLOAT_BYTES * weights * BUFFERS[recipe.optimiser] * recipe.epochs


def buffers_of(optimiser: torch.optim.Optimizer) -> Buffers:
    """Copy what the optimiser keeps of each parameter, laid out in memory as there."""
    return [
        {name: value.clone() for name, value in optimiser.state.get(weight, {}).items()}
        for group in optimiser.param_groups
        for weight in group["params"]
    ]


def put_back(optimiser: torch.optim.Optimizer, buffers: Buffers | None) -> None:
    """Let an optimiser go on with copies of what was kept; with None it begins anew."""
    weights = [weight for group in optimiser.param_groups for weight in group["params"]]
    optimiser.state.clear()
    for weight, kept in zip(weights, buffers or [], strict=buffers is not None):
        if kept:
            optimiser.state[weight] = {name: value.clone() for name, value in kept.items()}
