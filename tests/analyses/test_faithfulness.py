"""Trust: curves and ROAD by hand on a network that adds up pixels, and against grad-cam's parts."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
import torch
from pytorch_grad_cam.metrics.road import NoisyLinearImputer
from scipy.ndimage import gaussian_filter
from torch import nn

from visualizer.analyses.faithfulness import (
    Curve,
    blurred,
    faithfulness,
    measure,
    removal_ranks,
)
from visualizer.analyses.imputation import impute
from visualizer.analyses.localisation import energy_inside, pointing_game
from visualizer.errors import VisualizerError
from visualizer.runtime.graph import trace
from visualizer.runtime.model import Array, Model, load_model
from visualizer.runtime.samples import sample_path
from visualizer.runtime.torch_backend import TorchBackend
from visualizer.zoo import find

HEIGHT, WIDTH = 4, 8


def adds_up() -> Model:
    """Two classes; the first one's logit is the sum of the left half's pixels."""
    head = nn.Linear(HEIGHT * WIDTH, 2, bias=False)
    head.weight.data.zero_()
    head.weight.data.view(2, HEIGHT, WIDTH)[0, :, : WIDTH // 2] = 1
    module = nn.Sequential(nn.Flatten(), head).eval()
    graph = trace(module, (1, HEIGHT, WIDTH))
    backend = TorchBackend(graph, torch.device("cpu"))
    return Model(find("lenet5"), module, graph, backend, backend, "cpu", "untrained")


def left_first() -> Array:
    return np.tile(np.arange(WIDTH, 0, -1, dtype=np.float32), (HEIGHT, 1))


FIRST = np.array([1, 0], np.float32).reshape(1, 2, 1, 1)


def test_deletion_and_insertion_by_hand() -> None:
    """With k cells gone the logit is 16 - k until the left half is empty: 1 / (1 + e^-(16 - k))."""
    *_, last = measure(adds_up(), np.ones((1, 1, HEIGHT, WIDTH), np.float32), left_first(), FIRST)
    gone = np.arange(33)
    expected = 1 / (1 + np.exp(-np.maximum(16.0 - gone, 0)))
    assert last.found.deletion.shares == pytest.approx(gone / 32)
    assert last.found.deletion.scores == pytest.approx(expected, abs=1e-6)
    area = ((expected[1:] + expected[:-1]) / 2).mean()
    assert last.found.deletion.area == pytest.approx(area, abs=1e-6)
    assert last.found.insertion.scores == pytest.approx([1 / (1 + math.exp(-16))] * 33)


def test_road_by_hand() -> None:
    """A flat picture is filled with itself: neither order changes anything but noise."""
    batch = np.ones((1, 1, HEIGHT, WIDTH), np.float32)
    *_, last = measure(adds_up(), batch, left_first(), FIRST)
    assert last.found.road == pytest.approx(0, abs=1e-4)


def test_road_rewards_the_right_order() -> None:
    batch = np.zeros((1, 1, HEIGHT, WIDTH), np.float32)
    batch[..., : WIDTH // 2] = np.random.default_rng(0).standard_normal((HEIGHT, WIDTH // 2)) + 1
    right, wrong = left_first(), left_first()[:, ::-1].copy()
    *_, good = measure(adds_up(), batch, right, FIRST)
    *_, bad = measure(adds_up(), batch, wrong, FIRST)
    assert good.found.road > 0.05
    assert bad.found.road == pytest.approx(-good.found.road, abs=0.02)
    assert good.found.deletion.area < bad.found.deletion.area


def test_area_by_hand() -> None:
    curve = Curve(np.array([0, 0.5, 1], np.float32), np.array([1, 0.5, 0.25], np.float32))
    assert curve.area == pytest.approx(0.375 + 0.1875)


def test_equal_cells_go_in_random_order_that_repeats() -> None:
    heat = np.zeros((20, 30), np.float32)
    heat[3, 4] = 2
    place = removal_ranks(heat, np.random.default_rng(0))
    assert place[3, 4] == 0
    assert sorted(place.ravel()) == list(range(600))
    assert abs(place[:10].mean() - place[10:].mean()) < 60  # not row by row
    assert (place == removal_ranks(heat, np.random.default_rng(0))).all()


def test_blur_is_scipys_away_from_the_border() -> None:
    picture = np.random.default_rng(0).random((60, 100)).astype(np.float32)
    ours = blurred(picture[None, None])[0, 0]
    theirs = gaussian_filter(picture, (3, 5), truncate=8)
    assert ours[20:-20, 30:-30] == pytest.approx(theirs[20:-20, 30:-30], abs=1e-5)
    assert blurred(np.ones((1, 1, 7, 9), np.float32)) == pytest.approx(np.ones((1, 1, 7, 9)))


def test_imputation_by_hand() -> None:
    """A lone cell becomes (4 x 1/6 x 6 + 4 x 1/12 x 3) of its neighbours: 4 + 1."""
    picture = np.array([[[3, 6, 3], [6, 99, 6], [3, 6, 3]]], np.float32)
    removed = np.zeros((3, 3), bool)
    removed[1, 1] = True
    filled = impute(picture, removed, np.random.default_rng(0), noise=0)
    assert filled[0, 1, 1] == pytest.approx(5)
    removed[:] = False
    removed[0, 0] = True  # at the corner the weights 1/6, 1/6, 1/12 count in proportion
    filled = impute(picture, removed, np.random.default_rng(0), noise=0)
    assert filled[0, 0, 0] == pytest.approx((6 / 6 + 6 / 6 + 99 / 12) / (5 / 12))


def test_imputation_is_that_of_the_authors() -> None:
    rng = np.random.default_rng(0)
    picture = rng.standard_normal((3, 13, 9)).astype(np.float32)
    removed = rng.random((13, 9)) < 0.7
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # theirs hands tensors to NumPy
        theirs = NoisyLinearImputer(noise=0)(
            torch.from_numpy(picture), torch.from_numpy((~removed).astype(np.float32))
        )
    assert impute(picture, removed, rng, noise=0) == pytest.approx(theirs.numpy(), abs=1e-5)


def test_pointing_game_and_energy_by_hand() -> None:
    heat = np.array([[1, 2, -5], [0, 4, 1]], np.float32)
    middle = [(1 / 3, 0.5, 2 / 3, 1.0)]
    assert pointing_game(heat, middle)
    assert not pointing_game(heat, [(0.0, 0.0, 0.3, 1.0)])
    assert energy_inside(heat, middle) == pytest.approx(4 / 8)
    assert energy_inside(heat, [(0.0, 0.0, 0.4, 1.0), (0.0, 0.0, 1.0, 0.4)]) == pytest.approx(3 / 8)
    assert math.isnan(energy_inside(-abs(heat), middle))


@pytest.mark.parametrize(
    ("boxes", "message"),
    [([], "There is no box"), ([(0.2, 0.2, 0.2, 1.0)], "left < right"), ([(0, 0, 2, 1)], "within")],
)
def test_a_box_outside_is_refused(boxes: list[tuple[float, ...]], message: str) -> None:
    with pytest.raises(VisualizerError, match=message):
        pointing_game(np.ones((2, 2)), boxes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("heat", "target", "message"),
    [
        (np.ones((4, 4)), 1, r"is 1 everywhere"),
        (np.ones((29, 4)), 1, r"shape \(29, 4\) does not fit the input, 28 x 28"),
        (np.full((4, 4), np.nan), 1, "no numbers"),
        (np.eye(4), 10, r"Class 10 is outside LeNet-5, which knows 10: 0 to 9"),
    ],
)
def test_maps_that_cannot_be_measured(heat: Array, target: int, message: str) -> None:
    model = load_model("lenet5", weights=None)
    with pytest.raises(VisualizerError, match=message):
        faithfulness(model, sample_path("digit_3"), heat, target)


def test_repeating_changes_nothing_and_coarse_maps_are_enlarged() -> None:
    model = load_model("lenet5", backend="onnx", weights=None)
    heat = np.random.default_rng(0).random((7, 5), dtype=np.float32)
    first, again = (faithfulness(model, sample_path("digit_3"), heat) for _ in range(2))
    assert first.road == again.road
    assert (first.deletion.scores == again.deletion.scores).all()
    assert first.notes == ()
    assert "75%" in faithfulness(model, sample_path("digit_3"), np.eye(4)).notes[0]
