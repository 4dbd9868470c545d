"""The overview of a layer: small, honest about what it leaves out, right where it says a number."""

import gzip
from typing import Any

import numpy as np
import pytest

import visualizer as vz
from visualizer.analyses.feature_maps import block_average, overview, quantise, summarise
from visualizer.ui.container import container

SHAPES = [(2048, 7, 7), (1280, 7, 7), (96, 112, 112), (3072, 7, 7), (64, 147, 147), (512, 30, 17)]


@pytest.mark.parametrize("shape", SHAPES)
def test_any_layer_fits_into_100_kilobytes(shape: tuple[int, int, int]) -> None:
    """Noise is the worst case: nothing in it compresses but the rounding."""
    seen = overview(np.random.default_rng(0).standard_normal(shape, dtype=np.float32))
    assert seen.cells is not None
    arrays: dict[str, Any] = {"minimum": seen.minimum, "maximum": seen.maximum, "mean": seen.mean,
              "zeros": seen.zeros, "cells": seen.cells}  # fmt: skip
    assert len(gzip.compress(container({}, arrays), 6)) < 100_000


def test_small_layers_are_sent_as_they_are() -> None:
    maps = np.random.default_rng(0).standard_normal((6, 28, 20), dtype=np.float32)
    seen = overview(maps)
    assert seen.cells is None
    assert seen.values is maps


def test_cells_give_the_values_back_within_half_a_step() -> None:
    maps = np.random.default_rng(1).standard_normal((1280, 7, 7), dtype=np.float32)
    seen = overview(maps)
    assert seen.pool == 1
    assert seen.cells is not None
    step = (seen.maximum - seen.minimum) / (seen.levels - 1)
    back = seen.minimum[:, None, None] + seen.cells * step[:, None, None]
    assert (np.abs(back - maps).max(axis=(1, 2)) <= step / 2 + 1e-6).all()


def test_blocks_are_averages_and_partial_blocks_average_what_they_have() -> None:
    """By hand: 3 x 5 in blocks of 2: the last column and row stand alone."""
    maps = np.arange(15, dtype=np.float32).reshape(1, 3, 5)
    assert block_average(maps, 2).tolist() == [[[3, 5, 6.5], [10.5, 12.5, 14]]]


def test_summary_counts_zeros_and_dead_channels_by_hand() -> None:
    maps = np.zeros((3, 2, 2), np.float32)
    maps[0] = [[0, 1], [2, 3]]
    maps[2, 0, 0] = -1
    assert summarise(maps).dead == 1
    assert summarise(maps).zeros == pytest.approx(8 / 12)


@pytest.mark.filterwarnings("error")
def test_values_that_are_no_numbers_do_no_harm() -> None:
    maps = np.ones((4, 200, 200), np.float32)
    maps[0, 0, 0], maps[1, 0, 0], maps[2, 5, 5] = np.nan, np.inf, 3e38
    seen = overview(maps)
    assert np.isnan(seen.maximum[0])
    assert seen.maximum[1] == np.inf
    assert quantise(maps[3:], np.ones(1, np.float32), np.ones(1, np.float32), 256).max() == 0


def test_library_returns_every_layer_as_channel_height_width() -> None:
    model = vz.load_model("lenet5", weights=None)
    digit = np.zeros((40, 30, 3), np.uint8)
    digit[5:35, 12:18] = 255
    maps = vz.feature_maps(model, digit)
    assert list(maps) == [layer.name for layer in model.layers]
    assert maps["0"].shape == (6, 28, 28)
    assert maps["7"].shape == (120, 1, 1)
    assert all(value.dtype == np.float32 for value in maps.values())
    assert maps["softmax"].sum() == pytest.approx(1, abs=1e-6)
    only = vz.feature_maps(model, digit, layers=["3"])
    assert list(only) == ["3"]
    assert np.array_equal(only["3"], maps["3"])
    with pytest.raises(vz.VisualizerError, match="no layer '33'"):
        vz.feature_maps(model, digit, layers=["33"])


def test_first_convolution_by_hand() -> None:
    """One cell of LeNet-5's first layer as products and a sum, without PyTorch."""
    model = vz.load_model("lenet5", weights=None)
    picture = np.random.default_rng(0).integers(0, 256, (28, 28, 3), dtype=np.uint8)
    given = model.preprocess(picture).numpy()[0, 0]
    parameters = {name: value.detach().numpy() for name, value in model.module.named_parameters()}
    kernel = parameters["0.weight"][4, 0]
    bias = float(parameters["0.bias"][4])
    padded = np.pad(given, 2)
    by_hand = sum(
        float(padded[10 + row, 17 + column]) * float(kernel[row, column])
        for row in range(5)
        for column in range(5)
    )
    assert vz.feature_maps(model, picture, ["0"])["0"][4, 10, 17] == pytest.approx(
        by_hand + bias, rel=1e-5
    )
