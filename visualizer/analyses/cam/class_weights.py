"""CAM, the original: the classifier's own weights."""

from visualizer.analyses.cam.method import Array, CamMethod


def class_weights(classifier: Array) -> Array:
    """Take the weights with which the classifier reads each channel's average.

    Shapes: (N, K) -> (N, K, 1, 1).

    The map's average plus the classifier's bias is the class's logit, so its negative cells count.

    Source: Zhou et al., CVPR 2016, arXiv:1512.04150, equations 1 and 2.
    """
    return classifier[:, :, None, None]


METHOD = CamMethod(
    id="cam",
    title="CAM",
    weights=class_weights,
    needs=("classifier",),
    sentence="Each channel counts with the weight that the last, fully connected layer gives its "
    "average for the class: the map's average plus the bias is the logit itself.",
    formula="heat = Σₖ wₖ Aₖ, wₖ = the classifier's weight of channel k for the class",
    paper="Zhou et al., CVPR 2016, arXiv:1512.04150, equations 1 and 2",
    rectified=False,
)
