"""ShapleyCAM."""

from visualizer.analyses.cam.method import Array, CamMethod


def shapley_cam(residual_gradients: Array, residual_curvature: Array) -> Array:
    """Weight each channel by its mean gradient, less half its curvature.

    Shapes: both (N, K, h, w) -> (N, K, 1, 1).

    The score is the logit plus the log-probability (ReST). Gradient minus half of Hessian times
    activations is a cell's Shapley value per unit of activation, for the score's second-order
    Taylor expansion: what the cells do together is shared out fairly.

    Source: Cai, The Visual Computer, 2025, arXiv:2501.06261 (ShapleyCAM and ReST).
    """
    return (residual_gradients - residual_curvature / 2).mean(axis=(2, 3), keepdims=True)


METHOD = CamMethod(
    id="shapley-cam",
    title="ShapleyCAM",
    weights=shapley_cam,
    needs=("residual_gradients", "residual_curvature"),
    sentence="As Grad-CAM, but with the second derivative: what channels do only together is "
    "shared out between them as Shapley values do, and rival classes count through the softmax.",
    formula="heat = ReLU(Σₖ wₖ Aₖ), wₖ = mean over cells of ∂u/∂Aₖ − ½ (H A)ₖ, u = y + log p, "
    "H = ∂²u/∂A²",
    paper="Cai, The Visual Computer, 2025, arXiv:2501.06261",
)
