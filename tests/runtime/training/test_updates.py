"""One update of every optimiser against its formula, the gradient worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from tests.runtime.training.toys import LINEAR, toy_task
from visualizer.runtime.training.optimiser import SECOND
from visualizer.runtime.training.schedule import pace
from visualizer.runtime.training.training import Training

RATE, DECAY, SHARE, EPSILON = 0.02, 0.1, 0.8, 1e-8
Array = NDArray[np.float64]


def gradient(weight: Array, bias: Array, inputs: Array, labels: NDArray[np.int64]) -> Array:
    """Differentiate the mean cross-entropy of softmax(W x + b): mean of (p - y) xᵀ."""
    logits = inputs @ weight.T + bias
    shares = np.exp(logits - logits.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    return (shares - np.eye(2)[labels]).T @ inputs / len(labels)


def updated(optimiser: str, weight: Array, gradients: list[Array]) -> Array:
    """Follow the papers' formulas, step by step."""
    first, second = np.zeros_like(weight), np.zeros_like(weight)
    for number, slope in enumerate(gradients, 1):
        g = slope if optimiser == "adamw" else slope + DECAY * weight
        if optimiser in ("sgd", "momentum"):
            share = SHARE if optimiser == "momentum" else 0
            first = share * first + g
            weight = weight - RATE * first
            continue
        first = SHARE * first + (1 - SHARE) * g
        second = SECOND * second + (1 - SECOND) * g * g
        if optimiser == "adamw":
            weight = weight - RATE * DECAY * weight
        mean, square = first / (1 - SHARE**number), second / (1 - SECOND**number)
        weight = weight - RATE * mean / (np.sqrt(square) + EPSILON)
    return weight


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "adam", "adamw"])
def test_two_steps_are_those_of_the_formula(optimiser: str, fused: bool) -> None:
    settings: dict[str, Any] = {
        "learning_rate": RATE, "weight_decay": DECAY, "momentum": SHARE, "schedule": "constant",
    }  # fmt: skip
    training = Training(toy_task(LINEAR, optimiser=optimiser, fused=fused, **settings))
    twin = Training(toy_task(LINEAR, optimiser=optimiser, fused=fused, **settings)).batches
    start: Array = training.network.state_dict()["1.weight"].double().numpy().copy()
    slopes = []
    for number in range(2):
        state = training.network.state_dict()
        weight, bias = (state[f"1.{name}"].double().numpy().copy() for name in ("weight", "bias"))
        inputs, labels = twin.take(0, number)
        slopes.append(gradient(weight, bias, inputs.flatten(1).double().numpy(), labels.numpy()))
        training.advance()
    found = training.network.state_dict()["1.weight"].numpy()
    assert found == pytest.approx(updated(optimiser, start, slopes), abs=2e-6)
    assert np.abs(found - start).max() > 1e-3


def test_one_cycle_is_pytorchs() -> None:
    """The same floats, so that weights repeat to the bit."""
    training = Training(toy_task(LINEAR, epochs=4))
    weight = torch.nn.Parameter(torch.zeros(1))
    optimiser = torch.optim.AdamW([weight], lr=1.0)
    steps = training.steps
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 0.01, total_steps=steps)
    for step in range(steps):
        now, group = pace(training.task.recipe, step, steps), optimiser.param_groups[0]
        assert (now.rate, now.momentum) == (group["lr"], group["betas"][0])
        weight.grad = torch.zeros(1)
        optimiser.step()
        if step + 1 < steps:
            schedule.step()


def test_the_cosine_by_hand() -> None:
    """A quarter of the way: (1 + cos 45°) / 2 = 0.85355 of the rate; half way: a half."""
    recipe = toy_task(schedule="cosine", learning_rate=0.4).recipe
    assert pace(recipe, 0, 8).rate == 0.4
    assert pace(recipe, 2, 8).rate == pytest.approx(0.4 * 0.8535534)
    assert pace(recipe, 4, 8).rate == pytest.approx(0.2)


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5])
def test_the_shortest_cycles_still_learn(steps: int) -> None:
    recipe = toy_task().recipe
    rates = [pace(recipe, step, steps).rate for step in range(steps)]
    assert max(rates) == pytest.approx(recipe.learning_rate, rel=0.7)
    assert all(0 < rate <= recipe.learning_rate for rate in rates)


def test_momentum_that_cannot_swing_stays() -> None:
    for share in (0.0, 0.02, 0.97):
        recipe = toy_task(momentum=share).recipe
        assert {pace(recipe, step, 20).momentum for step in range(20)} == {share}


def test_plain_descent_has_no_momentum() -> None:
    """One-cycle moves the momentum of those optimisers that have one."""
    training = Training(toy_task(optimiser="sgd"))
    list(training.run(3))
    assert training.optimiser.param_groups[0]["momentum"] == 0
