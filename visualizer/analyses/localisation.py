"""Does a heatmap point at the object? Against boxes that people drew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import VisualizerError

Heat = NDArray[np.floating]
Box = tuple[float, float, float, float]


def pointing_game(heatmap: Heat, boxes: Sequence[Box]) -> bool:
    """Tell whether the hottest cell lies in a box; of several, the first row by row counts.

    Units: boxes (left, top, right, bottom) as fractions of the map's width and height.

    Raises:
        VisualizerError: no box, or one outside [0, 1].

    Source: Zhang et al., IJCV 126, 2018, arXiv:1608.00507, section 4.1, without tolerance.
    """
    _check(boxes)
    height, width = heatmap.shape
    row, column = np.unravel_index(int(np.argmax(heatmap)), heatmap.shape)
    across, down = (column + 0.5) / width, (row + 0.5) / height
    return any(x0 <= across <= x1 and y0 <= down <= y1 for x0, y0, x1, y1 in boxes)


def energy_inside(heatmap: Heat, boxes: Sequence[Box]) -> float:
    """Give the share of the positive heat whose cells have their centres in a box; NaN if none.

    Units: as :func:`pointing_game`.

    Raises:
        VisualizerError: no box, or one outside [0, 1].

    Source: Wang et al., CVPR workshops 2020, arXiv:1910.01279, section 4.3.
    """
    _check(boxes)
    height, width = heatmap.shape
    across, down = (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
    inside = np.zeros(heatmap.shape, bool)
    for x0, y0, x1, y1 in boxes:
        inside |= ((y0 <= down) & (down <= y1))[:, None] & ((x0 <= across) & (across <= x1))
    heat = np.maximum(heatmap, 0).astype(np.float64)
    total = heat.sum()
    return float(heat[inside].sum() / total) if total > 0 else float("nan")


def _check(boxes: Sequence[Box]) -> None:
    if not boxes:
        raise VisualizerError("There is no box. Give at least one as (left, top, right, bottom).")
    for box in boxes:
        x0, y0, x1, y1 = box
        if not (0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1):
            raise VisualizerError(
                f"Box {box} does not lie within the picture. Give left < right and top < bottom "
                "as fractions from 0 to 1."
            )
