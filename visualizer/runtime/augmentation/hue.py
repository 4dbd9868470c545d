"""torchvision's change of hue, faster and equal in every pixel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torchvision.transforms.v2 import ColorJitter, RandomPhotometricDistort, Transform, functional

LEVELS = 255 + 1 - 1e-3  # torchvision's factor from [0, 1] to uint8


def adjust_hue(image: Tensor, hue_factor: float) -> Tensor:
    """Turn the circle of hues by ``hue_factor``, a share of it in -0.5 to 0.5.

    Shapes: (3, H, W) uint8 -> the same.

    The float operations that decide the result are those of
    ``torchvision.transforms.v2.functional.adjust_hue``, in its order. Remainders of numbers below
    2 are taken by subtracting the whole part, which is exact, and channels are chosen among
    levels of 8 bits instead of floats of 32.

    Source: A. R. Smith, Color gamut transform pairs, SIGGRAPH 1978; Pillow's Convert.c.
    """
    red, green, blue = values = image.to(torch.float32).mul_(1.0 / 255)
    most = torch.maximum(red, green)
    least = torch.minimum(red, green)
    torch.maximum(most, blue, out=most)
    span = most - torch.minimum(least, blue, out=least)
    flat = (span == 0).to(torch.float32)  # 1 where a divisor would be 0
    saturation = span / (most + flat)
    rc, gc, bc = (most - values).div_(span.add_(flat))
    red_leads = most == red
    green_leads = (most == green) & ~red_leads
    hue = bc.sub(gc).mul_(red_leads)
    hue.add_(rc.add(2.0).sub_(bc).mul_(green_leads))
    hue.add_(gc.add_(4.0).sub_(rc).mul_(~(red_leads | green_leads)))
    hue.mul_(1.0 / 6.0).add_(1.0)
    hue.sub_(hue.trunc()).add_(hue_factor)
    hue.sub_(hue.floor())
    return _rgb(hue.mul_(6), saturation, most)


def _rgb(hue6: Tensor, saturation: Tensor, value: Tensor) -> Tensor:
    sector = hue6.floor()
    part = hue6.sub_(sector)
    sixth = sector.to(torch.uint8)
    low = 1.0 - saturation
    falling = saturation.mul(part)
    q = _levels((1.0 - falling).mul_(value))
    t = _levels(falling.add_(low).mul_(value))
    p = _levels(low.mul_(value))
    v = _levels(value)
    at = [sixth == place for place in range(6)]
    at[0] |= sixth == 6
    picked = torch.empty((3, *v.shape), dtype=torch.uint8)
    choice = ((v, q, p, p, t, v), (t, v, v, q, p, p), (p, p, t, v, v, q))
    for channel, sources in zip(picked, choice, strict=True):
        torch.mul(sources[0], at[0], out=channel)
        for source, here in zip(sources[1:], at[1:], strict=True):
            channel += source * here
    return picked


def _levels(values: Tensor) -> Tensor:
    return values.clamp(0.0, 1.0).mul_(LEVELS).to(torch.uint8)


class QuickHue(Transform):  # type: ignore[misc]
    """A transform of torchvision whose change of hue is the one above."""

    def _call_kernel(
        self, functional_: Callable[..., Any], inpt: Any, *args: Any, **how: Any
    ) -> Any:
        if functional_ is functional.adjust_hue and inpt.dtype == torch.uint8 and len(inpt) == 3:
            return adjust_hue(inpt, how["hue_factor"])
        return super()._call_kernel(functional_, inpt, *args, **how)


class QuickJitter(QuickHue, ColorJitter):  # type: ignore[misc]
    """ColorJitter with the quicker change of hue."""


class QuickDistort(QuickHue, RandomPhotometricDistort):  # type: ignore[misc]
    """RandomPhotometricDistort with the quicker change of hue."""
