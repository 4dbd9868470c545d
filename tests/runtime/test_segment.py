"""Parts of a network give what the whole gives, and their gradients are autograd's."""

import numpy as np
import pytest
import torch

from visualizer.errors import VisualizerError
from visualizer.runtime.graph import INPUT, SOFTMAX
from visualizer.runtime.model import Model, load_model
from visualizer.runtime.segment import between, tail

CASES = [
    ("lenet5", "3"),  # nothing beside it
    ("resnet_cifar10", "layer2.bn1"),  # a shortcut joins behind it
    ("squeezenet1_1", "features.3.expand1x1"),  # a concatenation: every branch needs N pictures
    ("convnext_tiny", "features.5.3.block.2"),  # held as (height, width, channels)
    ("mobilenet_v3_small", "features.6.block.2.fc1"),  # squeeze-and-excitation
]


def batch(model: Model, count: int = 1) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.standard_normal((count, *model.spec.input_shape), dtype=np.float32)


@pytest.mark.parametrize("backend", ["torch", "onnx"])
@pytest.mark.parametrize(("name", "layer"), CASES)
def test_a_tail_gives_the_whole_networks_logits(name: str, layer: str, backend: str) -> None:
    model = load_model(name, "cpu", backend, weights=None)
    part = tail(model.graph, layer)
    values = model.values(batch(model), [*part.sources, model.logits])
    (found,) = model.evaluate(part, [values[source] for source in part.sources])
    scale = np.abs(values[model.logits]).max()
    assert np.abs(found - values[model.logits]).max() <= 1e-4 * scale
    assert part.sources[0] == layer


@pytest.mark.parametrize("backend", ["torch", "onnx"])
@pytest.mark.parametrize(("name", "layer"), CASES)
def test_one_picture_beside_a_batch_serves_all(name: str, layer: str, backend: str) -> None:
    """Three versions of one layer's values, the parallel branches those of the one picture."""
    model = load_model(name, "cpu", backend, weights=None)
    part = tail(model.graph, layer)
    values = model.values(batch(model), part.sources)
    versions = values[layer] * np.array([1, 1e6, 0], np.float32)[:, None, None, None]
    beside = [values[source] for source in part.sources[1:]]
    (together,) = model.evaluate(part, [versions, *beside])
    for position in range(3):
        (alone,) = model.evaluate(part, [versions[position : position + 1], *beside])
        assert together[position] == pytest.approx(alone[0], rel=1e-3, abs=1e-5)
    assert np.abs(together[1] - together[2]).max() > 1e-3 * np.abs(together).max()


@pytest.mark.parametrize(("name", "layer"), CASES)
def test_gradients_are_those_of_a_hook_on_the_plain_network(name: str, layer: str) -> None:
    model = load_model(name, "cpu", "torch", weights=None)
    inputs = torch.from_numpy(batch(model))
    found = {}

    def keep(_module: torch.nn.Module, _given: object, output: torch.Tensor) -> None:
        output.retain_grad()
        found["output"] = output

    hook = model.module.get_submodule(layer).register_forward_hook(keep)
    model.module(inputs)[0, 3].backward()
    hook.remove()
    gradient = found["output"].grad
    assert gradient is not None
    expected = gradient.permute(0, 3, 1, 2) if model.layer(layer).channels_last else gradient

    part = tail(model.graph, layer)
    values = model.values(inputs, part.sources)
    cotangent = np.zeros((1, *model.layer(model.logits).output_shape), np.float32)
    cotangent[0, 3] = 1
    _, ours = model.pull_back(part, [values[source] for source in part.sources], cotangent)
    assert np.abs(ours - expected.numpy()).max() <= 1e-5 * float(expected.abs().max())
    assert float(expected.abs().max()) > 0


def test_pulling_back_leaves_the_network_as_it_was() -> None:
    model = load_model("resnet_cifar10", "cpu", "torch", weights=None)
    model.module.train()
    modes = [part.training for part in model.module.modules()]
    statistics = [buffer.clone() for buffer in model.module.buffers()]
    part = tail(model.graph, "layer1.conv1")
    values = [model.values(batch(model), part.sources)[source] for source in part.sources]
    model.pull_back(part, values, np.ones((1, 10, 1, 1), np.float32))
    with pytest.raises(RuntimeError):
        model.pull_back(part, values, np.ones((1, 7, 1, 1), np.float32))
    assert [part.training for part in model.module.modules()] == modes
    assert all(parameter.grad is None for parameter in model.module.parameters())
    for buffer, before in zip(model.module.buffers(), statistics, strict=True):
        assert torch.equal(buffer, before)


def test_half_precision_is_handed_over_and_taken_back() -> None:
    model = load_model("lenet5", "cpu", "torch", weights=None)
    part = between(model.graph, (INPUT,), ("3",))
    (exact,) = model.evaluate(part, [batch(model)])
    model.module.to(torch.bfloat16)
    (coarse,) = model.evaluate(part, [batch(model)])
    assert coarse.dtype == np.float32
    assert 0 < np.abs(coarse - exact).max() <= 0.03 * np.abs(exact).max()


def test_only_what_lies_between_runs() -> None:
    model = load_model("lenet5", "cpu", "torch", weights=None)
    names = [layer.name for layer in model.graph.layers]
    part = between(model.graph, ("2",), ("6",))
    assert part.steps == tuple(names[names.index("2") + 1 : names.index("6") + 1])


def test_what_cannot_be_computed_is_said() -> None:
    graph = load_model("resnet_cifar10", "cpu", "torch", weights=None).graph
    with pytest.raises(VisualizerError, match=r"cannot be computed from layer2\.conv1 alone"):
        between(graph, ("layer2.conv1",), ("layer2.add",))
    with pytest.raises(VisualizerError, match="fc does not depend on softmax"):
        tail(graph, SOFTMAX)
