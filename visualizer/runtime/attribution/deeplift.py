"""DeepLift: the score's difference from an empty picture, divided among the pixels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from visualizer.runtime.attribution.method import Attribution, Partial, Question
from visualizer.runtime.attribution.rescale import Differences
from visualizer.runtime.evaluating import evaluating
from visualizer.runtime.torch_backend import array

GAP_MOST = 0.01  # of the difference; more is told


def deeplift(question: Question) -> Iterator[Partial]:
    """Carry differences from the mean colour back by the rescale rule, add over channels: (H, W).

    The cells add up to the difference of the scores (summation to delta); where rounding or a
    step without a rule leaves more than 1 % of it over, the note tells the gap.

    Source: Shrikumar et al., arXiv:1704.02685, equations 1, 3 and 10.
    """
    model = question.model
    backend = model.gradients
    both = np.concatenate([question.batch, np.zeros_like(question.batch)])
    given = backend.tensor(both).requires_grad_()
    with evaluating(model.graph.module), torch.enable_grad():
        logits = Differences(model.graph).logits(given)
        weighted = (logits * backend.tensor(question.cotangent).flatten()).sum(dim=1)
        (multipliers,) = torch.autograd.grad(weighted[0], given)
    scores = array(weighted)
    change = float(scores[0] - scores[1])
    heat = (array(multipliers)[0].astype(np.float64) * question.batch[0]).sum(axis=0)
    gap = float(heat.sum()) - change
    notes = () if abs(gap) <= GAP_MOST * abs(change) else (_note(float(heat.sum()), change),)
    yield Partial(1, 1, heat.astype(np.float32), notes)


def _note(found: float, change: float) -> str:
    return (
        f"The cells add up to {found:.4g}, but the score differs by {change:.4g}: the method does "
        "not hold exactly for this picture."
    )


METHOD = Attribution(
    id="deeplift",
    title="DeepLift",
    run=deeplift,
    sentence=(
        "The score's difference from a picture of the mean colour, divided among the pixels layer "
        "by layer: each activation passes on its difference, not its slope."
    ),
    formula="M(i,j) = Σ over c of m(c,i,j) · x(c,i,j);   m through an activation = Δout / Δin",
    paper="Shrikumar et al., arXiv:1704.02685, equations 1, 3 and 10",
    signed=True,
)
