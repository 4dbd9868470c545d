"""Every network of the menu: what it offers can be computed, what it refuses has a reason."""

import numpy as np
import pytest

from visualizer.analyses import channel_survey
from visualizer.analyses.evidence import ClassScore, Evidence, needed_layers
from visualizer.analyses.heat_answer import answers, find_method
from visualizer.analyses.heat_menu import menu
from visualizer.errors import VisualizerError
from visualizer.runtime.graph import INPUT
from visualizer.runtime.heat_layers import recommended_layer, spatial_layers
from visualizer.runtime.model import Model, load_model
from visualizer.runtime.segment import tail
from visualizer.zoo import MODELS

SMALL = ("lenet5", "vgg_fashion", "resnet_cifar10")
FAMILIES = ("googlenet", "densenet121", "mobilenet_v3_small")  # branches, links, excitation


def inner_layer(model: Model) -> str:
    layers = spatial_layers(model.graph)
    return layers[2 * len(layers) // 3].name


def asked(model: Model, layer: str) -> Evidence:
    batch = np.random.default_rng(0).standard_normal((1, *model.spec.input_shape), np.float32)
    values = model.values(batch, [INPUT, *needed_layers(model, layer)])
    return Evidence(model, layer, values, ClassScore((3,)))


def check(model: Model, layer: str, family: str) -> None:
    """Compare the menu with what happens; of a long method the first slice is enough."""
    evidence = asked(model, layer)
    for entry in menu(model, layer)["methods"]:
        if entry["family"] != family:
            continue
        steps = answers(find_method(entry["id"]), evidence)
        if entry["available"]:
            first = next(steps)
            assert np.isfinite(first.heat).all(), entry["id"]
            reads = model.layer(layer if entry["family"] == "cam" else INPUT)
            assert first.heat.shape == reads.output_shape[1:], entry["id"]
            steps.close()  # type: ignore[attr-defined]
        else:
            with pytest.raises(VisualizerError) as caught:
                next(steps)
            assert str(caught.value) == entry["reason"]


@pytest.mark.parametrize(
    "name", [*SMALL, *(pytest.param(name, marks=pytest.mark.slow) for name in FAMILIES)]
)
def test_what_the_menu_offers_can_be_had(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel_survey, "BATCH_MOST", 2)
    model = load_model(name, weights=None)
    check(model, recommended_layer(model), "cam")
    check(model, inner_layer(model), "cam")
    check(model, recommended_layer(model), "attribution")


@pytest.mark.slow
@pytest.mark.parametrize("name", [spec.name for spec in MODELS])
def test_every_network_has_a_menu(name: str) -> None:
    """Layers that lead to its logits, and a reason beside each method that cannot be used."""
    model = load_model(name, weights=None)
    layers = spatial_layers(model.graph)
    assert recommended_layer(model) in [layer.name for layer in layers]
    assert layers[0].name == model.layers[0].name
    assert all(layer.output_shape[1] * layer.output_shape[2] > 1 for layer in layers)
    for layer in layers[::9]:
        assert tail(model.graph, layer.name).targets == (model.logits,)
    for read in (recommended_layer(model), inner_layer(model)):
        entries = menu(model, read)["methods"]
        assert len(entries) == 19
        for entry in entries:
            assert entry["available"] is (entry["reason"] is None)
            assert entry["reason"] is None or entry["reason"].endswith(".")
        usable = {entry["id"] for entry in entries if entry["available"]}
        assert {"grad-cam", "eigen-cam", "score-cam", "saliency", "deeplift", "rise"} <= usable
