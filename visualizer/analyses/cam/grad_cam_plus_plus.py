"""Grad-CAM++."""

import numpy as np

from visualizer.analyses.cam.method import Array, CamMethod


def grad_cam_plus_plus(activations: Array, gradients: Array) -> Array:
    """Add up each channel's positive gradients, cells weighted by higher derivatives.

    Shapes: both (N, K, h, w) -> (N, K, 1, 1).

    The score is exp(y), as in the paper, so that all derivatives follow from the first; the common
    factor exp(y) is left out, since it scales the whole map. With g = ∂y/∂A a cell's share
    ``g² / (2 g² + g³ ΣA)`` is shortened to ``1 / (2 + g ΣA)``: no small constant is needed that
    would drown small gradients. Cells without gradient count nothing.

    Source: Chattopadhay et al., WACV 2018, arXiv:1710.11063, equations 5 and 19.
    """
    sums = activations.sum(axis=(2, 3), keepdims=True)
    below = 2 + gradients * sums
    shares = np.divide(1, below, out=np.zeros_like(below), where=(gradients != 0) & (below != 0))
    return (shares * np.maximum(gradients, 0)).sum(axis=(2, 3), keepdims=True)


METHOD = CamMethod(
    id="grad-cam-plus-plus",
    title="Grad-CAM++",
    weights=grad_cam_plus_plus,
    needs=("activations", "gradients"),
    sentence="Each channel counts with the sum of its positive gradients, those cells less where "
    "the channel is strong over all, so that several objects of a class all show.",
    formula="heat = ReLU(Σₖ wₖ Aₖ), wₖ = Σ over cells of ReLU(g) g² / (2g² + g³ ΣAₖ), g = ∂y/∂Aₖ",
    paper="Chattopadhay et al., WACV 2018, arXiv:1710.11063, equations 5 and 19",
)
