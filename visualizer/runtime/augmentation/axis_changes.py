"""What each response curve does to a picture, made ready once for all of its values.

Every function here takes a picture (3, H, W), uint8, and the part of the result that is wanted,
and gives the change: from a value to that part, equal in every pixel to torchvision's function of
the same name, of which only what can be kept or left out is kept or left out. Blur alone lies
closer to the formula than torchvision does: see :mod:`visualizer.runtime.augmentation.gaussian`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torchvision.transforms.v2 import functional

from visualizer.runtime.augmentation.gaussian import blurred
from visualizer.runtime.augmentation.linear import Mapped, Part
from visualizer.runtime.augmentation.quick_colour import adjust_contrast, mean_grey
from visualizer.runtime.augmentation.record import MEAN_COLOUR
from visualizer.runtime.augmentation.seeded import Seeded

Change = Callable[[float], Tensor]
Prepare = Callable[[Tensor, Part], Change]


def each_pixel(apply: Callable[[Tensor, float], Tensor]) -> Prepare:
    """Let a function run on the part alone: each pixel's result depends on that pixel alone."""
    return lambda image, part: partial(apply, part.of(image).contiguous())


def whole(apply: Callable[[Tensor, float], Tensor]) -> Prepare:
    """Let a function run on the whole picture, then cut out the part."""
    return lambda image, part: lambda value: part.of(apply(image, value))


def turned(image: Tensor, part: Part) -> Change:
    """Turn by an angle in degrees, against the clock."""
    return Mapped(image, MEAN_COLOUR, part).rotated


def shifted_right(image: Tensor, part: Part) -> Change:
    """Shift by a share of the width, rounded to whole pixels."""
    picture, width = Mapped(image, MEAN_COLOUR, part), image.shape[-1]
    return lambda share: picture.moved(shift_px=(round(share * width), 0))


def shifted_down(image: Tensor, part: Part) -> Change:
    """Shift by a share of the height, rounded to whole pixels."""
    picture, height = Mapped(image, MEAN_COLOUR, part), image.shape[-2]
    return lambda share: picture.moved(shift_px=(0, round(share * height)))


def scaled(image: Tensor, part: Part) -> Change:
    """Enlarge by a factor, about the middle."""
    picture = Mapped(image, MEAN_COLOUR, part)
    return lambda factor: picture.moved(scale=factor)


def sheared(image: Tensor, part: Part) -> Change:
    """Shear sideways by an angle in degrees."""
    picture = Mapped(image, MEAN_COLOUR, part)
    return lambda angle: picture.moved(shear_deg=angle)


def contrasted(image: Tensor, part: Part) -> Change:
    """Move levels towards or away from the whole picture's mean grey."""
    mean, near = mean_grey(image), part.of(image)
    return lambda factor: adjust_contrast(near, factor, mean)


def sharpened(image: Tensor, part: Part) -> Change:
    """Blend with a blur of 3 × 3 pixels, so that one pixel around the part is looked at."""
    height, width = image.shape[-2:]
    top, left = max(part.top - 1, 0), max(part.left - 1, 0)
    bottom = min(part.top + part.height + 1, height)
    right = min(part.left + part.width + 1, width)
    near = Part(top, left, bottom - top, right - left).of(image).contiguous()
    inner = Part(part.top - top, part.left - left, part.height, part.width)
    return lambda factor: inner.of(functional.adjust_sharpness(near, factor))


def noisy(image: Tensor, part: Part) -> Change:
    """Add Gaussian noise, a share of the range wide: the same draw for every value."""
    with Seeded(0):
        drawn = part.of(torch.randn_like(image, dtype=torch.float32)).contiguous()
    near = part.of(image)

    def change(sigma: float) -> Tensor:
        noise = (drawn * (sigma * 255)).to(torch.int16)
        return (near + noise).clamp_(0, 255).to(torch.uint8)

    return change


def out_of_focus(image: Tensor, part: Part) -> Change:
    """Blur with a Gaussian, its standard deviation in pixels, cut off at three of them."""
    room = min(image.shape[-2:]) - 1  # reflected borders are narrower than the picture

    def change(sigma: float) -> Tensor:
        if sigma == 0:
            return part.of(image)
        radius = min(math.ceil(3 * sigma), room)
        rows = _mirrored(part.top - radius, part.height + 2 * radius, image.shape[-2])
        columns = _mirrored(part.left - radius, part.width + 2 * radius, image.shape[-1])
        near = torch.from_numpy(image.numpy().take(rows, axis=1).take(columns, axis=2))
        levels = blurred(near, 2 * radius + 1, sigma).numpy()
        return torch.from_numpy(np.rint(levels, out=levels).astype(np.uint8))

    return change


def _mirrored(first: int, count: int, size: int) -> NDArray[np.int64]:
    """Number ``count`` places from ``first`` on; those outside 0 to ``size`` are mirrored."""
    places = np.abs(np.arange(first, first + count))
    return np.where(places < size, places, 2 * (size - 1) - places)


def cropped(image: Tensor, share: float) -> Tensor:
    """Cut this share of the area from the middle, resized to the whole."""
    height, width = image.shape[-2:]
    inner = [max(1, round(side * math.sqrt(share))) for side in (height, width)]
    top, left = (height - inner[0]) // 2, (width - inner[1]) // 2
    return functional.resized_crop(image, top, left, *inner, [height, width], antialias=True)


def erased(image: Tensor, share: float) -> Tensor:
    """Fill this share of the area in the middle with the mean colour."""
    height, width = image.shape[-2:]
    inner = [round(side * math.sqrt(share)) for side in (height, width)]
    top, left = (height - inner[0]) // 2, (width - inner[1]) // 2
    colour = torch.tensor(MEAN_COLOUR, dtype=torch.uint8)[:, None, None]
    return functional.erase(image, top, left, *inner, colour)
