"""Grad-CAM."""

from visualizer.analyses.cam.method import Array, CamMethod


def grad_cam(gradients: Array) -> Array:
    """Weight each channel by its mean gradient.

    Shapes: (N, K, h, w) -> (N, K, 1, 1).

    Source: Selvaraju et al., ICCV 2017, arXiv:1610.02391, equations 1 and 2.
    """
    return gradients.mean(axis=(2, 3), keepdims=True)


METHOD = CamMethod(
    id="grad-cam",
    title="Grad-CAM",
    weights=grad_cam,
    needs=("gradients",),
    sentence="Each channel counts as much as the class's logit grows, on average over its cells, "
    "when the channel grows.",
    formula="heat = ReLU(Σₖ wₖ Aₖ), wₖ = mean over cells of ∂y/∂Aₖ",
    paper="Selvaraju et al., ICCV 2017, arXiv:1610.02391, equations 1 and 2",
)
