"""Batches are augmented draw for draw as the Drawer augments one picture."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional
from torchvision.transforms.v2 import functional as vision

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.augmentation import TRANSFORMS
from visualizer.runtime.augmentation.draw import Drawer
from visualizer.runtime.augmentation.pipeline import format_pipeline, parse
from visualizer.runtime.training.augmenting import BATCHED, Augmenter, fitted
from visualizer.runtime.training.augmenting_draws import Stream, first_words
from visualizer.runtime.training.augmenting_levels import as_before, in_colour

SIDE = 24
NUMBERS = list(range(90, 114))


def batch(channels: int = 3) -> Tensor:
    coarse = torch.rand(24, channels, 6, 6, generator=torch.Generator().manual_seed(0))
    smooth = functional.interpolate(coarse, size=(SIDE, SIDE), mode="bicubic").clamp(0, 1)
    return (smooth * 255).to(torch.uint8)


def one_by_one(text: str, pictures: Tensor, seed: int) -> Tensor:
    """Make the same draws with the Drawer; grey pictures as three equal channels."""
    made = []
    for picture, number in zip(in_colour(pictures), NUMBERS, strict=True):
        pixels = np.ascontiguousarray(picture.permute(1, 2, 0).numpy())
        drawn = torch.from_numpy(Drawer(pixels, parse(text), seed).draw(number).pixels)
        made.append(vision.resize(drawn.permute(2, 0, 1), [SIDE, SIDE], antialias=True))
    return as_before(torch.stack(made), pictures.shape[1])


@pytest.mark.parametrize("seed", [0, 2**31, 2**32 - 1])
def test_many_generators_give_pytorchs_numbers(seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    stream = Stream(first_words(np.array([7, seed], np.uint32), 60)).of(np.array([False, True]))
    assert stream.uniform()[0] == torch.rand(1, generator=generator).item()
    for _ in range(5):
        drawn = torch.empty(1).uniform_(-13.3, 0.7, generator=generator).item()
        assert stream.uniform(-13.3, 0.7)[0] == drawn
        assert stream.below(57)[0] == torch.randint(57, (), generator=generator).item()
        assert stream.order(4)[0].tolist() == torch.randperm(4, generator=generator).tolist()


def test_the_first_number_of_the_reference() -> None:
    """mt19937ar's own output for init_genrand(5489), the default seed of C++: 3499211612."""
    assert first_words(np.array([5489], np.uint32), 2)[:, 0].tolist() == [3499211612, 581869302]


EXACT = [
    "hflip",
    "vflip(p=0.3)",
    "rotate(degrees=180)",
    "rotate(degrees=40,interpolation=nearest,fill=white,p=0.5)",
    "affine",
    "affine(degrees=170,right=0.3,down=0.2,scale=0.5..2,shear=40,fill=black)",
    f"crop(size={SIDE},padding=4)",
    f"crop(size={SIDE},padding=3,fill=black,padding_mode=reflect,p=0.5)",
    f"resized_crop(size={SIDE},scale=0.01..1,ratio=0.25..4)",
    "erase(p=1)",
    "erase(scale=0.9..1,ratio=0.1..10,value=mean,p=1)",
    "channels",
    "grey(p=0.5)",
    "invert",
    "posterize(bits=2)",
    "solarize",
    "autocontrast",
    "equalize",
    "sharpness",
    "hflip;rotate;hflip;rotate;erase",
    "noise;hflip;blur(p=0.5);rotate",
    "trivialaugment;hflip;pad(padding=3);erase",
    "hflip;zoom_out;rotate(expand=yes)",
]


@pytest.mark.parametrize("text", EXACT)
def test_batches_equal_single_pictures_pixel_for_pixel(text: str) -> None:
    pictures = batch()
    made = Augmenter(text)(pictures, NUMBERS, 7)
    assert not torch.equal(made, pictures)
    difference = (made.int() - one_by_one(text, pictures, 7).int()).abs()
    assert (difference > 0).double().mean() < 1e-4
    assert difference.max() <= 1


@pytest.mark.parametrize("text", ["jitter", "jitter(brightness=1,contrast=1,saturation=1,hue=0.5)"])
def test_colours_shift_as_in_single_pictures(text: str) -> None:
    """A mean added up in another order may move a level, and saturation stretches that."""
    pictures = batch()
    made = Augmenter(text)(pictures, NUMBERS, 1)
    difference = (made.int() - one_by_one(text, pictures, 1).int()).abs()
    assert (difference > 0).double().mean() < 0.002
    assert difference.max() <= 4


@pytest.mark.parametrize(
    "text", ["hflip", "rotate", "erase(value=mean,p=1)", "jitter", "autocontrast", "elastic"]
)
def test_grey_pictures_stay_grey(text: str) -> None:
    pictures = batch(1)
    made = Augmenter(text)(pictures, NUMBERS, 3)
    assert made.shape == pictures.shape
    difference = (made.int() - one_by_one(text, pictures, 3).int()).abs()
    assert difference.max() <= 1


def test_every_transform_of_the_menu_works_on_batches() -> None:
    known = {transform.id for transform in TRANSFORMS}
    assert set(BATCHED) <= known
    for transform in TRANSFORMS:
        made = Augmenter(transform.id)(batch()[:2], [0, 1], 0)
        assert made.shape == (2, 3, SIDE, SIDE)
        assert made.dtype == torch.uint8


def test_a_draw_depends_on_its_number_alone() -> None:
    augmenter, pictures = Augmenter("rotate;hflip;jitter;erase"), batch()
    whole = augmenter(pictures, torch.tensor(NUMBERS), 5)
    parts = [augmenter(pictures[at : at + 7], NUMBERS[at : at + 7], 5) for at in (0, 7, 14, 21)]
    assert torch.equal(whole, torch.cat(parts))
    assert not torch.equal(whole, augmenter(pictures, NUMBERS, 6))
    assert torch.equal(augmenter(pictures, [n + 1_000_000 for n in NUMBERS], 5), whole)


def test_input_stays_as_it_was_and_off_steps_do_nothing() -> None:
    pictures = batch()
    before = pictures.clone()
    Augmenter("hflip(p=1);erase(p=1);jitter;crop(size=24,padding=2)")(pictures, NUMBERS, 0)
    assert torch.equal(pictures, before)
    assert torch.equal(Augmenter("-hflip(p=1);-rotate")(pictures, NUMBERS, 0), before)
    assert torch.equal(Augmenter("")(pictures, NUMBERS, 0), before)


def test_sizes_are_scaled_to_the_networks_input() -> None:
    """A crop of 224 from 256 becomes one of 28 from 32."""
    steps, changed = fitted(parse("resize(size=256);crop(size=224,padding=16);hflip"), 28)
    assert changed
    assert format_pipeline(steps) == "resize(size=32);crop(size=28,padding=2);hflip"
    augmenter = Augmenter("resized_crop;hflip")
    assert augmenter.notes(28, 28) == (
        "Sizes are scaled to the network's input of 28 × 28 pixels: resized_crop(size=28).",
    )
    assert Augmenter("crop(size=32,padding=4)").notes(32, 32) == ()
    assert Augmenter("zoom_out").notes(32, 32) == (
        "At the end pictures are resized to 32 × 32 pixels.",
    )


def test_what_cannot_be_used_is_refused_with_a_sentence() -> None:
    with pytest.raises(VisualizerError, match="alpha of mixup is 9"):
        Augmenter("hflip;mixup(alpha=9)")
    with pytest.raises(UnknownNameError, match="'flip'"):
        Augmenter("flip")
