"""Likeness of maps: by hand, against SciPy, and SSIM written out window by window."""

import math

import numpy as np
import pytest
from scipy.stats import spearmanr

from visualizer.maths.similarity import rank_correlation, ranks, structural_similarity


def test_equal_values_share_their_mean_rank() -> None:
    assert ranks(np.array([[3, 1], [3, 7]])).tolist() == [2.5, 1, 2.5, 4]


def test_rank_correlation_by_hand() -> None:
    """Ranks 1 2 3 4 and 2 1 4 3: 1 - 6 (1 + 1 + 1 + 1) / (4 (16 - 1)) = 0.6."""
    assert rank_correlation(np.array([1, 5, 6, 9]), np.array([20, 0, 90, 80])) == pytest.approx(0.6)


def test_rank_correlation_is_scipys_with_ties() -> None:
    rng = np.random.default_rng(0)
    one, other = rng.integers(0, 6, (2, 7, 11))
    assert rank_correlation(one, other) == pytest.approx(spearmanr(one.ravel(), other.ravel())[0])


def test_a_flat_map_has_no_order() -> None:
    assert math.isnan(rank_correlation(np.ones((2, 3)), np.arange(6)))


def test_ssim_by_hand() -> None:
    """One window of two cells: means 0.5, variances 0.5 and 0.5, covariance -0.5."""
    one, other = np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]])
    expected = (0.5 + 1e-4) * (-1 + 9e-4) / ((0.5 + 1e-4) * (1 + 9e-4))
    assert structural_similarity(one, other) == pytest.approx(expected)


def test_ssim_window_by_window() -> None:
    rng = np.random.default_rng(0)
    one, other = rng.random((2, 9, 12))
    found = []
    for row in range(3):
        for column in range(6):
            a, b = (m[row : row + 7, column : column + 7].ravel() for m in (one, other))
            (va, cov), (_, vb) = np.cov(a, b)
            top = (2 * a.mean() * b.mean() + 1e-4) * (2 * cov + 9e-4)
            found.append(top / ((a.mean() ** 2 + b.mean() ** 2 + 1e-4) * (va + vb + 9e-4)))
    assert structural_similarity(one, other) == pytest.approx(np.mean(found))
    assert structural_similarity(one, one) == pytest.approx(1)
