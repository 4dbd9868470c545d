import numpy as np
import pytest
import torch

from visualizer.errors import GeometryError
from visualizer.maths.area import shrink


def test_five_cells_into_two_by_hand() -> None:
    """The windows are cells 0 to 2 and 2 to 4: the middle one counts in both."""
    row = np.array([[1, 2, 6, 4, 8]], np.float32)
    assert shrink(row, 1, 2).tolist() == [[3, 6]]


@pytest.mark.parametrize("size", [(4, 3), (7, 11), (1, 2)])
def test_agrees_with_torch_on_a_map_that_is_not_square(size: tuple[int, int]) -> None:
    maps = np.random.default_rng(0).standard_normal((2, 3, 7, 11)).astype(np.float32)
    expected = torch.nn.functional.adaptive_avg_pool2d(torch.from_numpy(maps), size)
    np.testing.assert_allclose(shrink(maps, *size), expected.numpy(), atol=1e-6)


def test_a_map_is_not_enlarged() -> None:
    with pytest.raises(GeometryError, match=r"3 cells cannot be averaged into 4"):
        shrink(np.zeros((3, 3), np.float32), 3, 4)
