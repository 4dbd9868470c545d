"""Receptive fields against the published table and against gradients in double precision."""

import pytest
import torch
from torch import nn

from visualizer.analyses.receptive_field import COLUMNS, ROWS, receptive_field, receptive_intervals
from visualizer.errors import GeometryError, UnknownNameError
from visualizer.runtime.graph import Graph, trace
from visualizer.runtime.model import load_model

# Size, step from cell to cell, first row of cell 0: counted by float64 gradients for each network;
# AlexNet's and VGG-16's sizes also in Araujo, Norris & Sim, Distill 2019.
PUBLISHED = [
    ("lenet5", "3", 14, 2, -2),
    ("lenet5", "5", 16, 4, -2),
    ("efficientnet_lite0", "conv_head", 851, 32, -394),
    ("alexnet", "features.10", 163, 16, -66),
    ("googlenet", "inception5b.branch4.1.conv", 379, 32, -167),
    ("resnet18", "layer4.1.conv2", 435, 32, -217),
    ("resnet50", "layer4.2.conv3", 427, 32, -213),
    ("densenet121", "features.denseblock4.denselayer16.conv2", 2071, 32, -1021),
    ("squeezenet1_1", "classifier.1", 207, 16, -88),
]


@pytest.mark.parametrize(("name", "layer", "size", "step", "first"), PUBLISHED)
def test_published_sizes(name: str, layer: str, size: int, step: int, first: int) -> None:
    model = load_model(name, weights=None)
    assert receptive_field(model, layer, 0, 1) == (first, first + step, size, size)
    assert receptive_field(model, layer, 3, 2) == (first + 3 * step, first + 2 * step, size, size)


class Branches(nn.Module):
    """A dilated branch beside a shortcut, unlike kernels and strides on the two axes."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, 4, (5, 3), stride=(2, 1), padding=(1, 0))
        self.wide = nn.Conv2d(4, 4, 3, padding=4, dilation=4)
        self.pool = nn.AvgPool2d(3, stride=2)
        self.last = nn.Conv2d(8, 4, (1, 3), padding=(0, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Join a convolution with its own dilated successor, then flatten."""
        x = self.stem(x)
        x = torch.cat([x, self.wide(x)], 1)
        return torch.flatten(self.last(self.pool(x)), 1)


def gradient_box(
    graph: Graph, layer: str, row: int, column: int, shape: tuple[int, ...]
) -> list[int]:
    """Find which input pixels move one cell, by the sum of absolute derivatives over channels."""
    module = graph.module.double()
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, *shape, dtype=torch.float64, generator=generator, requires_grad=True)
    kept: dict[str, torch.Tensor] = {}
    owner = module.get_submodule(layer)
    hook = owner.register_forward_hook(lambda _m, _i, output: kept.update(value=output))
    module(x)
    hook.remove()
    touched = torch.zeros(shape[1:], dtype=torch.bool)
    for channel in range(kept["value"].shape[1]):
        (gradient,) = torch.autograd.grad(
            kept["value"][0, channel, row, column], x, retain_graph=True
        )
        touched |= (gradient[0] != 0).any(0)
    rows, columns = touched.any(1).nonzero(), touched.any(0).nonzero()
    return [int(rows.min()), int(columns.min()), int(rows.max()), int(columns.max())]


@pytest.mark.parametrize(
    ("layer", "row", "column"),
    [
        ("stem", 0, 0),
        ("stem", 10, 3),
        ("wide", 4, 4),
        ("wide", 6, 11),
        ("last", 2, 3),
        ("last", 2, 4),
    ],
)
def test_true_through_branches_on_a_non_square_input(layer: str, row: int, column: int) -> None:
    """The box, cut at the border, is just what gradients reach."""
    shape = (1, 23, 18)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        graph = trace(Branches(), shape)
    top, bottom = receptive_intervals(graph, layer, ROWS)[row]
    left, right = receptive_intervals(graph, layer, COLUMNS)[column]
    box = [max(top, 0), max(left, 0), min(bottom, 22), min(right, 17)]
    assert gradient_box(graph, layer, row, column, shape) == box


def test_behind_a_flatten_everything_is_seen() -> None:
    model = load_model("lenet5", weights=None)
    # 5 x 5 cells, 4 apart, 16 wide: rows -2 .. 4 * 4 - 2 + 15 = 29
    assert receptive_field(model, "7", 0, 0) == (-2, -2, 32, 32)


def test_a_cell_outside_the_map_names_the_limits() -> None:
    model = load_model("lenet5", weights=None)
    with pytest.raises(GeometryError, match=r"10 x 10: rows 0 to 9, columns 0 to 9"):
        receptive_field(model, "3", 10, 0)
    with pytest.raises(UnknownNameError, match="no layer 'conv3'"):
        receptive_field(model, "conv3", 0, 0)
