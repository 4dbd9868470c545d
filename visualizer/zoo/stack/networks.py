"""Small networks that a laptop trains in seconds to minutes."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from visualizer.errors import UnknownNameError
from visualizer.zoo.stack.grammar import Stack, format_stack, parse_stack

OWN = "own"
BY_LAYERS = frozenset(";(*\n")


@dataclass(frozen=True)
class Network:
    """A stack with its story; ``side`` is the input's usual height and width, in cells."""

    name: str
    title: str
    stack: Stack
    side: int
    sentence: str
    source: str

    @property
    def text(self) -> str:
        """Write the stack."""
        return format_stack(self.stack)


LENET5 = (
    "conv(6,5,padding=2);relu;maxpool;conv(16,5);relu;maxpool;"
    "flatten;linear(120);relu;linear(84);relu;linear(classes)"
)
SMALL_VGG = "".join(
    2 * f"conv({width},3,padding=1);batchnorm;relu;" + "maxpool;" for width in (16, 32, 64)
) + ("flatten;linear(128);relu;dropout;linear(classes)")
SMALL_RESNET = (
    "conv(16,3,padding=1,bias=no);batchnorm;relu;residual(16);residual(32,2);residual(64,2);"
    "globalavgpool;flatten;linear(classes)"
)


def _separable(channels: int, stride: int = 1) -> str:
    return (
        f"depthwise(3,{stride},padding=1,bias=no);batchnorm;relu;"
        f"pointwise({channels},bias=no);batchnorm;relu;"
    )


DEPTHWISE = (
    "conv(16,3,padding=1,bias=no);batchnorm;relu;"
    + _separable(32)
    + _separable(64, 2)
    + _separable(64)
    + _separable(128, 2)
    + "globalavgpool;flatten;linear(classes)"
)

NETWORKS = (
    Network(
        "lenet5",
        "LeNet-5",
        parse_stack(LENET5),
        28,
        "Two convolutions, each pooled, and three fully connected layers; today's ReLU and max "
        "pooling.",
        "LeCun et al., Proceedings of the IEEE 86(11), 1998",
    ),
    Network(
        "small_vgg",
        "Small VGG",
        parse_stack(SMALL_VGG),
        28,
        "Pairs of 3 × 3 convolutions; maps halve while channels double.",
        "after Simonyan & Zisserman, ICLR 2015, arXiv:1409.1556, with batch normalisation",
    ),
    Network(
        "small_resnet",
        "Small ResNet",
        parse_stack(SMALL_RESNET),
        32,
        "Eight layers with weights; a shortcut around every two of them.",
        "He et al., CVPR 2016, arXiv:1512.03385, section 4.2 with n = 1, shortcuts of option B",
    ),
    Network(
        "depthwise",
        "Depthwise separable",
        parse_stack(DEPTHWISE),
        32,
        "Each convolution in two: one kernel a channel, then a mix of channels.",
        "after Howard et al., 2017, arXiv:1704.04861",
    ),
    Network(
        "mlp",
        "Multilayer perceptron",
        parse_stack("flatten;linear(300);relu;linear(100);relu;linear(classes)"),
        28,
        "No convolutions: it does not know which pixels are neighbours.",
        "LeCun et al., Proceedings of the IEEE 86(11), 1998, section III.C, with ReLU",
    ),
    Network(
        "linear",
        "Linear classifier",
        parse_stack("flatten;linear(classes)"),
        28,
        "One weight a pixel and class: logistic regression.",
        "LeCun et al., Proceedings of the IEEE 86(11), 1998, section III.C",
    ),
)


def find_network(name_or_text: str) -> Network:
    """Find a network by its name, or read a stack's text as a network of one's own.

    Raises:
        UnknownNameError: no such name.
        StackError: the text cannot be read.
    """
    for network in NETWORKS:
        if network.name == name_or_text:
            return network
    if BY_LAYERS & set(name_or_text):
        stack = parse_stack(name_or_text)
        return Network(OWN, "Own stack", stack, 28, "Built layer by layer.", "")
    names = [network.name for network in NETWORKS]
    wanted = name_or_text.lower().replace("-", "_").replace(" ", "_")
    nearest = get_close_matches(wanted, names, cutoff=0.5)
    hint = f" Nearest: {', '.join(nearest)}." if nearest else ""
    raise UnknownNameError(
        f'There is no network called "{name_or_text[:40]}" to train.{hint} All: '
        f"{', '.join(names)}; or write layers: flatten;linear(classes)."
    )
