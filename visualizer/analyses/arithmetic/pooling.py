"""Pooling: the largest or the mean of a window."""

from __future__ import annotations

import numpy as np

from visualizer.analyses.arithmetic.place import Arithmetic, Cells, Patch, Place, patch
from visualizer.analyses.arithmetic.wording import WRITTEN_OUT, added, number, number_of


def max_pool(place: Place) -> Arithmetic:
    """Take the largest value of the window; padding never wins, the first wins among equals."""
    read = _window(place)
    candidates = np.where(read.inside, read.inputs[0], -np.inf)
    winner = int(candidates.argmax())
    row, column = (int(index) for index in np.unravel_index(winner, candidates.shape))
    value = float(candidates[row, column])
    listed = [float(x) for x in read.inputs[0][read.inside]]
    if len(listed) <= WRITTEN_OUT:
        left = f"max({', '.join(number(x) for x in listed)})"
    else:
        left = f"max of {number_of(len(listed), 'value')}"
    constants = (
        ("winner row", float(read.rows[row])),
        ("winner column", float(read.columns[column])),
    )
    return Arithmetic("max", (read,), value, f"{left} = {number(value)}", constants=constants)


def avg_pool(place: Place) -> Arithmetic:
    """Average a window, padding counted as zeros; what lies beyond the padding is not counted.

    Source: PyTorch, ``AvgPool2d`` with ``count_include_pad``; the last window of ``ceil_mode``
    may leave the padded input and is then cut.
    """
    return _mean(_window(place))


def adaptive_avg_pool(place: Place) -> Arithmetic:
    """Average bin i of o: the cells from floor(i n / o) up to, and without, ceil((i + 1) n / o).

    Source: PyTorch, ``AdaptiveAvgPool2d`` (start and end index).
    """
    (source,) = place.sources
    rows, columns = (
        np.arange(index * size // bins, -(-(index + 1) * size // bins))
        for index, size, bins in zip(
            (place.row, place.column),
            source.output_shape[1:],
            place.layer.output_shape[1:],
            strict=True,
        )
    )
    return _mean(patch(place, source, _own_channel(place), rows, columns))


def _mean(read: Patch) -> Arithmetic:
    count = read.inputs.size
    value = float(read.inputs.sum()) / count
    if count == 1:
        left = number(float(read.inputs.item()))
    elif count <= WRITTEN_OUT:
        left = f"({added([float(x) for x in read.inputs.flat])}) / {count}"
    else:
        left = f"sum of {count:,} values / {count:,} ≈ {number(value * count)} / {count:,}"
    weighted = Patch(
        read.layer,
        read.channels,
        read.rows,
        read.columns,
        read.inputs,
        np.full(read.inputs.shape, 1 / count),
        read.size,
    )
    sign = "=" if count == 1 else "≈"
    constants = (("divisor", float(count)),)
    formula = f"{left} {sign} {number(value)}"
    return Arithmetic("sum", (weighted,), value, formula, adds=True, constants=constants)


def _window(place: Place) -> Patch:
    (source,) = place.sources
    given = place.layer.attributes
    rows, columns = (
        _cells(*numbers)
        for numbers in zip(
            (place.row, place.column),
            source.output_shape[1:],
            *(given[name] for name in ("stride", "padding", "kernel_size")),
            strict=True,
        )
    )
    return patch(place, source, _own_channel(place), rows, columns)


def _cells(index: int, size: int, stride: int, padding: int, kernel_size: int) -> Cells:
    """List the cells of one window along one axis, cut where the padded input ends."""
    start = index * stride - padding
    return np.arange(start, min(start + kernel_size, size + padding))


def _own_channel(place: Place) -> range:
    return range(place.channel, place.channel + 1)
