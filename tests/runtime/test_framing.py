"""The input is torchvision's, number by number, and the frame is where it says."""

from dataclasses import astuple
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pytest
import torch
from PIL import Image
from torch import nn
from torchvision.transforms import v2

from visualizer.errors import UnknownNameError
from visualizer.runtime.framing import FRAMINGS, frame, network_input
from visualizer.zoo.spec import ModelSpec, Weights

Interpolation = Literal["bilinear", "bicubic"]


def spec_of(
    side: int,
    resize: int,
    interpolation: Interpolation = "bilinear",
    mean: tuple[float, ...] = (0.485, 0.456, 0.406),
    std: tuple[float, ...] = (0.229, 0.224, 0.225),
) -> ModelSpec:
    weights = Weights("none", Path, "", lambda _: {}, "", 0)
    shape = (len(mean), side, side)
    return ModelSpec(
        name="test",
        title="Test",
        build=nn.Identity,
        input_shape=shape,
        mean=mean,
        std=std,
        labels="imagenet",
        cam_layer="",
        parameters=0,
        source="",
        weights=weights,
        resize=resize,
        interpolation=interpolation,
    )


IMAGENET = spec_of(224, 256)
LITE0 = spec_of(224, 256, "bicubic", (127 / 255,) * 3, (128 / 255,) * 3)
INCEPTION = spec_of(299, 342)
SQUARE = spec_of(32, 32)
DIGITS = spec_of(28, 28, mean=(0.1307,), std=(0.3081,))
SIZES = [(300, 451), (451, 300), (61, 97), (427, 640), (256, 256), (257, 1023), (1, 1), (7, 201)]
SPECS = [IMAGENET, LITE0, INCEPTION, SQUARE, DIGITS]
NAMES = ["imagenet", "lite0", "inception", "square", "digits"]


def noise(height: int, width: int) -> npt.NDArray[np.uint8]:
    rng = np.random.default_rng(height * 1000 + width)
    return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize("spec", SPECS, ids=NAMES)
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_crop_is_torchvisions_preprocessing(spec: ModelSpec, height: int, width: int) -> None:
    pixels = noise(height, width)
    image = Image.fromarray(pixels)
    if spec.input_shape[0] == 1:
        image = v2.functional.to_grayscale(image)
    official = v2.Compose(
        [
            v2.Resize(spec.resize, v2.InterpolationMode(spec.interpolation)),
            v2.CenterCrop(spec.input_shape[1:]),
            v2.ToImage(),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize(spec.mean, spec.std),
        ]
    )(image)
    values = network_input(pixels, spec)
    assert values.dtype == np.float32
    np.testing.assert_allclose(values, official.numpy()[None], rtol=0, atol=1e-6)


def test_one_channel_is_luminance() -> None:
    """ITU-R 601-2: 0.299 red, 0.587 green, 0.114 blue."""
    pixels = np.full((28, 28, 3), (200, 100, 50), dtype=np.uint8)
    grey = round(0.299 * 200 + 0.587 * 100 + 0.114 * 50) / 255
    np.testing.assert_allclose(network_input(pixels, DIGITS), (grey - 0.1307) / 0.3081, rtol=1e-6)


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("spec", SPECS, ids=NAMES)
@pytest.mark.parametrize(
    ("height", "width", "row", "column"),
    [(300, 451, 120, 250), (451, 300, 200, 90), (1000, 700, 400, 420), (60, 90, 35, 30)],
)
def test_a_marked_block_is_where_the_frame_says(
    height: int, width: int, row: int, column: int, spec: ModelSpec, framing: str
) -> None:
    side = min(height, width) // 6
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[row : row + side, column : column + side] = 255
    values = network_input(pixels, spec, framing)[0, 0] * spec.std[0] + spec.mean[0]
    weights = np.where(values > 0.5, 1.0, 0.0)
    if framing == "fit" and spec.mean[0] > 0.45:  # the border is bright too
        weights[values < 0.9] = 0
    rows, columns = np.mgrid[0 : weights.shape[0], 0 : weights.shape[1]] + 0.5
    region = frame(height, width, spec, framing)
    cell_height, cell_width = region.height / weights.shape[0], region.width / weights.shape[1]
    found_row = region.top + np.average(rows, weights=weights) * cell_height
    found_column = region.left + np.average(columns, weights=weights) * cell_width
    assert found_row == pytest.approx(row + side / 2, abs=0.5 * cell_height + 0.01)
    assert found_column == pytest.approx(column + side / 2, abs=0.5 * cell_width + 0.01)


def test_frame_of_the_cat_by_hand() -> None:
    """451 x 300 is resized to 384 x 256; rows 16 to 240 and columns 80 to 304 of it are seen."""
    region = frame(300, 451, IMAGENET)
    assert region.top == pytest.approx(16 * 300 / 256)
    assert region.left == pytest.approx(80 * 451 / 384)
    assert region.height == pytest.approx(224 * 300 / 256)
    assert region.width == pytest.approx(224 * 451 / 384)


def test_fit_shows_all_with_a_border_of_zeros() -> None:
    pixels = np.full((100, 200, 3), 255, dtype=np.uint8)
    values = network_input(pixels, IMAGENET, "fit")[0]
    assert (values[:, :56] == 0).all()
    assert (values[:, 168:] == 0).all()
    np.testing.assert_allclose(values[0, 56:168], (1 - 0.485) / 0.229, rtol=1e-6)
    region = frame(100, 200, IMAGENET, "fit")
    assert astuple(region) == pytest.approx((-50, 0, 200, 200))


def test_stretch_shows_all() -> None:
    region = frame(100, 333, IMAGENET, "stretch")
    assert astuple(region) == pytest.approx((0, 0, 100, 333))
    pixels = np.zeros((100, 333, 3), dtype=np.uint8)
    pixels[:, 200:] = 255
    values = network_input(pixels, IMAGENET, "stretch")[0, 0]
    edge = 224 * 200 // 333
    assert np.ptp(values[:, : edge - 2]) == pytest.approx(0, abs=1e-6)
    assert np.ptp(values[:, edge + 3 :]) == pytest.approx(0, abs=1e-6)
    assert values[0, 0] < 0 < values[0, -1]


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 40), (40, 1)])
def test_tiny_pictures(height: int, width: int, framing: str) -> None:
    pixels = np.full((height, width, 3), 255, dtype=np.uint8)
    values = network_input(pixels, IMAGENET, framing)
    assert values.shape == (1, 3, 224, 224)
    assert values.max() == pytest.approx((1 - 0.406) / 0.225, rel=1e-6)


def test_unknown_framing() -> None:
    with pytest.raises(UnknownNameError, match="'zoom'; choose one of crop, fit, stretch"):
        frame(10, 10, IMAGENET, "zoom")
    with pytest.raises(UnknownNameError, match="crop, fit, stretch"):
        network_input(noise(10, 10), IMAGENET, "zoom")
