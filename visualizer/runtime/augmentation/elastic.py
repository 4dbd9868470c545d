"""torchvision's elastic transform, its noise smoothed along rows, then along columns."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import pad
from torchvision.transforms.v2 import ElasticTransform, Transform, functional

from visualizer.runtime.augmentation.linear import BILINEAR, as_fill, sampled

BLOCK = 64  # cells at once: the matrix stays small beside a kernel of some 50


class QuickElastic(ElasticTransform):  # type: ignore[misc]
    """ElasticTransform with displacements that are made quicker and lie closer to the formula's.

    torchvision convolves its noise with a whole Gaussian, 2,401 products a pixel where ``sigma``
    is 6, added up in float32: other machines round them differently. A Gaussian is the product
    of a column and a row; here 98 products a pixel are added up in float64. The numbers drawn
    are the same; a few levels in 100,000 come out one higher or lower.
    """

    def make_params(self, flat_inputs: list[Any]) -> dict[str, Any]:
        """Draw the displacement (1, H, W, 2), in shares of half the width and height."""
        height, width = flat_inputs[0].shape[-2:]
        noise = torch.cat([torch.rand(1, height, width) * 2 - 1 for _ in range(2)])
        right, down = smoothed(noise, self.sigma[0])
        moved = right * self.alpha[0] / width, down * self.alpha[1] / height
        return {"displacement": torch.stack(moved, dim=-1)[None]}

    def _call_kernel(self, kernel: Callable[..., Any], inpt: Any, *args: Any, **how: Any) -> Any:
        if (
            kernel is functional.elastic
            and type(inpt) is Tensor
            and how["interpolation"] == BILINEAR
        ):
            grid = _identity(*inpt.shape[-2:]) + how["displacement"]
            return sampled(inpt, grid, as_fill(how["fill"]))
        return Transform._call_kernel(self, kernel, inpt, *args, **how)


@lru_cache(maxsize=8)
def _identity(height: int, width: int) -> Tensor:
    """Give x and y of each pixel in shares of half the width and height: (1, H, W, 2)."""
    across = torch.linspace((-width + 1) / width, (width - 1) / width, width)
    down = torch.linspace((-height + 1) / height, (height - 1) / height, height)
    return torch.stack(torch.meshgrid(across, down, indexing="xy"), dim=-1)[None]


def smoothed(noise: Tensor, sigma: float) -> Tensor:
    """Blur with a Gaussian as wide as torchvision's elastic transform has it; borders mirrored.

    Shapes: (n, H, W) -> the same, float32.

    Raises:
        RuntimeError: the picture is narrower than half the kernel.
    """
    size = int(8 * sigma + 1) | 1  # the next odd number
    radius = size // 2
    wide = pad(noise, [radius] * 4, mode="reflect").double()
    return _along_rows(_along_rows(wide, size, sigma).mT.contiguous(), size, sigma).mT.float()


def _along_rows(values: Tensor, size: int, sigma: float) -> Tensor:
    """Convolve each row by products with a banded matrix: (..., W) -> (..., W - size + 1)."""
    matrix, count = _band(size, sigma), values.shape[-1] - size + 1
    flat = values.reshape(-1, values.shape[-1])
    made = flat.new_empty(len(flat), count)
    for start in range(0, count, BLOCK):
        cells = min(BLOCK, count - start)
        seen = flat[:, start : start + cells + size - 1]
        torch.mm(seen, matrix[: cells + size - 1, :cells], out=made[:, start : start + cells])
    return made.view(*values.shape[:-1], count)


@lru_cache(maxsize=8)
def _band(size: int, sigma: float) -> Tensor:
    """Lay the kernel into each column, a cell further down each time: (BLOCK+size-1, BLOCK)."""
    end = (size - 1) / (2 * math.sqrt(2))
    places = torch.linspace(-end, end, size)
    kernel = torch.softmax(places.div(sigma).pow(2).neg(), dim=0).double()  # torchvision's
    matrix = torch.zeros(BLOCK + size - 1, BLOCK, dtype=torch.float64)
    for column in range(BLOCK):
        matrix[column : column + size, column] = kernel
    return matrix
