"""torchvision's shifts of colour, faster and equal in every pixel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torchvision.transforms.v2 import ColorJitter, RandomPhotometricDistort, Transform, functional

from visualizer.runtime.augmentation.hue import adjust_hue

GREY = 0.2989, 0.587, 0.114


def adjust_brightness(image: Tensor, brightness_factor: float) -> Tensor:
    """Multiply levels (3, H, W), uint8, by a factor, as torchvision does.

    Here and below levels become float32 once, in one pass over the memory; torchvision's own
    operations on uint8 convert them again and again, one by one.
    """
    return _levels(image.to(torch.float32).mul_(brightness_factor))


def adjust_contrast(image: Tensor, contrast_factor: float, mean: Tensor | None = None) -> Tensor:
    """Move levels (3, H, W), uint8, towards or away from their mean grey, as torchvision does.

    ``mean`` is :func:`mean_grey`, where it is known or that of a larger picture.
    """
    mean = mean_grey(image) if mean is None else mean
    values = image.to(torch.float32)
    return _levels(values.mul_(contrast_factor).add_(mean, alpha=1.0 - contrast_factor))


def mean_grey(image: Tensor) -> Tensor:
    """Average the grey levels of (3, H, W), uint8: (1, 1, 1), float32."""
    return torch.mean(_grey(image.to(torch.float32)), dim=(-3, -2, -1), keepdim=True)


def adjust_saturation(image: Tensor, saturation_factor: float) -> Tensor:
    """Move levels (3, H, W), uint8, towards or away from grey, as torchvision does."""
    values = image.to(torch.float32)
    grey = _grey(values)
    return _levels(values.mul_(saturation_factor).add_(grey, alpha=1.0 - saturation_factor))


def _grey(values: Tensor) -> Tensor:
    red, green, blue = values.unbind(dim=-3)
    grey = red.mul(GREY[0]).add_(green, alpha=GREY[1]).add_(blue, alpha=GREY[2])
    return grey.unsqueeze(dim=-3).floor_()


def _levels(values: Tensor) -> Tensor:
    """Cut off the fractions; NumPy converts several numbers at once, torch one by one."""
    return torch.from_numpy(values.clamp_(0, 255).numpy().astype(np.uint8))


QUICK: dict[Callable[..., Any], Callable[..., Tensor]] = {
    functional.adjust_brightness: adjust_brightness,
    functional.adjust_contrast: adjust_contrast,
    functional.adjust_saturation: adjust_saturation,
    functional.adjust_hue: adjust_hue,
}


class QuickColour(Transform):  # type: ignore[misc]
    """A transform of torchvision whose shifts of colour are those above."""

    def _call_kernel(
        self, functional_: Callable[..., Any], inpt: Any, *args: Any, **how: Any
    ) -> Any:
        quick = QUICK.get(functional_)
        if quick and type(inpt) is Tensor and inpt.dtype == torch.uint8 and len(inpt) == 3:
            return quick(inpt, *how.values())
        return super()._call_kernel(functional_, inpt, *args, **how)


class QuickJitter(QuickColour, ColorJitter):  # type: ignore[misc]
    """ColorJitter with quicker shifts."""


class QuickDistort(QuickColour, RandomPhotometricDistort):  # type: ignore[misc]
    """RandomPhotometricDistort with quicker shifts."""
