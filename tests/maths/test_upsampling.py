import numpy as np
import pytest
import torch
from torch.nn import functional

from visualizer.errors import GeometryError
from visualizer.maths.upsampling import interpolation, upsample_bilinear, upsample_nearest


@pytest.mark.parametrize("scale", [(1, 1), (2, 2), (3, 2), (4, 5)])
def test_upsampling_is_pytorchs(scale: tuple[int, int]) -> None:
    image = np.random.default_rng(0).standard_normal((2, 3, 5))
    torch_image = torch.from_numpy(image)[None]
    factors = tuple(map(float, scale))
    nearest = functional.interpolate(torch_image, scale_factor=factors, mode="nearest")[0]
    assert upsample_nearest(image, scale).tolist() == nearest.tolist()
    for corners in (False, True):
        expected = functional.interpolate(
            torch_image, scale_factor=factors, mode="bilinear", align_corners=corners
        )
        got = upsample_bilinear(image, scale, align_corners=corners)
        np.testing.assert_allclose(got, expected[0], rtol=1e-12, atol=1e-12)


def test_shares_by_hand() -> None:
    assert interpolation(2, 2).tolist() == [[1, 0], [0.75, 0.25], [0.25, 0.75], [0, 1]]
    assert interpolation(2, 2, align_corners=True)[1] == pytest.approx([2 / 3, 1 / 3])
    assert interpolation(1, 3, align_corners=True).tolist() == [[1], [1], [1]]


def test_a_scale_below_1_is_refused() -> None:
    with pytest.raises(GeometryError, match="Scale 0 x 2 must be at least 1"):
        upsample_nearest(np.zeros((1, 2, 2)), (0, 2))
