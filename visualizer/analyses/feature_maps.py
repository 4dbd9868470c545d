"""Every feature map of a network on a picture, and the small payload that shows a layer at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualizer.runtime.model import Model
from visualizer.runtime.picture import PictureSource

Array = NDArray[np.float32]
EXACT_CELLS = 20_000  # below this, a layer's overview is its values themselves: 80 kB
OVERVIEW_CELLS = 104_000  # above it, maps are averaged block by block until they fit
FINE_LEVELS, COARSE_LEVELS = 256, 64  # 64 levels compress to under six bits and look the same
FINE_CELLS = 64_000


@dataclass(frozen=True)
class LayerSummary:
    """What the strip of layers says of one layer: the share of zeros and the dead channels."""

    zeros: float
    dead: int


@dataclass(frozen=True)
class Overview:
    """A layer's maps at a glance.

    Shapes: ``minimum``, ``maximum``, ``mean``, ``zeros`` (C,) over the exact values; ``cells``
    (C, th, tw) uint8 in ``levels`` steps from each channel's minimum to its maximum, averaged over
    ``pool`` x ``pool`` blocks; or, where ``exact``, ``values`` (C, H, W) themselves.
    """

    minimum: Array
    maximum: Array
    mean: Array
    zeros: Array
    pool: int
    levels: int
    cells: NDArray[np.uint8] | None
    values: Array | None


def feature_maps(
    model: Model,
    picture: PictureSource,
    layers: Sequence[str] | None = None,
    *,
    framing: str = "crop",
) -> dict[str, Array]:
    """Compute what each layer produced: name -> (C, H, W) float32.

    Fully connected and flattened layers come as (C, 1, 1). ``layers=None`` takes all of them.

    Raises:
        UnknownNameError: no such layer; the nearest names are listed.
        PictureError: the file is no picture.
    """
    if layers is None:
        layers = [layer.name for layer in model.layers]
    wanted = [layers] if isinstance(layers, str) else list(layers)
    values = model.values(model.preprocess(picture, framing), wanted)
    return {name: value[0] for name, value in values.items()}


def summarise(maps: Array) -> LayerSummary:
    """Count zeros and dead channels of (C, H, W)."""
    per_channel = np.count_nonzero(maps.reshape(len(maps), -1), axis=1)
    return LayerSummary(
        zeros=1 - float(per_channel.sum()) / maps.size, dead=int((per_channel == 0).sum())
    )


def overview(maps: Array) -> Overview:
    """Put (C, H, W) into few bytes, exact where they are few anyway."""
    channels, height, width = maps.shape
    flat = np.ascontiguousarray(maps).reshape(channels, -1)
    lowest, highest = flat.min(axis=1), flat.max(axis=1)
    zeros = 1 - np.count_nonzero(flat, axis=1).astype(np.float32) / flat.shape[1]
    mean = flat.mean(axis=1, dtype=np.float64).astype(np.float32)
    if flat.size <= EXACT_CELLS:
        return Overview(lowest, highest, mean, zeros, 1, 0, None, maps)
    pool = 1
    while channels * -(-height // pool) * -(-width // pool) > OVERVIEW_CELLS and pool < max(
        height, width
    ):
        pool += 1
    small = block_average(maps, pool)
    levels = FINE_LEVELS if small.size <= FINE_CELLS else COARSE_LEVELS
    return Overview(
        lowest, highest, mean, zeros, pool, levels, quantise(small, lowest, highest, levels), None
    )


def block_average(maps: Array, pool: int) -> Array:
    """Average (C, H, W) over ``pool`` x ``pool`` blocks; a partial block over what it has."""
    if pool == 1:
        return maps
    _, height, width = maps.shape
    tops, lefts = np.arange(0, height, pool), np.arange(0, width, pool)
    sums = np.add.reduceat(np.add.reduceat(maps, tops, axis=1), lefts, axis=2)
    rows = np.diff(np.append(tops, height))[:, None]
    counts = (rows * np.diff(np.append(lefts, width))).astype(np.float32)
    return np.divide(sums, counts, dtype=np.float32)


def quantise(maps: Array, lowest: Array, highest: Array, levels: int) -> NDArray[np.uint8]:
    """Round (C, h, w) to ``levels`` steps between each channel's ``lowest`` and ``highest``.

    A channel of one value, or of values that are not numbers, becomes 0.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        span = highest.astype(np.float64) - lowest
    usable = np.isfinite(span) & (span > 0)
    factor = np.divide(levels - 1, span, where=usable, out=np.zeros_like(span))
    start = np.where(usable, lowest, 0)
    with np.errstate(invalid="ignore", over="ignore"):
        steps = (maps - start[:, None, None]) * factor[:, None, None].astype(np.float32)
    steps = np.nan_to_num(steps, nan=0.0, posinf=levels - 1, neginf=0.0)
    return np.clip(np.rint(steps), 0, levels - 1).astype(np.uint8)
