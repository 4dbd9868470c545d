"""Integrated gradients: the gradient gathered on the way from an empty picture to this one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from visualizer.runtime.attribution.gradient import gradients, scores, together
from visualizer.runtime.attribution.method import Attribution, Partial, Question

ROUNDS = (21, 63, 189)  # midpoints; each round keeps those of the round before
GAP_MOST = 0.02  # of the score's change; above it another round follows


def integrated_gradients(question: Question) -> Iterator[Partial]:
    """Integrate the gradient from the mean colour to the picture, add over channels: (H, W).

    The cells add up to the score's change between the two (completeness, theorem 1), up to the
    error of the midpoint rule; it takes three times the points until that gap is at most 2 % of
    the change, or 189 are used, and the note tells the gap.

    Source: Sundararajan et al., arXiv:1703.01365, equations 1 and 3.
    """
    picture = question.batch
    ends = scores(question, np.concatenate([picture, np.zeros_like(picture)]))
    change = float(ends[0] - ends[1])
    total = np.zeros(picture.shape[1:])
    known = 0
    for count in ROUNDS:
        middles = np.arange(count)
        if known:
            middles = middles[middles % 3 != 1]  # the others are the known midpoints
        for start in range(0, len(middles), size := together(question, most=4)):
            ways = ((middles[start : start + size] + 0.5) / count).astype(np.float32)
            _, gradient = gradients(question, ways[:, None, None, None] * picture)
            total += gradient.sum(axis=0, dtype=np.float64)
            known += len(ways)
            if known < count:
                yield Partial(known, count, _map(picture[0] * total / known))
        heat = picture[0] * total / count
        gap = abs(heat.sum() - change)
        if gap <= GAP_MOST * abs(change) or count == ROUNDS[-1]:
            yield Partial(count, count, _map(heat), (_note(float(heat.sum()), change, count),))
            return
        yield Partial(count, 3 * count, _map(heat))


def _map(values: np.ndarray) -> np.ndarray:
    return values.sum(axis=0).astype(np.float32)


def _note(found: float, change: float, count: int) -> str:
    return (
        f"The cells add up to {found:.4g}; the score changes by {change:.4g} between the mean "
        f"colour and the picture. The rest is the error of {count} steps."
    )


METHOD = Attribution(
    id="integrated-gradients",
    title="Integrated gradients",
    run=integrated_gradients,
    sentence=(
        "The gradients on the way from a picture of the mean colour to this one, averaged, times "
        "the difference. All cells together explain the whole change of the score."
    ),
    formula="M(i,j) = Σ over c of x(c,i,j) · mean over steps t of ∂y(t·x) / ∂x(c,i,j)",
    paper="Sundararajan et al., arXiv:1703.01365, equations 1 and 3",
    signed=True,
    long=True,
)
