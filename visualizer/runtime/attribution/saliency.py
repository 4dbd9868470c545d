"""Saliency: how much the score changes when one input cell does."""

from __future__ import annotations

from collections.abc import Iterator

from visualizer.runtime.attribution.gradient import gradients, strongest_channel
from visualizer.runtime.attribution.method import Attribution, Partial, Question


def saliency(question: Question) -> Iterator[Partial]:
    """Take the gradient's magnitude, the largest over the channels: (H, W), >= 0.

    Source: Simonyan et al., arXiv:1312.6034, section 3.1.
    """
    _, gradient = gradients(question, question.batch)
    yield Partial(1, 1, strongest_channel(gradient))


METHOD = Attribution(
    id="saliency",
    title="Saliency",
    run=saliency,
    sentence=(
        "How strongly the class's score reacts when one pixel changes a little: the size of its "
        "gradient, the largest of the colour channels."
    ),
    formula="M(i,j) = max over c of |∂y / ∂x(c,i,j)|",
    paper="Simonyan et al., arXiv:1312.6034, section 3.1",
)
