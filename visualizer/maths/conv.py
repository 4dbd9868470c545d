"""Convolution (the kernel is not flipped) and transposed convolution, channel by channel.

Sides are given top, right, bottom, left; pairs are rows, then columns; one number stands for all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import GeometryError

Array = NDArray[np.float64]
Pair = int | Sequence[int]  # rows, columns
Sides = int | Sequence[int]  # top, right, bottom, left
MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def pair(value: Pair) -> tuple[int, int]:
    """Read one number for both axes, or rows and columns."""
    rows, columns = (value, value) if isinstance(value, int) else value
    return rows, columns


def sides(value: Sides) -> tuple[tuple[int, int], tuple[int, int]]:
    """Read padding as ((top, bottom), (left, right))."""
    top, right, bottom, left = (value,) * 4 if isinstance(value, int) else value
    return (top, bottom), (left, right)


def output_size(
    input_size: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int = 1,
    ceil: bool = False,
) -> int:
    """Count a kernel's positions along one axis: ``floor((i + 2p - d(k-1) - 1) / s) + 1``.

    Units: cells; ``padding`` is added on each side, or (before, after). With ``ceil`` a last
    window that hangs over the end counts too, unless it begins behind the input (PyTorch's rule).

    Raises:
        GeometryError: the dilated kernel is longer than the padded input.

    Source: Dumoulin & Visin, arXiv:1603.07285, relationship 15.
    """
    before, after = (padding, padding) if isinstance(padding, int) else padding
    extent = dilation * (kernel_size - 1) + 1
    padded = input_size + before + after
    if extent > padded:
        raise GeometryError(
            f"A kernel spanning {extent} cells does not fit {padded} (input {input_size}, "
            f"padding {before} + {after}). Shrink the kernel or raise the padding by "
            f"{extent - padded}."
        )
    if not ceil:
        return (padded - extent) // stride + 1
    size = -(-(padded - extent) // stride) + 1
    return size - 1 if (size - 1) * stride >= input_size + before else size


def transposed_size(
    input_size: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int = 1,
    output_padding: int = 0,
) -> int:
    """Count the cells that stamps fill: ``(i - 1) s - 2p + d(k-1) + 1``, and output padding.

    Raises:
        GeometryError: the padding cuts everything away.

    Source: Dumoulin & Visin, arXiv:1603.07285, relationship 14.
    """
    before, after = (padding, padding) if isinstance(padding, int) else padding
    stamped = (input_size - 1) * stride + dilation * (kernel_size - 1) + 1 + output_padding
    if stamped - before - after < 1:
        raise GeometryError(
            f"Padding {before} + {after} cuts away all {stamped} cells of the result. "
            f"Lower it by {1 - stamped + before + after}."
        )
    return stamped - before - after


def pad(image: Array, padding: Sides, mode: str = "zeros") -> Array:
    """Put cells around each channel: zeros, or copies of the image's own.

    Shapes: (C, H, W) -> (C, H + top + bottom, W + left + right).

    Raises:
        GeometryError: the mode is unknown, or has too few cells to copy.
    """
    if mode not in MODES:
        raise GeometryError(f"There is no padding {mode!r}; there are {', '.join(MODES)}.")
    around = sides(padding)
    for size, both in zip(image.shape[1:], around, strict=True):
        most = {"reflect": size - 1, "circular": size}.get(mode, max(both))
        if max(both) > most:
            raise GeometryError(
                f"Padding {max(both)} is too much for {size} cells: {mode} allows at most {most}."
            )
    padded: Array = np.pad(image, ((0, 0), *around), mode=MODES[mode])  # type: ignore[call-overload]  # the mode is one of MODES
    return padded


def windows(
    image: Array, kernel: tuple[int, int], *, stride: Pair = 1, dilation: Pair = 1
) -> Array:
    """Cut out what the kernel sees at each position: (C, H, W) -> (C, oH, oW, kH, kW)."""
    (down, across), (tall, wide) = pair(stride), pair(dilation)
    extent = (tall * (kernel[0] - 1) + 1, wide * (kernel[1] - 1) + 1)
    view = np.lib.stride_tricks.sliding_window_view(image, extent, axis=(1, 2))
    return view[:, ::down, ::across, ::tall, ::wide]


def conv2d(
    image: Array,
    weights: Array,
    bias: Array | None = None,
    *,
    stride: Pair = 1,
    padding: Sides = 0,
    dilation: Pair = 1,
    groups: int = 1,
    mode: str = "zeros",
) -> Array:
    """Slide every filter over its group of channels, multiplying and adding.

    Shapes: image (C, H, W), weights (K, C / groups, kH, kW), bias (K,) -> (K, oH, oW).

    Raises:
        GeometryError: the kernel or the groups do not fit.
    """
    _check_groups(image.shape[0], weights, groups)
    for axis, around in enumerate(sides(padding)):
        output_size(
            image.shape[axis + 1],
            weights.shape[axis + 2],
            padding=around,
            dilation=pair(dilation)[axis],
        )
    padded = pad(image, padding, mode)
    seen = windows(padded, weights.shape[2:], stride=stride, dilation=dilation)
    sums = [
        np.einsum("chwyx,kcyx->khw", channels, filters)
        for channels, filters in zip(np.split(seen, groups), np.split(weights, groups), strict=True)
    ]
    return _biased(np.concatenate(sums), bias)


def conv_transpose2d(
    image: Array,
    weights: Array,
    bias: Array | None = None,
    *,
    stride: Pair = 1,
    padding: Sides = 0,
    dilation: Pair = 1,
    groups: int = 1,
    output_padding: Pair = 0,
) -> Array:
    """Let every input value stamp a scaled copy of its kernels; overlaps add up.

    Shapes: image (C, H, W), weights (C, K / groups, kH, kW), bias (K,) -> (K, oH, oW); padding
    cuts cells off.

    Raises:
        GeometryError: the groups do not fit, or the padding cuts everything away.
    """
    _check_transposed(image.shape[0], weights, groups)
    size = _transposed_shape(image, weights, stride, padding, dilation, output_padding)
    (top, bottom), (left, right) = sides(padding)
    canvas = np.zeros((weights.shape[1] * groups, size[0] + top + bottom, size[1] + left + right))
    (down, across), (tall, wide) = pair(stride), pair(dilation)
    (height, width), (kernel_height, kernel_width) = image.shape[1:], weights.shape[2:]
    products = np.concatenate(
        [
            np.einsum("chw,ckyx->khwyx", channels, kernels)
            for channels, kernels in zip(
                np.split(image, groups), np.split(weights, groups), strict=True
            )
        ]
    )
    for y in range(kernel_height):
        rows = slice(y * tall, y * tall + (height - 1) * down + 1, down)
        for x in range(kernel_width):
            columns = slice(x * wide, x * wide + (width - 1) * across + 1, across)
            canvas[:, rows, columns] += products[..., y, x]
    return _biased(canvas[:, top : top + size[0], left : left + size[1]], bias)


def conv_transpose2d_by_zeros(
    image: Array,
    weights: Array,
    bias: Array | None = None,
    *,
    stride: Pair = 1,
    padding: Sides = 0,
    dilation: Pair = 1,
    groups: int = 1,
    output_padding: Pair = 0,
) -> Array:
    """Insert zeros between the cells and around them, then convolve with the turned kernel.

    Shapes and errors are those of :func:`conv_transpose2d`, and so is the result.

    Source: Dumoulin & Visin, arXiv:1603.07285, section 4.
    """
    _check_transposed(image.shape[0], weights, groups)
    size = _transposed_shape(image, weights, stride, padding, dilation, output_padding)
    (top, _), (left, _) = sides(padding)
    (down, across), (tall, wide) = pair(stride), pair(dilation)
    lead = (tall * (weights.shape[2] - 1) - top, wide * (weights.shape[3] - 1) - left)
    stuffed = np.zeros(
        (
            image.shape[0],
            size[0] + tall * (weights.shape[2] - 1),
            size[1] + wide * (weights.shape[3] - 1),
        )
    )
    for row in range(image.shape[1]):
        for column in range(image.shape[2]):
            y, x = lead[0] + row * down, lead[1] + column * across
            if 0 <= y < stuffed.shape[1] and 0 <= x < stuffed.shape[2]:
                stuffed[:, y, x] = image[:, row, column]
    turned = np.concatenate(
        [part.swapaxes(0, 1) for part in np.split(weights[:, :, ::-1, ::-1], groups)]
    )
    return conv2d(stuffed, turned, bias, dilation=dilation, groups=groups)


def _transposed_shape(
    image: Array,
    weights: Array,
    stride: Pair,
    padding: Sides,
    dilation: Pair,
    output_padding: Pair,
) -> tuple[int, int]:
    rows, columns = (
        transposed_size(
            image.shape[axis + 1],
            weights.shape[axis + 2],
            stride=pair(stride)[axis],
            padding=sides(padding)[axis],
            dilation=pair(dilation)[axis],
            output_padding=pair(output_padding)[axis],
        )
        for axis in (0, 1)
    )
    return rows, columns


def _check_groups(channels: int, weights: Array, groups: int) -> None:
    filters, read = weights.shape[:2]
    if filters % groups or read * groups != channels:
        raise GeometryError(
            f"{filters} filters that read {read} channels each, in {groups} groups, do not fit "
            f"{channels} channels. Let the groups divide both, and each filter read "
            "channels / groups."
        )


def _check_transposed(channels: int, weights: Array, groups: int) -> None:
    if weights.shape[0] != channels or channels % groups:
        raise GeometryError(
            f"Weights for {weights.shape[0]} channels in {groups} groups do not fit {channels} "
            "channels. Give one set of kernels for each channel, in groups that divide them."
        )


def _biased(sums: Array, bias: Array | None) -> Array:
    return sums if bias is None else sums + bias[:, np.newaxis, np.newaxis]
