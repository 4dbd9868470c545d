"""How alike two maps are: by the order of their cells, and by their structure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Values = NDArray[np.floating] | NDArray[np.integer]

BRIGHTNESS, CONTRAST = 0.01**2, 0.03**2  # the constants of SSIM for values in [0, 1]


def ranks(values: Values) -> Array:
    """Number the cells from the lowest, 1, to the highest; equal ones share the mean: (n,)."""
    flat = np.asarray(values).ravel()
    _, place, count = np.unique(flat, return_inverse=True, return_counts=True)
    highest = np.cumsum(count)
    return (highest - (count - 1) / 2)[place]


def rank_correlation(first: Values, second: Values) -> float:
    """Correlate the cells' ranks: 1 for the same order, -1 for the opposite; NaN if one is flat.

    Source: Spearman, American Journal of Psychology 15(1), 1904; with mean ranks for ties.
    """
    one, other = ranks(first), ranks(second)
    one, other = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum() / spread) if spread else float("nan")


def structural_similarity(first: Values, second: Values, window: int = 7) -> float:
    """Compare means, spreads and their agreement in all windows: 1 for equal maps.

    Shapes: both (H, W), values in [0, 1]; windows of ``window`` x ``window`` cells, smaller where
    the map is.

    Source: Wang et al., IEEE Transactions on Image Processing 13(4), 2004, equation 13.
    """
    one, other = np.asarray(first, np.float64), np.asarray(second, np.float64)
    sides = (min(window, one.shape[0]), min(window, one.shape[1]))
    cells = sides[0] * sides[1]
    means = _means(one, sides), _means(other, sides)
    unbiased = cells / max(1, cells - 1)
    spreads = [
        unbiased * (_means(value**2, sides) - mean**2)
        for value, mean in zip((one, other), means, strict=True)
    ]
    shared = unbiased * (_means(one * other, sides) - means[0] * means[1])
    likeness = (2 * means[0] * means[1] + BRIGHTNESS) * (2 * shared + CONTRAST)
    likeness /= (means[0] ** 2 + means[1] ** 2 + BRIGHTNESS) * (sum(spreads) + CONTRAST)
    return float(likeness.mean())


def _means(values: Array, sides: tuple[int, int]) -> Array:
    windows = np.lib.stride_tricks.sliding_window_view(values, sides)
    return windows.mean(axis=(2, 3))
