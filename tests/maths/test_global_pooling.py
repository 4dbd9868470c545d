import numpy as np
import pytest
import torch

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.maths.global_pooling import global_pool

MAPS = np.array([[[[1, 2, 0], [-3, 0, 3]]]], np.float32)  # one channel, 2 × 3


@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        ("average", 0.5),
        ("sum", 3),
        ("max", 3),
        ("generalised-mean", (36 / 6) ** (1 / 3)),  # 1 + 8 + 27; -3 counts as 0
    ],
)
def test_one_map_by_hand(pool: str, expected: float) -> None:
    assert global_pool(MAPS, pool) == pytest.approx(np.array([[expected]]), rel=1e-6)


def test_flatten_goes_row_by_row() -> None:
    assert global_pool(MAPS, "flatten").tolist() == [[1, 2, 0, -3, 0, 3]]


@pytest.mark.parametrize("power", [0.5, 1.0, 3.0, 60.0])
def test_the_generalised_mean_agrees_with_torch(power: float) -> None:
    maps = np.random.default_rng(0).standard_normal((3, 5, 4, 7)).astype(np.float32) * 9
    positive = torch.from_numpy(maps).double().clamp(min=0)
    expected = positive.pow(power).mean(dim=(2, 3)).pow(1 / power)
    found = global_pool(maps, "generalised-mean", power=power)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_a_dead_map_pools_to_zero_and_a_large_power_to_the_maximum() -> None:
    assert global_pool(-np.ones((1, 1, 2, 2), np.float32), "generalised-mean") == 0
    large = global_pool(MAPS * 1e6, "generalised-mean", power=100)
    assert large == pytest.approx(np.array([[3e6]]), rel=0.02)


def test_unknown_pools_and_powers_are_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"no pooling 'mean'; choose one of average"):
        global_pool(MAPS, "mean")
    with pytest.raises(VisualizerError, match=r"Power 0 of the generalised mean .* Choose 3"):
        global_pool(MAPS, "generalised-mean", power=0)
