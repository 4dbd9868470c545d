"""t-SNE by its formulas: one step of the descent, and one new point on a finished map."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import VisualizerError

Matrix = NDArray[np.float64]

LONGEST_STEP = 5.0
SMALLEST_GAIN = 0.01
STEPS = 60
HALVINGS = 64


@dataclass
class Descent:
    """Gradient descent with momentum and one gain per coordinate.

    A gain grows by 0.2 while its gradient points against the last movement's direction of descent,
    and shrinks to 0.8 of itself plus 0.01 otherwise; no point moves further than 5 in one step.

    Source: van der Maaten & Hinton, JMLR 9, 2008, section 3.4; gains: Jacobs, *Neural Networks* 1,
    1988; as in openTSNE.
    """

    velocity: Matrix = field(default_factory=lambda: np.zeros((0, 0)))
    gains: Matrix = field(default_factory=lambda: np.zeros((0, 0)))

    def step(
        self, points: Matrix, gradient: Matrix, *, learning_rate: float, momentum: float
    ) -> None:
        """Move ``points`` (n, k) in place, and put their mean back to 0."""
        if self.velocity.shape != points.shape:
            self.velocity, self.gains = np.zeros_like(points), np.ones_like(points)
        turned = np.sign(self.velocity) != np.sign(gradient)
        self.gains = np.where(turned, self.gains + 0.2, self.gains * 0.8 + SMALLEST_GAIN)
        self.velocity = momentum * self.velocity - learning_rate * self.gains * gradient
        lengths = np.sqrt(np.einsum("nk,nk->n", self.velocity, self.velocity))[:, None]
        self.velocity *= LONGEST_STEP / np.maximum(lengths, LONGEST_STEP)
        points += self.velocity
        points -= points.mean(axis=0)


def neighbour_probabilities(squared_distances: NDArray[Any], perplexity: float) -> Matrix:
    """Turn squared distances into probabilities whose entropy is log(perplexity).

    ``p_j ∝ exp(-β d_j²)``; β is found by bisection. Shapes: (k,) -> (k,), summing to 1.

    Raises:
        VisualizerError: fewer neighbours than the perplexity.

    Source: van der Maaten & Hinton, 2008, equation 1 and section 2.
    """
    count = len(squared_distances)
    if not 1 <= perplexity <= count:
        raise VisualizerError(
            f"Perplexity {perplexity:g} needs at least as many neighbours; there are {count}. "
            f"Choose 1 to {count}."
        )
    gaps = np.asarray(squared_distances, float) - float(np.min(squared_distances))
    scale = float(gaps.mean()) or 1.0
    low, high, beta = 0.0, np.inf, 1.0
    for _ in range(HALVINGS):
        weights = np.exp(-beta * gaps / scale)
        total = float(weights.sum())
        entropy = np.log(total) + beta * float(weights @ gaps) / (scale * total)
        if abs(entropy - np.log(perplexity)) < 1e-7:
            break
        low, high = (beta, high) if entropy > np.log(perplexity) else (low, beta)
        beta = 2 * beta if high == np.inf else (low + high) / 2
    return weights / total


class Placed(NamedTuple):
    """Where a new point came to lie, (k,), and its Kullback-Leibler divergence there."""

    point: Matrix
    kl_divergence: float


def place(
    points: NDArray[Any], neighbours: NDArray[Any], probabilities: NDArray[Any], steps: int = STEPS
) -> Placed:
    """Put one new point onto a map that stays as it is, by the exact gradient.

    Minimises ``Σ_j p_j log(p_j / q_j)`` with ``q_j = w_j / Σ w``, ``w_j = 1 / (1 + |y - y_j|²)``
    over all j; the gradient is ``2 Σ_j (p_j - q_j) w_j (y - y_j)``, each step it divided by
    ``2 Σ_j p_j w_j`` (halved until the divergence falls). The descent begins at the weighted mean
    of the neighbours or at one of the three nearest, wherever the divergence is smallest.

    Shapes: points (n, k); neighbours (m,), indices of points, the nearest first; probabilities
    (m,) -> point (k,).

    Source: van der Maaten & Hinton, 2008, equation 5 for one row; parametric placement as in
    Poličar, Stražar & Zupan, *Machine Learning* 112, 2023.
    """
    frozen = _Frozen(np.asarray(points), np.asarray(neighbours), np.asarray(probabilities))
    own = frozen.near.T
    starts = [frozen.chances @ own, *own[:3]]
    states = [frozen.gradient(start) for start in starts]
    best = int(np.argmin([divergence for divergence, _ in states]))
    point, (divergence, move) = starts[best], states[best]
    share = 1.0
    for _ in range(steps):
        tried = point - share * move
        ahead, next_move = frozen.gradient(tried)
        if ahead <= divergence:
            settled = float(np.abs(share * move).max()) < 1e-4
            point, divergence, move, share = tried, ahead, next_move, min(1.0, 2 * share)
            if settled:
                break
        else:
            share /= 2
    entropy = float(frozen.chances @ np.log(np.maximum(frozen.chances, 1e-300)))
    return Placed(point, divergence + entropy)


class _Frozen:
    """A finished map as seen by one new point; coordinates lie in rows, which is quicker."""

    def __init__(
        self, points: NDArray[Any], neighbours: NDArray[Any], probabilities: NDArray[Any]
    ) -> None:
        self.all = np.ascontiguousarray(points.T, dtype=np.float32)
        self.near = np.ascontiguousarray(points[neighbours].T, dtype=np.float64)
        self.chances = probabilities.astype(np.float64)

    def gradient(self, point: Matrix) -> tuple[float, Matrix]:
        """Give the divergence, less its constant, and the step that its gradient suggests."""
        away = point.astype(np.float32)[:, None] - self.all
        weights = 1 / (1 + np.einsum("kn,kn->n", away, away))
        total = float(weights.sum())
        push = away @ (weights * weights) / total
        gaps = point[:, None] - self.near
        squares = np.einsum("km,km->m", gaps, gaps)
        pull_weights = self.chances / (1 + squares)
        pull = gaps @ pull_weights
        divergence = float(self.chances @ np.log1p(squares)) + np.log(total)
        return divergence, (pull - push) / float(pull_weights.sum())
