"""The small networks: the same as published ones where these are published."""

import pytest
import torch

from visualizer.errors import StackError, UnknownNameError
from visualizer.zoo import lenet5, vgg_fashion
from visualizer.zoo.stack import (
    NETWORKS,
    Network,
    build_stack,
    describe_stack,
    find_network,
    parse_stack,
)

RESNET20 = (
    "conv(16,3,padding=1,bias=no);batchnorm;relu;3*residual(16);residual(32,stride=2);"
    "2*residual(32);residual(64,stride=2);2*residual(64);globalavgpool;flatten;linear(classes)"
)


def totals(text: str, shape: tuple[int, int, int], classes: int = 10) -> tuple[int, int]:
    rows = describe_stack(parse_stack(text), shape, classes)
    assert not any(row.error for row in rows)
    return sum(row.parameters for row in rows), sum(row.macs for row in rows)


@pytest.mark.parametrize(
    ("name", "shape", "parameters", "macs"),
    [
        ("lenet5", (1, 28, 28), 61_706, 416_520),
        ("small_vgg", (1, 28, 28), 147_386, 7_413_248),
        ("small_resnet", (3, 32, 32), 78_042, 12_501_632),
        ("depthwise", (3, 32, 32), 19_114, 3_470_592),
        ("mlp", (1, 28, 28), 266_610, 266_200),
        ("linear", (1, 28, 28), 7_850, 7_840),
    ],
)
def test_sizes(name: str, shape: tuple[int, int, int], parameters: int, macs: int) -> None:
    """Worked by hand: 266,610 = 784·300+300 + 300·100+100 + 100·10+10, LeNet-300-100."""
    assert totals(find_network(name).text, shape) == (parameters, macs)


def test_stacked_blocks_are_the_published_resnet20() -> None:
    """0.27 M parameters (arXiv:1512.03385, table 6) and 40.8 M MACs; with shortcuts of option B.

    By hand: 432 + 32, 3·4,672, then 13,952 + 576 and 2·18,560, then 55,552 + 2,176 and 2·73,984,
    then 650.
    """
    blocks = 3 * 4_672 + 13_952 + 576 + 2 * 18_560 + 55_552 + 2_176 + 2 * 73_984
    parameters, macs = totals(RESNET20, (3, 32, 32))
    assert parameters == 464 + blocks + 650 == 272_474
    assert round(macs / 1e6, 1) == 40.8


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.name)
@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (3, 16, 16)])
def test_every_network_takes_grey_and_colour_and_other_sizes(
    network: Network, shape: tuple[int, int, int]
) -> None:
    made = build_stack(network.stack, shape, 3)
    assert made(torch.zeros(2, *shape)).shape == (2, 3)
    assert parse_stack(network.text) == network.stack
    assert network.sentence.endswith(".")


def test_lenet5_is_the_network_of_the_menu() -> None:
    torch.manual_seed(5)
    ours = build_stack(find_network("lenet5").stack, (1, 28, 28), 10).state_dict()
    torch.manual_seed(5)
    theirs = lenet5.build().state_dict()
    assert list(ours) == list(theirs)
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_small_vgg_is_the_network_of_the_menu() -> None:
    """Seeded alike, in training as in use, one gives what the other gives."""
    torch.manual_seed(5)
    ours = build_stack(find_network("small_vgg").stack, (1, 28, 28), 10).eval()
    torch.manual_seed(5)
    theirs = vgg_fashion.build().eval()
    pictures = torch.randn(3, 1, 28, 28)
    assert torch.equal(ours(pictures), theirs(pictures))


def test_networks_are_found_by_name_or_read_from_text() -> None:
    assert find_network("mlp") is NETWORKS[4]
    own = find_network("flatten;linear(classes)")
    assert (own.name, own.text) == ("own", "flatten;linear(classes)")
    with pytest.raises(UnknownNameError, match=r'called "resnet" to train\. Nearest: small_resnet'):
        find_network("resnet")
    with pytest.raises(StackError, match="Layer 2, nonsense"):
        find_network("flatten;nonsense")
