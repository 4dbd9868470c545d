"""512 channels from array to what the browser gets: ours against a matplotlib grid."""

from __future__ import annotations

import gzip
import io
import os
import platform
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
import matplotlib.pyplot as plt

from visualizer.analyses.feature_maps import overview
from visualizer.ui.container import container
from visualizer.ui.http import GZIP_LEVEL

TRIALS, SLOW_TRIALS = 25, 3


def ours(maps: np.ndarray) -> bytes:
    """Summarise, quantise, pack and compress."""
    seen = overview(maps)
    shown = seen.values if seen.cells is None else seen.cells
    arrays: dict[str, Any] = {"minimum": seen.minimum, "maximum": seen.maximum, "mean": seen.mean,
              "zeros": seen.zeros, "cells": shown}  # fmt: skip
    return gzip.compress(container({}, arrays), GZIP_LEVEL)


def grid(maps: np.ndarray) -> bytes:
    """Draw one small picture per channel, as most notebooks do."""
    figure, axes = plt.subplots(16, 32, figsize=(16, 8))
    for axis, channel in zip(axes.flat, maps, strict=True):
        axis.imshow(channel, cmap="viridis")
        axis.axis("off")
    file = io.BytesIO()
    figure.savefig(file, format="png")
    plt.close(figure)
    return file.getvalue()


def timed(run: Callable[[], bytes], trials: int) -> tuple[float, int]:
    """Give the median in milliseconds and the size of the result."""
    result = run()
    times_ms = []
    for _ in range(trials):
        start = time.perf_counter()
        run()
        times_ms.append(1000 * (time.perf_counter() - start))
    return statistics.median(times_ms), len(result)


def main() -> None:
    """Print times, sizes and the ratio for two shapes."""
    rng = np.random.default_rng(0)
    for side in (14, 28):
        maps = np.maximum(rng.standard_normal((512, side, side), dtype=np.float32), 0)
        ours_ms, ours_bytes = timed(partial(ours, maps), TRIALS)
        grid_ms, grid_bytes = timed(partial(grid, maps), SLOW_TRIALS)
        print(
            f"512 x {side} x {side}: {ours_ms:.1f} ms, {ours_bytes} bytes; matplotlib "
            f"{grid_ms:.0f} ms, {grid_bytes} bytes; {grid_ms / ours_ms:.0f} times faster"
        )
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, NumPy {np.__version__}, "
        f"matplotlib {mpl.__version__}; {TRIALS} and {SLOW_TRIALS} trials"
    )


if __name__ == "__main__":
    main()
