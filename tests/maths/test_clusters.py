import numpy as np
import pytest
from sklearn.cluster import KMeans

from visualizer.errors import VisualizerError
from visualizer.maths.clusters import Clusters, first_centres, k_means


def last(features: np.ndarray, k: int, seed: int = 0) -> Clusters:
    *_, found = k_means(features, k, seed)
    return found


def test_two_groups_on_a_line_by_hand() -> None:
    """About the mean 5 the centres are -4 (of 0, 1, 2) and 6 (of 10, 12)."""
    line = np.array([[0.0], [1], [2], [10], [12]])
    found = last(line, 2)
    assert found.settled
    assert found.members.tolist() == [0, 0, 0, 1, 1]  # the larger group is 0
    assert found.centres.ravel().tolist() == pytest.approx([-4, 6])


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_agrees_with_scikit_learn_from_the_same_centres(seed: int) -> None:
    random = np.random.default_rng(seed)
    features = random.standard_normal((200, 3)).astype(np.float32)
    features[:80] += 3
    centred = features - features.mean(axis=0)
    peer = KMeans(4, init=first_centres(centred, 4, seed), n_init=1, tol=0, algorithm="lloyd")
    peer.fit(centred)
    found = last(features, 4, seed)
    pairs = set(zip(found.members.tolist(), peer.labels_.tolist(), strict=True))
    assert len(pairs) == 4  # the same groups, under other numbers
    sizes = np.bincount(found.members)
    assert (np.diff(sizes) <= 0).all()


def test_equal_pictures_still_give_every_group_a_member() -> None:
    found = last(np.ones((6, 2)), 3)
    assert sorted(set(found.members.tolist())) == [0, 1, 2]


def test_more_groups_than_pictures_are_refused() -> None:
    with pytest.raises(VisualizerError, match=r"3 pictures cannot form 4 groups. Choose 1 to 3"):
        last(np.zeros((3, 2)), 4)
