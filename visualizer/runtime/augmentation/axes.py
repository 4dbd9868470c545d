"""What a response curve can run along: one number that changes a picture, nothing random."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torchvision.transforms.v2 import functional

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.augmentation.axis_changes import (
    Prepare,
    contrasted,
    cropped,
    each_pixel,
    erased,
    noisy,
    out_of_focus,
    scaled,
    sharpened,
    sheared,
    shifted_down,
    shifted_right,
    turned,
    whole,
)
from visualizer.runtime.augmentation.damage import compressed
from visualizer.runtime.augmentation.hue import adjust_hue
from visualizer.runtime.augmentation.linear import Part
from visualizer.runtime.augmentation.quick_colour import adjust_brightness, adjust_saturation

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Axis:
    """One number of a transform, from ``minimum`` to ``maximum``; ``neutral`` changes nothing.

    ``low`` to ``high`` is the usual stretch. ``prepare`` makes a picture ready for any value; see
    :mod:`visualizer.runtime.augmentation.axis_changes`.
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
    prepare: Prepare
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
        return self.on(pixels)(value)

    def on(self, pixels: Pixels, part: Part | None = None) -> Callable[[float], Pixels]:
        """Prepare a picture for several values; of each result, ``part`` is given.

        Shapes: (H, W, 3) -> a function from a value to (H, W, 3), or the size of the part.
        """
        image = torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))
        made = self.prepare(image, part or Part(0, 0, *image.shape[-2:]))

        def change(value: float) -> Pixels:
            self._check(value)
            colours: Pixels = made(round(value) if self.whole else value).numpy()
            return colours.transpose(1, 2, 0)

        return change

    def _check(self, value: float) -> None:
        if not (math.isfinite(value) and self.minimum <= value <= self.maximum):
            raise VisualizerError(
                f"{self.title} of {value:g} is outside {self.minimum:g} to {self.maximum:g}. "
                "Choose a value between."
            )


AXES = (
    Axis("rotate", "angle", "Rotation", "°", -180, 180, 0, -360, 360, turned),
    Axis("affine", "right", "Shift to the right", "of the width", -0.5, 0.5, 0, -1, 1,
         shifted_right),
    Axis("affine", "down", "Shift down", "of the height", -0.5, 0.5, 0, -1, 1, shifted_down),
    Axis("affine", "scale", "Size", "×", 0.25, 2, 1, 0.05, 5, scaled),
    Axis("affine", "shear", "Shear", "°", -45, 45, 0, -80, 80, sheared),
    Axis("resized_crop", "scale", "Crop from the middle", "of the area", 0.05, 1, 1, 0.001, 1,
         whole(cropped)),
    Axis("jitter", "brightness", "Brightness", "×", 0, 3, 1, 0, 10, each_pixel(adjust_brightness)),
    Axis("jitter", "contrast", "Contrast", "×", 0, 3, 1, 0, 10, contrasted),
    Axis("jitter", "saturation", "Saturation", "×", 0, 3, 1, 0, 10, each_pixel(adjust_saturation)),
    Axis("jitter", "hue", "Hue", "of the circle", -0.5, 0.5, 0, -0.5, 0.5, each_pixel(adjust_hue)),
    Axis("sharpness", "sharpness_factor", "Sharpness", "×", 0, 10, 1, 0, 50, sharpened),
    Axis("posterize", "bits", "Bits a channel", "", 1, 8, 8, 1, 8,
         each_pixel(lambda x, v: functional.posterize(x, int(v))), whole=True),
    Axis("solarize", "threshold", "Inverted from level", "", 0, 255, None, 0, 255,
         each_pixel(functional.solarize)),
    Axis("blur", "sigma", "Blur", "px", 0, 10, 0, 0, 30, out_of_focus),
    Axis("noise", "sigma", "Noise", "of the range", 0, 0.5, 0, 0, 2, noisy),
    Axis("jpeg", "quality", "JPEG quality", "", 1, 100, None, 1, 100,
         whole(lambda x, v: compressed(x, int(v))), whole=True),
    Axis("erase", "scale", "Erased in the middle", "of the area", 0, 0.9, 0, 0, 1, whole(erased)),
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
