"""LayerCAM."""

import numpy as np

from visualizer.analyses.cam.method import Array, CamMethod


def layer_cam(gradients: Array) -> Array:
    """Weight each cell of each channel by its own gradient, where that is positive.

    Shapes: (N, K, h, w) -> the same.

    Source: Jiang et al., IEEE Transactions on Image Processing 30, 2021,
    doi:10.1109/TIP.2021.3089943, section III.
    """
    return np.maximum(gradients, 0)


METHOD = CamMethod(
    id="layer-cam",
    title="LayerCAM",
    weights=layer_cam,
    needs=("gradients",),
    sentence="Each cell counts with its own gradient where that is positive, which keeps fine "
    "detail: made for shallow layers too.",
    formula="heat = ReLU(Σₖ ReLU(gₖ) Aₖ) cell by cell, gₖ = ∂y/∂Aₖ",
    paper="Jiang et al., IEEE Transactions on Image Processing 30, 2021, "
    "doi:10.1109/TIP.2021.3089943, section III",
)
