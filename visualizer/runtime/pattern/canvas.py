"""Pictures as numbers that an optimiser moves well: decorrelated in space and in colour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

COLOURS = ((0.26, 0.09, 0.02), (0.27, 0.00, -0.05), (0.27, -0.09, 0.03))
CONTRAST = 0.25  # a coefficient's part of the value before the sigmoid; as in Lucid
PIVOT = 0.1  # the frequency, in periods per cell, whose weight no decay changes
NOISE = 0.01  # standard deviation of a coefficient at the start


def frequencies(height: int, width: int) -> NDArray[np.float32]:
    """Give the length of each wave vector of a real Fourier transform.

    Shapes: (H, W // 2 + 1). Units: periods per cell.
    """
    rows, columns = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)
    lengths: NDArray[np.float32] = np.hypot(rows, columns).astype(np.float32)
    return lengths


def scales(
    height: int, width: int, decay: float = 1.0, constant: float = 1.0
) -> NDArray[np.float32]:
    """Give each wave the weight 1 / frequency that it has in natural pictures, or a steeper one.

    ``decay`` is the power of the frequency; whatever it is, waves of 10 cells weigh the same. The
    constant part, the plain colour, counts ``constant`` times the longest wave that fits.

    Shapes: (H, W // 2 + 1).

    Source: Olah, Mordvintsev & Schubert, Feature Visualization, Distill 2017, section
    "Preconditioning and Parameterization"; Field, J. Opt. Soc. Am. A 4, 1987 (the law).
    """
    lengths = np.maximum(frequencies(height, width), 1 / max(height, width))
    weights = (CONTRAST / lengths * (PIVOT / lengths) ** (decay - 1)).astype(np.float32)
    weights[0, 0] *= constant
    return weights


def colour_matrix() -> NDArray[np.float32]:
    """Turn independent colour axes into red, green and blue as correlated as in photos.

    Shapes: (3, 3); its columns are brightness, blue against red, green against the others. The
    longest column has length 1.

    Source: Lucid (Olah et al., Apache-2.0), ``optvis/param/color.py``: the square root of the
    colours' covariance over ImageNet.
    """
    root = np.array(COLOURS, dtype=np.float32)
    return root / np.linalg.norm(root, axis=0).max()


class Canvas:
    """A batch of pictures, held as Fourier coefficients in a decorrelated colour space.

    Shapes: ``coefficients`` (N, C, H, W // 2 + 1, 2), the last axis real and imaginary part.
    Coefficients of 0 are the plain colour ``mean``.
    """

    def __init__(
        self,
        count: int,
        size: tuple[int, int],
        mean: Sequence[float],
        generator: torch.Generator,
        decay: float = 1.0,
        constant: float = 1.0,
        device: torch.device | str = "cpu",
    ) -> None:
        self.size = size
        self.channels = len(mean)
        shape = (count, self.channels, *frequencies(*size).shape, 2)
        drawn = torch.randn(shape, generator=generator)  # on the CPU: the same on every device
        self.coefficients = (NOISE * drawn).to(device).requires_grad_()
        self._scales = torch.from_numpy(scales(*size, decay, constant))[..., None].to(device)
        self._colours = torch.from_numpy(colour_matrix()).to(device)
        self._offset = torch.logit(torch.tensor(mean, device=device)).view(-1, 1, 1)

    def pixels(self) -> Tensor:
        """Paint the pictures: (N, C, H, W) in (0, 1), open to autograd."""
        waves = torch.view_as_complex(self.coefficients * self._scales)
        values = torch.fft.irfft2(waves, s=self.size, norm="ortho")
        if self.channels == 3:
            values = torch.einsum("rc,nchw->nrhw", self._colours, values)
        return torch.sigmoid(values + self._offset)
