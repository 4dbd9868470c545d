import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from visualizer.errors import VisualizerError
from visualizer.maths.retrieval import average_precision, precision_at_k


def test_precision_by_hand() -> None:
    ranking = [True, False, True, True, False]
    assert [precision_at_k(ranking, k) for k in (1, 2, 3, 5)] == [1, 1 / 2, 2 / 3, 3 / 5]


def test_average_precision_by_hand() -> None:
    """Hits at ranks 1, 3 and 4: (1/1 + 2/3 + 3/4) / 3."""
    found = average_precision([1, 2, 3, 4, 5], [True, False, True, True, False])
    assert found == pytest.approx((1 + 2 / 3 + 3 / 4) / 3)


def test_equal_distances_count_alike_in_any_order() -> None:
    """One hit among two at the same distance: found at the second, precision 1/2."""
    assert average_precision([1, 1], [True, False]) == 1 / 2
    assert average_precision([1, 1], [False, True]) == 1 / 2


@pytest.mark.parametrize("levels", [5, 1000])
def test_average_precision_agrees_with_scikit_learn(levels: int) -> None:
    random = np.random.default_rng(levels)
    distances = random.integers(0, levels, 213)
    relevant = random.random(213) < 0.2
    expected = average_precision_score(relevant, -distances)
    assert average_precision(distances, relevant) == pytest.approx(expected, abs=1e-12)


def test_what_has_no_score_is_said() -> None:
    with pytest.raises(VisualizerError, match=r"None of the 3 answers is relevant"):
        average_precision([1, 2, 3], [False] * 3)
    with pytest.raises(VisualizerError, match=r"at least 4; there are 3\. Choose 1 to 3"):
        precision_at_k([True] * 3, 4)
