"""Drawn shapes: their geometry against hand-worked numbers and Pillow's polygons, their seeds."""

import math
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from visualizer.maths.shapes import (
    DISTANCES,
    NOISE,
    SHAPES,
    STROKE,
    Placing,
    covered,
    draw_shapes,
    place_shapes,
)

H = math.sqrt(0.5)
CIRCLE, SQUARE, TRIANGLE, CROSS, RING = range(5)
EDGES = {SQUARE: np.array(((0, -1), (1, 0), (0, 1), (-1, 0))) @ [[H, H], [-H, H]],
         TRIANGLE: ((0, -1), (math.sqrt(0.75), 0.5), (-math.sqrt(0.75), 0.5))}  # fmt: skip
FINE = 16  # of Pillow's cells in one of ours


def one(value: float) -> np.ndarray:
    return np.array([value], np.float32)


def placing(row: float, column: float, radius: float, angle: float) -> Placing:
    return Placing(one(row), one(column), one(radius), one(angle), one(0), one(1))


@pytest.mark.parametrize(
    ("kind", "x", "y", "distance"),
    [
        (CIRCLE, 0, 0, -1),
        (CIRCLE, 3, 4, 4),
        (SQUARE, H, 0.2, 0),
        (SQUARE, -1 - H, 0.3, 1),
        (TRIANGLE, 0, 0, -0.5),
        (TRIANGLE, 0, -1, 0),
        (TRIANGLE, math.sqrt(0.75), 0.5, 0),
        (TRIANGLE, 0.1, 1.5, 1),
        (CROSS, 0, 0, -STROKE),
        (CROSS, 0.5, 0.5, 0.5 - STROKE),
        (CROSS, 0.1, -1, 0),
        (RING, 1, 0, 0),
        (RING, 0, 0, 1 - 2 * STROKE),
        (RING, 0, STROKE - 1, -STROKE),
    ],
)
def test_distances_worked_by_hand(kind: int, x: float, y: float, distance: float) -> None:
    assert DISTANCES[kind](one(x), one(y))[0] == pytest.approx(distance, abs=1e-6)


@pytest.mark.parametrize(
    ("kind", "area"),
    [
        (CIRCLE, math.pi),
        (SQUARE, 2),
        (TRIANGLE, 3 * math.sqrt(3) / 4),
        (CROSS, 2 * 2 * 0.34 - 0.34**2),
        (RING, math.pi * (1 - 0.66**2)),
    ],
    ids=SHAPES,
)
@pytest.mark.parametrize("angle", [0, 0.4, 2.1])
def test_a_shape_covers_its_area(kind: int, area: float, angle: float) -> None:
    radius = 9.0
    cover = covered(np.array([kind]), placing(14.3, 12.9, radius, angle), 28)
    assert cover.sum() == pytest.approx(area * radius**2, rel=0.03)


@pytest.mark.parametrize("kind", [SQUARE, TRIANGLE])
@pytest.mark.parametrize("angle", [0, 0.5, 1.9])
def test_a_turned_shape_agrees_with_pillows_polygon(kind: int, angle: float) -> None:
    """A second way: corners turned by a matrix, filled at sixteen times the resolution."""
    row, column, radius, side = 12.2, 15.1, 8.5, 28
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    corners = np.array(EDGES[kind]) @ turn.T * radius + [column + 0.5, row + 0.5]
    large = Image.new("L", (side * FINE, side * FINE))
    ImageDraw.Draw(large).polygon([tuple(corner) for corner in corners * FINE], fill=255)
    theirs = np.asarray(large, np.float64).reshape(side, FINE, side, FINE).mean(axis=(1, 3)) / 255
    ours = covered(np.array([kind]), placing(row, column, radius, angle), side)[0]
    assert np.abs(ours - theirs).max() < 0.25  # a corner's cell: distance is no area
    assert np.abs(ours - theirs).mean() < 0.005


def test_the_same_seed_gives_the_same_pixels_and_others_differ() -> None:
    first, kinds = draw_shapes(60, seed=3)
    again, same = draw_shapes(60, seed=3)
    assert np.array_equal(first, again)
    assert np.array_equal(kinds, same)
    others = [draw_shapes(60, seed=4)[0], draw_shapes(60, seed=(3, 1))[0]]
    assert all((first != other).mean() > 0.9 for other in others)


def test_kinds_are_equally_frequent_and_in_no_order() -> None:
    pictures, kinds = draw_shapes(1002, side=20)
    assert pictures.shape == (1002, 20, 20)
    assert pictures.dtype == np.uint8
    assert sorted(np.bincount(kinds)) == [200, 200, 200, 201, 201]
    assert len(set(kinds[:20].tolist())) == 5


def test_every_shape_is_inside_its_picture() -> None:
    """On a canvas with four more cells on each side, these stay empty."""
    where = place_shapes(2000, 28, np.random.default_rng(1))
    moved = replace(where, row=where.row + 4, column=where.column + 4)
    cover = covered(np.arange(2000) % 5, moved, 36)
    assert (cover.sum(axis=(1, 2)) > 20).all()
    cover[:, 4:-4, 4:-4] = 0
    assert cover.max() == 0


def test_grey_levels_are_far_enough_apart_and_either_way_round() -> None:
    where = place_shapes(4000, 28, np.random.default_rng(0))
    assert np.abs(where.foreground - where.background).min() == pytest.approx(0.5, abs=1e-5)
    assert (where.foreground > where.background).mean() == pytest.approx(0.5, abs=0.03)
    assert min(where.foreground.min(), where.background.min()) >= 0
    assert max(where.foreground.max(), where.background.max()) <= 1


def test_noise_has_its_deviation_and_no_tilt() -> None:
    noisy = draw_shapes(500, seed=5)[0].astype(float)
    clean = draw_shapes(500, seed=5, noise=0)[0].astype(float)
    middle = (clean > 70) & (clean < 185)  # where nothing is cut at 0 or 255
    difference = (noisy - clean)[middle] / 255
    assert difference.mean() == pytest.approx(0, abs=2e-3)
    assert difference.std() == pytest.approx(NOISE, rel=0.03)
    assert (difference**4).mean() / difference.var() ** 2 == pytest.approx(3 - 1.2 / 4, abs=0.05)


def test_no_single_pixel_tells_a_kind() -> None:
    pictures, kinds = draw_shapes(5000, side=16)
    means = np.stack([pictures[kinds == kind].mean(axis=0) for kind in range(5)])
    assert np.abs(means - means.mean(axis=0)).max() < 0.06 * 255
