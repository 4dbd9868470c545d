"""Stacks with their shapes: every row, every misfit, every parameter counted a second way."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from visualizer.errors import StackError
from visualizer.runtime.graph import trace
from visualizer.runtime.onnx_backend import OnnxBackend
from visualizer.runtime.segment import logits
from visualizer.runtime.torch_backend import TorchBackend
from visualizer.zoo.stack import build_stack, describe_stack, parse_stack
from visualizer.zoo.stack.blocks import PlainBlock, ResidualBlock

EVERY = (
    "conv(8,3,padding=1);batchnorm;relu;depthwise(3,stride=2,padding=1);relu6;pointwise(12);tanh;"
    "residual(12);residual(16,stride=2,norm=no);plain(16);plain(12,norm=no);gelu;"
    "maxpool(3,stride=1);silu;avgpool(2,stride=1);sigmoid;dropout(0.3);globalavgpool;flatten;"
    "dropout(0.2);linear(20);relu;linear(classes)"
)
UNEVEN = (3, 30, 25)


@pytest.mark.parametrize("shape", [(1, 28, 28), UNEVEN])
def test_shapes_parameters_and_macs_agree_with_pytorch(shape: tuple[int, int, int]) -> None:
    """Shapes by running, parameters by counting arrays, MACs by PyTorch's own counter."""
    stack = parse_stack(EVERY)
    rows = describe_stack(stack, shape, 7)
    network = build_stack(stack, shape, 7).eval()
    values = torch.randn(2, *shape)
    for row, module in zip(rows, network, strict=True):
        with FlopCounterMode(display=False) as counter:
            values = module(values)
        assert row.output_shape == tuple(values.shape[1:]), row.text
        assert row.parameters == sum(one.numel() for one in module.parameters()), row.text
        assert row.macs == counter.get_total_flops() // 2 // len(values), row.text
        assert row.error is None
    assert values.shape == (2, 7)


def test_a_network_can_be_taken_apart() -> None:
    stack = parse_stack(EVERY)
    graph = trace(build_stack(stack, UNEVEN, 7), UNEVEN)
    assert logits(graph) == "22"
    names = {layer.name: layer for layer in graph.layers}
    assert names["7.conv1"].kind == "convolution"
    assert names["7.add"].op == "add"
    assert names["6"].op == "tanh"
    assert "9.add" not in names


def test_both_runtimes_compute_every_kind_of_layer_alike() -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        network = build_stack(parse_stack(EVERY), UNEVEN, 7).eval()
        for parameter in network.parameters():
            nn.init.normal_(parameter, std=0.3)
        batch = torch.randn(2, *UNEVEN).numpy()
    graph = trace(network, UNEVEN)
    names = [layer.name for layer in graph.layers]
    onnx = OnnxBackend(graph, "cpu").run(batch, names)
    torch_ = TorchBackend(graph, torch.device("cpu")).run(batch, names)
    for name in names:
        largest = np.abs(torch_[name]).max() + 1e-6
        assert np.abs(onnx[name] - torch_[name]).max() <= 1e-4 * largest, name


def test_a_network_may_end_with_pooled_maps_of_the_classes() -> None:
    stack = parse_stack("conv(classes,3);globalavgpool;flatten")
    network = build_stack(stack, (1, 9, 9), 4)
    assert network(torch.zeros(2, 1, 9, 9)).shape == (2, 4)


