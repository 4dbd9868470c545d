"""Guided backpropagation: by hand, against hooks and captum, and where captum does not guide."""

import gc
from typing import Any

import numpy as np
import pytest
import torch
from captum.attr import GuidedBackprop
from torch import nn

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime import guided
from visualizer.runtime.graph import INPUT, trace
from visualizer.runtime.guided import guided_backpropagation, unguided
from visualizer.runtime.model import Array, Model, load_model
from visualizer.runtime.segment import between
from visualizer.runtime.torch_backend import TorchBackend
from visualizer.zoo import find
from visualizer.zoo.untrained import build_seeded

EFFICIENTNET = "efficientnet_lite0"


def tiny() -> Model:
    """Four pixels, ReLU6, one sum with the weights 2, -3, 5, 4."""
    head = nn.Linear(4, 1, bias=False)
    head.weight.data[:] = torch.tensor([[2.0, -3.0, 5.0, 4.0]])
    module = nn.Sequential(nn.ReLU6(), nn.Flatten(), head).eval()
    graph = trace(module, (1, 2, 2))
    backend = TorchBackend(graph, torch.device("cpu"))
    return Model(find("lenet5"), module, graph, backend, backend, "cpu", "untrained")


def random_batch(model: Model, count: int, seed: int = 0) -> Array:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((count, *model.spec.input_shape), dtype=np.float32)


def one_class(model: Model, index: int, count: int) -> Array:
    cotangent = np.zeros((count, *model.layer(model.logits).output_shape), np.float32)
    cotangent[:, index] = 1
    return cotangent


def plain(model: Model, batch: Array, cotangent: Array) -> Array:
    segment = between(model.graph, (INPUT,), (model.logits,))
    return model.pull_back(segment, [batch], cotangent)[1]


def with_captum(name: str, batch: Array, index: int) -> Array:
    module = build_seeded(find(name), seed=0).eval()
    method: Any = GuidedBackprop(module)
    with pytest.warns(UserWarning, match="Setting backward hooks on ReLU"):
        found = method.attribute(torch.from_numpy(batch).requires_grad_(), target=index)
    return found.detach().numpy()


def rectified(_module: nn.Module, inner: Any, _outer: Any) -> tuple[torch.Tensor]:
    return (inner[0].clamp(min=0),)


def with_hooks(name: str, batch: Array, index: int) -> Array:
    module = build_seeded(find(name), seed=0).eval()
    for part in module.modules():
        if isinstance(part, nn.ReLU | nn.ReLU6):
            part.inplace = False
            part.register_full_backward_hook(rectified)
    inputs = torch.from_numpy(batch).requires_grad_()
    module(inputs)[:, index].sum().backward()
    assert inputs.grad is not None
    return inputs.grad.numpy()


def distance(one: Array, other: Array) -> float:
    return float(np.abs(one - other).max() / np.abs(other).max())


def test_by_hand() -> None:
    """1 is open, 2 is open but counts negatively, 7 is past the ceiling, -1 is closed."""
    model = tiny()
    batch = np.array([1, 2, 7, -1], np.float32).reshape(1, 1, 2, 2)
    cotangent = np.ones((1, 1, 1, 1), np.float32)
    found = guided_backpropagation(model, batch, model.logits, cotangent)
    assert found.ravel().tolist() == [2, 0, 0, 0]
    assert plain(model, batch, cotangent).ravel().tolist() == [2, -3, 0, 0]
    turned = guided_backpropagation(model, batch, model.logits, -cotangent)
    assert turned.ravel().tolist() == [0, 3, 0, 0]


@pytest.mark.parametrize(
    "name", ["lenet5", "vgg_fashion", pytest.param("resnet18", marks=pytest.mark.slow)]
)
def test_agrees_with_captum_on_networks_with_relu(name: str) -> None:
    model = load_model(name, weights=None)
    batch = random_batch(model, 2)
    found = guided_backpropagation(model, batch, model.logits, one_class(model, 3, 2))
    assert distance(found, with_captum(name, batch, 3)) < 1e-5
    assert distance(found, plain(model, batch, one_class(model, 3, 2))) > 0.1


