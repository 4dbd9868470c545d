"""The caller's part of a heatmap: classes, layers, batches, precision, what is left behind."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import visualizer as vz
from visualizer.analyses.cam import METHODS, find
from visualizer.analyses.cam.method import weighted_sum
from visualizer.analyses.evidence import ClassScore, Evidence, needed_layers
from visualizer.analyses.heatmap import heat_steps, rescale
from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.graph import INPUT, trace
from visualizer.runtime.model import Model, load_model
from visualizer.runtime.torch_backend import TorchBackend
from visualizer.zoo import find as find_model

NAMES = [method.id for method in METHODS]
SHADES = np.array([[0, 51, 102], [153, 204, 255]], np.uint8)  # 0, 0.2 ... 1 of white
PICTURE = np.repeat(SHADES[:, :, None], 3, axis=2)
PHOTO = np.random.default_rng(0).integers(0, 256, (41, 37, 3), dtype=np.uint8)


def toy(classifier: list[list[float]], kernels: tuple[float, float] = (1, 2)) -> Model:
    """Two channels, the picture times ``kernels``; their averages times ``classifier``."""
    module: Any = nn.Sequential(
        nn.Conv2d(1, 2, 1, bias=False), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, 10)
    )
    weights = np.zeros((10, 2), np.float32)
    weights[: len(classifier)] = classifier
    module[0].weight.data[:] = torch.tensor(kernels).reshape(2, 1, 1, 1)
    module[3].weight.data[:] = torch.from_numpy(weights)
    module[3].bias.data[:] = 0
    module.eval()
    spec = replace(
        find_model("lenet5"), input_shape=(1, 2, 3), mean=(0.0,), std=(1.0,), cam_layer="0"
    )
    graph = trace(module, spec.input_shape)
    backend = TorchBackend(graph, torch.device("cpu"))
    return Model(spec, module, graph, backend, backend, "cpu", "toy")


def raw(model: Model, method: str, target: int, against: int | None = None) -> np.ndarray:
    """Give the map before it is rescaled, on the non-square toy's picture."""
    layer = model.spec.cam_layer
    batch = model.preprocess(PICTURE, "stretch").numpy()
    values = model.values(batch, [INPUT, *needed_layers(model, layer)])
    evidence = Evidence(model, layer, values, ClassScore((target,), against))
    *_, last = heat_steps(find(method), evidence)
    return last.heat[0]


def test_by_hand_from_the_picture_to_the_map() -> None:
    """Channels x and 2x, class 1 reads 3 and -1: CAM 3x - 2x = x; gradients are a sixth of it."""
    model = toy([[0, 0], [3, -1]])
    x = SHADES / 255
    assert raw(model, "cam", 1) == pytest.approx(x, abs=1e-6)
    assert raw(model, "grad-cam", 1) == pytest.approx(x / 6, abs=1e-6)
    # y = 3 · 0.5 - 1 · 1 = 0.5; without channel 0 it is -1, without channel 1 it is 1.5
    # weights (0.5 + 1) / 0.5 = 3 and (0.5 - 1.5) / 0.5 = -2: 3x - 4x, below 0
    assert not raw(model, "ablation-cam", 1).any()
    shown = vz.cam(model, PICTURE, target=1, framing="stretch")
    assert shown == pytest.approx(x, abs=1e-6)  # as large as the input: nothing to enlarge
    assert shown.dtype == np.float32


def test_a_class_against_another_is_the_difference_of_their_maps() -> None:
    model = toy([[1, 0.5], [3, -1]])
    apart = raw(model, "cam", 1) - raw(model, "cam", 0)
    assert raw(model, "cam", 1, against=0) == pytest.approx(apart, abs=1e-6)
    assert np.array_equal(
        vz.cam(model, PICTURE, "cam", target=1, against=0, framing="stretch"),
        rescale(raw(model, "cam", 1, against=0)),
    )


