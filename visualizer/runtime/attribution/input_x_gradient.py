"""Input times gradient: what each input cell adds, were the network linear."""

from __future__ import annotations

from collections.abc import Iterator

from visualizer.runtime.attribution.gradient import gradients
from visualizer.runtime.attribution.method import Attribution, Partial, Question


def input_x_gradient(question: Question) -> Iterator[Partial]:
    """Multiply the input with the gradient, add over the channels: (H, W), with signs.

    Source: Shrikumar et al., arXiv:1605.01713, section 2.
    """
    _, gradient = gradients(question, question.batch)
    yield Partial(1, 1, (question.batch * gradient)[0].sum(axis=0))


METHOD = Attribution(
    id="input-x-gradient",
    title="Input × gradient",
    run=input_x_gradient,
    sentence=(
        "Each pixel's difference from the mean colour times the gradient there: what the pixel "
        "would add to the score if the network were linear."
    ),
    formula="M(i,j) = Σ over c of x(c,i,j) · ∂y / ∂x(c,i,j)",
    paper="Shrikumar et al., arXiv:1605.01713, section 2",
    signed=True,
)
