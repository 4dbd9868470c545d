"""Do heatmaps find the object? On labelled photos whose boxes miss the picture's centre."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from visualizer.analyses.attribution import attribute
from visualizer.analyses.heatmap import cam
from visualizer.analyses.localisation import Box, energy_inside, pointing_game
from visualizer.runtime.model import load_model

pytestmark = pytest.mark.slow

Photo = tuple[Path, int, list[Box]]


@pytest.fixture(scope="module")
def photos(shared_data: Path) -> list[Photo]:
    folder = shared_data / "imagenet_val"
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["subset"] == "off_centre"]
    return [
        (folder / row["file"], int(row["class_index"]), [_box(box) for box in row["boxes"].split()])
        for row in rows
    ]


def _box(text: str) -> Box:
    left, top, right, bottom = map(float, text.split(","))
    return left, top, right, bottom


def test_the_centre_alone_scores_a_quarter(photos: list[Photo]) -> None:
    """25.0 %, what the data's own description says."""
    centre = np.zeros((7, 7))
    centre[3, 3] = 1
    assert len(photos) == 60
    assert np.mean([pointing_game(centre, boxes) for _, _, boxes in photos]) == 0.25


def test_maps_point_and_concentrate_better_than_the_centre(photos: list[Photo]) -> None:
    """CAM of the true class on the whole picture: 48.3 % and 30 % as published with the data."""
    model = load_model("efficientnet_lite0", backend="onnx")
    hits, shares = [], []
    for file, target, boxes in photos:
        heat = cam(model, file, "grad-cam", target, framing="stretch")
        hits.append(pointing_game(heat, boxes))
        shares.append(energy_inside(heat, boxes))
    assert 100 * np.mean(hits) == pytest.approx(48.3, abs=3.4)  # two photos
    assert 100 * np.nanmean(shares) == pytest.approx(30, abs=5)


def test_pixel_attributions_of_the_true_class_beat_chance(photos: list[Photo]) -> None:
    """A peak in a random place would hit as often as boxes are large: 14 %."""
    model = load_model("efficientnet_lite0", backend="onnx")
    for method in ("saliency", "guided-backpropagation", "deeplift"):
        hits = [
            pointing_game(attribute(model, file, method, target, framing="stretch"), boxes)
            for file, target, boxes in photos[::2]
        ]
        assert np.mean(hits) > 0.25, method
