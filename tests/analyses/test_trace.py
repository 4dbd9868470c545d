"""Every value of every network, worked out again from its inputs and weights."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

import visualizer as vz
from visualizer.analyses.arithmetic import RULES, work_out
from visualizer.analyses.explanation import explain
from visualizer.errors import GeometryError, UnknownNameError
from visualizer.runtime.graph import Layer, trace
from visualizer.runtime.model import Model
from visualizer.runtime.onnx_export import EMIT
from visualizer.runtime.torch_backend import TorchBackend
from visualizer.zoo import MODELS, find

Maps = dict[str, NDArray[np.float32]]
QUICK = ("lenet5", "vgg_fashion", "resnet_cifar10", "squeezenet1_1", "mobilenet_v3_small")
NAMES = [
    spec.name if spec.name in QUICK else pytest.param(spec.name, marks=pytest.mark.slow)
    for spec in MODELS
]


def stir(module: nn.Module) -> None:
    """Give normalisations and scales numbers that tell them apart; new ones hold 0 and 1."""
    generator = torch.Generator().manual_seed(5)
    norms = (nn.BatchNorm2d, nn.LayerNorm)
    owners = [part for part in module.modules() if isinstance(part, norms)]
    with torch.no_grad():
        for part in owners:
            for name, value in [*part.named_parameters(), *part.named_buffers()]:
                if name in ("weight", "running_var"):
                    value.uniform_(0.6, 1.4, generator=generator)
                elif value.is_floating_point():
                    value.normal_(0, 0.1, generator=generator)
        for name, value in module.named_parameters():
            if name.endswith("layer_scale"):
                value.uniform_(0.1, 0.9, generator=generator)


def observed(model: Model, picture: Any) -> Maps:
    names = [layer.name for layer in model.graph.layers]
    values = model.values(model.preprocess(picture), names)
    return {name: value[0] for name, value in values.items()}


def cells(layer: Layer, rng: np.random.Generator, count: int = 3) -> list[tuple[int, int, int]]:
    """Two opposite corners, and some cells at random."""
    channels, height, width = layer.output_shape
    corners = [(0, 0), (height - 1, width - 1)]
    drawn = [(int(rng.integers(height)), int(rng.integers(width))) for _ in range(count)]
    return [(int(rng.integers(channels)), *cell) for cell in [*corners, *drawn]]


def check_every_layer(model: Model, maps: Maps, seed: int = 0) -> None:
    rng = np.random.default_rng(seed)
    for layer in model.graph.layers:
        largest = float(np.abs(maps[layer.name]).max())
        assert np.isfinite(largest), layer.name
        for channel, row, column in cells(layer, rng):
            place = (layer.name, channel, row, column)
            work = work_out(model, maps.__getitem__, *place)
            own = float(maps[layer.name][channel, row, column])
            assert work.value == pytest.approx(own, abs=1e-4 * largest + 1e-30), place
            if work.adds:
                total = sum(float(patch.products.sum()) for patch in work.patches)
                assert total + (work.bias or 0) == pytest.approx(work.value, rel=1e-9, abs=1e-9)
            for name, *cell, value in list(work.cells())[:200]:
                assert maps[name][tuple(cell)] == value


@pytest.mark.parametrize("name", NAMES)
def test_every_layer_of_every_network_is_worked_out_again(name: str) -> None:
    model = vz.load_model(name, device="cpu", weights=None)
    stir(model.module)
    picture = np.random.default_rng(1).integers(0, 256, (310, 342, 3), dtype=np.uint8)
    check_every_layer(model, observed(model, picture))


@pytest.mark.parametrize(
    ("name", "sample"),
    [
        ("lenet5", "digit_3"),
        ("resnet_cifar10", "chelsea"),
        pytest.param("efficientnet_lite0", "chelsea", marks=pytest.mark.slow),
    ],
)
def test_trained_networks_too(name: str, sample: str) -> None:
    model = vz.load_model(name, device="cpu")
    check_every_layer(model, observed(model, vz.sample(sample)), seed=2)


class Rarities(nn.Module):
    """What the networks on offer do not have: unlike axes, two groups, cut windows, large eps."""

    def __init__(self) -> None:
        super().__init__()
        self.pad = nn.ZeroPad2d((1, 2, 3, 0))
        self.conv = nn.Conv2d(3, 4, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 3))
        self.grouped = nn.Conv2d(4, 6, 3, groups=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(6, affine=False, eps=0.2)
        self.tanh_gelu = nn.GELU(approximate="tanh")
        self.cut = nn.AvgPool2d((3, 2), stride=2, padding=1, ceil_mode=True)
        self.cut_max = nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True)
        self.layer_norm = nn.LayerNorm(16, eps=0.2)
        self.mix = nn.Linear(16, 7)
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Sigmoid())
        self.adaptive = nn.AdaptiveAvgPool2d((2, 3))
        self.plain = nn.Linear(7 * 2 * 3, 5, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Pass through all of them; join unlike widths, two of them one and the same."""
        narrow = self.conv(self.pad(x))
        x = self.tanh_gelu(self.norm(self.grouped(narrow)))
        x = torch.cat([x, narrow, x + x], 1)
        x = self.mix(self.layer_norm(torch.permute(x, (0, 2, 3, 1)))).permute(0, 3, 1, 2)
        x = self.cut_max(self.cut(x))
        return self.plain(torch.flatten(self.adaptive(x * self.gate(x)), 1))


