"""How a network's probability follows one number: the angle, the shift, the brightness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.drawn import (
    as_batch,
    as_resized,
    in_batches,
    probabilities,
    seen_part,
    settled_target,
)
from visualizer.errors import VisualizerError
from visualizer.runtime.augmentation.axes import Axis, find_axis
from visualizer.runtime.model import Model
from visualizer.runtime.picture import PictureSource, Pixels, read_picture

Array = NDArray[np.float32]
VALUES_MOST = 361


@dataclass(frozen=True)
class ResponseCurve:
    """A network's answers along one axis.

    Shapes: values, probability of ``target`` and most probable class ``top``, all (n,).
    """

    title: str
    target: int
    values: NDArray[np.float64]
    probability: Array
    top: NDArray[np.int64]

    @property
    def agreement(self) -> float:
        """Tell at what share of the values the target stays the most probable class."""
        return float((self.top == self.target).mean())


@dataclass(frozen=True)
class Point:
    """One value of a curve, at its place among all."""

    position: int
    value: float
    probability: float
    top: int


def response_curve(
    model: Model,
    picture: PictureSource,
    transform: str,
    values: Sequence[float],
    target: int | None = None,
    *,
    framing: str = "crop",
) -> ResponseCurve:
    """Change a picture by each value and measure the probability of ``target``.

    The picture is resized as the network resizes it, then changed, then cut: pixels of a blur are
    the network's. ``transform`` names an axis: ``rotate.angle``, ``affine.right``,
    ``jitter.brightness``, ``blur.sigma`` … or the transform alone for its first. ``target=None``
    takes the class that is most probable for the untouched picture.

    Raises:
        UnknownNameError: no such axis; all are listed.
        VisualizerError: no values, too many, one outside the axis, or no such class.
        PictureError: the file is no picture.
    """
    axis = named_axis(transform)
    pixels = read_picture(picture)
    target = untouched_target(model, pixels, target, framing)
    points = list(curve_points(model, pixels, axis, values, target, framing=framing))
    return ResponseCurve(
        axis.title,
        target,
        np.array([point.value for point in points]),
        np.array([point.probability for point in points], np.float32),
        np.array([point.top for point in points]),
    )


def named_axis(name: str) -> Axis:
    """Find an axis by ``transform.parameter``, or by the transform alone."""
    transform, _, parameter = name.partition(".")
    return find_axis(transform, parameter)


def untouched_target(model: Model, pixels: Pixels, target: int | None, framing: str) -> int:
    """Settle the class that a curve or an agreement is about."""
    shares = probabilities(model, as_batch(model, [pixels], framing))[0]
    return settled_target(model, shares, target)


def curve_points(
    model: Model,
    pixels: Pixels,
    axis: Axis,
    values: Sequence[float],
    target: int,
    *,
    framing: str = "crop",
) -> Iterator[Point]:
    """Yield the points of a curve in order, run in batches that fit a slice of time.

    Raises: as :func:`response_curve`.
    """
    if not 1 <= len(values) <= VALUES_MOST:
        raise VisualizerError(
            f"A curve of {len(values)} values is not measured; give 1 to {VALUES_MOST}."
        )
    resized = as_resized(model, pixels, framing)
    change = axis.on(resized, seen_part(model, resized, framing))
    changed = (change(float(value)) for value in values)
    position = 0
    for _, shares in in_batches(model, changed, framing):
        for row in shares:
            value = float(values[position])
            yield Point(position, value, float(row[target]), int(row.argmax()))
            position += 1
