"""Fill removed cells from their neighbours, so that a hole's outline tells the network little."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Entries = tuple[NDArray[np.float64], tuple[NDArray[np.intp], NDArray[np.intp]]]

NOISE = 0.01
BESIDE, ACROSS = 1 / 6, 1 / 12
NEIGHBOURS = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0)]


def impute(
    picture: Array, removed: NDArray[np.bool_], rng: np.random.Generator, *, noise: float = NOISE
) -> Array:
    """Make every removed cell the weighted mean of its eight neighbours, plus a little noise.

    The weights are 1/6 beside and 1/12 across corners, in proportion at the border; all removed
    cells are solved for together.

    Shapes: picture (C, H, W), removed (H, W) with at least one cell left -> (C, H, W).

    Source: Rong et al., ICML 2022, arXiv:2202.00449, section 4.2 (noisy linear imputation).
    """
    count = int(removed.sum())
    if not count:
        return picture.copy()
    from scipy.sparse import csc_matrix
    from scipy.sparse.linalg import splu

    entries, known = _system(picture, removed)
    matrix = csc_matrix(entries, (count, count))
    options = {"SymmetricMode": True}
    solver = splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0, options=options)
    filled = picture.copy()
    random = rng.standard_normal((picture.shape[0], count)) * noise
    filled[:, removed] = solver.solve(known).T + random
    return filled


def _system(picture: Array, removed: NDArray[np.bool_]) -> tuple[Entries, NDArray[np.float64]]:
    """Write one equation per removed cell: (values, (rows, columns)), right-hand sides (n, C)."""
    framed = np.pad(removed, 1)
    inside = np.pad(np.ones_like(removed), 1)
    values = np.pad(picture, ((0, 0), (1, 1), (1, 1))).astype(np.float64)
    rows, columns = np.nonzero(framed)
    number = np.full(framed.shape, -1, np.intp)
    number[rows, columns] = own = np.arange(len(rows), dtype=np.intp)
    diagonal, known = np.zeros(len(rows)), np.zeros((len(rows), len(picture)))
    weights, first, second = [diagonal], [own], [own]
    for row, column in NEIGHBOURS:
        weight = ACROSS if row and column else BESIDE
        place = rows + row, columns + column
        within, open_ = inside[place], framed[place]
        diagonal += weight * within
        first.append(own[open_])
        second.append(number[place][open_])
        weights.append(np.full(int(open_.sum()), -weight))
        known += weight * values[:, *place].T * (within & ~open_)[:, None]
    entries = np.concatenate(weights), (np.concatenate(first), np.concatenate(second))
    return entries, known
