import numpy as np
import pytest
from sklearn.manifold import trustworthiness as their_trustworthiness
from sklearn.metrics import silhouette_score
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from visualizer.errors import VisualizerError
from visualizer.maths.map_quality import (
    class_indices,
    neighbour_accuracy,
    random_sample,
    silhouette,
    trustworthiness,
)

LINE = np.array([[0.0], [1], [3], [10], [11]])


def clouds(size: int = 150) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    labels = random.integers(0, 3, size)
    features = random.standard_normal((size, 7)) + 1.2 * labels[:, None]
    return features.astype(np.float32), labels


def test_accuracy_by_hand() -> None:
    """With one neighbour: 0-1, 1-0, 3-1, 10-11, 11-10; only 3 is of another class than its own."""
    assert neighbour_accuracy(LINE, ["a", "a", "b", "c", "c"], k=1) == 4 / 5


def test_accuracy_agrees_with_scikit_learn() -> None:
    features, labels = clouds()
    oracle = KNeighborsClassifier(10, algorithm="brute")
    expected = cross_val_score(oracle, features, labels, cv=LeaveOneOut()).mean()
    assert neighbour_accuracy(features, labels) == pytest.approx(expected)
    parts = [neighbour_accuracy(features, labels, sample=np.array([i])) for i in range(20)]
    first = neighbour_accuracy(features, labels, sample=np.arange(20))
    assert first == pytest.approx(np.mean(parts))


def test_silhouette_by_hand() -> None:
    """0 and 1 against 10 and 11: a = 1; b = 10.5 and 9.5."""
    expected = (9.5 / 10.5 + 8.5 / 9.5) / 2
    found = silhouette(np.array([[0.0], [1], [10], [11]]), [0, 0, 1, 1])
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(("metric", "theirs"), [("l2", "euclidean"), ("cosine", "cosine")])
def test_silhouette_agrees_with_scikit_learn(metric: str, theirs: str) -> None:
    features, labels = clouds()
    labels[0] = 9  # a class of one counts 0
    expected = silhouette_score(features, labels, metric=theirs)
    assert silhouette(features, labels, metric) == pytest.approx(expected, abs=1e-5)


def test_trustworthiness_by_hand() -> None:
    """Five in a line, 0 1 3 10 11; on the map 1 and 10 have changed places; k = 1.

    Nearest on the map, and its rank by features: of 0 it is 10 (rank 3), of 1 it is 3 (2), of 3 it
    is 10 (3), of 10 it is 0 (4), of 11 it is 1 (3). Penalties 2 + 1 + 2 + 3 + 2 = 10, divided by
    n k (2n - 3k - 1) / 2 = 15.
    """
    shown = np.array([[0.0], [9], [3], [1], [19.5]])
    assert trustworthiness(LINE, shown, k=1) == pytest.approx(1 - 10 / 15)


@pytest.mark.parametrize("k", [1, 5, 12])
def test_trustworthiness_agrees_with_scikit_learn(k: int) -> None:
    features, _ = clouds()
    points = features[:, :2] + np.random.default_rng(1).standard_normal((150, 2))
    expected = their_trustworthiness(features, points, n_neighbors=k)
    assert trustworthiness(features, points, k) == pytest.approx(expected, abs=1e-12)


def test_a_sample_estimates_the_whole() -> None:
    features, labels = clouds()
    points = features[:, :2]
    every = [np.array([i]) for i in range(150)]
    parts = [trustworthiness(features, points, sample=one) for one in every]
    assert trustworthiness(features, points) == pytest.approx(np.mean(parts))
    parts = [silhouette(points, labels, sample=one) for one in every]
    assert silhouette(points, labels) == pytest.approx(np.mean(parts), abs=1e-5)


def test_a_sample_is_drawn_once_per_seed() -> None:
    first, again = random_sample(100, 10, 3), random_sample(100, 10, 3)
    assert first is not None
    assert again is not None
    assert (first == again).all()
    assert len(set(first.tolist())) == 10
    assert random_sample(10, 10) is None


def test_what_cannot_be_measured_is_said() -> None:
    features, _ = clouds(20)
    with pytest.raises(VisualizerError, match=r"All 20 pictures are of one class, cat"):
        silhouette(features, ["cat"] * 20)
    with pytest.raises(VisualizerError, match=r"labels of shape \(3,\): give one label each"):
        class_indices([1, 2, 3], 20)
    with pytest.raises(VisualizerError, match=r"at least 21 pictures; there are 20\. Choose 9"):
        trustworthiness(features, features[:, :2], 10)
