"""One update of a weight by SGD, momentum, Adam and AdamW, with every number on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import GeometryError

Numbers = NDArray[np.float64]
BETAS = (0.9, 0.999)
EPS = 1e-8


@dataclass(frozen=True)
class SgdUpdate:
    """What stochastic gradient descent makes of a weight.

    ``direction`` is the gradient with its weight decay, ``buffer`` the velocity after the step
    (the direction itself without momentum), ``step`` what is taken off the weight.
    """

    direction: Numbers
    buffer: Numbers
    step: Numbers
    new: Numbers


@dataclass(frozen=True)
class AdamUpdate:
    """What Adam or AdamW makes of a weight.

    ``mean`` and ``square`` are the running averages after the step, ``mean_hat`` and
    ``square_hat`` the same without their bias towards 0, ``decay`` what AdamW's weight decay takes
    off the weight, ``step`` what the gradient does.
    """

    direction: Numbers
    mean: Numbers
    square: Numbers
    mean_hat: Numbers
    square_hat: Numbers
    decay: Numbers
    step: Numbers
    new: Numbers


def sgd(
    weight: Any,
    gradient: Any,
    buffer: Any = None,
    *,
    rate: float,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
) -> SgdUpdate:
    """Take one step down: ``d = g + λ w``, ``b = μ b + d`` (at first ``d``), ``w = w - rate · b``.

    This is PyTorch's form of momentum: the rate multiplies the buffer. Sutskever et al. put it
    inside, ``v = μ v - rate · g`` and ``w = w + v``; while the rate stays, the two agree
    (``v = -rate · b``), after a change of rate they do not.

    Source: Sutskever, Martens, Dahl & Hinton, ICML 2013, equations 1 and 2; PyTorch, ``SGD``.
    """
    old, slope = _doubles(weight, gradient)
    direction = slope + weight_decay * old
    if momentum and buffer is not None:
        velocity = momentum * np.asarray(buffer, np.float64) + direction
    else:
        velocity = direction
    step = rate * velocity
    return SgdUpdate(direction, velocity, step, old - step)


def adam(
    weight: Any,
    gradient: Any,
    mean: Any,
    square: Any,
    step: int,
    *,
    rate: float,
    betas: tuple[float, float] = BETAS,
    eps: float = EPS,
    weight_decay: float = 0.0,
    decoupled: bool = False,
) -> AdamUpdate:
    """Take step number ``step`` (from 1) of Adam, with ``decoupled`` of AdamW.

    ``m = β₁ m + (1 - β₁) g``, ``v = β₂ v + (1 - β₂) g²``, ``m̂ = m / (1 - β₁ᵗ)``,
    ``v̂ = v / (1 - β₂ᵗ)``, ``w = w - rate · m̂ / (√v̂ + ε)``. Weight decay λ: Adam adds ``λ w`` to
    the gradient; AdamW takes ``rate · λ · w`` off the weight, beside the averages.

    Raises:
        GeometryError: a step below 1.

    Source: Kingma & Ba, ICLR 2015, arXiv:1412.6980, algorithm 1; Loshchilov & Hutter, ICLR 2019,
    arXiv:1711.05101, algorithm 2 (with the rate in the decay, as PyTorch's ``AdamW``).
    """
    if step < 1:
        raise GeometryError(f"Step {step} divides by 0: Adam counts its steps from 1.")
    old, slope = _doubles(weight, gradient)
    direction = slope if decoupled else slope + weight_decay * old
    first, second = betas
    new_mean = first * np.asarray(mean, np.float64) + (1 - first) * direction
    new_square = second * np.asarray(square, np.float64) + (1 - second) * direction**2
    mean_hat, square_hat = new_mean / (1 - first**step), new_square / (1 - second**step)
    decay = rate * weight_decay * old if decoupled else np.zeros_like(old)
    moved = rate * mean_hat / (np.sqrt(square_hat) + eps)
    return AdamUpdate(
        direction, new_mean, new_square, mean_hat, square_hat, decay, moved, old - decay - moved
    )


def _doubles(weight: Any, gradient: Any) -> tuple[Numbers, Numbers]:
    return np.asarray(weight, np.float64), np.asarray(gradient, np.float64)
