"""A network taken apart: names, kinds, values that in-place operations would have overwritten."""

import threading
import time
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from visualizer.runtime.evaluating import evaluating
from visualizer.runtime.graph import trace
from visualizer.runtime.model import load_model
from visualizer.runtime.onnx_backend import OnnxBackend
from visualizer.runtime.torch_backend import TorchBackend
from visualizer.zoo import MODELS, find
from visualizer.zoo.untrained import build_seeded

QUICK = ("lenet5", "vgg_fashion", "resnet_cifar10", "squeezenet1_1", "resnet18")
NAMES = [
    spec.name if spec.name in QUICK else pytest.param(spec.name, marks=pytest.mark.slow)
    for spec in MODELS
]


@pytest.mark.parametrize("name", NAMES)
def test_both_runtimes_agree_on_every_layer(name: str) -> None:
    spec = find(name)
    module = build_seeded(spec, seed=0).eval()
    graph = trace(module, spec.input_shape)
    batch = np.random.default_rng(0).standard_normal((1, *spec.input_shape), dtype=np.float32)
    names = [layer.name for layer in graph.layers]
    assert len(set(names)) == len(names)
    ours = TorchBackend(graph, torch.device("cpu")).run(batch, names)
    theirs = OnnxBackend(graph, "cpu").run(batch, names)
    for layer in graph.layers:
        one, other = ours[layer.name], theirs[layer.name]
        assert one.shape == other.shape == (1, *layer.output_shape)
        scale = np.abs(one).max() + 1e-30
        assert np.abs(one - other).max() / scale < 1e-4, layer.name
    with torch.inference_mode():
        logits = module(torch.from_numpy(batch))
    assert np.allclose(ours[names[-2]][:, :, 0, 0], logits.numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_layers_hold_all_parameters_once(name: str) -> None:
    model = load_model(name, weights=None)
    assert sum(layer.parameters for layer in model.layers) == find(name).parameters


def test_in_place_relu_does_not_reach_the_normalisation_before_it() -> None:
    """With a plain hook, torchvision's in-place ReLU leaves a minimum of 0.0 in bn1."""
    model = load_model("resnet18", weights=None)
    batch = torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(3))
    values = model.values(batch, ["bn1", "relu", "layer1.0.bn2", "layer1.0.add", "layer1.0.relu_1"])
    with torch.inference_mode():
        module: Any = model.module
        expected = module.bn1(module.conv1(batch)).numpy()
    assert expected.min() < -1
    assert np.array_equal(values["bn1"], expected)
    assert np.array_equal(values["relu"], np.maximum(expected, 0))
    assert np.array_equal(values["layer1.0.relu_1"], np.maximum(values["layer1.0.add"], 0))
    assert values["layer1.0.add"].min() < 0


def test_residual_adds_and_concatenations_are_layers() -> None:
    kinds = {layer.name: layer.kind for layer in load_model("resnet18", weights=None).layers}
    assert kinds["layer1.0.add"] == "add"
    assert kinds["layer2.0.downsample.0"] == "convolution"
    squeeze = {layer.name: layer for layer in load_model("squeezenet1_1", weights=None).layers}
    assert squeeze["features.3.cat"].kind == "concatenation"
    assert squeeze["features.3.cat"].inputs == (
        "features.3.expand1x1_activation",
        "features.3.expand3x3_activation",
    )


def test_channels_last_stretches_come_out_channels_first() -> None:
    """ConvNeXt holds (height, width, channels) between its permutes; its layers here never do."""
    model = load_model("convnext_tiny", weights=None)
    batch = torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(0))
    inside = model.layer("features.1.0.block.3")
    assert inside.output_shape == (384, 56, 56)
    values = model.values(batch, ["features.1.0.block.2", "features.1.0.block.3"])
    with torch.inference_mode():
        module: Any = model.module
        linear = module.features[1][0].block[3]
        before = torch.from_numpy(values["features.1.0.block.2"].copy()).permute(0, 2, 3, 1)
        expected = linear(before).permute(0, 3, 1, 2).numpy()
    assert np.allclose(values["features.1.0.block.3"], expected, atol=1e-5)


def test_modes_are_restored_after_success_and_failure() -> None:
    module = nn.Sequential(nn.Conv2d(1, 1, 1), nn.Dropout())
    module.train()
    module[1].eval()
    with evaluating(module):
        assert not module.training
    assert [part.training for part in module.modules()] == [True, True, False]
    with pytest.raises(RuntimeError, match="stop"), evaluating(module):
        raise RuntimeError("stop")
    assert [part.training for part in module.modules()] == [True, True, False]


def test_a_network_in_training_mode_is_still_shown_at_inference() -> None:
    model = load_model("vgg_fashion", weights=None)
    batch = torch.randn(1, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    expected = model.values(batch, ["softmax"])["softmax"]
    model.module.train()
    assert np.array_equal(model.values(batch, ["softmax"])["softmax"], expected)
    assert model.module.training
    assert not model.module._forward_hooks


def test_networks_run_in_one_thread_while_others_are_traced() -> None:
    """torch.fx patches every module of the process while it traces."""
    ends = time.monotonic() + 0.5
    running, faults = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU()).eval(), []
    traced = []

    def trace_all() -> None:
        while time.monotonic() < ends:
            network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(72, 3))
            traced.append(len(trace(network, (1, 8, 8)).layers))

    def run_all() -> None:
        try:
            while time.monotonic() < ends:
                running(torch.zeros(1, 1, 8, 8))
        except NameError as error:
            faults.append(error)

    threads = [threading.Thread(target=work) for work in (trace_all, trace_all, run_all)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert set(traced) == {6}
