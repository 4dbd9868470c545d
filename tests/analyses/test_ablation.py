"""Channels switched off, against plain PyTorch with hooks."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch

import visualizer as vz
from visualizer.analyses.ablation import importance_steps, part_behind
from visualizer.analyses.ablation_reach import (
    behind,
    changed_maps,
    reach,
    reach_segment,
    waypoints,
)
from visualizer.errors import VisualizerError
from visualizer.runtime.model import Model, load_model

PICTURE = "chelsea"


@pytest.fixture(scope="module", params=["torch", "onnx"])
def model(request: pytest.FixtureRequest) -> Model:
    return load_model("resnet_cifar10", backend=request.param)


def relu_of(model: Model, place: int) -> str:
    return [layer.name for layer in model.layers if layer.op == "relu"][place]


def zeroed(model: Model, layer: str, channels: Sequence[int]) -> np.ndarray:
    """Run the network itself with a forward hook that writes zeros: (classes,) logits."""
    batch = model.preprocess(vz.sample(PICTURE))

    def write(_module: Any, _inputs: Any, output: torch.Tensor) -> torch.Tensor:
        changed = output.clone()
        changed[:, list(channels)] = 0
        return changed

    hook = model.module.get_submodule(layer).register_forward_hook(write)
    try:
        with torch.inference_mode():
            return np.asarray(model.module(batch)[0])
    finally:
        hook.remove()


def convolution_of(model: Model, place: int) -> str:
    return [layer.name for layer in model.layers if layer.op == "conv2d"][place]


@pytest.mark.parametrize("place", [0, 3, -1])
def test_ablation_equals_zeroing_in_plain_pytorch(model: Model, place: int) -> None:
    layer = convolution_of(model, place)
    some = vz.ablate(model, vz.sample(PICTURE), layer, [0, 5])
    assert some.logits_after == pytest.approx(zeroed(model, layer, [0, 5]), rel=1e-3, abs=1e-4)
    every = range(model.layer(layer).output_shape[0])
    whole = vz.ablate(model, vz.sample(PICTURE), layer, every)
    assert whole.logits_after == pytest.approx(zeroed(model, layer, every), rel=1e-3, abs=1e-4)
    assert not np.allclose(whole.logits_after, whole.logits_before, atol=1e-2)


def test_the_answer_agrees_with_the_plain_prediction(model: Model) -> None:
    layer = relu_of(model, 2)
    found = vz.ablate(model, vz.sample(PICTURE), layer, [])
    expected = vz.classify(model, vz.sample(PICTURE))
    assert [one.index for one in found.before] == [one.index for one in expected]
    assert found.before[0].probability == pytest.approx(expected[0].probability, rel=1e-4)
    assert found.change == pytest.approx(0, abs=1e-6)


def test_logits_themselves_can_be_switched_off(model: Model) -> None:
    found = vz.ablate(model, vz.sample(PICTURE), model.logits, [3])
    assert found.logits_after[3] == 0
    others = np.arange(10) != 3
    assert np.array_equal(found.logits_after[others], found.logits_before[others])


@pytest.mark.parametrize("place", [1, -1])
def test_importance_is_what_switching_each_channel_off_costs(model: Model, place: int) -> None:
    layer = relu_of(model, place)
    falls = vz.channel_importance(model, vz.sample(PICTURE), layer, 4)
    some = [0, int(np.abs(falls).argmax()), len(falls) - 1]
    for channel in some:
        found = vz.ablate(model, vz.sample(PICTURE), layer, [channel])
        cost = found.logits_before[4] - found.logits_after[4]
        assert falls[channel] == pytest.approx(float(cost), rel=1e-3, abs=2e-4)
    assert np.abs(falls).max() > 0.01


def test_a_pooled_linear_head_by_hand(model: Model) -> None:
    """Behind the last activation lie a mean and a matrix: w times the channel's mean."""
    layer = relu_of(model, -1)
    maps = vz.feature_maps(model, vz.sample(PICTURE), [layer])[layer]
    head = next(one for one in reversed(model.layers) if one.op == "linear")
    expected = vz.filters(model, head.name)[7, :, 0, 0] * maps.mean(axis=(1, 2))
    falls = vz.channel_importance(model, vz.sample(PICTURE), layer, 7)
    assert falls == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_importance_comes_in_pieces_and_skips_dead_channels(model: Model) -> None:
    layer = relu_of(model, 1)
    sources = part_behind(model, layer).sources
    values = {k: v[0].copy() for k, v in model.values(
        model.preprocess(vz.sample(PICTURE)), sources).items()}  # fmt: skip
    values[layer][2] = 0
    steps = list(importance_steps(model, values, layer, None))
    assert len(steps) > 2
    assert steps[0][2] == 0
    assert np.isnan(steps[0]).sum() == np.count_nonzero(values[layer].any(axis=(1, 2)))
    assert np.isfinite(steps[-1]).all()


def test_the_change_of_layers_behind(model: Model) -> None:
    layer = relu_of(model, 0)
    targets = waypoints(model.graph, layer)
    segment = reach_segment(model.graph, layer, targets)
    wanted = {*segment.sources, *targets}
    batch = model.preprocess(vz.sample(PICTURE))
    values = {name: value[0] for name, value in model.values(batch, wanted).items()}
    found = reach(model, values, layer, [1, 4])
    assert list(found) == targets
    assert targets[-1] == model.logits
    ablated = vz.ablate(model, vz.sample(PICTURE), layer, [1, 4])
    moved = np.linalg.norm(ablated.logits_after - ablated.logits_before)
    assert found[model.logits] == pytest.approx(
        moved / np.linalg.norm(ablated.logits_before), rel=1e-3
    )
    assert all(change == 0 for change in reach(model, values, layer, []).values())


def test_the_most_changed_maps(model: Model) -> None:
    layer, shown = convolution_of(model, 0), relu_of(model, 0)
    batch = model.preprocess(vz.sample(PICTURE))
    values = {layer: model.values(batch, [layer])[layer][0]}
    found = changed_maps(model, values, layer, [3], shown, most=2)
    assert found.channels[0] == 3  # a normalisation and an activation keep channels apart
    assert found.changed == 1
    assert found.before[0] == pytest.approx(
        vz.feature_maps(model, vz.sample(PICTURE), [shown])[shown][3], rel=1e-4, abs=1e-5
    )
    assert np.ptp(found.after[0]) == 0  # one value: what the normalisation makes of 0


def test_layers_behind_leave_out_what_leads_nowhere(model: Model) -> None:
    names = behind(model.graph, relu_of(model, 0))
    assert relu_of(model, 0) not in names
    assert "softmax" not in names
    assert names[-1] == model.logits


def test_bad_questions_are_answered_in_a_sentence(model: Model) -> None:
    layer = relu_of(model, 0)
    count = model.layer(layer).output_shape[0]
    with pytest.raises(VisualizerError, match=f"Channel {count} is outside {layer}, which has"):
        vz.ablate(model, vz.sample(PICTURE), layer, [count])
    with pytest.raises(VisualizerError, match="Channel -1 is outside"):
        vz.ablate(model, vz.sample(PICTURE), layer, [-1])
    with pytest.raises(VisualizerError, match="does not depend on softmax"):
        vz.ablate(model, vz.sample(PICTURE), "softmax", [0])
    with pytest.raises(VisualizerError, match=r"There is no class 10: .* tells 0 to 9 apart"):
        vz.channel_importance(model, vz.sample(PICTURE), layer, 10)
