"""Scores without a channel, or through one, against plain runs of the whole network."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from torch import Tensor

from visualizer.analyses import channel_survey
from visualizer.analyses.channel_survey import Survey, ablated, masked
from visualizer.analyses.evidence import needed_layers
from visualizer.runtime.classifier import classifier_layer
from visualizer.runtime.graph import INPUT
from visualizer.runtime.model import Model, load_model
from visualizer.runtime.segment import Segment, between

MODEL = "resnet_cifar10"


def given(model: Model, layer: str) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    batch = rng.standard_normal((1, *model.spec.input_shape), dtype=np.float32)
    return model.values(batch, [INPUT, *needed_layers(model, layer)])


def edited(model: Model, path: str, edit: Callable[[Tensor], Tensor], batch: np.ndarray) -> Tensor:
    """Run the plain network with a module's output changed."""
    hook = model.module.get_submodule(path).register_forward_hook(lambda _m, _i, y: edit(y))
    try:
        with torch.no_grad():
            logits: Tensor = model.module(torch.from_numpy(batch))
            return logits[0]
    finally:
        hook.remove()


@pytest.mark.parametrize("backend", ["torch", "onnx"])
@pytest.mark.parametrize("layer", ["layer2.bn1", "layer3.relu2"])
def test_ablation_is_a_zero_in_the_plain_network(layer: str, backend: str) -> None:
    """The second layer takes the closed form, the first one runs what is behind."""
    model = load_model(MODEL, "cpu", backend)
    values = given(model, layer)
    *_, last = ablated(model, layer, values)
    assert last.logits.shape == (model.layer(layer).output_shape[0], 10)
    for channel in (0, 7, 40):

        def without(output: Tensor, channel: int = channel) -> Tensor:
            changed = output.clone()
            changed[:, channel] = 0
            return changed

        expected = edited(model, layer, without, values[INPUT])
        assert last.logits[channel] == pytest.approx(expected.numpy(), abs=2e-4)


def test_the_closed_form_is_what_the_layers_behind_give(monkeypatch: pytest.MonkeyPatch) -> None:
    model = load_model(MODEL, "cpu", "onnx")
    values = given(model, "layer3.relu2")
    (closed,) = ablated(model, "layer3.relu2", values)
    monkeypatch.setattr(channel_survey, "classifier_layer", lambda *_: None)
    *_, run = ablated(model, "layer3.relu2", values)
    assert closed.logits == pytest.approx(run.logits, abs=1e-5)


def test_looking_through_a_channel_is_a_run_of_the_masked_picture() -> None:
    model = load_model(MODEL, "cpu", "torch")
    values = given(model, "layer2.relu2")
    *_, last = masked(model, "layer2.relu2", values)
    for channel in (0, 11, 95):
        mask = torch.nn.functional.interpolate(
            torch.from_numpy(values["layer2.relu2"][:, channel : channel + 1]), size=(32, 32),
            mode="bilinear",
        )  # fmt: skip
        mask = (mask - mask.min()) / (mask.max() - mask.min() + 1e-12)
        with torch.no_grad():
            expected = model.module(torch.from_numpy(values[INPUT]) * mask)[0].numpy()
        assert last.logits[channel] == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize("survey", [ablated, masked])
def test_channels_that_change_nothing_share_one_run(
    survey: Callable[..., Iterator[Survey]], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load_model(MODEL, "cpu", "onnx")
    values = given(model, "layer2.relu1")
    values["layer2.relu1"][:, 5:] = 0  # five are left
    rows = []

    def counted(segment: Segment, batch: list[np.ndarray]) -> list[np.ndarray]:
        rows.append(len(batch[0]))
        return model.runtime.evaluate(segment, batch)

    monkeypatch.setattr(Model, "evaluate", lambda _self, *given: counted(*given))
    *_, last = survey(model, "layer2.relu1", values)
    assert sum(rows) == (5 if survey is ablated else 6)
    assert np.array_equal(last.logits[5:], np.repeat(last.logits[5:6], 91, axis=0))
    assert not np.allclose(last.logits[0], last.logits[5], atol=1e-6)


def test_it_grows_from_the_strongest_channels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel_survey, "BATCH_MOST", 10)
    model = load_model(MODEL, "cpu", "onnx")
    values = given(model, "layer2.relu1")
    partials = list(ablated(model, "layer2.relu1", values))
    strength = values["layer2.relu1"][0].sum(axis=(1, 2))
    dead = set(np.flatnonzero(strength == 0))
    assert len(partials) == partials[0].steps == -(-(96 - len(dead)) // 10)
    assert set(partials[0].channels) == {*np.argsort(-strength)[:10], *dead}
    assert np.array_equal(partials[-1].channels, np.arange(96))
    for partial in partials:
        assert np.array_equal(partial.logits, partials[-1].logits[partial.channels])


def test_a_slice_is_bounded_in_work_and_memory() -> None:
    """EfficientNet-Lite0 multiplies 0.4e9 numbers, VGG-16 15e9."""
    light, heavy = load_model("efficientnet_lite0"), load_model("vgg16", weights=None)
    segments = [between(model.graph, (INPUT,), (model.logits,)) for model in (light, heavy)]
    widest = 4 * max(layer.cells for layer in light.graph.layers)  # bytes
    assert 2 <= channel_survey._batch(light, segments[0]) <= channel_survey.SLICE_BYTES / widest
    assert channel_survey._batch(heavy, segments[1]) == 1


def test_the_classifier_is_found_only_behind_plain_averages() -> None:
    resnet, lenet = load_model(MODEL), load_model("lenet5")
    assert classifier_layer(resnet.graph, "layer3.relu2") == "fc"
    assert classifier_layer(resnet.graph, "layer3.add") is None
    assert classifier_layer(lenet.graph, "4") is None
    squeeze = load_model("squeezenet1_1", weights=None)
    assert classifier_layer(squeeze.graph, "classifier.2") == "classifier.3"
    assert classifier_layer(squeeze.graph, "classifier.1") is None
