"""Guided backpropagation: the gradient of what excites, where units are open."""

from __future__ import annotations

from collections.abc import Iterator

from visualizer.runtime import guided
from visualizer.runtime.attribution.gradient import strongest_channel
from visualizer.runtime.attribution.method import Array, Attribution, Partial, Question
from visualizer.runtime.model import Model


def holds(model: Model) -> str | None:
    """Say why a network cannot be guided: the rule is one for ReLU and ReLU6."""
    return guided.unguided(model, model.logits)


def guided_gradient(question: Question) -> Array:
    """Carry the score back, rectified at every ReLU: as the batch."""
    model = question.model
    return guided.guided_backpropagation(model, question.batch, model.logits, question.cotangent)


def guided_backpropagation(question: Question) -> Iterator[Partial]:
    """Take the guided gradient's magnitude, the largest over the channels: (H, W), >= 0.

    Raises:
        VisualizerError: the network has other activations than ReLU and ReLU6.

    Source: Springenberg et al., arXiv:1412.6806, section 3.4.
    """
    yield Partial(1, 1, strongest_channel(guided_gradient(question)))


METHOD = Attribution(
    id="guided-backpropagation",
    title="Guided backpropagation",
    run=guided_backpropagation,
    sentence=(
        "The gradient, but every ReLU also stops what is negative on the way back. Sharp, though "
        "it shows edges of the picture almost whatever the class."
    ),
    formula="R(before) = [0 < x < ceiling] · [R > 0] · R;   M(i,j) = max over c of |R(c,i,j)|",
    paper="Springenberg et al., arXiv:1412.6806, section 3.4",
    holds=holds,
)
