"""Which layers can be read, in every network of the menu."""

import pytest

from visualizer.errors import VisualizerError
from visualizer.runtime.heat_layers import heat_layer, recommended_layer, why_not
from visualizer.runtime.model import load_model

LAST = {
    "efficientnet_lite0": ("act2", (1280, 7, 7)),
    "lenet5": ("4", (16, 10, 10)),
    "vgg_fashion": ("features.19", (64, 7, 7)),
    "resnet_cifar10": ("layer3.relu2", (128, 4, 4)),
    "densenet121": ("relu", (1024, 7, 7)),
    "squeezenet1_1": ("features.12.cat", (512, 13, 13)),
}


@pytest.mark.parametrize("name", LAST)
def test_the_last_maps_are_recommended(name: str) -> None:
    model = load_model(name, weights=None)
    layer, shape = LAST[name]
    assert recommended_layer(model) == layer
    assert model.layer(layer).output_shape == shape
    assert heat_layer(model, None).name == layer


def test_a_layer_that_leads_nowhere_is_refused() -> None:
    """GoogLeNet's side classifiers are not part of the traced network; softmax is behind."""
    model = load_model("resnet_cifar10", weights=None)
    with pytest.raises(VisualizerError, match="no places left"):
        heat_layer(model, "fc")
    assert "layer3" in str(why_not(model.graph, "layer3.relu1", ("classifier",)))
    assert why_not(model.graph, "layer3.relu2", ("classifier",)) is None
    assert why_not(model.graph, "layer3.relu1", ("gradients",)) is None
