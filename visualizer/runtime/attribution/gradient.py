"""The gradient of a network's score by its input, which most pixel attributions start from."""

from __future__ import annotations

import numpy as np

from visualizer.runtime.attribution.method import Array, Question
from visualizer.runtime.graph import INPUT
from visualizer.runtime.segment import Segment, between


def whole(question: Question) -> Segment:
    """Lead from the input to the logits."""
    return between(question.model.graph, (INPUT,), (question.model.logits,))


def scores(question: Question, batch: Array) -> Array:
    """Compute ``cotangent . logits`` on the fastest runtime: (N, C, H, W) -> (N,)."""
    (logits,) = question.model.evaluate(whole(question), [batch])
    return (logits * question.cotangent).sum(axis=(1, 2, 3))


def gradients(question: Question, batch: Array) -> tuple[Array, Array]:
    """Differentiate the score by each input: (N, C, H, W) -> scores (N,), gradients alike."""
    cotangent = np.repeat(question.cotangent, len(batch), axis=0)
    logits, gradient = question.model.pull_back(whole(question), [batch], cotangent)
    return (logits * question.cotangent).sum(axis=(1, 2, 3)), gradient


def together(question: Question, values_most: int = 60_000_000, most: int = 16) -> int:
    """Count the inputs one pass takes, so that it stays short: fewer in a large network."""
    values = sum(layer.cells for layer in question.model.graph.layers)
    return max(1, min(most, values_most // values))


def strongest_channel(gradient: Array) -> Array:
    """Keep each cell's largest magnitude: (1, C, H, W) -> (H, W).

    Source: Simonyan et al., arXiv:1312.6034, section 3.1.
    """
    return abs(gradient[0]).max(axis=0)