def own_network(module: nn.Module, shape: tuple[int, int, int]) -> Model:
    spec = replace(find("resnet_cifar10"), input_shape=shape, resize=min(shape[1:]))
    graph = trace(module.eval(), shape)
    backend = TorchBackend(graph, torch.device("cpu"))
    return Model(spec, module, graph, backend, backend, "cpu", "untrained")


@pytest.mark.parametrize("shape", [(3, 20, 27), (3, 23, 16), (3, 17, 24)])
def test_settings_that_no_network_on_offer_has(shape: tuple[int, int, int]) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        model = own_network(Rarities(), shape)
    stir(model.module)
    batch = torch.rand(1, *shape, generator=torch.Generator().manual_seed(1))
    values = model.values(batch, [layer.name for layer in model.graph.layers])
    for seed in range(5):
        check_every_layer(model, {name: one[0] for name, one in values.items()}, seed)


def test_terms_of_a_convolution_by_hand() -> None:
    """1 x 2 - 3 x 1 + 0.5: the window leaves the map on two sides, stride 2, padding 1."""
    module = nn.Sequential(nn.Conv2d(1, 1, 2, stride=2, padding=1), nn.Flatten())
    with torch.no_grad():
        weight, bias = module[0].parameters()
        weight[:] = torch.tensor([[[[7.0, 5.0], [2.0, -1.0]]]])
        bias[:] = 0.5
    model = own_network(module, (1, 3, 3))
    maps = {"input": np.array([[[9, 8, 7], [6, 5, 4], [3, 2, 1]]], np.float32)}
    corner = work_out(model, maps.__getitem__, "0", 0, 0, 0)
    assert corner.value == -9 + 0.5
    assert corner.formula == "0 · 7 + 0 · 5 + 0 · 2 + 9 · (−1) + 0.5 ≈ −8.5"
    inner = work_out(model, maps.__getitem__, "0", 0, 1, 1)
    assert inner.value == 5 * 7 + 4 * 5 + 2 * 2 + 1 * -1 + 0.5
    assert [cell[1:] for cell in inner.cells()] == [
        (0, 1, 1, 5.0), (0, 1, 2, 4.0), (0, 2, 1, 2.0), (0, 2, 2, 1.0)
    ]  # fmt: skip


FORMULAS: list[tuple[str, Callable[[torch.Tensor], torch.Tensor]]] = [
    ("relu", functional.relu),
    ("relu6", functional.relu6),
    ("silu", functional.silu),
    ("hardswish", functional.hardswish),
    ("hardsigmoid", functional.hardsigmoid),
    ("sigmoid", torch.sigmoid),
    ("tanh", torch.tanh),
    ("gelu", functional.gelu),
]