def test_the_most_probable_class_is_the_default() -> None:
    model = load_model("lenet5")
    digit = vz.sample("digit_3")
    assert np.array_equal(vz.cam(model, digit), vz.cam(model, digit, target=3))
    assert not np.array_equal(vz.cam(model, digit), vz.cam(model, digit, target=8))


def test_an_inner_map_is_enlarged_to_the_input_bilinearly() -> None:
    model = load_model("resnet_cifar10")
    shown = vz.cam(model, PHOTO, target=3, layer="layer2.bn1")
    assert shown.shape == (32, 32)
    batch = model.preprocess(PHOTO).numpy()
    values = model.values(batch, [INPUT, *needed_layers(model, "layer2.bn1")])
    evidence = Evidence(model, "layer2.bn1", values, ClassScore((3,)))
    *_, last = heat_steps(find("grad-cam"), evidence)
    enlarged = torch.nn.functional.interpolate(
        torch.from_numpy(last.heat[None]), size=(32, 32), mode="bilinear"
    )[0, 0].numpy()
    assert shown == pytest.approx(enlarged / enlarged.max(), abs=1e-5)


@pytest.mark.parametrize("backend", ["torch", "onnx"])
@pytest.mark.parametrize("name", NAMES)
def test_batches_give_what_each_gives_alone(name: str, backend: str) -> None:
    model = load_model("resnet_cifar10", backend=backend)
    pictures: list[Any] = [PHOTO, PHOTO[::-1], vz.sample("chelsea")]
    together = vz.cam(model, pictures, name, target=[3, 5, 3])
    assert together.shape == (3, 32, 32)
    for picture, target, found in zip(pictures, [3, 5, 3], together, strict=True):
        assert vz.cam(model, picture, name, target=target) == pytest.approx(found, abs=2e-4)
    classes = vz.cam(model, PHOTO, name, target=[3, 5])
    assert classes[0] == pytest.approx(together[0], abs=2e-4)
    assert classes[1] == pytest.approx(vz.cam(model, PHOTO, name, target=5), abs=2e-4)


@pytest.mark.parametrize("layer", ["layer3.bn2", None])
@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[pytest.mark.slow] * (n == "score-cam")) for n in NAMES]
)
def test_half_precision_gives_nearly_the_same(name: str, layer: str | None) -> None:
    if name == "cam" and layer is not None:
        pytest.skip("there is more than a classifier behind this layer")
    if name == "score-cam":
        layer = "conv1" if layer else "relu"  # a run of the whole network for each channel
    model, half = load_model("resnet_cifar10"), load_model("resnet_cifar10")
    half.module.half()
    expected = vz.cam(model, vz.sample("chelsea"), name, layer=layer)
    found = vz.cam(half, vz.sample("chelsea"), name, layer=layer)
    assert found.dtype == np.float32
    assert abs(found - expected).max() < 0.05
    assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.999


@pytest.mark.parametrize("name", NAMES)
def test_again_is_the_same_and_nothing_is_left_behind(name: str) -> None:
    model = load_model("resnet_cifar10")
    model.module.train()
    model.module.get_submodule("layer1").eval()
    for parameter in model.module.parameters():
        parameter.requires_grad_(False)  # frozen ones, which some packages cannot read
    before = traces(model.module)
    first, second = (vz.cam(model, PHOTO, name, target=2) for _ in range(2))
    assert np.array_equal(first, second)
    assert traces(model.module) == before
    with pytest.raises(VisualizerError):
        vz.cam(model, PHOTO, name, target=10)
    model.module.fc.weight.data = torch.zeros(3, 3)  # type: ignore[union-attr]
    with pytest.raises(Exception, match=r"mat1|shape|size|dimension"):
        vz.cam(model, PHOTO, name, target=2)  # breaks in the middle of a run
    assert traces(model.module) == before


