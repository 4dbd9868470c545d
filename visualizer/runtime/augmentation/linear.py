"""torchvision's rotation and affine map, or only the part of the result that is needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
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
EXACT_SIDE = 1024  # of larger pictures the floats of a shift may be a level wrong
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


class Mapped:
    """A picture (3, H, W), uint8, made ready to be turned and moved any number of times.

    Of each result only ``part`` is made. Equal in every pixel to ``functional.rotate`` and
    ``functional.affine`` with bilinear: the float operations are torchvision's, in its order.
    Those for pixels outside the part are left out, and what depends on the picture alone is kept.
    """

    def __init__(self, image: Tensor, fill: Sequence[float], part: Part | None = None) -> None:
        self.image, self.fill = image, fill
        self.part = part or Part(0, 0, *image.shape[-2:])

    @cached_property
    def _planes(self) -> Tensor:
        return with_inside(self.image)

    def rotated(self, angle_deg: float) -> Tensor:
        """Turn about the middle, against the clock."""
        if angle_deg % QUARTER_DEG:
            return self.moved(angle_deg=-(angle_deg % 360))  # torchvision's sign
        turned = functional.rotate(
            self.image, angle_deg, interpolation=BILINEAR, fill=list(self.fill)
        )
        return self.part.of(turned)

    def moved(
        self,
        *,
        angle_deg: float = 0.0,
        shift_px: tuple[int, int] = (0, 0),
        scale: float = 1.0,
        shear_deg: float = 0.0,
    ) -> Tensor:
        """Map linearly; shifts are to the right and down."""
        height, width = self.image.shape[-2:]
        if (angle_deg, scale, shear_deg) == (0, 1, 0) and max(height, width) <= EXACT_SIDE:
            return self._shifted(*shift_px)
        part = self.part
        matrix = torch.tensor(_backwards(angle_deg, shift_px, scale, shear_deg)).reshape(1, 2, 3)
        halves = torch.tensor([0.5 * width, 0.5 * height])
        grid = _places(height, width, part).bmm(matrix.transpose(1, 2).div_(halves))
        return taken(self._planes, grid.view(1, part.height, part.width, 2), self.fill)

    def _shifted(self, right: int, down: int) -> Tensor:
        """Copy: a shift by whole pixels takes every colour as it is, up to rounding errors."""
        (height, width), part = self.image.shape[-2:], self.part
        colour = torch.tensor(list(self.fill)).round().to(torch.uint8).view(-1, 1, 1)
        made = colour.expand(3, part.height, part.width).clone()
        rows, from_rows = _overlap(part.top - down, part.height, height)
        columns, from_columns = _overlap(part.left - right, part.width, width)
        made[:, rows, columns] = self.image[:, from_rows, from_columns]
        return made


def _overlap(first: int, count: int, size: int) -> tuple[slice, slice]:
    """Find which of ``count`` places from ``first`` on lie in 0 to ``size``, and where they are."""
    low, high = max(first, 0), max(min(first + count, size), max(first, 0))
    return slice(low - first, high - first), slice(low, high)


def rotate(
    image: Tensor, angle_deg: float, fill: Sequence[float], part: Part | None = None
) -> Tensor:
    """Turn (3, H, W), uint8, about its middle, as ``functional.rotate`` with bilinear does."""
    return Mapped(image, fill, part).rotated(angle_deg)


def affine(image: Tensor, fill: Sequence[float], part: Part | None = None, **how: Any) -> Tensor:
    """Map (3, H, W), uint8, as ``functional.affine`` with bilinear: see :meth:`Mapped.moved`."""
    return Mapped(image, fill, part).moved(**how)


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


def with_inside(image: Tensor) -> Tensor:
    """Turn (3, H, W), uint8, into (1, 4, H, W) floats; the fourth channel of 1 is the inside."""
    planes = torch.ones(1, 4, *image.shape[-2:])
    planes[0, :3] = image
    return planes


def sampled(image: Tensor, grid: Tensor, fill: Sequence[float]) -> Tensor:
    """Take colours of (3, H, W), uint8, at the places of a grid (1, h, w, 2), bilinearly."""
    return taken(with_inside(image), grid, fill)


def taken(planes: Tensor, grid: Tensor, fill: Sequence[float]) -> Tensor:
    """Do as :func:`sampled`, given :func:`with_inside`; what is not inside becomes ``fill``.

    NumPy blends in this thread; torch would wake others for these few microseconds.
    """
    made = grid_sample(planes, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    values = made[0].numpy()
    levels, inside = values[:3], values[3]
    border = np.array(list(fill), np.float32).reshape(-1, 1, 1)
    levels -= border
    levels *= inside
    levels += border
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
