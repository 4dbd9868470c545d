"""Eigen-CAM."""

import numpy as np

from visualizer.analyses.cam.method import Array, CamMethod


def eigen_cam(activations: Array) -> Array:
    """Take the direction in which the channels are strongest: the first right singular vector.

    Shapes: (N, K, h, w) -> (N, K, 1, 1), length 1.

    The cells' values form O of (h w, K), not centred, as in the paper. Its first singular vector
    is found through the smaller Gram matrix, O Oᵀ or Oᵀ O. A singular vector's sign is arbitrary:
    it is turned so that the map's cells add up to at least 0. The class plays no part.

    Source: Muhammad & Yeasin, IJCNN 2020, arXiv:2008.00299, section III.
    """
    return np.stack([_direction(one) for one in activations])[:, :, None, None]


def _direction(maps: Array) -> Array:
    cells = maps.reshape(len(maps), -1).astype(np.float64)  # (K, h w): the transpose of O
    cells = np.where(np.isfinite(cells), cells, 0)
    if cells.shape[0] <= cells.shape[1]:
        direction = np.linalg.eigh(cells @ cells.T)[1][:, -1]
    else:
        direction = cells @ np.linalg.eigh(cells.T @ cells)[1][:, -1]
    length = np.linalg.norm(direction)
    if length == 0:
        return np.zeros(len(maps), np.float32)
    if (direction @ cells).sum() < 0:
        direction = -direction
    return (direction / length).astype(np.float32)


METHOD = CamMethod(
    id="eigen-cam",
    title="Eigen-CAM",
    weights=eigen_cam,
    needs=("activations",),
    sentence="The one mixture of channels that holds most of the layer's activation, whatever "
    "the class; its sign is chosen so that the map adds up to at least 0.",
    formula="heat = O v₁, O = cells × channels, v₁ = its first right singular vector",
    paper="Muhammad & Yeasin, IJCNN 2020, arXiv:2008.00299, section III",
    rectified=False,
)
