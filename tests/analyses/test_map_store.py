"""Finished maps: new pictures on them, their table, and what is measured of them."""

from dataclasses import replace

import numpy as np
import pytest

import visualizer as vz
from visualizer.analyses.embedding import Settings
from visualizer.analyses.feature_store import Subject
from visualizer.analyses.map_measures import Measures, measured
from visualizer.analyses.map_store import (
    FinishedMap,
    MapStore,
    as_table,
    finished,
    land,
    pca_components,
)
from visualizer.analyses.similar_pictures import most_similar, search_cost, share_of_same
from visualizer.errors import GoneError, VisualizerError
from visualizer.maths.neighbours import Index
from visualizer.runtime.collection import Collection


def groups(count: int = 60, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Three groups far apart."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    features = random.standard_normal((count, 5)).astype(np.float32)
    features[np.arange(count), labels] += 8
    return features, labels


def a_map(method: str, features: np.ndarray, settings: Settings) -> FinishedMap:
    model = vz.load_model("lenet5", device="cpu", backend="onnx")
    pictures = [np.full((2, 2, 3), place, np.uint8) for place in range(len(features))]
    collection = Collection.of(pictures, labels=[place % 3 for place in range(len(features))])
    components = pca_components(features, settings) if method == "pca" else None
    points = vz.embed(features, "pca", dimensions=settings.dimensions)
    predictions = np.zeros(len(features), np.int32)
    subject = Subject(model, collection)
    return finished(subject, "10", method, settings, points, predictions, components)


def test_a_picture_of_the_map_lands_where_it_lies() -> None:
    features, _ = groups()
    on = a_map("pca", features, Settings())
    landed = land(on, Index(features, "l2"), features[7])
    np.testing.assert_allclose(landed.point, on.points[7], atol=1e-4)
    assert landed.neighbours[0] == 7
    assert len(landed.neighbours) == 10
    assert landed.distances[0] == 0


@pytest.mark.parametrize(("method", "perplexity"), [("t-sne", 10), ("t-sne", 2), ("umap", 10)])
def test_a_new_picture_lands_among_its_kind(method: str, perplexity: float) -> None:
    features, labels = groups()
    on = a_map(method, features[1:], Settings(perplexity=perplexity))
    landed = land(on, Index(features[1:], "l2"), features[0])
    gaps = np.linalg.norm(on.points - landed.point, axis=1)
    assert labels[1:][np.argsort(gaps)[:5]].tolist() == [labels[0]] * 5
    exact = np.linalg.norm(features[1:] - features[0], axis=1)
    assert landed.neighbours.tolist() == np.argsort(exact)[:10].tolist()


def test_the_table_is_plain_text_for_a_spreadsheet() -> None:
    on = a_map("pca", groups(4)[0], Settings())
    points = np.array([[0.5, -1], [2, 3], [4, 5], [6, 7]])
    names = ("=1+1", "a,b", "-x", "c")
    on = replace(on, points=points, names=names, classes=("cat", "dog", "owl"))
    lines = as_table(on, ("zero", "one")).splitlines()
    assert lines[0] == "index,name,label,prediction,x,y"
    assert lines[1] == "0,'=1+1,cat,zero,0.5,-1"
    assert lines[2] == '1,"a,b",dog,zero,2,3'
    assert lines[3].startswith("2,'-x,owl")
    in_space = replace(on, points=np.ones((4, 3)), labels=None)
    assert as_table(in_space, ("zero",)).splitlines()[:2] == [
        "index,name,label,prediction,x,y,z",
        "0,'=1+1,,zero,1,1,1",
    ]


def test_a_map_that_is_gone_is_said() -> None:
    store, on = MapStore(), a_map("pca", groups(4)[0], Settings())
    collection = Collection.of([np.zeros((2, 2, 3), np.uint8)])
    name = store.keep(on, collection)
    assert store.get(name) is on
    del collection
    with pytest.raises(GoneError, match=r"This map is no longer kept on the server. Make it again"):
        store.get(name)


def measure(features: np.ndarray, labels: np.ndarray | None) -> Measures:
    steps = measured(features, features[:, :2].astype(float), labels, "l2")
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Measures = end.value
            return found


def test_measures_agree_with_those_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("visualizer.analyses.map_measures.ROWS", 7)
    features, labels = groups()
    found = measure(features, labels)
    points = features[:, :2].astype(float)
    expected = vz.map_quality(features, points, labels)
    assert found.accuracy == pytest.approx(expected.accuracy_map)
    assert found.accuracy_features == pytest.approx(expected.accuracy_features)
    assert found.trustworthiness == pytest.approx(expected.trustworthiness)
    assert found.silhouette == pytest.approx(expected.silhouette_map, abs=1e-5)
    assert found.groups == 3
    assert len(set(zip(found.clusters.tolist(), labels.tolist(), strict=True))) == 3
    distances = np.linalg.norm(features[:, None] - features, axis=2)
    assert found.neighbours.tolist() == np.argsort(distances, axis=1)[:, 1:11].tolist()


def test_what_cannot_be_measured_is_said_and_the_rest_is_there() -> None:
    features, labels = groups()
    one_class = measure(features, np.zeros(60, np.int64))
    assert one_class.accuracy is None
    assert one_class.trustworthiness is not None
    assert "All 60 pictures are of one class" in one_class.notes[0]
    assert measure(features, None).notes == [
        "Without labels there is no accuracy and no silhouette."
    ]
    few = measure(features[:6], labels[:6])
    assert few.trustworthiness is None
    assert "needs at least 21 pictures; there are 6" in few.notes[0]
    assert few.neighbours.shape == (6, 5)


def test_the_most_similar_without_the_picture_itself() -> None:
    """1 3 4 8 from 3: 4, then 1, then 8; an equal picture is found, the own place is not."""
    index = Index(np.array([[1.0], [3], [4], [8], [3]]), "l1")
    found = most_similar(index, np.array([3.0]), 4, own=4)
    assert found.positions.tolist() == [1, 2, 0, 3]
    assert found.distances.tolist() == [0, 1, 2, 5]
    assert share_of_same(found, np.array([0, 1, 1, 0, 1]), 1) == 0.5
    assert share_of_same(found, None, None) is None
    assert most_similar(index, np.array([3.0]), 5).positions.tolist() == [1, 4, 2, 0, 3]
    with pytest.raises(VisualizerError, match=r"5 similar .* of 4 others. Choose 1 to 4"):
        most_similar(index, np.array([3.0]), 5, own=4)


@pytest.mark.parametrize(
    ("shape", "time_ms", "text"),
    [  # 4 bytes a number
        (
            (5, 2),
            0.01,
            "5 × 2 numbers, 40 bytes, in less than 0.05 ms; "
            "a million would be 8 MB to read for each query",
        ),
        (
            (1797, 84),
            0.31,
            "1,797 × 84 numbers, 604 kB, in 0.3 ms; "
            "a million would be 336 MB to read for each query",
        ),
        (
            (1000, 784),
            1234.5,
            "1,000 × 784 numbers, 3.1 MB, in 1,234 ms; "
            "a million would be 3.1 GB to read for each query",
        ),
    ],
)
def test_the_cost_of_exact_search_in_words(
    shape: tuple[int, int], time_ms: float, text: str
) -> None:
    assert search_cost(Index(np.ones(shape), "l2"), time_ms) == text
