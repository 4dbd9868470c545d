"""Drawn shapes to learn from: circles, squares, triangles, X and O, as many as one wants.

A shape is given by its signed distance: negative inside, and in units of its radius. Half a cell
around distance 0 is the soft, antialiased edge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Distance = Callable[[Array, Array], Array]
Seed = int | tuple[int, ...]

SHAPES = ("circle", "square", "triangle", "X", "O")
STROKE = 0.17  # half the width of a line, in radii
SMALLEST, LARGEST = 0.26, 0.37  # radius, as share of the side
SHIFT = 0.12  # of the middle, to each side, as share of the side
CONTRAST = 0.5  # least distance between the two grey levels, of 1
NOISE = 0.06  # standard deviation, of 1
BLOCK = 500  # pictures drawn at once
TERMS = 4  # uniform bytes whose sum is the noise
SPREAD = (TERMS * (256**2 - 1) / 12) ** 0.5  # standard deviation of their sum


def circle(x: Array, y: Array) -> Array:
    """A disc of radius 1."""
    return np.sqrt(x * x + y * y) - np.float32(1)


def square(x: Array, y: Array) -> Array:
    """A filled square with its corners at distance 1 from the middle."""
    return np.maximum(np.abs(x), np.abs(y)) - np.float32(np.sqrt(0.5))


def triangle(x: Array, y: Array) -> Array:
    """A filled equilateral triangle with its corners at distance 1 from the middle."""
    slanted = np.float32(np.sqrt(0.75)) * np.abs(x) - np.float32(0.5) * y
    return np.maximum(slanted, y) - np.float32(0.5)


def cross(x: Array, y: Array) -> Array:
    """Two lines that cross at right angles."""
    x, y = np.abs(x), np.abs(y)
    return np.maximum(np.maximum(x, y) - np.float32(1), np.minimum(x, y) - np.float32(STROKE))


def ring(x: Array, y: Array) -> Array:
    """A circle's line, its outer radius 1."""
    middle = np.sqrt(x * x + y * y) - np.float32(1 - STROKE)
    return np.abs(middle) - np.float32(STROKE)


DISTANCES: tuple[Distance, ...] = (circle, square, triangle, cross, ring)


@dataclass(frozen=True)
class Placing:
    """Where shapes lie and how bright they are, (n,) each.

    Units: middle and radius in cells, angle in radians, grey levels in [0, 1].
    """

    row: Array
    column: Array
    radius: Array
    angle: Array
    background: Array
    foreground: Array

    def part(self, chosen: slice | NDArray[np.int64]) -> Placing:
        """Take some of them."""
        return Placing(
            self.row[chosen], self.column[chosen], self.radius[chosen],
            self.angle[chosen], self.background[chosen], self.foreground[chosen],
        )  # fmt: skip


def draw_shapes(
    count: int, *, side: int = 28, seed: Seed = 0, noise: float = NOISE
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Draw shapes of random place, size, angle and brightness; as many of each kind as possible.

    Shapes: pictures (count, side, side) uint8, and (count,) indices into ``SHAPES``. Half of the
    pictures are light on dark, half dark on light: no single pixel tells a kind. ``noise`` is the
    standard deviation of nearly Gaussian noise, levels in [0, 1]. The same seed gives the same
    pixels.

    Source: the noise is a sum of uniform numbers (Irwin, Biometrika 19, 1927; Hall, ibid.).
    """
    generator = np.random.default_rng(seed)
    kinds = generator.permutation(np.arange(count, dtype=np.int64) % len(SHAPES))
    placing = place_shapes(count, side, generator)
    pictures = np.empty((count, side, side), dtype=np.uint8)
    for start in range(0, count, BLOCK):
        block = slice(start, start + BLOCK)
        here = placing.part(block)
        levels = covered(kinds[block], here, side)
        levels *= (here.foreground - here.background)[:, None, None]
        levels += here.background[:, None, None]
        if noise:
            levels += _noise(levels.shape, noise, generator)
        levels *= np.float32(255)
        pictures[block] = np.rint(np.clip(levels, 0, 255, out=levels), out=levels)
    return pictures, kinds


def place_shapes(count: int, side: int, generator: np.random.Generator) -> Placing:
    """Draw where shapes lie: all of each is inside the picture."""
    size, down, right, turn, level, polarity = generator.random((6, count), dtype=np.float32)
    middle, room = np.float32((side - 1) / 2), np.float32(side * SHIFT)
    low = np.float32(1 - CONTRAST) * level
    high = low + np.float32(CONTRAST)
    bright = polarity < 0.5
    return Placing(
        row=middle + room * (2 * down - 1),
        column=middle + room * (2 * right - 1),
        radius=np.float32(side) * (SMALLEST + np.float32(LARGEST - SMALLEST) * size),
        angle=np.float32(2 * np.pi) * turn,
        background=np.where(bright, low, high),
        foreground=np.where(bright, high, low),
    )


def covered(kinds: NDArray[np.int64], placing: Placing, side: int) -> Array:
    """Tell how much of each cell a shape covers, in [0, 1].

    Shapes: kinds (n,) and placing of n -> (n, side, side). A cell counts by its middle; the edge
    is one cell wide.
    """
    cells = np.arange(side, dtype=np.float32)
    cover = np.empty((len(kinds), side, side), dtype=np.float32)
    for kind, distance in enumerate(DISTANCES):
        chosen = np.flatnonzero(kinds == kind)
        here = placing.part(chosen)
        radius = here.radius[:, None]
        down, right = (cells - here.row[:, None]) / radius, (cells - here.column[:, None]) / radius
        cos, sin = np.cos(here.angle)[:, None], np.sin(here.angle)[:, None]
        x = (cos * right)[:, None, :] + (sin * down)[:, :, None]
        y = (cos * down)[:, :, None] - (sin * right)[:, None, :]
        inside = distance(x, y)
        inside *= -radius[:, :, None]
        inside += np.float32(0.5)
        cover[chosen] = np.clip(inside, 0, 1, out=inside)
    return cover


def _noise(shape: tuple[int, ...], deviation: float, generator: np.random.Generator) -> Array:
    """Draw noise of mean 0: four times as fast as a normal distribution."""
    count = int(np.prod(shape))
    words = generator.bit_generator.random_raw(-(-TERMS * count // 8))
    terms = words.view(np.uint8)[: TERMS * count].reshape(TERMS, *shape)
    total = terms.sum(axis=0, dtype=np.int16).astype(np.float32)
    total -= np.float32(TERMS * 255 / 2)
    total *= np.float32(deviation / SPREAD)
    return total
