"""RISE: the class's probability under random masks, credited to what they leave visible."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from visualizer.runtime.attribution.gradient import together
from visualizer.runtime.attribution.method import Array, Attribution, Partial, Question
from visualizer.runtime.graph import INPUT, SOFTMAX
from visualizer.runtime.segment import between

MASKS = 1_000
CELLS = 7  # the masks' coarse grid, cells a side
VISIBLE = 0.5  # probability that a coarse cell is left visible
SEED = 0


def masks(rng: np.random.Generator, count: int, height: int, width: int) -> Array:
    """Draw coarse grids of 0 and 1, enlarge them smoothly, shift them: (count, height, width).

    Source: Petsiuk et al., arXiv:1806.07421, section 3.2.
    """
    grids = (rng.random((count, CELLS, CELLS)) < VISIBLE).astype(np.float32)
    steps = [-(-size // CELLS) for size in (height, width)]
    shifts = rng.integers(0, steps, (count, 2))
    made = np.empty((count, height, width), np.float32)
    for grid, shift, mask in zip(grids, shifts, made, strict=True):
        rows = _shares(height, steps[0], int(shift[0]))
        columns = _shares(width, steps[1], int(shift[1]))
        mask[:] = rows @ grid @ columns.T
    return made


def _shares(size: int, step: int, shift: int) -> Array:
    """Share of each coarse cell in each cell of the window that begins at ``shift``."""
    longer = (CELLS + 1) * step
    positions = (np.arange(shift, shift + size) + 0.5) * CELLS / longer - 0.5
    positions = positions.clip(0, CELLS - 1)
    return np.maximum(0, 1 - abs(positions[:, None] - np.arange(CELLS))).astype(np.float32)


def rise(question: Question, count: int = MASKS) -> Iterator[Partial]:
    """Average random masks, each weighted by the class's probability under it: (H, W).

    Where two classes are compared the difference of their probabilities weighs. The masks come
    from one seed: a picture always gets the same map.

    Source: Petsiuk et al., arXiv:1806.07421, equation 6.
    """
    picture = question.batch
    height, width = picture.shape[2:]
    segment = between(question.model.graph, (INPUT,), (SOFTMAX,))
    rng = np.random.default_rng(SEED)
    total = np.zeros(height * width)
    size = together(question)
    for start in range(0, count, size):
        drawn = masks(rng, min(size, count - start), height, width)
        (found,) = question.model.evaluate(segment, [picture * drawn[:, None]])
        weights = (found * question.cotangent).sum(axis=(1, 2, 3))
        total += weights.astype(np.float64) @ drawn.reshape(len(drawn), -1)
        done = start + len(drawn)
        heat = (total / (VISIBLE * done)).astype(np.float32).reshape(height, width)
        yield Partial(done, count, heat)


METHOD = Attribution(
    id="rise",
    title="RISE",
    run=rise,
    sentence=(
        "A thousand random masks hide parts of the picture; each is weighted by the class's "
        "probability under it, and a pixel's heat is what the masks that show it add up to."
    ),
    formula="M(i,j) = 1 / (0.5 · N) · Σ over masks n of p(x · mask(n)) · mask(n)(i,j)",
    paper="Petsiuk et al., arXiv:1806.07421, equation 6",
    long=True,
)
