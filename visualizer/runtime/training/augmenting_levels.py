"""Changes of the levels of many pictures at once, each by its own draw, as torchvision's of one."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torchvision.transforms.v2 import functional as vision

from visualizer.runtime.augmentation.hue import adjust_hue
from visualizer.runtime.augmentation.pipeline import Step
from visualizer.runtime.training.augmenting_draws import Stream
from visualizer.runtime.training.augmenting_moves import number

Factors = NDArray[np.float32]
LUMINANCE = (0.2989, 0.587, 0.114)  # torchvision's
GREY = torch.tensor([19_595, 38_470, 7_471], dtype=torch.int32)[:, None, None]  # of 65,536


def in_colour(pictures: Tensor) -> Tensor:
    """Give grey pictures three equal channels."""
    return pictures if pictures.shape[1] == 3 else pictures.expand(-1, 3, -1, -1)


def as_before(pictures: Tensor, channels: int) -> Tensor:
    """Turn (n, 3, H, W) into luminance where the pictures were grey."""
    if channels == pictures.shape[1]:
        return pictures
    total = (pictures.to(torch.int32) * GREY).sum(dim=1, keepdim=True)
    return ((total + 32_768) >> 16).to(torch.uint8)


def jittered(pictures: Tensor, stream: Stream, step: Step) -> Tensor:
    """Shift brightness, contrast, saturation and hue of each picture, in an order of its own."""
    order = stream.order(4)
    factors: list[Factors | None] = []
    for name in ("brightness", "contrast", "saturation", "hue"):
        middle, reach = float(name != "hue"), number(step, name)
        low = middle - reach if name == "hue" else max(0.0, middle - reach)
        factors.append(stream.uniform(low, middle + reach) if reach else None)
    made = pictures.clone()  # a grey picture is one of three equal channels: one is enough
    for place in range(4):
        for change, factor in enumerate(factors):
            chosen = order[:, place] == change
            if factor is not None and chosen.any():
                made[chosen] = CHANGES[change](made[chosen], factor[chosen])
    return made


def _brighter(pictures: Tensor, factors: Factors) -> Tensor:
    return _levels(pictures.float() * _each(factors))


def _contrasted(pictures: Tensor, factors: Factors) -> Tensor:
    mean = _luminance(pictures).mean(dim=(-3, -2, -1), keepdim=True)
    return _blended(pictures, mean, factors)


def _saturated(pictures: Tensor, factors: Factors) -> Tensor:
    return _blended(pictures, _luminance(pictures), factors)


def _turned(pictures: Tensor, factors: Factors) -> Tensor:
    if pictures.shape[1] == 1:
        return pictures  # grey: no hue to turn
    made = [adjust_hue(one, factor) for one, factor in zip(pictures, factors.tolist(), strict=True)]
    return torch.stack(made)


CHANGES = (_brighter, _contrasted, _saturated, _turned)


def _blended(pictures: Tensor, other: Tensor, factors: Factors) -> Tensor:
    rest = (1.0 - factors.astype(np.float64)).astype(np.float32)
    return _levels(pictures.float() * _each(factors) + other * _each(rest))


def _luminance(pictures: Tensor) -> Tensor:
    red, green, blue = pictures.expand(-1, 3, -1, -1).unbind(dim=1)
    total = red.mul(LUMINANCE[0]).add_(green, alpha=LUMINANCE[1]).add_(blue, alpha=LUMINANCE[2])
    return total.floor_()[:, None]


def _each(factors: Factors) -> Tensor:
    return torch.from_numpy(factors)[:, None, None, None]


def _levels(values: Tensor) -> Tensor:
    return values.clamp_(0, 255).to(torch.uint8)


def exchanged(pictures: Tensor, stream: Stream, _step: Step) -> Tensor:
    """Exchange red, green and blue; grey stays grey."""
    if pictures.shape[1] == 1:
        return pictures
    order = torch.from_numpy(stream.order(3))
    return pictures[torch.arange(len(pictures))[:, None], order]


def greyed(pictures: Tensor, _stream: Stream, _step: Step) -> Tensor:
    """Take the colours away."""
    made = vision.rgb_to_grayscale(in_colour(pictures), num_output_channels=3)
    return as_before(made, pictures.shape[1])


def inverted(pictures: Tensor, _stream: Stream, _step: Step) -> Tensor:
    """Make negatives."""
    return vision.invert(pictures)


def posterized(pictures: Tensor, _stream: Stream, step: Step) -> Tensor:
    """Keep the upper bits."""
    return vision.posterize(pictures, int(number(step, "bits")))


def solarized(pictures: Tensor, _stream: Stream, step: Step) -> Tensor:
    """Invert levels from the threshold up."""
    return vision.solarize(pictures, number(step, "threshold"))


def stretched(pictures: Tensor, _stream: Stream, _step: Step) -> Tensor:
    """Stretch each channel of each picture to the whole range."""
    return vision.autocontrast(pictures)


def equalized(pictures: Tensor, _stream: Stream, _step: Step) -> Tensor:
    """Make all levels of each channel of each picture equally frequent."""
    return vision.equalize(pictures)


def sharpened(pictures: Tensor, _stream: Stream, step: Step) -> Tensor:
    """Make edges softer or sharper."""
    return vision.adjust_sharpness(pictures, number(step, "sharpness_factor"))
