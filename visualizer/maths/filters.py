"""Filters as vectors and as signals: how strong, how alike, which frequencies they let through."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import GeometryError

Array = NDArray[Any]


def filter_norms(weights: Array) -> Array:
    """Measure each filter's Euclidean length: the root of the sum of its squared weights.

    Shapes: (out, in, kH, kW) -> (out,).
    """
    return np.sqrt(np.einsum("oikl,oikl->o", weights, weights))


def kernel_norms(weights: Array) -> Array:
    """Measure the Euclidean length of every kernel, one per filter and input channel.

    Shapes: (out, in, kH, kW) -> (out, in).
    """
    return np.sqrt(np.einsum("oikl,oikl->oi", weights, weights))


def cosine_similarity(weights: Array, channel: int) -> Array:
    """Compare every filter with one: the cosine of the angle between them, in [-1, 1].

    Shapes: (out, in, kH, kW) -> (out,). A filter of zeros is like nothing: 0.
    """
    rows = weights.reshape(len(weights), -1)
    lengths = filter_norms(weights)
    products = lengths * lengths[channel]
    return np.divide(rows @ rows[channel], products, out=np.zeros_like(lengths), where=products > 0)


def similarity_chain(weights: Array) -> NDArray[np.int64]:
    """Order filters so that neighbours are alike: after each, the most similar one still left.

    It begins with the strongest filter; among equals the lower index comes first.
    Shapes: (out, in, kH, kW) -> (out,) indices.
    """
    rows = weights.reshape(len(weights), -1)
    lengths = filter_norms(weights)[:, None]
    directions = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    left = np.ones(len(rows), bool)
    order = np.zeros(len(rows), np.int64)
    current = int(lengths[:, 0].argmax())
    for place in range(len(rows)):
        order[place] = current
        left[current] = False
        if place + 1 < len(rows):
            alike = directions @ directions[current]
            current = int(np.where(left, alike, -np.inf).argmax())
    return order


def frequency_response(kernel: Array, size: int = 32) -> Array:
    """Tell how much a kernel passes on of each wave: the magnitude of its Fourier transform.

    ``|sum over a, b of w[a, b] exp(-2 pi i (u a + v b))|`` for u (down) and v (across) of -1/2 to
    1/2 cycles per cell, in steps of 1 / size; frequency 0 lies at [size // 2, size // 2]. Several
    input channels that carry the same wave in unrelated phases add as energies.

    Shapes: (kH, kW) or (in, kH, kW) -> (size, size), >= 0.

    Raises:
        GeometryError: ``size`` is smaller than the kernel.

    Source: Gonzalez & Woods, Digital Image Processing, 4th ed., chapter 4 (the discrete Fourier
    transform of two variables).
    """
    *_, height, width = kernel.shape
    if size < max(height, width):
        raise GeometryError(
            f"{size} frequencies cannot describe a kernel of {height} × {width}. "
            f"Choose {max(height, width)} or more."
        )
    spectrum = np.abs(np.fft.fft2(kernel, s=(size, size), axes=(-2, -1)))
    energy = (spectrum**2).reshape(-1, size, size).sum(axis=0)
    return np.fft.fftshift(np.sqrt(energy))
