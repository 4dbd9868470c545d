"""Ablation-CAM."""

import numpy as np

from visualizer.analyses.cam.method import Array, CamMethod


def ablation_cam(score: Array, ablated_scores: Array) -> Array:
    """Weight each channel by the share of the score that is lost without it.

    Shapes: (N,), (N, K) -> (N, K, 1, 1).

    Where the score is negative its magnitude divides, so that a channel that supports the class
    keeps a positive weight; where it is 0, nothing divides.

    Source: Desai & Ramaswamy, WACV 2020, doi:10.1109/WACV45572.2020.9093360, section 3.
    """
    size = np.where(score == 0, 1, np.abs(score)).astype(np.float32)
    return ((score[:, None] - ablated_scores) / size[:, None])[:, :, None, None]


METHOD = CamMethod(
    id="ablation-cam",
    title="Ablation-CAM",
    weights=ablation_cam,
    needs=("score", "ablated_scores"),
    sentence="Each channel is set to 0 in turn; it counts as much as the class's score loses "
    "without it. No gradients.",
    formula="heat = ReLU(Σₖ wₖ Aₖ), wₖ = (y − y without channel k) / |y|",
    paper="Desai & Ramaswamy, WACV 2020, doi:10.1109/WACV45572.2020.9093360, section 3",
)
