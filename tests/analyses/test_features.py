import numpy as np
import pytest
import torch

import visualizer as vz
from visualizer.analyses.features import (
    FeatureShelf,
    batch_rows,
    classifier_input,
    feature_steps,
    pixel_features,
)
from visualizer.errors import PictureError, UnknownNameError, VisualizerError
from visualizer.runtime.collection import Collection
from visualizer.runtime.framing import network_batch, network_input


@pytest.fixture(scope="module")
def lenet() -> vz.Model:
    return vz.load_model("lenet5", device="cpu", weights=None)


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    """Seven pictures of several sizes, coloured and grey."""
    random = np.random.default_rng(0)
    shapes = [(30, 41, 3), (28, 28, 3), (28, 28), (60, 20, 3), (28, 28, 3), (9, 9), (33, 28, 3)]
    return [random.integers(0, 256, shape, dtype=np.uint8) for shape in shapes]


@pytest.mark.parametrize("pool", ["average", "sum", "max", "flatten"])
def test_features_are_those_of_a_plain_forward(
    lenet: vz.Model, pictures: list[np.ndarray], pool: str
) -> None:
    with torch.inference_mode():
        batch = torch.cat([lenet.preprocess(picture) for picture in pictures])
        maps = lenet.module[:5](batch)  # type: ignore[index]
    flat = maps.flatten(2)
    pools = {
        "average": flat.mean(2), "sum": flat.sum(2), "max": flat.amax(2), "flatten": maps.flatten(1)
    }  # fmt: skip
    found = vz.extract_features(lenet, pictures, "4", pool)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, pools[pool], rtol=1e-4, atol=1e-5)


def test_the_default_is_what_the_classifier_reads(
    lenet: vz.Model, pictures: list[np.ndarray]
) -> None:
    """For LeNet-5 the 84 values behind the last ReLU: the last layer of them gives the logits."""
    assert classifier_input(lenet) == "10"
    found = vz.extract_features(lenet, pictures)
    batch = torch.cat([lenet.preprocess(picture) for picture in pictures])
    last = lenet.module[11]  # type: ignore[index]
    with torch.inference_mode():
        np.testing.assert_allclose(
            last(torch.from_numpy(found)), lenet.module(batch), rtol=1e-4, atol=1e-5
        )


def test_a_network_without_fully_connected_layer_gives_its_cam_layer() -> None:
    model = vz.load_model("squeezenet1_1", device="cpu", weights=None)
    assert classifier_input(model) == model.spec.cam_layer == "features.12"


def test_several_layers_come_from_one_run_batch_by_batch(
    lenet: vz.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("visualizer.analyses.features.BATCH_MOST", 4)
    array = np.random.default_rng(1).integers(0, 256, (10, 28, 28, 3), dtype=np.uint8)
    steps = list(feature_steps(lenet, array, ["1", "softmax"]))
    assert [(step.done, step.total) for step in steps] == [(4, 10), (8, 10), (10, 10)]
    assert steps[0].vectors["1"].shape == (4, 6)
    for layer in ("1", "softmax"):
        together = steps[-1].vectors[layer]
        np.testing.assert_allclose(together, vz.extract_features(lenet, array, layer), rtol=1e-5)
    np.testing.assert_allclose(steps[-1].vectors["softmax"].sum(axis=1), 1, rtol=1e-5)


def test_progress_is_told_and_nothing_more_is_computed_than_asked(lenet: vz.Model) -> None:
    heard: list[tuple[int, int]] = []
    array = np.zeros((300, 28, 28, 3), np.uint8)
    vz.extract_features(lenet, array, on_progress=lambda *told: heard.append(told))
    assert heard == [(256, 300), (300, 300)]
    steps = feature_steps(lenet, array, ["4"])
    assert next(steps).done == 256  # the rest waits until it is asked for


def test_a_batch_is_prepared_as_each_picture_by_itself(
    lenet: vz.Model, pictures: list[np.ndarray]
) -> None:
    coloured = [p if p.ndim == 3 else np.repeat(p[..., None], 3, axis=2) for p in pictures]
    for framing in ("crop", "fit", "stretch"):
        single = np.concatenate([network_input(p, lenet.spec, framing) for p in coloured])
        np.testing.assert_array_equal(network_batch(pictures, lenet.spec, framing), single)


def test_pixel_features_are_what_the_network_sees(lenet: vz.Model) -> None:
    grey = np.random.default_rng(2).integers(0, 256, (5, 28, 28), dtype=np.uint8)
    found = pixel_features(lenet, np.repeat(grey[..., None], 3, axis=3))
    np.testing.assert_allclose(found, grey.reshape(5, -1) / 255, atol=1e-6)


def test_a_slow_network_takes_few_pictures_at_a_time(lenet: vz.Model) -> None:
    """Lite0: 385 million multiply-accumulates a picture; 4 billion a step."""
    lite0 = vz.load_model("efficientnet_lite0", device="cpu", weights=None)
    assert batch_rows(lite0, [classifier_input(lite0)]) == 10
    assert batch_rows(lenet, ["10"]) == 256


def test_what_has_no_features_is_said(lenet: vz.Model) -> None:
    array = np.zeros((3, 28, 28, 3), np.uint8)
    with pytest.raises(VisualizerError, match=r"One picture is not a collection\. Put it into a"):
        vz.extract_features(lenet, array[0])
    with pytest.raises(VisualizerError, match=r"One picture is not a collection"):
        vz.extract_features(lenet, "cat.png")
    with pytest.raises(UnknownNameError, match="has no layer 'conv'"):
        vz.extract_features(lenet, array, "conv")
    with pytest.raises(UnknownNameError, match="no pooling 'mean'"):
        vz.extract_features(lenet, array, pool="mean")
    with pytest.raises(VisualizerError, match="there is no picture among them"):
        vz.extract_features(lenet, [])
    with pytest.raises(PictureError):
        vz.extract_features(lenet, [array[0], b"no picture"])


def test_too_many_values_are_refused_before_any_run(
    lenet: vz.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """3 pictures × 6 maps of 28 × 28 × 4 bytes = 56,448 bytes."""
    monkeypatch.setattr("visualizer.analyses.features.LIMIT_BYTES", 50_000)
    array = np.zeros((3, 28, 28, 3), np.uint8)
    with pytest.raises(VisualizerError, match=r"4,704 values each \(1\).* take at most 2 pictures"):
        vz.extract_features(lenet, array, "1", "flatten")


def test_the_shelf_remembers_within_its_budget_and_forgets_a_collection(lenet: vz.Model) -> None:
    shelf = FeatureShelf(budget_bytes=100)
    first, second = (
        Collection.of([np.full((28, 28, 3), grey, np.uint8)]) for grey in (0, 255)
    )  # fmt: skip
    keys = [FeatureShelf.key(lenet, owner, "4", "average") for owner in (first, second)]
    assert keys[0] != FeatureShelf.key(lenet, first, "4", "max")
    shelf.keep(keys[0], np.ones((10, 1), np.float32))
    assert shelf.get(keys[0]) is not None
    shelf.keep(keys[1], np.ones((20, 1), np.float32))  # 40 + 80 bytes are too many
    assert shelf.get(keys[0]) is None
    assert shelf.size_bytes == 80
    shelf.forget(second.digest)
    assert shelf.size_bytes == 0