@pytest.mark.slow
def test_guides_on_relu6_where_captum_gives_the_plain_gradient() -> None:
    """Captum replaces the gradient of nn.ReLU alone; on ReLU6 it differs from the plain by 0.0."""
    model = load_model(EFFICIENTNET, weights=None)
    batch, cotangent = random_batch(model, 1), one_class(model, 3, 1)
    gradient = plain(model, batch, cotangent)
    module = build_seeded(find(EFFICIENTNET), seed=0).eval()
    inputs = torch.from_numpy(batch).requires_grad_()
    module(inputs)[0, 3].backward()
    assert inputs.grad is not None
    assert np.array_equal(with_captum(EFFICIENTNET, batch, 3), inputs.grad.numpy())
    found = guided_backpropagation(model, batch, model.logits, cotangent)
    assert distance(found, gradient) > 0.5
    assert distance(found, with_hooks(EFFICIENTNET, batch, 3)) < 1e-4


def test_starts_at_any_cell_of_any_layer() -> None:
    model = load_model("lenet5", weights=None)
    batch = random_batch(model, 3)
    cotangent = np.zeros((3, *model.layer("4").output_shape), np.float32)
    cotangent[:, :, 2, 7] = 1
    found = guided_backpropagation(model, batch, "4", cotangent)
    rows, columns = np.nonzero(np.abs(found).sum(axis=(0, 1)))
    assert (rows.min(), rows.max()) == (2, 15)  # the receptive field, 14 x 14
    assert (columns.min(), columns.max()) == (12, 25)
    single = guided_backpropagation(model, batch[1:2], "4", cotangent[1:2])
    assert np.allclose(found[1:2], single, rtol=1e-4, atol=1e-7)


def test_the_network_stays_as_it_was_even_after_an_error() -> None:
    model = load_model("lenet5", weights=None)
    batch = random_batch(model, 1)
    before = plain(model, batch, one_class(model, 0, 1))
    guided_backpropagation(model, batch, model.logits, one_class(model, 0, 1))
    model.module.train()
    guided_backpropagation(model, batch, model.logits, one_class(model, 0, 1))
    with pytest.raises(RuntimeError):
        guided_backpropagation(model, batch, model.logits, np.zeros((1, 3, 1, 1), np.float32))
    assert np.array_equal(plain(model, batch, one_class(model, 0, 1)), before)
    assert all(part.training for part in model.module.modules())
    assert all(not part._forward_hooks for part in model.module.modules())
    assert all(value.grad is None for value in model.module.parameters())


def test_a_network_that_is_dropped_takes_its_segments_along() -> None:
    model = load_model("lenet5", weights=None)
    guided_backpropagation(model, random_batch(model, 1), model.logits, one_class(model, 0, 1))
    backend = model.gradients
    assert backend in guided._known
    before = len(guided._known)
    del model, backend
    gc.collect()
    assert len(guided._known) < before


def test_smooth_activations_are_refused_by_name() -> None:
    model = load_model("mobilenet_v3_small", weights=None)
    first, smooth = "features.0.1", "features.0.2"
    sentence = (
        "Guided backpropagation is a rule for ReLU; MobileNetV3-Small has Hardswish at "
        "features.0.2, which also lets negative values pass. Choose a network with ReLU, or a "
        "layer before it."
    )
    assert unguided(model, first) is None
    assert unguided(model, smooth) == sentence
    with pytest.raises(VisualizerError) as caught:
        guided_backpropagation(model, random_batch(model, 1), model.logits, one_class(model, 0, 1))
    assert str(caught.value) == sentence
    with pytest.raises(UnknownNameError, match="has no layer 'features'"):
        unguided(model, "features")
