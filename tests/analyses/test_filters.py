"""A layer's weights as arrays, and the payload that shows them."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

import visualizer as vz
from visualizer.analyses.filters import (
    COARSE_STEPS,
    OVERVIEW_CELLS,
    as_drawn,
    filter_sheet,
    flattened_shape,
    similarity_order,
)
from visualizer.errors import VisualizerError
from visualizer.maths.filters import kernel_norms
from visualizer.runtime.checkpoints import EARLY_STEPS, Recorder, read_checkpoints
from visualizer.runtime.model import Model, load_model
from visualizer.runtime.weights import untrained_weights
from visualizer.zoo import lenet5


@pytest.fixture(scope="module")
def lenet() -> Model:
    return load_model("lenet5")


def test_filters_are_the_networks_own_weights(lenet: Model) -> None:
    weights = vz.filters(lenet, "3")
    assert weights.shape == (16, 6, 5, 5)
    maps = vz.feature_maps(lenet, vz.sample("digit_3"), ["2", "3"])
    convolved = torch.nn.functional.conv2d(
        torch.from_numpy(maps["2"][None]),
        torch.from_numpy(weights.copy()),
        lenet.module.state_dict()["3.bias"],
    )
    assert maps["3"] == pytest.approx(convolved.detach().numpy()[0], rel=1e-4, abs=1e-4)
    assert vz.filters(lenet, "7").shape == (120, 400, 1, 1)
    with pytest.raises(ValueError, match="read-only"):
        weights[0] = 0


def test_depthwise_filters_have_one_input() -> None:
    model = load_model("efficientnet_lite0", weights=None)
    layer = next(one for one in model.layers if one.attributes.get("groups", 1) > 1)
    assert vz.filters(model, layer.name).shape[1] == 1
    assert filter_sheet(vz.filters(model, layer.name)).form == "single"
    assert filter_sheet(vz.filters(model, "conv_stem")).form == "colour"


def test_layers_without_filters_are_refused(lenet: Model) -> None:
    with pytest.raises(VisualizerError, match="1 of LeNet-5 is a step of kind ReLU, which has no"):
        vz.filters(lenet, "1")
    with pytest.raises(VisualizerError, match="has no layer '33'"):
        vz.filters(lenet, "33")


def test_a_flattened_layer_is_drawn_as_the_maps_that_it_reads(lenet: Model) -> None:
    layer = lenet.layer("7")
    assert flattened_shape(lenet.graph, layer) == (16, 5, 5)
    drawn = as_drawn(vz.filters(lenet, "7"), lenet.graph, layer)
    maps = vz.feature_maps(lenet, vz.sample("digit_3"), ["5", "7"])
    sums = np.einsum("ochw,chw->o", drawn, maps["5"]) + lenet.module.state_dict()["7.bias"].numpy()
    assert maps["7"][:, 0, 0] == pytest.approx(sums, rel=1e-4, abs=1e-4)
    assert flattened_shape(lenet.graph, lenet.layer("9")) is None


def test_few_weights_are_exact_and_many_are_rounded_by_filter() -> None:
    rng = np.random.default_rng(0)
    few = rng.standard_normal((4, 5, 3, 2)).astype(np.float32)
    sheet = filter_sheet(few)
    assert (sheet.form, sheet.cells, sheet.pool) == ("kernels", None, 1)
    assert sheet.values is few
    assert sheet.shape == few.shape
    assert sheet.norm == pytest.approx(np.linalg.norm(few.reshape(4, -1), axis=1), rel=1e-6)
    assert sheet.maximum.tolist() == few.reshape(4, -1).max(1).tolist()
    many = rng.standard_normal((300, 400, 1, 1)).astype(np.float32)
    sheet = filter_sheet(many)
    assert (sheet.form, sheet.steps, sheet.pool) == ("matrix", COARSE_STEPS, 1)
    assert sheet.cells is not None
    shown = sheet.cells / sheet.steps * sheet.scale[:, None]
    assert np.abs(shown - many[:, :, 0, 0]).max() <= sheet.scale.max() / COARSE_STEPS / 2 + 1e-6


def test_a_large_matrix_keeps_the_strongest_of_neighbours() -> None:
    weights = np.zeros((900, 1000, 1, 1), np.float32)
    weights[5, 7], weights[5, 8], weights[0, 0] = -3, 2, 1
    sheet = filter_sheet(weights)
    assert sheet.pool == 3
    assert sheet.cells is not None
    assert sheet.cells.size <= OVERVIEW_CELLS
    assert sheet.cells[5, [1, 2, 3]].tolist() == [0, -sheet.steps, 0]


def test_many_kernels_are_shown_by_their_norms() -> None:
    weights = np.random.default_rng(1).standard_normal((160, 130, 3, 3)).astype(np.float32)
    sheet = filter_sheet(weights)
    assert sheet.form == "norms"
    assert sheet.cells is not None
    shown = sheet.cells / sheet.steps * sheet.scale[:, None]
    assert shown == pytest.approx(kernel_norms(weights), abs=float(sheet.scale.max()) / sheet.steps)


def test_an_order_by_likeness_that_takes_too_long_is_refused() -> None:
    wide = np.broadcast_to(np.float32(0), (4096, 25_088, 1, 1))
    with pytest.raises(VisualizerError, match=r"Comparing 4,096 filters of 25,088 weights takes 4"):
        similarity_order(wide)


def test_untrained_weights_are_those_of_the_untrained_network(lenet: Model) -> None:
    untrained = load_model("lenet5", weights=None)
    weights, bias = untrained_weights(lenet.spec, lenet.layer("3"))
    assert np.array_equal(weights, vz.filters(untrained, "3"))
    assert bias is not None
    assert not np.array_equal(weights, vz.filters(lenet, "3"))


def test_recorded_training_begins_untrained_and_ends_with_the_weights(lenet: Model) -> None:
    kept = read_checkpoints("lenet5")
    assert kept is not None
    for name in ("0", "3"):
        recorded = kept.weights[f"{name}.weight"]
        assert np.array_equal(recorded[-1], vz.filters(lenet, name))
        assert np.array_equal(recorded[0], untrained_weights(lenet.spec, lenet.layer(name))[0])
    assert kept.steps[: len(EARLY_STEPS)].tolist() == list(EARLY_STEPS)
    assert kept.accuracy[0] < 0.2 < 0.99 < kept.accuracy[-1]
    assert read_checkpoints("vgg16") is None


def test_a_recorder_keeps_the_convolutions_of_its_steps(tmp_path: Path) -> None:
    recorder, network = Recorder(steps_per_epoch=5), lenet5.build()
    for step in (0, 3, 10):
        with torch.no_grad():
            network.get_parameter("3.weight").fill_(step)
        recorder.keep(step, network, step / 100)
    recorder.save(tmp_path / "made.safetensors")
    kept = load_file(tmp_path / "made.safetensors")
    assert sorted(kept) == ["0.weight", "3.weight", "accuracy", "epochs", "steps"]
    assert kept["steps"].tolist() == [0, 3, 10]
    assert kept["epochs"].tolist() == pytest.approx([0, 0.6, 2])
    assert kept["accuracy"].tolist() == pytest.approx([0, 0.03, 0.1])
    assert kept["3.weight"].shape == (3, 16, 6, 5, 5)
    assert [float(one.max()) for one in kept["3.weight"]] == [0, 3, 10]
