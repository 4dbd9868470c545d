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
    known_class,
    probabilities,
    seen_part,
)
from visualizer.errors import VisualizerError
from visualizer.runtime.augmentation.axes import Axis, find_axis
from visualizer.runtime.model import Model
from visualizer.runtime.picture import PictureSource, Pixels, read_picture

Array = NDArray[np.float32]
VALUES_MOST = 361
KEPT_BYTES = 64 * 2**20


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


class Changes:
    """A picture changed by each value of an axis, drawn once for all networks that see it alike.

    Raises:
        VisualizerError: no values, or too many.
    """

    def __init__(self, pixels: Pixels, axis: Axis, values: Sequence[float]) -> None:
        if not 1 <= len(values) <= VALUES_MOST:
            raise VisualizerError(
                f"A curve of {len(values)} values is not measured; give 1 to {VALUES_MOST}."
            )
        self.pixels, self.axis, self.values = pixels, axis, [float(value) for value in values]
        self._kept: dict[tuple[object, ...], list[Pixels]] = {}
        self._bytes = 0

    def seen_by(self, model: Model, framing: str) -> Iterator[Pixels]:
        """Yield the pictures in the values' order, as far as they matter to a network."""
        spec = model.spec
        alike = spec.input_shape[1:], spec.resize, spec.interpolation, framing
        if len(self._kept.get(alike, ())) == len(self.values):
            yield from self._kept[alike]
            return
        resized = as_resized(model, self.pixels, framing)
        change = self.axis.on(resized, seen_part(model, resized, framing))
        made = self._kept[alike] = []
        for value in self.values:
            picture = change(value)
            self._bytes += picture.nbytes
            if self._bytes <= KEPT_BYTES:
                made.append(picture)
            yield picture


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
    changes = Changes(pixels, axis, values)
    target = untouched_target(model, pixels, target, framing)
    points = list(curve_points(model, changes, target, framing=framing))
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
    """Settle the class that a curve or an agreement is about.

    Raises:
        VisualizerError: there is no such class.
    """
    if target is not None:
        return known_class(model, target)
    return int(probabilities(model, as_batch(model, [pixels], framing))[0].argmax())


def curve_points(
    model: Model, changes: Changes, target: int, *, framing: str = "crop"
) -> Iterator[Point]:
    """Yield the points of a curve in order, as they are measured.

    Raises:
        VisualizerError: a value is outside the axis.
    """
    places = enumerate(changes.values)
    for _, shares in in_batches(model, changes.seen_by(model, framing), framing):
        for row, (position, value) in zip(shares, places, strict=False):
            yield Point(position, value, float(row[target]), int(row.argmax()))
