import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes
from sklearn.decomposition import PCA

from visualizer.errors import VisualizerError
from visualizer.maths.projection import align, principal_components


def test_points_on_a_line_by_hand() -> None:
    """(0,0), (3,4), (6,8): all variance along (0.6, 0.8); distances 0, 5, 10 from the first."""
    found = principal_components(np.array([[0, 0], [3, 4], [6, 8]], np.float32), 2)
    np.testing.assert_allclose(found.axes[0], [0.6, 0.8], atol=1e-6)
    np.testing.assert_allclose(found.points[:, 0], [-5, 0, 5], atol=1e-5)
    np.testing.assert_allclose(found.explained, [1, 0], atol=1e-6)


@pytest.mark.parametrize("shape", [(211, 17), (13, 90)])
def test_components_agree_with_scikit_learn(shape: tuple[int, int]) -> None:
    random = np.random.default_rng(0)
    features = (random.standard_normal(shape) * np.arange(1, shape[1] + 1) + 30).astype(np.float32)
    ours = principal_components(features, 3)
    theirs = PCA(3, svd_solver="full").fit(features.astype(float))
    np.testing.assert_allclose(ours.explained, theirs.explained_variance_ratio_, rtol=1e-4)
    np.testing.assert_allclose(np.abs(ours.axes @ theirs.components_.T), np.eye(3), atol=2e-4)
    expected = (features - ours.mean) @ ours.axes.T
    np.testing.assert_allclose(ours.points, expected, atol=1e-3)
    largest = np.abs(ours.axes).argmax(axis=1)
    assert (ours.axes[np.arange(3), largest] > 0).all()


def test_a_turned_mirrored_and_moved_map_comes_back() -> None:
    reference = np.random.default_rng(1).standard_normal((40, 2))
    turn = np.array([[0.6, 0.8], [0.8, -0.6]])  # a reflection
    moved = 3 * reference @ turn + [10, -4]
    np.testing.assert_allclose(align(moved, reference, scale=True), reference, atol=1e-12)
    kept = align(moved, reference)
    assert np.ptp(kept[:, 0]) == pytest.approx(3 * np.ptp(reference[:, 0]))


def test_alignment_agrees_with_scipy() -> None:
    random = np.random.default_rng(2)
    points, reference = random.standard_normal((2, 31, 3))
    turn, _ = orthogonal_procrustes(points - points.mean(0), reference - reference.mean(0))
    expected = (points - points.mean(0)) @ turn + reference.mean(0)
    np.testing.assert_allclose(align(points, reference), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("shape", "count", "message"),
    [
        ((5, 3), 4, r"4 principal components .* 5 pictures with 3 values\. Choose 1 to 3"),
        ((3, 9), 3, r"Choose 1 to 2"),
        ((1, 9), 1, r"One picture alone"),
    ],
)
def test_too_many_components_are_refused(shape: tuple[int, int], count: int, message: str) -> None:
    with pytest.raises(VisualizerError, match=message):
        principal_components(np.random.default_rng(0).standard_normal(shape), count)


def test_no_variance_and_other_pictures_are_refused() -> None:
    with pytest.raises(VisualizerError, match=r"All 4 pictures have the same features"):
        principal_components(np.ones((4, 3)))
    with pytest.raises(VisualizerError, match=r"shape \(4, 2\) cannot be laid on one of shape"):
        align(np.zeros((4, 2)), np.zeros((5, 2)))
