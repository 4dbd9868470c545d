"""HiResCAM."""

from visualizer.analyses.cam.method import Array, CamMethod


def hires_cam(gradients: Array) -> Array:
    """Weight each cell of each channel by its own gradient.

    Shapes: (N, K, h, w) -> the same.

    Nothing is averaged and nothing cut off: where one fully connected layer follows, the map's
    cells plus its bias add up to the logit.

    Source: Draelos & Carin, 2020, arXiv:2011.08891, section 3.
    """
    return gradients


METHOD = CamMethod(
    id="hires-cam",
    title="HiResCAM",
    weights=hires_cam,
    needs=("gradients",),
    sentence="Each cell counts with its own gradient instead of the channel's average, so heat "
    "lies only where the score really comes from; cells that speak against it are negative.",
    formula="heat = Σₖ gₖ Aₖ cell by cell, gₖ = ∂y/∂Aₖ",
    paper="Draelos & Carin, 2020, arXiv:2011.08891, section 3",
    rectified=False,
)
