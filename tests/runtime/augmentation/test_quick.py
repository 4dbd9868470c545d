"""What is made faster than in torchvision: equal in every pixel, or how far it is from it."""

import random
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional

from visualizer.runtime.augmentation.axes import AXES, Axis, find_axis
from visualizer.runtime.augmentation.draw import Drawer
from visualizer.runtime.augmentation.elastic import QuickElastic, smoothed
from visualizer.runtime.augmentation.linear import Part, affine, rotate
from visualizer.runtime.augmentation.objects import Found
from visualizer.runtime.augmentation.pipeline import parse
from visualizer.runtime.augmentation.quick_colour import QUICK

FILL = [124, 116, 104]
SMOOTH = v2.InterpolationMode.BILINEAR


def noise(height: int, width: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (3, height, width), dtype=torch.uint8, generator=generator)


@pytest.mark.parametrize("quick", QUICK.items(), ids=lambda pair: pair[0].__name__)
@pytest.mark.parametrize("size", [(7, 9), (96, 130), (300, 410)])
def test_colours_are_torchvisions(
    quick: tuple[Callable[..., Tensor], Callable[..., Tensor]], size: tuple[int, int]
) -> None:
    theirs, ours = quick
    factors = (-0.5, -0.21, 0.0, 0.07, 0.5) if "hue" in theirs.__name__ else (0.0, 0.6, 1.0, 2.7)
    image = noise(*size)
    before = image.clone()
    for factor in factors:
        assert torch.equal(ours(image, factor), theirs(image, factor))
    assert torch.equal(image, before)


def test_hue_by_hand() -> None:
    """A third of the circle further, red is green and orange is a spring green."""
    colours = torch.tensor([[255, 255, 90], [0, 128, 90], [0, 0, 90]], dtype=torch.uint8)
    turned = QUICK[functional.adjust_hue](colours[:, None, :], 1 / 3)[:, 0]
    assert turned.T.tolist() == [[0, 255, 0], [0, 255, 128], [90, 90, 90]]


def test_a_quarter_turn_by_hand() -> None:
    image = torch.arange(12, dtype=torch.uint8).reshape(1, 3, 4).expand(3, 3, 4)
    turned = rotate(image[:, :, :3], 90, FILL)
    assert turned[0].tolist() == [[2, 6, 10], [1, 5, 9], [0, 4, 8]]
    part = rotate(image[:, :, :3], 90, FILL, Part(1, 0, 2, 2))
    assert part[0].tolist() == [[1, 5], [0, 4]]


@pytest.mark.parametrize("size", [(96, 130), (130, 96), (64, 64), (28, 28), (256, 384)])
def test_turns_and_affine_maps_are_torchvisions(size: tuple[int, int]) -> None:
    chance, image = random.Random(3), noise(*size)
    height, width = size[0] - 9, size[1] - 11
    for _ in range(8):
        part = Part(chance.randint(0, 9), chance.randint(0, 11), height, width)
        angle = chance.choice([chance.uniform(-360, 360), 45.0, 180.0, 0.0])
        whole = functional.rotate(image, angle, interpolation=SMOOTH, fill=FILL)
        assert torch.equal(rotate(image, angle, FILL), whole)
        assert torch.equal(rotate(image, angle, FILL, part), part.of(whole))
        shift = chance.randint(-40, 40), chance.randint(-40, 40)
        scale, shear = chance.uniform(0.2, 3), chance.uniform(-60, 60)
        whole = functional.affine(
            image, angle, list(shift), scale, [shear, 0.0], interpolation=SMOOTH, fill=FILL
        )
        how = {"angle_deg": angle, "shift_px": shift, "scale": scale, "shear_deg": shear}
        assert torch.equal(affine(image, FILL, **how), whole)  # type: ignore[arg-type]
        assert torch.equal(affine(image, FILL, part, **how), part.of(whole))


@pytest.mark.parametrize("axis", AXES, ids=lambda axis: f"{axis.transform}.{axis.parameter}")
def test_a_part_is_cut_from_the_whole(axis: Axis) -> None:
    pixels = noise(80, 110).permute(1, 2, 0).numpy()
    part = Part(8, 20, 64, 60)
    change = axis.on(pixels, part)
    for share in (0.0, 0.3, 1.0, 0.3):
        value = axis.low + share * (axis.high - axis.low)
        np.testing.assert_array_equal(
            change(value), axis.changed(pixels, value)[8:72, 20:80], strict=True
        )


def theirs_noise(image: Tensor, sigma: float) -> Tensor:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return functional.gaussian_noise(image, sigma=sigma)


def theirs_affine(
    image: Tensor, right: float = 0, down: float = 0, scale: float = 1, shear: float = 0
) -> Tensor:
    shift = [round(right * image.shape[-1]), round(down * image.shape[-2])]
    return functional.affine(image, 0, shift, scale, [shear, 0], interpolation=SMOOTH, fill=FILL)


THEIRS: dict[str, Callable[[Tensor, float], Tensor]] = {
    "rotate.angle": lambda x, v: functional.rotate(x, v, interpolation=SMOOTH, fill=FILL),
    "affine.right": lambda x, v: theirs_affine(x, right=v),
    "affine.down": lambda x, v: theirs_affine(x, down=v),
    "affine.scale": lambda x, v: theirs_affine(x, scale=v),
    "affine.shear": lambda x, v: theirs_affine(x, shear=v),
    "jitter.brightness": functional.adjust_brightness,
    "jitter.contrast": functional.adjust_contrast,
    "jitter.saturation": functional.adjust_saturation,
    "jitter.hue": functional.adjust_hue,
    "sharpness.sharpness_factor": functional.adjust_sharpness,
    "solarize.threshold": functional.solarize,
    "noise.sigma": theirs_noise,
}
PARTS = [Part(0, 0, 64, 60), Part(8, 20, 64, 60), Part(16, 50, 64, 60), Part(0, 0, 80, 110)]


