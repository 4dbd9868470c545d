"""Score-CAM."""

import numpy as np

from visualizer.analyses.cam.method import Array, CamMethod


def score_cam(masked_scores: Array) -> Array:
    """Weight each channel by the score of the picture seen through it, by softmax over channels.

    Shapes: (N, K) -> (N, K, 1, 1), adding up to 1.

    The paper subtracts the score of a black picture first; the softmax takes that out again.

    Source: Wang et al., CVPR Workshops 2020, arXiv:1910.01279, definition 2 and algorithm 1.
    """
    powers = np.exp(masked_scores - masked_scores.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True))[:, :, None, None]


METHOD = CamMethod(
    id="score-cam",
    title="Score-CAM",
    weights=score_cam,
    needs=("masked_scores",),
    sentence="The network looks at the picture through each channel as a mask; the better the "
    "class's score, the more the channel counts. No gradients.",
    formula="heat = ReLU(Σₖ wₖ Aₖ), w = softmax over k of y(picture × Aₖ enlarged to [0, 1])",
    paper="Wang et al., CVPR Workshops 2020, arXiv:1910.01279, definition 2 and algorithm 1",
)
