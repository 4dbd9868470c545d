import lzma
import pickle
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

import visualizer as vz
from visualizer.analyses.features import pixel_features
from visualizer.analyses.retrieval import scoring
from visualizer.errors import VisualizerError

LINE = np.array([[1.0], [2], [4], [8]])


def test_four_in_a_line_by_hand() -> None:
    """a a b a: from 1 the order is 2 4 8 (hit, miss, hit); 2: 1 4 8; 8: 4 2 1; 4 is alone.

    Average precisions: (1 + 2/3) / 2 twice, (1/2 + 2/3) / 2. By chance 2 of 3 others are a.
    """
    found = vz.retrieval_scores(LINE, ["a", "a", "b", "a"], "l2", k=2)
    assert (found.queries, found.left_out) == (3, 1)
    assert found.first == pytest.approx(2 / 3)
    assert found.precision == pytest.approx(1 / 2)
    assert found.mean_average_precision == pytest.approx((5 / 6 + 5 / 6 + 7 / 12) / 3)
    assert found.chance == pytest.approx(2 / 3)


@pytest.mark.parametrize("metric", ["cosine", "l2", "l1"])
def test_scores_agree_with_scikit_learn(metric: str) -> None:
    random = np.random.default_rng(0)
    labels = random.integers(0, 4, 90)
    features = random.standard_normal((90, 6)).astype(np.float32) + 0.7 * labels[:, None]
    precisions, averages = [], []
    for query in range(90):
        others = np.arange(90) != query
        vectors, own = features[others].astype(float), features[query].astype(float)
        if metric == "cosine":
            distances = -(vectors @ own) / np.linalg.norm(vectors, axis=1)
        else:
            distances = np.linalg.norm(vectors - own, ord=int(metric[1]), axis=1)
        relevant = labels[others] == labels[query]
        precisions.append(relevant[np.argsort(distances)[:7]].mean())
        averages.append(average_precision_score(relevant, -distances))
    found = vz.retrieval_scores(features, labels, metric, k=7)
    assert found.precision == pytest.approx(np.mean(precisions))
    assert found.mean_average_precision == pytest.approx(np.mean(averages), abs=1e-6)


def test_scores_grow_block_by_block_and_a_sample_asks_less() -> None:
    random = np.random.default_rng(1)
    features = random.standard_normal((200, 5)).astype(np.float32)
    labels = random.integers(0, 2, 200)
    running = list(scoring(features, labels))
    assert [part.queries for part in running] == [64, 128, 192, 200]
    assert {part.planned for part in running} == {200}
    assert running[-1] == vz.retrieval_scores(features, labels)
    some = vz.retrieval_scores(features, labels, queries=50, seed=4)
    assert (some.queries, some.planned) == (50, 50)
    assert some == vz.retrieval_scores(features, labels, queries=50, seed=4)


def test_what_cannot_be_scored_is_said() -> None:
    with pytest.raises(VisualizerError, match=r"All 4 pictures are of one class, a"):
        vz.retrieval_scores(LINE, list("aaaa"), "l2", 2)
    with pytest.raises(VisualizerError, match=r"Each of the 4 pictures asked with is alone"):
        vz.retrieval_scores(LINE, list("abcd"), "l2", 2)
    with pytest.raises(VisualizerError, match=r"4 neighbours cannot be found among 3"):
        vz.retrieval_scores(LINE, list("aabb"), "l2", 4)


@pytest.mark.slow
def test_deep_features_beat_pixels_on_cifar10(shared_data: Path) -> None:
    """Two thousand test pictures; a network trained on the same classes, and one on ImageNet."""
    packed = lzma.decompress((shared_data / "cifar10" / "test_batch.xz").read_bytes())
    batch = pickle.loads(packed, encoding="bytes")
    pictures = batch[b"data"][:2000].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    labels = batch[b"labels"][:2000]
    model = vz.load_model("resnet_cifar10", device="cpu", backend="onnx")
    deep = vz.retrieval_scores(vz.extract_features(model, pictures), labels)
    pixels = vz.retrieval_scores(pixel_features(model, pictures), labels, "l1", queries=300)
    assert deep.precision > 0.7
    assert pixels.precision < 0.3
    assert deep.mean_average_precision > 3 * pixels.mean_average_precision


@pytest.mark.slow
def test_deep_features_beat_pixels_on_photographs(shared_data: Path) -> None:
    """125 ImageNet classes, two photographs each: 62.8 % find their partner first."""
    lines = (shared_data / "imagenet_val" / "labels.csv").read_text("utf-8").splitlines()
    columns = lines[0].split(",")
    rows = [dict(zip(columns, line.split(","), strict=False)) for line in lines[1:]]
    main = [row for row in rows if row["subset"] == "main"]
    pictures = [shared_data / "imagenet_val" / row["file"] for row in main]
    labels = [row["class_index"] for row in main]
    model = vz.load_model("efficientnet_lite0", device="cpu", backend="onnx")
    deep = vz.retrieval_scores(vz.extract_features(model, pictures), labels)
    pixels = vz.retrieval_scores(pixel_features(model, pictures), labels, "l1")
    assert len(main) == 250
    assert deep.first == pytest.approx(0.628, abs=0.03)
    assert pixels.first < 0.05
    assert deep.mean_average_precision > 10 * pixels.mean_average_precision
