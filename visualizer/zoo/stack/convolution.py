"""Layers that slide kernels: the full convolution, and its two halves."""

from __future__ import annotations

from torch import nn

from visualizer.zoo.stack.record import (
    Cost,
    Kind,
    MisfitError,
    Parameter,
    Settings,
    Shape,
    number,
    refuse_vector,
)

FAMILY = "Convolutions"
CHANNELS = Parameter("channels", "Channels", 1, 512, 16, counts_classes=True, leading=True)
KERNEL = Parameter("kernel", "Kernel", 1, 11, 3, leading=True)
STRIDE = Parameter("stride", "Stride", 1, 4, 1)
PADDING = Parameter("padding", "Padding", 0, 5, 0)
BIAS = Parameter("bias", "Bias", 0, 1, 1, flag=True)


def slid(title: str, settings: Settings, shape: Shape) -> tuple[int, int]:
    """Count a window's positions, rows and columns: ``floor((i + 2p - k) / s) + 1``.

    Raises:
        MisfitError: the window is larger than the padded maps.

    Source: Dumoulin & Visin, arXiv:1603.07285, relationship 6.
    """
    refuse_vector(title, shape)
    kernel, stride = number(settings, "kernel"), number(settings, "stride")
    padding = int(settings.get("padding", 0))
    least = min(shape[1:])
    if kernel > least + 2 * padding:
        room = f"with a border of {padding} " if padding else ""
        border = -(-(kernel - least) // 2)
        ways = [f"a kernel of at most {least + 2 * padding}"]
        if "padding" in settings and border <= min(kernel // 2, PADDING.high):
            ways.append(f"padding={border}")
        raise MisfitError(
            f"A window of {kernel} × {kernel} cells does not fit maps of {shape[1]} × {shape[2]} "
            f"{room}(height × width).",
            f"Choose {' or '.join(ways)}, or take out a layer before it that makes maps smaller.",
        )
    height, width = ((size + 2 * padding - kernel) // stride + 1 for size in shape[1:])
    return height, width


def _conv_shape(settings: Settings, shape: Shape) -> Shape:
    return number(settings, "channels"), *slid("Convolution", settings, shape)


def _conv(settings: Settings, shape: Shape) -> nn.Module:
    return nn.Conv2d(
        shape[0],
        number(settings, "channels"),
        number(settings, "kernel"),
        number(settings, "stride"),
        number(settings, "padding"),
        bias=bool(settings["bias"]),
    )


def counted(inputs: int, shape: Shape, kernel: int, bias: bool) -> Cost:
    """Count a convolution with ``inputs`` input channels a filter and this output shape."""
    weights = shape[0] * inputs * kernel**2
    cells = shape[1] * shape[2]
    return Cost(weights + shape[0] * bias, weights * cells, shape[0] * cells)


def _conv_cost(settings: Settings, shape: Shape) -> Cost:
    out = _conv_shape(settings, shape)
    return counted(shape[0], out, number(settings, "kernel"), bool(settings["bias"]))


def _depthwise_shape(settings: Settings, shape: Shape) -> Shape:
    height, width = slid("Depthwise convolution", settings, shape)
    return shape[0], height, width


def _depthwise(settings: Settings, shape: Shape) -> nn.Module:
    return nn.Conv2d(
        shape[0],
        shape[0],
        number(settings, "kernel"),
        number(settings, "stride"),
        number(settings, "padding"),
        groups=shape[0],
        bias=bool(settings["bias"]),
    )


def _depthwise_cost(settings: Settings, shape: Shape) -> Cost:
    out = _depthwise_shape(settings, shape)
    return counted(1, out, number(settings, "kernel"), bool(settings["bias"]))


def _pointwise_shape(settings: Settings, shape: Shape) -> Shape:
    refuse_vector("1 × 1 convolution", shape)
    return number(settings, "channels"), shape[1], shape[2]


def _pointwise(settings: Settings, shape: Shape) -> nn.Module:
    return nn.Conv2d(shape[0], number(settings, "channels"), 1, bias=bool(settings["bias"]))


def _pointwise_cost(settings: Settings, shape: Shape) -> Cost:
    return counted(shape[0], _pointwise_shape(settings, shape), 1, bool(settings["bias"]))


KINDS = (
    Kind(
        "conv",
        "Convolution",
        "Each filter looks at all channels of a small window and makes one map.",
        _conv_shape,
        _conv,
        (CHANNELS, KERNEL, STRIDE, PADDING, BIAS),
        _conv_cost,
        FAMILY,
    ),
    Kind(
        "depthwise",
        "Depthwise convolution",
        "One kernel for each channel, never mixing them: far fewer multiplications.",
        _depthwise_shape,
        _depthwise,
        (KERNEL, STRIDE, PADDING, BIAS),
        _depthwise_cost,
        FAMILY,
    ),
    Kind(
        "pointwise",
        "1 × 1 convolution",
        "Mixes the channels of each cell, never looking at its neighbours.",
        _pointwise_shape,
        _pointwise,
        (CHANNELS, BIAS),
        _pointwise_cost,
        FAMILY,
    ),
)
