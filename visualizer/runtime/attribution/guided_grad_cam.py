"""Guided Grad-CAM: guided backpropagation where Grad-CAM is warm."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from visualizer.runtime.attribution.gradient import strongest_channel
from visualizer.runtime.attribution.guided_backpropagation import guided_gradient, holds
from visualizer.runtime.attribution.method import Array, Attribution, Partial, Question
from visualizer.runtime.heat_layers import heat_layer
from visualizer.runtime.segment import tail


def guided_grad_cam(question: Question) -> Iterator[Partial]:
    """Multiply the guided gradient with the enlarged Grad-CAM map: (H, W), >= 0.

    Raises:
        UnknownNameError: no such layer; the nearest names are listed.
        VisualizerError: the layer has no height and width, or the network cannot be guided.

    Source: Selvaraju et al., arXiv:1610.02391, section 3.2.
    """
    guided = guided_gradient(question)
    heat = torch.from_numpy(_grad_cam(question))[None, None]
    enlarged = torch.nn.functional.interpolate(
        heat, size=guided.shape[2:], mode="bilinear", align_corners=False
    ).numpy()
    yield Partial(1, 1, strongest_channel(guided * enlarged))


def _grad_cam(question: Question) -> Array:
    model = question.model
    name = heat_layer(model, question.layer).name
    segment = tail(model.graph, name)
    values = model.values(question.batch, segment.sources)
    activations = values[name]
    _, gradient = model.pull_back(
        segment, [values[source] for source in segment.sources], question.cotangent
    )
    weights = gradient.mean(axis=(2, 3))  # equation 1
    return np.maximum(np.einsum("nk,nkhw->nhw", weights, activations), 0)[0]  # equation 2


METHOD = Attribution(
    id="guided-grad-cam",
    title="Guided Grad-CAM",
    run=guided_grad_cam,
    sentence=(
        "Guided backpropagation multiplied with Grad-CAM of the chosen layer: its fine lines, but "
        "only where the class is."
    ),
    formula="M(i,j) = max over c of |R(c,i,j) · enlarged Grad-CAM(i,j)|",
    paper="Selvaraju et al., arXiv:1610.02391, section 3.2",
    needs_layer=True,
    holds=holds,
)
