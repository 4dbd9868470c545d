import numpy as np
import pytest
import torch
from torch.nn import functional

from visualizer.errors import GeometryError
from visualizer.maths.pooling import avg_pool2d, max_pool2d, max_unpool2d


@pytest.mark.parametrize("seed", range(40))
def test_max_pool2d_is_pytorchs(seed: int) -> None:
    """Whole numbers, so that the largest is often there twice."""
    rng = np.random.default_rng(seed)
    kernel, stride, dilation = rng.integers([2, 1, 1], [5, 5, 3], (2, 3)).T.tolist()
    padding = [int(rng.integers(0, size // 2 + 1)) for size in kernel]
    ceil = bool(seed % 2)
    image = rng.integers(-4, 5, (3, 9, 11)).astype(float)
    values, places = max_pool2d(
        image, kernel, stride=stride, padding=[*padding, *padding], dilation=dilation, ceil=ceil
    )
    expected, where = functional.max_pool2d(
        torch.from_numpy(image)[None], kernel, stride, padding, dilation, ceil, return_indices=True
    )
    assert values.tolist() == expected[0].tolist()
    assert places.tolist() == where[0].tolist()


@pytest.mark.parametrize("seed", range(40))
def test_avg_pool2d_is_pytorchs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    kernel, stride = rng.integers([2, 1], [5, 5], (2, 2)).T.tolist()
    padding = [int(rng.integers(0, size // 2 + 1)) for size in kernel]
    ceil, count = bool(seed % 2), bool(seed // 2 % 2)
    image = rng.standard_normal((3, 9, 11))
    got = avg_pool2d(
        image, kernel, stride=stride, padding=[*padding, *padding], ceil=ceil, count_padding=count
    )
    expected = functional.avg_pool2d(
        torch.from_numpy(image)[None], kernel, stride, padding, ceil, count_include_pad=count
    )
    np.testing.assert_allclose(got, expected[0], rtol=1e-12, atol=1e-12)


def test_each_side_is_padded_by_itself() -> None:
    image = np.array([[[1.0, 2, 3], [4, 5, 6]]])
    values, places = max_pool2d(-image, 2, stride=1, padding=(1, 0, 0, 1))
    assert values.tolist() == [[[-1, -1, -2], [-1, -1, -2]]]
    assert places.tolist() == [[[0, 0, 1], [0, 0, 1]]]
    assert avg_pool2d(image, 2, stride=1, padding=(1, 0, 0, 1)).tolist() == [
        [[0.25, 0.75, 1.25], [1.25, 3, 4]]
    ]


def test_unpooling_undoes_pooling() -> None:
    rng = np.random.default_rng(3)
    image = rng.standard_normal((2, 6, 9))
    values, places = max_pool2d(image, (2, 3))
    expected = functional.max_unpool2d(
        torch.from_numpy(values)[None], torch.from_numpy(places)[None], (2, 3)
    )
    assert max_unpool2d(values, places, (6, 9)).tolist() == expected[0].tolist()


def test_errors_name_value_limit_and_way_out() -> None:
    with pytest.raises(GeometryError, match="A kernel spanning 4 cells does not fit 3"):
        max_pool2d(np.zeros((1, 5, 3)), 4)
    with pytest.raises(GeometryError, match=r"A window reads padding only\. Lower padding"):
        max_pool2d(np.zeros((1, 2, 5)), (2, 2), padding=(2, 0, 0, 0), stride=1)
    with pytest.raises(GeometryError, match=r"Places 0 to 9 do not fit 3 x 3 cells, 0 to 8\."):
        max_unpool2d(np.zeros((1, 1, 2)), np.array([[[0, 9]]]), (3, 3))
