"""What is extracted once, kept within a budget, and forgotten with its collection."""

import gc

import numpy as np
import pytest

import visualizer as vz
from visualizer.analyses.balanced_part import balanced_part
from visualizer.analyses.correctness import correctness
from visualizer.analyses.feature_store import FeatureStore, Gathered, Subject
from visualizer.analyses.features import pixel_features
from visualizer.analyses.kept import Kept
from visualizer.errors import VisualizerError
from visualizer.runtime.collection import Collection


@pytest.fixture(scope="module")
def lenet() -> vz.Model:
    return vz.load_model("lenet5", device="cpu", backend="onnx")


def noisy(count: int = 9, seed: int = 0) -> Collection:
    random = np.random.default_rng(seed)
    pictures = random.integers(0, 256, (count, 28, 28, 3), dtype=np.uint8)
    return Collection.of(list(pictures), labels=[place % 3 for place in range(count)])


def extracted(store: FeatureStore, subject: Subject, *layers: str) -> tuple[int, Gathered]:
    """Count the steps, and give what they return."""
    steps, count = store.steps(subject, layers), 0
    while True:
        try:
            next(steps)
            count += 1
        except StopIteration as end:
            return count, end.value


def test_one_run_gives_features_predictions_and_pixels(lenet: vz.Model) -> None:
    collection, store = noisy(), FeatureStore()
    steps, found = extracted(store, Subject(lenet, collection), "10", "4")
    assert steps == 2  # the beginning, and one batch
    expected = vz.extract_features(lenet, collection, "10")
    np.testing.assert_allclose(found.features["10"], expected, atol=1e-5)
    for place in range(len(collection)):
        (best,) = vz.classify(lenet, collection.pixels(place), top=1)
        assert found.predictions[place] == best.index
        assert found.probabilities[place] == pytest.approx(best.probability, abs=1e-5)
    seen = 255 * pixel_features(lenet, collection)
    assert np.abs(found.pixels - seen).max() <= 0.501
    again, kept = extracted(store, Subject(lenet, collection), "4", "10")
    assert again == 0
    assert kept.features["10"] is found.features["10"]
    other, _ = extracted(store, Subject(lenet, collection, pool="max"), "4")
    assert other == 2


def test_features_go_when_nobody_holds_the_collection(lenet: vz.Model) -> None:
    store, collection, stays = FeatureStore(), noisy(seed=1), noisy(seed=2)
    for one in (collection, stays):
        _, found = extracted(store, Subject(lenet, one), "10")
        store.index(Subject(lenet, one), "10", "l2", found.features["10"])
    extracted(store, Subject(lenet, collection, limit=6), "10")
    assert (len(store.pixels), len(store.indices)) == (3, 2)
    key = Subject(lenet, stays).key("10")
    del collection, one, found
    gc.collect()
    assert (len(store.pixels), len(store.indices)) == (1, 1)
    assert store.known_index(key, "l2") is not None
    assert store.shelf.get(key) is not None
    assert store.known(Subject(lenet, stays), ("10",)) is not None


def test_too_much_is_refused_before_the_network_runs(
    lenet: vz.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("visualizer.analyses.feature_store.AT_ONCE_BYTES", 100_000)
    subject = Subject(lenet, noisy(), pool="flatten")
    with pytest.raises(VisualizerError, match=r"9 pictures with 4,704 values .* most 5 pictures"):
        extracted(FeatureStore(), subject, "1")


def test_a_part_gives_every_class_its_share() -> None:
    """Five of class a, two of b, one of c: six take turns a b c a b a."""
    pictures = [np.zeros((4, 4, 3), np.uint8)] * 8
    collection = Collection.of(pictures, labels=list("aaaaabbc"))
    assert collection.labels is not None
    six = balanced_part(collection, 6)
    assert np.bincount(collection.labels[six]).tolist() == [3, 2, 1]
    assert (np.diff(six) > 0).all()
    assert set(balanced_part(collection, 4)) < set(six)
    assert balanced_part(collection, 8).tolist() == list(range(8))
    unlabelled = Collection.of(pictures)
    assert len(set(balanced_part(unlabelled, 3))) == 3
    with pytest.raises(VisualizerError, match=r"A part of 0 pictures is none. Choose 1 to 8"):
        balanced_part(collection, 0)


def test_predictions_are_compared_by_name() -> None:
    labels, predictions = np.array([0, 0, 1, 2]), np.array([1, 0, 0, 0], np.int32)
    found = correctness(labels, ["Cat", "dog", "owl"], predictions, ["dog", "cat"])
    assert found.tolist() == [1, 0, 1, -1]
    assert correctness(None, [], predictions, ["dog", "cat"]).tolist() == [-1] * 4


def test_what_is_kept_stays_within_its_budget() -> None:
    kept: Kept[bytes] = Kept(10, len)
    kept.keep(("a",), "one", b"12345")
    kept.keep(("b",), "two", b"1234")
    assert kept.get(("a",)) == b"12345"
    kept.keep(("c",), "two", b"12")  # 11 bytes: b was used least recently
    assert (kept.get(("b",)), kept.get(("a",)), kept.size_bytes) == (None, b"12345", 7)
    kept.forget("two")
    assert (kept.get(("c",)), len(kept)) == (None, 1)
    kept.keep(("d",), "three", b"1" * 20)  # alone above the budget: the newest stays
    assert (len(kept), kept.size_bytes) == (1, 20)
