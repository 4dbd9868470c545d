"""Bilinear resizing against a number by hand and PyTorch's."""

import numpy as np
import pytest
import torch

from visualizer.maths.resize import resize_bilinear


def test_two_cells_become_four() -> None:
    """Centres of the four lie at -1/4, 1/4, 3/4 and 5/4; outside the last centre nothing is new."""
    found = resize_bilinear(np.array([[0.0, 8.0]], np.float32), 1, 4)
    assert found.tolist() == [[0, 2, 6, 8]]


@pytest.mark.parametrize("size", [(224, 224), (17, 5), (3, 4), (1, 1), (7, 40)])
def test_it_is_what_pytorch_gives(size: tuple[int, int]) -> None:
    maps = np.random.default_rng(0).standard_normal((2, 3, 7, 4), dtype=np.float32)
    expected = torch.nn.functional.interpolate(
        torch.from_numpy(maps), size=size, mode="bilinear", align_corners=False
    )
    found = resize_bilinear(maps, *size)
    assert found.dtype == np.float32
    assert found == pytest.approx(expected.numpy(), abs=2e-6)
