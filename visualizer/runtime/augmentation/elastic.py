"""torchvision's elastic transform, its noise smoothed along rows, then along columns."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import pad
from torchvision.transforms.v2 import ElasticTransform, Transform, functional

from visualizer.runtime.augmentation.gaussian import blurred
from visualizer.runtime.augmentation.linear import BILINEAR, as_fill, sampled


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
    return blurred(pad(noise, [size // 2] * 4, mode="reflect"), size, sigma).float()