@pytest.mark.parametrize(
    ("text", "place", "error", "way_out"),
    [
        ("conv(16,3);relu;conv(8,11);flatten;linear", 2,
         "A window of 11 × 11 cells does not fit maps of 8 × 10 (height × width).",
         "Choose a kernel of at most 8 or padding=2, or take out a layer"),
        ("conv(4,9,padding=1);conv(4,9);flatten;linear", 1,
         "does not fit maps of 4 × 6", "Choose a kernel of at most 4 or padding=3"),
        ("maxpool(8);maxpool(8)", 1,
         "A window of 8 × 8 cells does not fit maps of 1 × 1", "at most 1, or take out"),
        ("linear(classes)", 0,
         "Fully connected needs values in a row; here come 2 × 10 × 12 (channels × height",
         "Put Flatten, or Global average pooling and Flatten, before it."),
        ("globalavgpool;linear(classes)", 1, "here come 2 × 1 × 1", "Put Flatten before it."),
        ("flatten;conv(3)", 1,
         "Convolution needs maps with height and width; here come 240 values in a row.",
         "Put Convolution before Flatten."),
        ("flatten;batchnorm", 1, "Batch normalisation needs maps",
         "Put Batch normalisation before Flatten."),
        ("flatten;maxpool", 1, "Max pooling needs maps", "Put Max pooling before Flatten."),
        ("flatten;depthwise", 1, "Depthwise convolution needs maps",
         "Put Depthwise convolution before Flatten."),
        ("flatten;pointwise", 1, "1 × 1 convolution needs maps",
         "Put 1 × 1 convolution before Flatten."),
        ("flatten;globalavgpool", 1, "Global average pooling needs maps", "before Flatten."),
        ("flatten;residual", 1, "Residual block needs maps", "Put Residual block before Flatten."),
        ("flatten;plain", 1, "Plain block needs maps", "Put Plain block before Flatten."),
        ("flatten;flatten", 1, "Here come 240 values in a row already.", "Take Flatten out."),
        ("conv(16,3);relu", 1,
         "The network ends with 16 × 8 × 10 (channels × height × width); it needs one value for",
         "End with Flatten and Fully connected (classes), or put Global average pooling before"),
        ("flatten;linear(84)", 1,
         "The network ends with 84 values, and there are 5 classes.",
         "End with Fully connected (classes)."),
        ("conv(512,3,padding=1);conv(512,3);flatten;linear", 1,
         "Up to here the network has 2,369,536 parameters; the limit is 2,000,000.",
         "Use fewer channels or values"),
        ("conv(500,3,padding=1);conv(400,3,padding=1);flatten;linear", 1,
         "multiplications a picture; the limit is 50,000,000.", "make the maps smaller earlier"),
        ("globalavgpool;10*pointwise(500);flatten;linear", 9,
         "parameters; the limit", "fewer channels"),
    ],
)  # fmt: skip
def test_a_misfit_is_placed_and_told(text: str, place: int, error: str, way_out: str) -> None:
    stack = parse_stack(text)
    rows = describe_stack(stack, (2, 10, 12), 5)
    assert [row.place for row in rows if row.error] == [place]
    assert error in str(rows[place].error)
    assert way_out in str(rows[place].way_out)
    assert all(row.output_shape is not None for row in rows[:place])
    assert all(row.output_shape is None for row in rows[place + 1 :])
    with pytest.raises(StackError) as raised:
        build_stack(stack, (2, 10, 12), 5)
    assert str(raised.value).startswith(f"Layer {place + 1}, {stack[place].text}: ")
    assert str(rows[place].way_out) in str(raised.value)


def test_what_a_misfit_proposes_fits() -> None:
    for text in ("conv(16,3);relu;conv(8,8);flatten;linear",
                 "conv(16,3);relu;conv(8,11,padding=2);flatten;linear",
                 "linear(classes)".replace("linear", "flatten;linear"),
                 "linear(classes)".replace("linear", "globalavgpool;flatten;linear")):  # fmt: skip
        assert not any(row.error for row in describe_stack(parse_stack(text), (2, 10, 12), 5))


def test_a_network_with_nothing_to_learn_is_refused() -> None:
    rows = describe_stack(parse_stack("flatten"), (1, 2, 2), 4)
    assert rows[0].error == "No layer has parameters, so there is nothing to learn."
    with pytest.raises(StackError, match=r"Add Fully connected \(classes\)"):
        build_stack(parse_stack("flatten"), (1, 2, 2), 4)


def test_memory_is_limited_too() -> None:
    rows = describe_stack(parse_stack("conv(128,1);12*relu;flatten;linear"), (1, 32, 32), 10)
    assert [row.place for row in rows if row.error] == [11]
    assert "values a picture to keep for the way back" in str(rows[11].error)


def test_a_residual_block_adds_its_input_and_a_plain_one_does_not() -> None:
    """With all weights 0 the residual block passes positive input on, the plain one nothing."""
    values = torch.rand(2, 4, 5, 7)
    for norm in (True, False):
        blocks: list[nn.Module] = [ResidualBlock(4, 4, norm=norm), PlainBlock(4, 4, norm=norm)]
        for block in blocks:
            for parameter in block.parameters():
                nn.init.zeros_(parameter)
            block.eval()
        assert torch.equal(blocks[0](values), values)
        assert torch.count_nonzero(blocks[1](values)) == 0
    assert ResidualBlock(4, 6, 2)(values).shape == PlainBlock(4, 6, 2)(values).shape == (2, 6, 3, 4)