@pytest.mark.parametrize("part", PARTS, ids=["first corner", "middle", "last corner", "whole"])
@pytest.mark.parametrize("name", THEIRS)
def test_curves_change_pictures_as_torchvision_does(name: str, part: Part) -> None:
    axis, image = find_axis(*name.split(".")), noise(80, 110)
    change = axis.on(image.permute(1, 2, 0).numpy(), part)
    for value in np.linspace(axis.low, axis.high, 7).tolist():
        whole = THEIRS[name](image, value)
        assert torch.equal(torch.from_numpy(change(value)).permute(2, 0, 1), part.of(whole))


@pytest.mark.parametrize("size", [(256, 1024), (1024, 300), (31, 1000)])
def test_shifts_by_whole_pixels_are_copies(size: tuple[int, int]) -> None:
    """torchvision computes them with floats, whose errors end below half a level."""
    image = noise(*size)
    for shift in [(0, 0), (1, 0), (-7, 3), (size[1] // 2, -size[0] // 3), (size[1], 0), (0, 2000)]:
        whole = functional.affine(
            image, 0.0, list(shift), 1.0, [0.0, 0.0], interpolation=SMOOTH, fill=FILL
        )
        assert torch.equal(affine(image, FILL, shift_px=shift), whole)


def test_blur_by_hand() -> None:
    """One white pixel, standard deviation 1: weights 0.3991, 0.2420, 0.0540, 0.0044."""
    pixels = np.zeros((9, 11, 3), np.uint8)
    pixels[4, 5] = 255
    spread = find_axis("blur").changed(pixels, 1.0)[..., 0]
    assert spread[4, 5:9].tolist() == [41, 25, 5, 0]  # 255 x 0.3991 x 0.3991 = 40.6
    assert spread[5, 6:9].tolist() == [15, 3, 0]
    assert spread[2, 5] == spread[6, 5] == 5


@pytest.mark.parametrize("sigma", [0.4, 2.0, 7.5, 30.0])
def test_blur_is_torchvisions_but_for_ties_and_nearer_to_the_formula(sigma: float) -> None:
    image, part = noise(90, 120), Part(3, 20, 80, 100)
    ours = torch.from_numpy(find_axis("blur").on(image.permute(1, 2, 0).numpy(), part)(sigma))
    radius = min(int(np.ceil(3 * sigma)), 89)
    size = [2 * radius + 1] * 2
    theirs = part.of(functional.gaussian_blur(image, size, [sigma] * 2)).permute(1, 2, 0)
    exact = functional.gaussian_blur(image.double(), size, [sigma] * 2)
    exact = part.of(exact).permute(1, 2, 0)
    assert (ours.int() - theirs.int()).abs().max() <= 1
    assert (ours != theirs).double().mean() < 1e-3
    far = [(one - exact).abs().max() for one in (ours, theirs)]
    assert far[0] <= 0.5 + 1e-4
    assert far[0] <= far[1] + 1e-4


@pytest.mark.parametrize("sigma", [1.0, 5.0, 6.0])
def test_smoothing_is_nearer_to_the_formula_than_torchvisions(sigma: float) -> None:
    """Both beside a convolution of the whole kernel in float64."""
    size = int(8 * sigma + 1) | 1
    values = torch.rand(2, 70, 150, generator=torch.Generator().manual_seed(0)) * 2 - 1
    row = torch.linspace(-(size - 1) / 8**0.5, (size - 1) / 8**0.5, size)
    row = torch.softmax(-((row / sigma) ** 2), dim=0).double()
    kernel = (row[:, None] * row).expand(2, 1, size, size)
    wide = torch.nn.functional.pad(values, [size // 2] * 4, mode="reflect").double()
    exact = torch.nn.functional.conv2d(wide[None], kernel, groups=2)[0]
    ours = (smoothed(values, sigma).double() - exact).abs().max()
    theirs = functional.gaussian_blur(values, [size, size], [sigma, sigma]).double() - exact
    assert ours < 4e-8  # float32 at the very end
    assert ours < theirs.abs().max()


def test_elastic_moves_pixels_as_torchvisions_does() -> None:
    settings = {"alpha": 40.0, "sigma": 6.0, "fill": 0}
    image = noise(100, 140)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        params = v2.ElasticTransform(**settings).make_params([image])
        torch.manual_seed(5)
        ours = QuickElastic(**settings).make_params([image])["displacement"]
    theirs = params["displacement"]
    assert theirs.abs().max() > 0.01
    halves = torch.tensor([70.0, 50.0])
    assert ((ours - theirs) * halves).abs().max() < 2e-5  # pixels
    for interpolation in (SMOOTH, v2.InterpolationMode.NEAREST):
        plain, quick = (
            kind(**settings, interpolation=interpolation).transform(image, params)
            for kind in (v2.ElasticTransform, QuickElastic)
        )
        assert torch.equal(plain, quick)  # of the same displacement, the same pixels


def test_colours_leave_the_masks_of_three_objects_alone() -> None:
    """Three masks are (3, H, W) levels, too, and no picture."""
    mask = np.zeros((40, 60), bool)
    mask[5:20, 10:30] = True
    objects = [Found(name, (10, 5, 30, 20), mask) for name in "abc"]
    pixels = noise(40, 60).permute(1, 2, 0).numpy()
    steps = parse("jitter(brightness=0.9,contrast=0.9,saturation=0.9,hue=0.5)")
    draw = Drawer(pixels, steps, objects=objects).draw(0)
    for found in draw.objects:
        assert found.mask is not None
        np.testing.assert_array_equal(found.mask, mask)
