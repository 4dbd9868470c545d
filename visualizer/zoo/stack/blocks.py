"""Two convolutions as one piece, with a shortcut around them and without."""

from __future__ import annotations

from torch import Tensor, nn

from visualizer.zoo.stack.convolution import counted
from visualizer.zoo.stack.record import (
    Cost,
    Kind,
    Parameter,
    Settings,
    Shape,
    number,
    refuse_vector,
)

FAMILY = "Blocks"
PARAMETERS = (
    Parameter("channels", "Channels", 1, 512, 16, leading=True),
    Parameter("stride", "Stride", 1, 4, 1),
    Parameter("norm", "Batch normalisation", 0, 1, 1, flag=True),
)


class PlainBlock(nn.Module):
    """Two 3 x 3 convolutions one after the other: a residual block without its shortcut.

    Source: He et al., CVPR 2016, arXiv:1512.03385, section 3.3, the plain network.
    """

    def __init__(self, inputs: int, channels: int, stride: int = 1, norm: bool = True) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, padding=1, bias=not norm)
        self.bn1 = nn.BatchNorm2d(channels) if norm else nn.Identity()
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=not norm)
        self.bn2 = nn.BatchNorm2d(channels) if norm else nn.Identity()
        self.relu2 = nn.ReLU()

    def stacked(self, x: Tensor) -> Tensor:
        """Run both convolutions, up to the last nonlinearity."""
        return self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))

    def forward(self, x: Tensor) -> Tensor:
        """Turn (N, C, H, W) into (N, channels, H / stride, W / stride)."""
        return self.relu2(self.stacked(x))


class ResidualBlock(PlainBlock):
    """Two 3 x 3 convolutions and a shortcut around them; a 1 x 1 convolution where sizes change.

    Source: He et al., CVPR 2016, arXiv:1512.03385, equations 1 and 2, shortcuts of option B.
    """

    def __init__(self, inputs: int, channels: int, stride: int = 1, norm: bool = True) -> None:
        super().__init__(inputs, channels, stride, norm)
        self.downsample: nn.Module = nn.Identity()
        if stride != 1 or inputs != channels:
            shortcut: list[nn.Module] = [nn.Conv2d(inputs, channels, 1, stride, bias=not norm)]
            shortcut += [nn.BatchNorm2d(channels)] if norm else []
            self.downsample = nn.Sequential(*shortcut)

    def forward(self, x: Tensor) -> Tensor:
        """Add the shortcut: (N, C, H, W) -> (N, channels, H / stride, W / stride)."""
        return self.relu2(self.stacked(x) + self.downsample(x))


def _shape(settings: Settings, shape: Shape, title: str = "Residual block") -> Shape:
    refuse_vector(title, shape)
    height, width = ((size - 1) // number(settings, "stride") + 1 for size in shape[1:])
    return number(settings, "channels"), height, width


def _plain_shape(settings: Settings, shape: Shape) -> Shape:
    return _shape(settings, shape, "Plain block")


def _given(settings: Settings, shape: Shape) -> tuple[int, int, int, bool]:
    channels, stride = number(settings, "channels"), number(settings, "stride")
    return shape[0], channels, stride, bool(settings["norm"])


def _plain_cost(settings: Settings, shape: Shape) -> Cost:
    inputs, channels, _, norm = _given(settings, shape)
    out = _shape(settings, shape)
    parts = [counted(inputs, out, 3, not norm), counted(channels, out, 3, not norm)]
    return _together(parts, channels, norm, kept=6)


def _residual_cost(settings: Settings, shape: Shape) -> Cost:
    inputs, channels, stride, norm = _given(settings, shape)
    cost = _plain_cost(settings, shape)
    if stride == 1 and inputs == channels:
        return cost
    shortcut = _together(
        [counted(inputs, _shape(settings, shape), 1, not norm)], channels, norm, kept=2
    )
    return Cost(
        cost.parameters + shortcut.parameters,
        cost.macs + shortcut.macs,
        cost.values + shortcut.values,
    )


def _together(parts: list[Cost], channels: int, norm: bool, kept: int) -> Cost:
    """Add convolutions up, each with its normalisation; ``kept`` values a cell for the way back."""
    parameters = sum(part.parameters for part in parts) + 2 * channels * norm * len(parts)
    return Cost(parameters, sum(part.macs for part in parts), kept * parts[0].values)


KINDS = (
    Kind(
        "residual",
        "Residual block",
        "Two 3 × 3 convolutions and a shortcut that adds their input to their output.",
        _shape,
        lambda settings, shape: ResidualBlock(*_given(settings, shape)),
        PARAMETERS,
        _residual_cost,
        FAMILY,
    ),
    Kind(
        "plain",
        "Plain block",
        "The residual block without its shortcut.",
        _plain_shape,
        lambda settings, shape: PlainBlock(*_given(settings, shape)),
        PARAMETERS,
        _plain_cost,
        FAMILY,
    ),
)
