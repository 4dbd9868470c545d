"""Random views: a picture moved, turned and scaled a little before each look of the network."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

Size = tuple[int, int]


@dataclass(frozen=True)
class Views:
    """How far a view may depart from the picture itself.

    Units: ``shift`` is a share of the view's side, ``turn_deg`` degrees, ``zoom`` a share: 0.1
    shows the picture between 0.9 and 1.1 times its size.

    Source: Olah, Mordvintsev & Schubert, Feature Visualization, Distill 2017, section
    "Transformation Robustness".
    """

    shift: float = 1 / 8
    turn_deg: float = 8.0
    zoom: float = 0.1

    def margin(self, side: int) -> int:
        """Count the cells that a canvas needs around a view of ``side`` cells."""
        return math.ceil(self.shift * side)

    def canvas(self, view: Size) -> Size:
        """Give the size of the canvas on which views of this size move about."""
        return view[0] + 2 * self.margin(view[0]), view[1] + 2 * self.margin(view[1])

    def matrices(self, count: int, view: Size, generator: torch.Generator) -> Tensor:
        """Draw views as affine matrices from a view's coordinates to those of its canvas.

        Both run from -1 to 1, x before y, as :func:`torch.nn.functional.affine_grid` wants them.

        Shapes: (N, 2, 3).
        """
        (height, width), (rows, columns) = view, self.canvas(view)
        draws = 2 * torch.rand(count, 4, generator=generator) - 1
        angle = math.radians(self.turn_deg) * draws[:, 0]
        scale = 1 / (1 + self.zoom * draws[:, 1])
        cosine, sine = scale * angle.cos(), scale * angle.sin()
        down, across = 2 * self.shift * height * draws[:, 2], 2 * self.shift * width * draws[:, 3]
        x = torch.stack((cosine * width, -sine * height, across), dim=1) / columns
        y = torch.stack((sine * width, cosine * height, down), dim=1) / rows
        return torch.stack((x, y), dim=1)

    def centre(self, pictures: Tensor, view: Size) -> Tensor:
        """Cut the margin off: what every view shows most of."""
        top, left = self.margin(view[0]), self.margin(view[1])
        return pictures[..., top : top + view[0], left : left + view[1]]


def wrapped(pictures: Tensor, margin: Size, generator: torch.Generator) -> Tensor:
    """Show pictures as tiles without end: begun at a random cell of each, with a margin all round.

    Every cell is as often in the middle of a view as any other.

    Shapes: (N, C, H, W) -> (N, C, H + 2 margin, W + 2 margin).
    """
    height, width = pictures.shape[2:]
    shown = []
    for picture in pictures:
        top = int(torch.randint(height, (), generator=generator)) - margin[0]
        left = int(torch.randint(width, (), generator=generator)) - margin[1]
        rows = torch.arange(top, top + height + 2 * margin[0], device=pictures.device) % height
        columns = torch.arange(left, left + width + 2 * margin[1], device=pictures.device) % width
        shown.append(picture[:, rows][:, :, columns])
    return torch.stack(shown)


def look(pictures: Tensor, matrices: Tensor, view: Size) -> Tensor:
    """Show each picture in its view, interpolated; beyond the canvas it is mirrored.

    Shapes: pictures (N, C, H, W), matrices (N, 2, 3) -> (N, C, h, w).
    """
    count, channels = pictures.shape[:2]
    grid = functional.affine_grid(matrices, [count, channels, *view], align_corners=False)
    return functional.grid_sample(
        pictures, grid, mode="bilinear", padding_mode="reflection", align_corners=False
    )
