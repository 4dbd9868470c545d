"""Occlusion and RISE: by hand, against captum and the authors' formula."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from captum.attr import Occlusion
from torch import nn

from visualizer.runtime.attribution.occlusion import occlusion, squares
from visualizer.runtime.attribution.rise import masks, rise

sys.path.insert(0, str(Path(__file__).parent))
from networks import asks, random_batch, toy, untrained  # type: ignore[import-not-found]


def test_squares_end_at_the_border() -> None:
    assert squares(7, 3, 2) == [(0, 3), (2, 5), (4, 7)]
    assert squares(8, 3, 2) == [(0, 3), (2, 5), (4, 7), (6, 8)]
    assert squares(2, 3, 1) == [(0, 2)]


def test_occlusion_by_hand() -> None:
    """A linear score loses w x under each square; overlapping squares are averaged."""
    head = nn.Linear(3, 1, bias=False)
    head.weight.data[:] = torch.tensor([[1.0, 2, -1]])
    question = asks(
        toy(nn.Sequential(nn.Flatten(), head), (1, 1, 3)), np.ones((1, 1, 1, 3), np.float32), 0
    )
    *_, answer = occlusion(question, window=(1, 2), stride=(1, 1))
    assert answer.heat.tolist() == [[3, 2, 1]]


@pytest.mark.parametrize(("window", "stride"), [((3, 4), (2, 3)), ((4, 2), (4, 1))])
def test_captum_agrees_on_occlusion(window: tuple[int, int], stride: tuple[int, int]) -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(120, 3)).eval()
    batch = random_batch((3, 7, 8))
    *_, answer = occlusion(asks(toy(module, (3, 7, 8)), batch, 1), window, stride)
    theirs = Occlusion(module).attribute(
        torch.from_numpy(batch), (3, *window), (3, *stride), target=1
    )
    assert answer.heat == pytest.approx(theirs[0, 0].numpy(), abs=1e-5)


def test_masks_average_to_half_and_lie_between_0_and_1() -> None:
    drawn = masks(np.random.default_rng(0), 400, 21, 30)
    assert drawn.shape == (400, 21, 30)
    assert drawn.min() >= 0
    assert drawn.max() <= 1 + 1e-6
    assert drawn.mean(axis=0) == pytest.approx(np.full((21, 30), 0.5), abs=0.1)


def test_masks_are_the_authors_up_to_the_library_that_enlarges() -> None:
    """Petsiuk's generate_masks: enlarge the grid to (s + 1) ceil(size / s), crop at the shift."""
    drawn = masks(np.random.default_rng(3), 1, 20, 33)[0]
    rng = np.random.default_rng(3)
    grid = (rng.random((1, 7, 7)) < 0.5).astype(np.float32)
    row, column = rng.integers(0, [3, 5], (1, 2))[0]
    enlarged = torch.nn.functional.interpolate(
        torch.from_numpy(grid)[None], size=(24, 40), mode="bilinear", align_corners=False
    )[0, 0].numpy()
    assert drawn == pytest.approx(enlarged[row : row + 20, column : column + 33], abs=1e-6)


def test_rise_is_its_formula() -> None:
    model = untrained("lenet5")
    batch = random_batch(model.spec.input_shape)
    *_, answer = rise(asks(model, batch, 5), count=40)
    rng = np.random.default_rng(0)
    drawn = np.concatenate([masks(rng, size, 28, 28) for size in (16, 16, 8)])
    probabilities = model.values(batch * drawn[:, None], ["softmax"])["softmax"][:, 5, 0, 0]
    expected = np.einsum("n,nhw->hw", probabilities, drawn) / (0.5 * 40)
    assert answer.heat == pytest.approx(expected, rel=1e-4)


def test_long_methods_grow_to_the_end() -> None:
    model = untrained("lenet5")
    steps = [p.step for p in rise(asks(model, random_batch(model.spec.input_shape), 5), count=40)]
    assert steps == [16, 32, 40]
