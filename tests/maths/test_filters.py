"""Norms, likeness and frequency responses against numbers worked by hand and other ways to them."""

import numpy as np
import pytest
import torch

from visualizer.errors import GeometryError
from visualizer.maths.filters import (
    cosine_similarity,
    filter_norms,
    frequency_response,
    kernel_norms,
    similarity_chain,
)

SOBEL = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def random_filters(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((5, 2, 3, 4)).astype(np.float32)


def test_norms_by_hand() -> None:
    weights = np.array([[[[3.0, 0], [0, 4]], [[0, 12], [0, 0]]]])
    assert kernel_norms(weights).tolist() == [[5.0, 12.0]]
    assert filter_norms(weights).tolist() == [13.0]


def test_norms_agree_with_torch() -> None:
    weights = random_filters()
    tensor = torch.from_numpy(weights)
    assert filter_norms(weights) == pytest.approx(tensor.flatten(1).norm(dim=1).numpy(), rel=1e-6)
    assert kernel_norms(weights) == pytest.approx(tensor.flatten(2).norm(dim=2).numpy(), rel=1e-6)


def test_cosine_by_hand_and_with_torch() -> None:
    weights = np.array([[1.0, 0], [3, 4], [0, -2], [0, 0]])[:, :, None, None]
    assert cosine_similarity(weights, 1) == pytest.approx([0.6, 1, -0.8, 0])
    rows = torch.from_numpy(random_filters()).flatten(1)
    expected = torch.nn.functional.cosine_similarity(rows, rows[3:4]).numpy()
    assert cosine_similarity(random_filters(), 3) == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_a_chain_begins_with_the_strongest_and_goes_to_the_most_similar() -> None:
    angles = np.deg2rad([0, 90, 10, 60, 25])
    weights = np.stack([np.cos(angles), np.sin(angles)], 1)[:, :, None, None]
    weights[2] *= 3  # the strongest points to 10 degrees
    assert similarity_chain(weights).tolist() == [2, 0, 4, 3, 1]


def test_a_chain_is_the_greedy_one_by_brute_force() -> None:
    weights = random_filters(4)
    order = similarity_chain(weights).tolist()
    assert sorted(order) == [0, 1, 2, 3, 4]
    for place in range(4):
        alike = cosine_similarity(weights, order[place])
        assert alike[order[place + 1]] == max(alike[rest] for rest in order[place + 1 :])


def test_the_response_of_sobel_by_hand() -> None:
    """Down it smooths (1 2 1), across it differs (-1 0 1): |2 + 2 cos 2 pi u| |2 sin 2 pi v|."""
    response = frequency_response(SOBEL, 8)
    waves = 2 * np.pi * np.arange(-4, 4) / 8
    expected = np.abs(2 + 2 * np.cos(waves))[:, None] * np.abs(2 * np.sin(waves))[None]
    assert response == pytest.approx(expected, abs=1e-12)
    assert response[4, 4] == pytest.approx(0, abs=1e-12)  # even areas
    assert response[4, 2] == pytest.approx(8)  # vertical stripes, four cells long


def test_the_response_agrees_with_the_sum_and_adds_channels_as_energies() -> None:
    kernels = random_filters()[0]
    size = 6
    energy = np.zeros((size, size))
    for u in range(size):
        for v in range(size):
            for kernel in kernels:
                total = sum(
                    kernel[a, b] * np.exp(-2j * np.pi * ((u - 3) * a / size + (v - 3) * b / size))
                    for a in range(3)
                    for b in range(4)
                )
                energy[u, v] += abs(total) ** 2
    assert frequency_response(kernels, size) == pytest.approx(np.sqrt(energy), rel=1e-5)


def test_too_few_frequencies_are_refused() -> None:
    with pytest.raises(GeometryError, match="2 frequencies cannot describe a kernel of 3 × 3"):
        frequency_response(SOBEL, 2)
