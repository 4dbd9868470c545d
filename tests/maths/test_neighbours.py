import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.maths.neighbours import Index, graph, nearest

FEATURES = np.array([[3, 4], [0, 2], [1, 0], [-3, -4]], np.float32)


@pytest.mark.parametrize(
    ("metric", "indices", "distances"),
    [
        ("l1", [1, 0, 2], [2, 3, 3]),  # |2-0| + |2-2|; |2-3| + |2-4|; |2-1| + |2-0|
        ("l2", [1, 0, 2], [2, np.sqrt(5), np.sqrt(5)]),
        ("cosine", [0, 1, 2], [1 - 7 / (5 * np.sqrt(2)), 1 - 1 / np.sqrt(2), 1 - 1 / np.sqrt(2)]),
    ],
)
def test_three_nearest_by_hand(metric: str, indices: list[int], distances: list[float]) -> None:
    query = np.array([2, 2], np.float32)
    found = nearest(FEATURES, query, k=3, metric=metric)
    assert found.indices.tolist() == indices
    np.testing.assert_allclose(found.distances, distances, rtol=1e-6)


@pytest.mark.parametrize(
    ("metric", "theirs"), [("cosine", "cosine"), ("l2", "euclidean"), ("l1", "manhattan")]
)
def test_search_agrees_with_scikit_learn(metric: str, theirs: str) -> None:
    random = np.random.default_rng(1)
    features = random.standard_normal((700, 37), dtype=np.float32) + 5
    queries = random.standard_normal((9, 37), dtype=np.float32) + 5
    oracle = NearestNeighbors(n_neighbors=12, metric=theirs, algorithm="brute")
    distances, indices = oracle.fit(features.astype(float)).kneighbors(queries.astype(float))
    found = nearest(features, queries, k=12, metric=metric)
    np.testing.assert_array_equal(found.indices, indices)
    np.testing.assert_allclose(found.distances, distances, rtol=1e-5)


def test_a_picture_finds_itself_at_distance_zero_even_far_from_the_origin() -> None:
    """Where |a|² + |b|² - 2ab would cancel to noise in single precision."""
    features = np.random.default_rng(0).standard_normal((50, 64)).astype(np.float32) + 1000
    found = Index(features, "l2").nearest(features[7], k=2)
    assert (found.indices[0], found.distances[0]) == (7, 0)
    expected = np.linalg.norm(features.astype(float) - features[7].astype(float), axis=1)
    assert found.distances[1] == pytest.approx(np.sort(expected)[1], rel=1e-6)


def test_l1_of_pixels_is_exact_in_integers() -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (300, 3072), dtype=np.uint8)
    exact = np.abs(pixels.astype(int) - pixels[3].astype(int)).sum(axis=1)
    found = nearest(pixels, pixels[3], k=300, metric="l1")
    np.testing.assert_array_equal(found.indices, np.lexsort((np.arange(300), exact)))
    np.testing.assert_array_equal(found.distances, np.sort(exact))


@pytest.mark.parametrize("metric", ["l2", "cosine", "l1"])
def test_the_graph_leaves_each_picture_out_of_its_own_neighbours(metric: str) -> None:
    features = np.random.default_rng(3).standard_normal((523, 11)).astype(np.float32)
    blocks = list(graph(features, 6, metric))
    indices = np.vstack([block.indices for block in blocks])
    distances = np.vstack([block.distances for block in blocks])
    vectors = features.astype(float)
    if metric == "cosine":
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    theirs = "manhattan" if metric == "l1" else "euclidean"
    oracle = NearestNeighbors(n_neighbors=6, metric=theirs, algorithm="brute").fit(vectors)
    expected, order = oracle.kneighbors()
    np.testing.assert_array_equal(indices, order)
    np.testing.assert_allclose(distances, expected, rtol=1e-4)


def test_the_graph_of_some_rows_is_part_of_the_whole() -> None:
    features = np.random.default_rng(4).standard_normal((60, 5)).astype(np.float32)
    (whole,), (part,) = graph(features, 4), graph(features, 4, rows=np.array([2, 50]))
    np.testing.assert_array_equal(part.indices, whole.indices[[2, 50]])


@pytest.mark.parametrize(
    ("features", "query", "k", "metric", "message"),
    [
        (FEATURES, [1, 2], 5, "l2", r"5 neighbours cannot be found among 4\. Choose 1 to 4"),
        (FEATURES, [1, 2], 0, "l2", r"0 neighbours cannot be found among 4"),
        (FEATURES, [1, 2, 3], 1, "l2", r"The query has 3 values, the features have 2"),
        (FEATURES * 0, [1, 2], 1, "cosine", r"4 of 4 rows are all 0.*Choose the metric 'l2'"),
        (FEATURES, [0, 0], 1, "cosine", r"1 of 1 rows are all 0"),
        (FEATURES * np.nan, [1, 2], 1, "l2", r"4 of 4 rows hold .* no finite numbers"),
        (FEATURES, [np.inf, 2], 1, "l2", r"the first that of query 0: leave these out"),
        (FEATURES[0], [1, 2], 1, "l2", r"Features have shape \(2,\); they need"),
        (np.array([["a"]]), [1], 1, "l2", r"Features of type <U1 are no numbers"),
    ],
)
def test_what_cannot_be_searched_is_said(
    features: np.ndarray, query: list[float], k: int, metric: str, message: str
) -> None:
    with pytest.raises(VisualizerError, match=message):
        nearest(features, np.array(query, np.float32), k, metric)


def test_an_unknown_metric_names_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"no metric 'euclid'; choose one of cosine, l2, l1"):
        Index(FEATURES, "euclid")
