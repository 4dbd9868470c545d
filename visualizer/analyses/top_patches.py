"""The patches of real pictures that drive a channel most, and what in them does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.patch_index import KEPT, PatchIndex, Peak, unrectified
from visualizer.analyses.receptive_field import COLUMNS, ROWS, receptive_intervals
from visualizer.maths.receptive_field import Intervals
from visualizer.runtime.collection import Collection
from visualizer.runtime.collection_menu import collection as open_collection
from visualizer.runtime.framing import network_input
from visualizer.runtime.graph import INPUT
from visualizer.runtime.guided import guided_backpropagation
from visualizer.runtime.model import Array, Model
from visualizer.runtime.picture import PictureSource
from visualizer.runtime.segment import between

Box = tuple[int, int, int, int]  # top, left, height, width, in pixels of the network's input
Pictures = Collection | str | Path | bytes | Iterable[PictureSource]
Pixels = NDArray[np.uint8]
STEP_CELLS = 2**25  # values that one step may compute: two pictures through EfficientNet-Lite0
T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True)
class Patch:
    """One picture's answer to a channel: where it is strongest, and what that cell sees.

    Shapes: ``pixels`` (h, w, 3) is the patch as the network sees it; ``guided`` (h, w, C), if asked
    for, is the value's guided gradient by the normalised input, 0 outside the picture.

    ``before`` is ``value`` before the layer's own rectifier, where it is one: ReLU6 ends at 6.

    ``box`` is the receptive field, uncut: it can reach into the padding. ``window`` is what
    ``pixels`` shows of it: the box itself, or the whole input along an axis that it spans; what
    lies outside the picture has the network's mean colour.
    """

    picture: int
    value: float
    row: int
    column: int
    box: Box
    window: Box
    pixels: Pixels
    before: float
    label: str | None = None
    guided: Array | None = None


def top_patches(
    model: Model,
    layer: str,
    channel: int,
    pictures: Pictures,
    k: int = KEPT,
    *,
    framing: str = "crop",
    guided: bool = False,
) -> tuple[Patch, ...]:
    """Find the ``k`` pictures in which a channel is strongest, and cut out what it sees there.

    ``pictures`` is what :func:`visualizer.collection` takes: a list, a folder, a zip, or a name.
    Each picture counts once, by its strongest cell; the strongest picture comes first. Of several
    at ReLU6's ceiling it is the one that was furthest above it, of equal ones the earlier. There
    are fewer than ``k`` where there are fewer pictures.

    Raises:
        UnknownNameError: no such layer or collection; the nearest names are listed.
        CollectionError: there is no picture.
        PictureError: one cannot be read.
        VisualizerError: no such channel, ``k`` below 1, or ``guided`` on a network without ReLU.

    Source: Zeiler & Fergus, ECCV 2014, arXiv:1311.2901, figure 2 (there with transposed
    convolutions and switches in place of guided backpropagation).
    """
    collection = open_collection(pictures)
    index = PatchIndex(model, collection, [layer], kept=k, framing=framing)
    index.top(layer, channel)  # refuses a wrong channel before the work
    while not index.complete:
        index.advance(model, collection)
    found = index.top(layer, channel)
    batch = inputs(model, collection, found, framing)
    patches = cut(model, collection, layer, found, batch)
    if not guided:
        return patches
    gradients = guided_patches(model, layer, channel, patches, batch)
    return tuple(replace(p, guided=g) for p, g in zip(patches, gradients, strict=True))


def inputs(
    model: Model, collection: Collection, found: Sequence[Peak], framing: str = "crop"
) -> Array:
    """Prepare the pictures of some peaks for the network: (N, C, H, W) float32, normalised."""
    made = [network_input(collection.pixels(p.picture), model.spec, framing) for p in found]
    return np.concatenate([np.zeros((0, *model.spec.input_shape), np.float32), *made])


def cut(
    model: Model, collection: Collection, layer: str, found: Sequence[Peak], batch: Array
) -> tuple[Patch, ...]:
    """Cut the patches that belong to peaks of ``layer`` out of their pictures' inputs.

    Shapes: batch (N, C, H, W), one input for each peak.
    """
    rows, columns = (receptive_intervals(model.graph, layer, axis) for axis in (ROWS, COLUMNS))
    _, height, width = model.spec.input_shape
    mean = as_pixels(model, None)
    patches = []
    for peak, picture in zip(found, as_pixels(model, batch), strict=True):
        (top, bottom), (left, right) = rows[peak.row].tolist(), columns[peak.column].tolist()
        first_row, window_height = _window(rows, peak.row, height)
        first_column, window_width = _window(columns, peak.column, width)
        window = (first_row, first_column, window_height, window_width)
        patches.append(
            Patch(
                picture=peak.picture,
                value=peak.value,
                row=peak.row,
                column=peak.column,
                box=(top, left, bottom - top + 1, right - left + 1),
                window=window,
                pixels=_region(picture, window, mean),
                before=peak.before,
                label=collection.label(peak.picture),
            )
        )
    return tuple(patches)


def guided_patches(
    model: Model, layer: str, channel: int, patches: Sequence[Patch], batch: Array
) -> list[Array]:
    """Differentiate each patch's own cell with guided backpropagation, cut to its window.

    Of a rectifier, what it was given is differentiated: at ReLU6's ceiling nothing else is left.

    Shapes: batch (N, C, H, W), the patches' inputs -> N times (h, w, C).

    Raises:
        VisualizerError: the network has smooth activations before ``layer``.
    """
    cotangent = np.zeros((len(patches), *model.layer(layer).output_shape), np.float32)
    for place, patch in enumerate(patches):
        cotangent[place, channel, patch.row, patch.column] = 1
    start, _ = unrectified(model, layer)
    gradients = guided_backpropagation(model, batch, start, cotangent).transpose(0, 2, 3, 1)
    nothing = np.zeros(gradients.shape[-1], np.float32)
    return [
        _region(gradient, patch.window, nothing)
        for gradient, patch in zip(gradients, patches, strict=True)
    ]


def patches_at_once(model: Model, layer: str) -> int:
    """Count the patches whose guided gradients take one short step together."""
    steps = between(model.graph, (INPUT,), (layer,)).steps
    return max(1, STEP_CELLS // sum(model.graph[step].cells for step in steps))


def as_pixels(model: Model, batch: Array | None) -> Pixels:
    """Show normalised inputs again: (N, C, H, W) -> (N, H, W, 3); the mean colour for None: (3,).

    Exact: what the network saw were whole levels from 0 to 255.
    """
    mean, std = np.asarray(model.spec.mean, np.float32), np.asarray(model.spec.std, np.float32)
    shares = mean if batch is None else batch.transpose(0, 2, 3, 1) * std + mean
    levels = np.rint(np.clip(255 * shares, 0, 255)).astype(np.uint8)
    return np.broadcast_to(levels, (*levels.shape[:-1], 3))


def as_colours(guided: Array) -> tuple[Pixels, float]:
    """Show a guided gradient around mid-grey: (h, w, C) -> (h, w, 3), and its greatest amount.

    Grey 128 is 0; the greatest amount of any colour becomes 1 or 255. One channel gives grey.
    """
    most = float(np.abs(guided).max(initial=0))
    shares = guided / most if most > 0 else guided
    levels = np.rint(128 + 127 * shares).astype(np.uint8)
    return np.broadcast_to(levels, (*levels.shape[:-1], 3)), most


def _window(intervals: Intervals, cell: int, size: int) -> tuple[int, int]:
    """Give where along one axis a cell's window starts, and its length, alike for all cells."""
    longest = int((intervals[:, 1] - intervals[:, 0]).max()) + 1
    return (0, size) if longest >= size else (int(intervals[cell, 0]), longest)


def _region(picture: NDArray[T], window: Box, outside: NDArray[T]) -> NDArray[T]:
    """Cut a window out of (H, W, C), ``outside`` (C,) where it leaves the picture."""
    top, left, height, width = window
    made = np.empty((height, width, picture.shape[2]), picture.dtype)
    made[:] = outside
    rows = slice(max(top, 0), min(top + height, picture.shape[0]))
    columns = slice(max(left, 0), min(left + width, picture.shape[1]))
    made[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left] = picture[
        rows, columns
    ]
    return made
