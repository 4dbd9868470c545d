"""XGrad-CAM."""

import numpy as np

from visualizer.analyses.cam.method import Array, CamMethod


def xgrad_cam(activations: Array, gradients: Array) -> Array:
    """Average each channel's gradients, each cell weighted by its share of the activation.

    Shapes: both (N, K, h, w) -> (N, K, 1, 1). A channel whose activations add up to 0 gets 0.

    Source: Fu et al., BMVC 2020, arXiv:2008.02312, section 3.
    """
    whole = activations.sum(axis=(2, 3), keepdims=True)
    products = (gradients * activations).sum(axis=(2, 3), keepdims=True)
    return np.divide(products, whole, out=np.zeros_like(whole), where=whole != 0)


METHOD = CamMethod(
    id="xgrad-cam",
    title="XGrad-CAM",
    weights=xgrad_cam,
    needs=("activations", "gradients"),
    sentence="As Grad-CAM, but gradients count more where the channel is active: weight times "
    "channel then adds up to gradient times activation.",
    formula="heat = ReLU(Σₖ wₖ Aₖ), wₖ = Σ over cells of (Aₖ / ΣAₖ) ∂y/∂Aₖ",
    paper="Fu et al., BMVC 2020, arXiv:2008.02312, section 3",
)
