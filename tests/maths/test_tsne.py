import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import entropy

from visualizer.errors import VisualizerError
from visualizer.maths.tsne import Descent, neighbour_probabilities, place


def divergence(point: np.ndarray, points: np.ndarray, chances: np.ndarray) -> float:
    """Kullback-Leibler divergence as the paper writes it, over all points."""
    weights = 1 / (1 + np.sum((point - points) ** 2, axis=1))
    shares = weights / weights.sum()
    near = chances > 0
    return float(np.sum(chances[near] * np.log(chances[near] / shares[near])))


def test_two_steps_of_the_descent_by_hand() -> None:
    """Gains begin at 1: 1.2 after a turn (0 against +), so the first step is -0.12 and +0.12."""
    points, gradient = np.array([[0.0], [0.0]]), np.array([[1.0], [-1.0]])
    descent = Descent()
    descent.step(points, gradient, learning_rate=0.1, momentum=0.5)
    np.testing.assert_allclose(points, [[-0.12], [0.12]])
    descent.step(points, gradient, learning_rate=0.1, momentum=0.5)
    # the velocity (-) points against the gradient (+): gain 1.4; velocity -0.06 - 0.14
    np.testing.assert_allclose(points, [[-0.32], [0.32]])
    descent.step(points, -gradient, learning_rate=0.1, momentum=0.5)
    # same sign: gain 0.8 · 1.4 + 0.01 = 1.13; velocity -0.1 + 0.113
    np.testing.assert_allclose(points, [[-0.307], [0.307]])


def test_no_point_moves_further_than_five() -> None:
    points = np.zeros((2, 2))
    Descent().step(points, np.array([[30.0, 40], [-30, -40]]), learning_rate=1, momentum=0)
    np.testing.assert_allclose(points, [[-3, -4], [3, 4]])


@pytest.mark.parametrize("perplexity", [1.5, 10, 29])
def test_probabilities_have_the_perplexity_asked_for(perplexity: float) -> None:
    squares = np.random.default_rng(0).gamma(2, 50, 90)
    found = neighbour_probabilities(squares, perplexity)
    assert np.exp(entropy(found)) == pytest.approx(perplexity, rel=1e-5)
    order = np.argsort(squares)
    assert (np.diff(found[order]) <= 0).all()
    logs = -np.log(found[order][:20])  # linear in the squared distance: a Gaussian
    slopes = np.diff(logs) / np.diff(squares[order][:20])
    np.testing.assert_allclose(slopes, slopes[0], rtol=1e-6)


def test_equal_distances_share_equally() -> None:
    np.testing.assert_allclose(neighbour_probabilities(np.full(4, 7.0), 4), 1 / 4)


@pytest.mark.parametrize("dimensions", [2, 3])
def test_a_point_is_placed_where_a_general_optimiser_puts_it(dimensions: int) -> None:
    random = np.random.default_rng(dimensions)
    points = random.standard_normal((200, dimensions)) * 8
    middle = points[17]
    near = np.argsort(np.sum((points - middle) ** 2, axis=1))[:15]
    chances = neighbour_probabilities(np.sum((points[near] - middle) ** 2, axis=1) / 4, 8)
    everywhere = np.zeros(200)
    everywhere[near] = chances
    found = place(points, near, chances)
    best = minimize(divergence, found.point, args=(points, everywhere), tol=1e-12)
    assert found.kl_divergence == pytest.approx(best.fun, rel=1e-4)
    np.testing.assert_allclose(found.point, best.x, atol=0.01)
    assert found.kl_divergence == pytest.approx(divergence(found.point, points, everywhere))


def test_between_two_equal_points_lies_the_middle() -> None:
    """By symmetry, with both close enough to hold it there."""
    points = np.array([[-0.5, 0], [0.5, 0], [0, 90], [0, -90]])
    found = place(points, np.array([0, 1]), np.array([0.5, 0.5]))
    np.testing.assert_allclose(found.point, [0, 0], atol=1e-3)


def test_too_large_a_perplexity_is_refused() -> None:
    with pytest.raises(VisualizerError, match=r"Perplexity 9 needs .* there are 5\. Choose 1 to 5"):
        neighbour_probabilities(np.arange(5), 9)