@pytest.mark.parametrize(("op", "theirs"), FORMULAS)
def test_activations_on_every_branch(
    op: str, theirs: Callable[[torch.Tensor], torch.Tensor]
) -> None:
    layers = {"relu": nn.ReLU, "relu6": nn.ReLU6, "silu": nn.SiLU, "hardswish": nn.Hardswish,
              "hardsigmoid": nn.Hardsigmoid, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh,
              "gelu": nn.GELU}  # fmt: skip
    module = nn.Sequential(layers[op](), nn.Flatten(), nn.Linear(12, 2))
    model = own_network(module, (1, 3, 4))
    numbers = [-1e4, -90.0, -3.1, -3.0, -0.7, 0.0, 0.3, 2.9, 3.0, 6.5, 90.0, float("nan")]
    maps = {"input": np.array(numbers, np.float32).reshape(1, 3, 4)}
    expected = theirs(torch.from_numpy(maps["input"]).double())[0].tolist()
    for row in range(3):
        for column in range(4):
            work = work_out(model, maps.__getitem__, "0", 0, row, column)
            assert work.value == pytest.approx(expected[row][column], rel=1e-6, nan_ok=True)
    assert "not a number" in work.formula


def test_softmax_of_large_logits() -> None:
    """Exp(1000) overflows; the shares of 1000 and 1001 are 1 / (1 + e) and e / (1 + e)."""
    module = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    model = own_network(module, (1, 2, 2))
    maps = {"1": np.array([1000, 1001], np.float32).reshape(2, 1, 1)}
    assert work_out(model, maps.__getitem__, "softmax", 0, 0, 0).value == pytest.approx(0.26894142)
    assert work_out(model, maps.__getitem__, "softmax", 1, 0, 0).value == pytest.approx(0.73105858)


def test_values_that_are_no_numbers_do_no_harm() -> None:
    model = vz.load_model("squeezenet1_1", device="cpu", weights=None)
    for bad in (np.nan, np.inf):
        maps = {
            layer.name: np.full(layer.output_shape, bad, np.float32) for layer in model.graph.layers
        }
        for layer in model.graph.layers:
            record = explain(model, maps.__getitem__, layer.name, 0, 0, 0).record()
            assert record["value"] is None
            assert record["formula"]


def test_a_trace_leads_from_a_probability_to_pixels() -> None:
    model = vz.load_model("lenet5", device="cpu")
    picture = vz.sample("digit_3")
    step = vz.trace(model, picture, "softmax", 3)
    path = []
    while step.layer != "input":
        assert step.recomputed == pytest.approx(step.value, rel=1e-4, abs=1e-6)
        if step.terms:
            total = sum(term.product for term in step.terms) + (step.bias or 0)
            assert total == pytest.approx(step.recomputed, rel=1e-9)
        strongest = max(step.inputs, key=lambda cell: cell.value)
        path.append(step.layer)
        following = vz.trace(
            model, picture, strongest.layer, strongest.channel, strongest.row, strongest.column
        )
        assert following.value == strongest.value
        step = following
    assert path == ["softmax", *map(str, range(11, -1, -1))]
    pixel = model.preprocess(picture)[0, 0, step.row, step.column]
    assert step.value == pytest.approx(float(pixel))
    assert step.constants["pixel"] == round((float(pixel) * 0.3081 + 0.1307) * 255)


def test_padding_is_a_term_without_a_cell() -> None:
    model = vz.load_model("lenet5", device="cpu", weights=None)
    found = vz.trace(model, np.full((28, 28, 3), 255, np.uint8), "0", 2, 0, 27)
    assert len(found.terms) == 25
    assert len(found.inputs) == 9
    assert all(term.product == 0 for term in found.terms if term.cell is None)
    assert [term.cell for term in found.terms if term.cell] == list(found.inputs)
    assert found.inputs[0] == type(found.inputs[0])("input", 0, 0, 25, found.terms[10].value)


def test_cells_outside_name_the_limits() -> None:
    model = vz.load_model("lenet5", device="cpu", weights=None)
    picture = np.zeros((28, 28, 3), np.uint8)
    for cell in ((16, 0, 0), (0, 10, 0), (0, 0, 10), (-1, 0, 0)):
        with pytest.raises(GeometryError, match=r"channels 0 to 15, rows 0 to 9, columns 0 to 9"):
            vz.trace(model, picture, "3", *cell)
    with pytest.raises(UnknownNameError, match="no layer 'conv3'"):
        vz.trace(model, picture, "conv3", 0, 0, 0)


def test_every_step_that_can_be_run_has_its_arithmetic() -> None:
    assert RULES.keys() == EMIT.keys() | {"input"}