def traces(module: nn.Module) -> list[object]:
    """Count hooks, and note modes and gradients."""
    return [
        [len(part._forward_hooks) + len(part._backward_hooks) for part in module.modules()],
        [part.training for part in module.modules()],
        [parameter.grad is None for parameter in module.parameters()],
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"target": 10}, r"Class 10 is outside LeNet-5, which knows 10: 0 to 9"),
        ({"target": -1}, r"Class -1 is outside"),
        ({"target": 1, "against": 10}, r"Class 10 is outside"),
        ({"target": 1, "against": 1}, r"against itself"),
        ({"target": []}, r"0 targets do not fit"),
        ({"layer": "fc"}, r"no layer 'fc'"),
        ({"layer": "input"}, r"not a layer. Choose one behind it"),
        ({"layer": "7"}, r"no places left: its output is 120 single values"),
        ({"layer": "softmax"}, r"no places left"),
        ({"method": "grad"}, r"Nearest: grad-cam"),
        ({"method": "cam"}, r"global average pooling"),
    ],
)
def test_what_cannot_be_asked_gets_one_sentence(options: dict[str, object], words: str) -> None:
    with pytest.raises(VisualizerError, match=words) as caught:
        vz.cam(load_model("lenet5"), PHOTO, **options)  # type: ignore[arg-type]
    assert len(str(caught.value)) < 260


def test_lists_that_do_not_fit_are_refused() -> None:
    model = load_model("lenet5")
    with pytest.raises(VisualizerError, match="2 targets do not fit the number of pictures, 3"):
        vz.cam(model, [PHOTO] * 3, target=[1, 2])
    with pytest.raises(VisualizerError, match="no picture in the list"):
        vz.cam(model, [])
    with pytest.raises(UnknownNameError):
        vz.cam(model, PHOTO, "saliency")


def test_no_evidence_is_a_zero_map() -> None:
    model = toy([[0, 0], [-3, -1]])
    assert not raw(model, "grad-cam", 1).any()
    assert not vz.cam(model, PICTURE, target=1, framing="stretch").any()


def test_what_rounding_leaves_of_a_zero_is_not_stretched() -> None:
    """0.9 x - 0.3 · 3x is 0, but float32 has up to 6e-8 left, which rescaling would make 1."""
    model = toy([[0, 0], [0.9, -0.3]], kernels=(1, 3))
    x = (SHADES / 255).astype(np.float32)
    left = weighted_sum(np.array([[[[0.9]], [[-0.3]]]], np.float32), np.stack([x, 3 * x])[None])
    assert 0 < abs(left).max() < 1e-7
    assert not raw(model, "cam", 1).any()
    assert not vz.cam(model, PICTURE, "cam", target=1, framing="stretch").any()


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_network_gives_no_number(name: str) -> None:
    model = load_model("resnet_cifar10")
    broken: Any = model.module
    broken.fc.weight.data[:] = float("nan")
    shown = vz.cam(model, PHOTO, name, target=1)
    assert np.isnan(shown).all() or name == "eigen-cam"


def test_a_negative_score_keeps_supporters_positive() -> None:
    """Class 1 reads -3 and 1: y = -1.5 + 1 = -0.5, channel 1 supports it, its map shows."""
    model = toy([[0, 0], [-3, 1]])
    # without channel 0: 1, so (-0.5 - 1) / 0.5 = -3; without channel 1: -1.5, so 1 / 0.5 = 2
    x = SHADES / 255
    assert raw(model, "ablation-cam", 1) == pytest.approx(-3 * x + 2 * 2 * x, abs=1e-6)


@pytest.fixture(scope="module")
def onnx() -> Model:
    return load_model("resnet_cifar10", "cpu", "onnx")


@pytest.mark.parametrize("name", NAMES)
def test_both_runtimes_agree(name: str, onnx: Model) -> None:
    model = load_model("resnet_cifar10", "cpu", "torch")
    for layer in ("layer2.bn1", "layer3.add", None):
        if name == "cam" and layer is not None:
            continue
        expected = vz.cam(model, PHOTO, name, target=4, layer=layer)
        assert vz.cam(onnx, PHOTO, name, target=4, layer=layer) == pytest.approx(expected, abs=1e-3)
