"""What a response curve can run along: one number that changes a picture, nothing random."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torchvision.transforms.v2 import functional

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.augmentation.damage import compressed
from visualizer.runtime.augmentation.hue import adjust_hue
from visualizer.runtime.augmentation.linear import Part, affine, rotate
from visualizer.runtime.augmentation.quick_colour import (
    adjust_brightness,
    adjust_contrast,
    adjust_saturation,
)
from visualizer.runtime.augmentation.record import MEAN_COLOUR
from visualizer.runtime.augmentation.seeded import Seeded

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Axis:
    """One number of a transform, from ``minimum`` to ``maximum``; ``neutral`` changes nothing.

    ``low`` to ``high`` is the usual stretch. ``apply`` is torchvision's function of the same name;
    ``apply_part`` makes only a part of the result, equal in every pixel. ``pointwise`` tells that
    each pixel's result depends on that pixel alone.
    """

    transform: str
    parameter: str
    title: str
    unit: str
    low: float
    high: float
    neutral: float | None
    minimum: float
    maximum: float
    apply: Callable[[Tensor, float], Tensor]
    whole: bool = False
    pointwise: bool = False
    apply_part: Callable[[Tensor, float, Part], Tensor] | None = None

    def described(self) -> dict[str, Any]:
        """Describe the axis for the page."""
        return {
            "transform": self.transform,
            "parameter": self.parameter,
            "title": self.title,
            "unit": self.unit,
            "from": self.low,
            "to": self.high,
            "neutral": self.neutral,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "whole": self.whole,
        }

    def changed(self, pixels: Pixels, value: float) -> Pixels:
        """Change a picture (H, W, 3) by exactly this value.

        Raises:
            VisualizerError: the value is outside the axis.
        """
        return self.on(pixels)(value)

    def on(self, pixels: Pixels, part: Part | None = None) -> Callable[[float], Pixels]:
        """Prepare a picture for several values; of each result, ``part`` is given.

        Shapes: (H, W, 3) -> a function from a value to (H, W, 3), or the size of the part.
        """
        image = torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))
        local = image if part is None or not self.pointwise else part.of(image).contiguous()

        def change(value: float) -> Pixels:
            self._check(value)
            settled = round(value) if self.whole else value
            if part is None or self.pointwise:
                made = self.apply(local, settled)
            elif self.apply_part:
                made = self.apply_part(image, settled, part)
            else:
                made = part.of(self.apply(image, settled))
            colours: Pixels = made.numpy().transpose(1, 2, 0)
            return colours

        return change

    def _check(self, value: float) -> None:
        if not (math.isfinite(value) and self.minimum <= value <= self.maximum):
            raise VisualizerError(
                f"{self.title} of {value:g} is outside {self.minimum:g} to {self.maximum:g}. "
                "Choose a value between."
            )


def _rotated(image: Tensor, angle: float, part: Part | None = None) -> Tensor:
    return rotate(image, angle, MEAN_COLOUR, part)


def _right(image: Tensor, share: float, part: Part | None = None) -> Tensor:
    return affine(image, MEAN_COLOUR, part, shift_px=(round(share * image.shape[-1]), 0))


def _down(image: Tensor, share: float, part: Part | None = None) -> Tensor:
    return affine(image, MEAN_COLOUR, part, shift_px=(0, round(share * image.shape[-2])))


def _scaled(image: Tensor, factor: float, part: Part | None = None) -> Tensor:
    return affine(image, MEAN_COLOUR, part, scale=factor)


def _sheared(image: Tensor, angle: float, part: Part | None = None) -> Tensor:
    return affine(image, MEAN_COLOUR, part, shear_deg=angle)


def _blur(image: Tensor, sigma: float) -> Tensor:
    if sigma == 0:
        return image
    room = min(image.shape[-2:]) - 1  # reflected borders are narrower than the picture
    radius = min(math.ceil(3 * sigma), room)
    return functional.gaussian_blur(image, [2 * radius + 1] * 2, [sigma, sigma])


def _noise(image: Tensor, sigma: float) -> Tensor:
    with Seeded(0):
        return functional.gaussian_noise(image, sigma=sigma)


def _crop(image: Tensor, share: float) -> Tensor:
    """Cut this share of the area from the middle, resized to the whole."""
    height, width = image.shape[-2:]
    inner = [max(1, round(side * math.sqrt(share))) for side in (height, width)]
    top, left = (height - inner[0]) // 2, (width - inner[1]) // 2
    return functional.resized_crop(image, top, left, *inner, [height, width], antialias=True)


def _erase(image: Tensor, share: float) -> Tensor:
    """Fill this share of the area in the middle with the mean colour."""
    height, width = image.shape[-2:]
    inner = [round(side * math.sqrt(share)) for side in (height, width)]
    top, left = (height - inner[0]) // 2, (width - inner[1]) // 2
    colour = torch.tensor(MEAN_COLOUR, dtype=torch.uint8)[:, None, None]
    return functional.erase(image, top, left, *inner, colour)


AXES = (
    Axis("rotate", "angle", "Rotation", "°", -180, 180, 0, -360, 360, _rotated,
         apply_part=_rotated),
    Axis("affine", "right", "Shift to the right", "of the width", -0.5, 0.5, 0, -1, 1, _right,
         apply_part=_right),
    Axis("affine", "down", "Shift down", "of the height", -0.5, 0.5, 0, -1, 1, _down,
         apply_part=_down),
    Axis("affine", "scale", "Size", "×", 0.25, 2, 1, 0.05, 5, _scaled, apply_part=_scaled),
    Axis("affine", "shear", "Shear", "°", -45, 45, 0, -80, 80, _sheared, apply_part=_sheared),
    Axis("resized_crop", "scale", "Crop from the middle", "of the area", 0.05, 1, 1, 0.001, 1,
         _crop),
    Axis("jitter", "brightness", "Brightness", "×", 0, 3, 1, 0, 10, adjust_brightness,
         pointwise=True),
    Axis("jitter", "contrast", "Contrast", "×", 0, 3, 1, 0, 10, adjust_contrast),
    Axis("jitter", "saturation", "Saturation", "×", 0, 3, 1, 0, 10, adjust_saturation,
         pointwise=True),
    Axis("jitter", "hue", "Hue", "of the circle", -0.5, 0.5, 0, -0.5, 0.5, adjust_hue,
         pointwise=True),
    Axis("sharpness", "sharpness_factor", "Sharpness", "×", 0, 10, 1, 0, 50,
         functional.adjust_sharpness),
    Axis("posterize", "bits", "Bits a channel", "", 1, 8, 8, 1, 8,
         lambda x, v: functional.posterize(x, int(v)), whole=True, pointwise=True),
    Axis("solarize", "threshold", "Inverted from level", "", 0, 255, None, 0, 255,
         functional.solarize, pointwise=True),
    Axis("blur", "sigma", "Blur", "px", 0, 10, 0, 0, 30, _blur),
    Axis("noise", "sigma", "Noise", "of the range", 0, 0.5, 0, 0, 2, _noise),
    Axis("jpeg", "quality", "JPEG quality", "", 1, 100, None, 1, 100,
         lambda x, v: compressed(x, int(v)), whole=True),
    Axis("erase", "scale", "Erased in the middle", "of the area", 0, 0.9, 0, 0, 1, _erase),
)  # fmt: skip


def find_axis(transform: str, parameter: str | None = None) -> Axis:
    """Find an axis by its transform and parameter; the first of the transform without one.

    Raises:
        UnknownNameError: there is none; all are listed.
    """
    for axis in AXES:
        if axis.transform == transform and parameter in (None, "", axis.parameter):
            return axis
    names = ", ".join(f"{axis.transform}.{axis.parameter}" for axis in AXES)
    wanted = f"{transform}.{parameter}" if parameter else transform
    raise UnknownNameError(f"There is no curve along {wanted!r}; choose one of {names}.")
