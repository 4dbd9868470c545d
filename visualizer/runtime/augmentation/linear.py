"""torchvision's rotation and affine map, or only the part of the result that is needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import grid_sample
from torchvision.transforms.v2 import (
    InterpolationMode,
    RandomAffine,
    RandomRotation,
    Transform,
    functional,
)

QUARTER_DEG = 90
BILINEAR = InterpolationMode.BILINEAR


@dataclass(frozen=True)
class Part:
    """A rectangle of a picture. Units: pixels."""

    top: int
    left: int
    height: int
    width: int

    def of(self, image: Tensor) -> Tensor:
        """Cut it out of (..., H, W)."""
        rows = slice(self.top, self.top + self.height)
        return image[..., rows, self.left : self.left + self.width]


def rotate(
    image: Tensor, angle_deg: float, fill: Sequence[float], part: Part | None = None
) -> Tensor:
    """Turn (3, H, W), uint8, about its middle, as ``functional.rotate`` with bilinear does."""
    if angle_deg % QUARTER_DEG == 0:
        made = functional.rotate(image, angle_deg, interpolation=BILINEAR, fill=list(fill))
        return made if part is None else part.of(made)
    return affine(image, fill, part, angle_deg=-(angle_deg % 360))  # torchvision's sign


def affine(
    image: Tensor,
    fill: Sequence[float],
    part: Part | None = None,
    *,
    angle_deg: float = 0.0,
    shift_px: tuple[int, int] = (0, 0),
    scale: float = 1.0,
    shear_deg: float = 0.0,
) -> Tensor:
    """Map (3, H, W), uint8, as ``functional.affine`` with bilinear does; shifts right and down.

    Equal in every pixel: the float operations are torchvision's, in its order. Only those for
    pixels outside ``part`` are left out, and what depends on the size alone is kept.
    """
    height, width = image.shape[-2:]
    part = part or Part(0, 0, height, width)
    matrix = torch.tensor(_backwards(angle_deg, shift_px, scale, shear_deg)).reshape(1, 2, 3)
    halves = torch.tensor([0.5 * width, 0.5 * height])
    grid = _places(height, width, part).bmm(matrix.transpose(1, 2).div_(halves))
    return sampled(image, grid.view(1, part.height, part.width, 2), fill)


def _backwards(
    angle_deg: float, shift_px: tuple[int, int], scale: float, shear_deg: float
) -> list[float]:
    """Give the matrix (2 × 3, in rows) that leads from a pixel to where its colour comes from."""
    turn, slope = math.radians(angle_deg), math.tan(math.radians(shear_deg))
    right, down = shift_px
    a, c = math.cos(turn), math.sin(turn)
    b, d = -(a * slope + c), a - c * slope
    first, second = (d / scale, -b / scale), (-c / scale, a / scale)
    return [
        *first, 0.0 - first[0] * right - first[1] * down,
        *second, 0.0 - second[0] * right - second[1] * down,
    ]  # fmt: skip


@lru_cache(maxsize=8)
def _places(height: int, width: int, part: Part) -> Tensor:
    """Give x, y and 1 of each pixel of the part, from the picture's middle: (1, cells, 3)."""
    places = torch.ones(height, width, 3)
    places[..., 0] = torch.linspace((1.0 - width) * 0.5, (width - 1.0) * 0.5, width)
    places[..., 1] = torch.linspace((1.0 - height) * 0.5, (height - 1.0) * 0.5, height)[:, None]
    return part.of(places.permute(2, 0, 1)).permute(1, 2, 0).reshape(1, -1, 3)


def sampled(image: Tensor, grid: Tensor, fill: Sequence[float]) -> Tensor:
    """Take colours of (3, H, W), uint8, at the places of a grid (1, h, w, 2), bilinearly.

    A fourth channel of 1 tells how much lies inside; the rest is ``fill``.
    """
    planes = torch.ones(1, 4, *image.shape[-2:])
    planes[0, :3] = image
    made = grid_sample(planes, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    colours, inside = made[:, :3], made[:, 3:]
    border = torch.tensor(list(fill), dtype=torch.float32).view(1, -1, 1, 1)
    levels = colours.sub_(border).mul_(inside).add_(border)[0].numpy()
    return torch.from_numpy(np.rint(levels, out=levels).astype(np.uint8))


def as_fill(fill: Any) -> list[float]:
    """Give a colour as torchvision's kernels take it: one number for all channels, or one each."""
    return [float(one) for one in fill] if isinstance(fill, list | tuple) else [float(fill)]


class QuickRotation(RandomRotation):  # type: ignore[misc]
    """RandomRotation that maps as above."""

    def _call_kernel(self, kernel: Callable[..., Any], inpt: Any, *args: Any, **how: Any) -> Any:
        smooth = type(inpt) is Tensor and how["interpolation"] == BILINEAR
        if smooth and not how["expand"] and how["center"] is None:
            return rotate(inpt, how["angle"], as_fill(how["fill"]))
        return Transform._call_kernel(self, kernel, inpt, *args, **how)


class QuickAffine(RandomAffine):  # type: ignore[misc]
    """RandomAffine that maps as above."""

    def _call_kernel(self, kernel: Callable[..., Any], inpt: Any, *args: Any, **how: Any) -> Any:
        smooth = type(inpt) is Tensor and how["interpolation"] == BILINEAR
        if smooth and how["shear"][1] == 0 and how["center"] is None:
            right, down = how["translate"]
            return affine(
                inpt,
                as_fill(how["fill"]),
                angle_deg=how["angle"],
                shift_px=(right, down),
                scale=how["scale"],
                shear_deg=how["shear"][0],
            )
        return Transform._call_kernel(self, kernel, inpt, *args, **how)
