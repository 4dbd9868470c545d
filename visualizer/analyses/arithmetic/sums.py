"""Weighted sums: convolution, fully connected, scale."""

from __future__ import annotations

import numpy as np

from visualizer.analyses.arithmetic.place import (
    Arithmetic,
    Numbers,
    Patch,
    Place,
    cell_patch,
    patch,
)
from visualizer.analyses.arithmetic.wording import WRITTEN_OUT, number, number_of, plus, products


def convolution(place: Place) -> Arithmetic:
    """Add input times weight over the channels of the cell's group and the kernel's cells.

    Source: PyTorch, ``Conv2d``; Dumoulin & Visin, arXiv:1603.07285.
    """
    (source,) = place.sources
    given, own = place.layer.attributes, place.own()
    per_group = source.output_shape[0] // given["groups"]
    first = place.channel // (place.layer.output_shape[0] // given["groups"]) * per_group
    rows, columns = (
        start * stride - padding + dilation * np.arange(size)
        for start, stride, padding, dilation, size in zip(
            (place.row, place.column),
            *(given[name] for name in ("stride", "padding", "dilation", "kernel_size")),
            strict=True,
        )
    )
    channels = range(first, first + per_group)
    return summed(patch(place, source, channels, rows, columns, own["weight"]), own.get("bias"))


def linear(place: Place) -> Arithmetic:
    """Add input times weight over all channels of one cell.

    Source: PyTorch, ``Linear``.
    """
    (source,) = place.sources
    own = place.own()
    channels = range(source.output_shape[0])
    weights = own["weight"][:, None, None]
    return summed(
        patch(place, source, channels, [place.row], [place.column], weights), own.get("bias")
    )


def scale(place: Place) -> Arithmetic:
    """Multiply by the channel's own learned factor (layer scale).

    Source: Touvron et al., ICCV 2021, arXiv:2103.17239, equation 4.
    """
    (source,) = place.sources
    (name,) = place.layer.weights
    return summed(cell_patch(place, source, float(place.weights(name, place.channel).item())), None)


def summed(read: Patch, given_bias: Numbers | None) -> Arithmetic:
    """Put a patch into a sum of products, plus a bias where there is one."""
    bias = None if given_bias is None else float(given_bias)
    total = float(read.products.sum())
    value = total + (bias or 0.0)
    if read.inputs.size <= WRITTEN_OUT:
        left = products(read.inputs.flat, read.weights.flat) + plus(bias)
    else:
        channels, height, width = read.inputs.shape
        over = number_of(channels, "channel")
        if height * width > 1:
            over += f" × {height} × {width} cells"
        left = f"Σ input · weight over {over}"
        if bias is not None:
            left += f" + bias ≈ {number(total)}{plus(bias)}"
    return Arithmetic("sum", (read,), value, f"{left} ≈ {number(value)}", adds=True, bias=bias)
