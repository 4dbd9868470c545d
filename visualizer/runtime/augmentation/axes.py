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
from torchvision.transforms.v2 import InterpolationMode, functional

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.augmentation.damage import compressed
from visualizer.runtime.augmentation.hue import adjust_hue
from visualizer.runtime.augmentation.record import MEAN_COLOUR
from visualizer.runtime.augmentation.seeded import Seeded

Pixels = NDArray[np.uint8]
SMOOTH = InterpolationMode.BILINEAR
FILL = list(MEAN_COLOUR)


@dataclass(frozen=True)
class Axis:
    """One number of a transform, from ``minimum`` to ``maximum``; ``neutral`` changes nothing.

    ``low`` to ``high`` is the usual stretch. ``apply`` is torchvision's function of the same name.
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
        if not (math.isfinite(value) and self.minimum <= value <= self.maximum):
            raise VisualizerError(
                f"{self.title} of {value:g} is outside {self.minimum:g} to {self.maximum:g}. "
                "Choose a value between."
            )
        image = torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))
        made = self.apply(image, round(value) if self.whole else value)
        return np.ascontiguousarray(made.permute(1, 2, 0).numpy())


def _affine(image: Tensor, **how: Any) -> Tensor:
    settled = {"angle": 0.0, "translate": [0, 0], "scale": 1.0, "shear": [0.0, 0.0], **how}
    return functional.affine(image, interpolation=SMOOTH, fill=FILL, **settled)


def _right(image: Tensor, share: float) -> Tensor:
    return _affine(image, translate=[round(share * image.shape[-1]), 0])


def _down(image: Tensor, share: float) -> Tensor:
    return _affine(image, translate=[0, round(share * image.shape[-2])])


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
    colour = torch.tensor(FILL, dtype=torch.uint8)[:, None, None]
    return functional.erase(image, top, left, *inner, colour)


AXES = (
    Axis("rotate", "angle", "Rotation", "°", -180, 180, 0, -360, 360,
         lambda x, v: functional.rotate(x, v, interpolation=SMOOTH, fill=FILL)),
    Axis("affine", "right", "Shift to the right", "of the width", -0.5, 0.5, 0, -1, 1, _right),
    Axis("affine", "down", "Shift down", "of the height", -0.5, 0.5, 0, -1, 1, _down),
    Axis("affine", "scale", "Size", "×", 0.25, 2, 1, 0.05, 5,
         lambda x, v: _affine(x, scale=v)),
    Axis("affine", "shear", "Shear", "°", -45, 45, 0, -80, 80,
         lambda x, v: _affine(x, shear=[v, 0.0])),
    Axis("resized_crop", "scale", "Crop from the middle", "of the area", 0.05, 1, 1, 0.001, 1,
         _crop),
    Axis("jitter", "brightness", "Brightness", "×", 0, 3, 1, 0, 10, functional.adjust_brightness),
    Axis("jitter", "contrast", "Contrast", "×", 0, 3, 1, 0, 10, functional.adjust_contrast),
    Axis("jitter", "saturation", "Saturation", "×", 0, 3, 1, 0, 10, functional.adjust_saturation),
    Axis("jitter", "hue", "Hue", "of the circle", -0.5, 0.5, 0, -0.5, 0.5, adjust_hue),
    Axis("sharpness", "sharpness_factor", "Sharpness", "×", 0, 10, 1, 0, 50,
         functional.adjust_sharpness),
    Axis("posterize", "bits", "Bits a channel", "", 1, 8, 8, 1, 8,
         lambda x, v: functional.posterize(x, int(v)), whole=True),
    Axis("solarize", "threshold", "Inverted from level", "", 0, 255, None, 0, 255,
         functional.solarize),
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
