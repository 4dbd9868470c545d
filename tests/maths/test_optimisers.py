from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn

from visualizer.errors import GeometryError
from visualizer.maths.optimisers import adam, sgd

Optimiser = Callable[[list[nn.Parameter]], torch.optim.Optimizer]


def test_sgd_by_hand() -> None:
    """0.5 - 0.1 * (0.2 + 0.01 * 0.5) = 0.4795."""
    found = sgd(0.5, 0.2, rate=0.1, weight_decay=0.01)
    assert float(found.direction) == pytest.approx(0.205)
    assert float(found.new) == pytest.approx(0.4795)


def test_momentum_by_hand() -> None:
    """The buffer 0.4 becomes 0.9 * 0.4 + 0.2 = 0.56; the step is 0.056."""
    found = sgd(0.5, 0.2, 0.4, rate=0.1, momentum=0.9)
    assert float(found.buffer) == pytest.approx(0.56)
    assert float(found.new) == pytest.approx(0.444)
    assert float(sgd(0.5, 0.2, rate=0.1, momentum=0.9).buffer) == pytest.approx(0.2)


def test_adams_first_step_is_the_rate() -> None:
    """The corrections undo the averaging: m̂ = g and √v̂ = |g|, so the step is the rate."""
    found = adam(0.5, -0.02, 0.0, 0.0, 1, rate=0.001)
    assert float(found.mean) == pytest.approx(-0.002)
    assert float(found.square) == pytest.approx(4e-7)
    assert float(found.mean_hat) == pytest.approx(-0.02)
    assert float(found.square_hat) == pytest.approx(4e-4)
    assert float(found.new) == pytest.approx(0.501, abs=1e-9)


def test_adams_second_step_by_hand() -> None:
    """m = 0.9 * 0.1 + 0.1 * 1 = 0.19, / 0.19 = 1; v = 0.999 * 0.001 + 0.001, / 0.001999 = 1."""
    found = adam(2.0, 1.0, 0.1, 0.001, 2, rate=0.1, weight_decay=0.5, decoupled=True)
    assert float(found.mean_hat) == pytest.approx(1)
    assert float(found.square_hat) == pytest.approx(1)
    assert float(found.decay) == pytest.approx(0.1)
    assert float(found.new) == pytest.approx(1.8, abs=1e-8)


def test_adam_without_decoupling_puts_the_decay_into_the_gradient() -> None:
    assert float(adam(2.0, 1.0, 0, 0, 1, rate=0.1, weight_decay=0.5).direction) == 2


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_sgd_agrees_with_torch(momentum: float) -> None:
    weight, gradients = _run(
        lambda given: torch.optim.SGD(given, lr=0.03, momentum=momentum, weight_decay=0.05)
    )
    buffer, value = None, weight[0]
    for gradient, wanted in zip(gradients, weight[1:], strict=True):
        found = sgd(value, gradient, buffer, rate=0.03, momentum=momentum, weight_decay=0.05)
        value, buffer = found.new, found.buffer
        np.testing.assert_allclose(value, wanted, rtol=1e-9)


@pytest.mark.parametrize("decoupled", [False, True])
def test_adam_agrees_with_torch(decoupled: bool) -> None:
    kind = torch.optim.AdamW if decoupled else torch.optim.Adam
    weight, gradients = _run(lambda given: kind(given, lr=0.03, weight_decay=0.05))
    value = weight[0]
    mean, square = np.zeros_like(value), np.zeros_like(value)
    for step, (gradient, wanted) in enumerate(zip(gradients, weight[1:], strict=True), 1):
        found = adam(
            value, gradient, mean, square, step, rate=0.03, weight_decay=0.05, decoupled=decoupled
        )
        value, mean, square = found.new, found.mean, found.square
        np.testing.assert_allclose(value, wanted, rtol=1e-9)


def test_step_0_is_refused() -> None:
    with pytest.raises(GeometryError, match="Step 0 divides by 0"):
        adam(0.5, 0.1, 0, 0, 0, rate=0.1)


def _run(make: Optimiser) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Let torch take five steps in double precision: weights (6) and gradients (5), each (3, 5)."""
    generator = torch.Generator().manual_seed(0)
    weight = nn.Parameter(torch.randn(3, 5, generator=generator, dtype=torch.float64))
    gradients = [torch.randn(3, 5, generator=generator, dtype=torch.float64) for _ in range(5)]
    optimiser = make([weight])
    weights = [weight.detach().numpy().copy()]
    for gradient in gradients:
        weight.grad = gradient.clone()
        optimiser.step()
        weights.append(weight.detach().numpy().copy())
    return weights, [gradient.numpy() for gradient in gradients]
