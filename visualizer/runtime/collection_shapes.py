"""Drawn shapes as a collection: nothing to download, the same on every machine."""

from __future__ import annotations

from visualizer.maths.shapes import SHAPES, draw_shapes
from visualizer.runtime.collection import Collection, collected

COUNT, SIDE, SEED = 1_000, 28, 1_000_000  # a seed that no training draws its pictures from


def shapes() -> Collection:
    """Draw 1,000 shapes, (1000, 28, 28), 200 of each kind."""
    pictures, labels = draw_shapes(COUNT, side=SIDE, seed=SEED)
    return collected(
        pictures,
        name="shapes",
        title="Drawn shapes",
        classes=SHAPES,
        labels=labels,
        suits="shapes",
    )
