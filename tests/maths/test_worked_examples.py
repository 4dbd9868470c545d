"""Every lecture example: tests/js/worked_examples.test.mjs reads the same file."""

import itertools
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from visualizer.maths.conv import (
    Array,
    conv2d,
    conv_transpose2d,
    conv_transpose2d_by_zeros,
    output_size,
)
from visualizer.maths.pooling import avg_pool2d, max_pool2d, max_unpool2d
from visualizer.maths.upsampling import upsample_bilinear, upsample_nearest

FILE = Path(__file__).resolve().parents[2] / "assets" / "presets" / "worked_examples.json"
EXAMPLES: list[dict[str, Any]] = json.loads(FILE.read_text("utf-8"))
Spec = dict[str, Any]


def numbers(spec: Spec, name: str) -> Array:
    return np.array(spec[name], dtype=float)


def settings(spec: Spec, *names: str) -> Spec:
    return {name: spec[name] for name in names if name in spec}


def convolution(spec: Spec) -> Array:
    weights = numbers(spec, "weights") / spec.get("divisor", 1)
    bias = numbers(spec, "bias") if "bias" in spec else None
    rest = settings(spec, "stride", "padding", "dilation", "groups")
    return conv2d(numbers(spec, "input"), weights, bias, **rest)


def transposed(spec: Spec) -> Array:
    """The file keeps filters first; this function wants channels first."""
    weights = numbers(spec, "weights").swapaxes(0, 1)
    transpose = conv_transpose2d if spec["view"] == "stamp" else conv_transpose2d_by_zeros
    return transpose(numbers(spec, "input"), weights, **settings(spec, "stride", "padding"))


def max_unpool(spec: Spec) -> Array:
    remembered = numbers(spec, "remembered")
    _, places = max_pool2d(remembered, spec["kernel"], **settings(spec, "stride"))
    rows, columns = remembered.shape[1:]
    return max_unpool2d(numbers(spec, "input"), places, (rows, columns))


RUN: dict[str, Callable[[Spec], Array]] = {
    "convolution": convolution,
    "transposed": transposed,
    "max-pool": lambda spec: max_pool2d(
        numbers(spec, "input"), spec["kernel"], **settings(spec, "stride")
    )[0],
    "average-pool": lambda spec: avg_pool2d(
        numbers(spec, "input"), spec["kernel"], **settings(spec, "stride")
    ),
    "max-unpool": max_unpool,
    "upsample-nearest": lambda spec: upsample_nearest(numbers(spec, "input"), spec["scale"]),
    "upsample-bilinear": lambda spec: upsample_bilinear(numbers(spec, "input"), spec["scale"]),
}


@pytest.mark.parametrize(
    "example",
    [example for example in EXAMPLES if "input" in example.get("spec", {})],
    ids=lambda example: example["id"],
)
def test_numbers_come_out_as_printed(example: dict[str, Any]) -> None:
    expect = example["expect"]
    assert {"output", "cells"} & expect.keys(), "an example with numbers says what comes out"
    got = RUN[example["spec"]["op"]](example["spec"])
    tolerance = 0.5 * 10.0 ** -expect["places"] if "places" in expect else 1e-12
    assert list(got.shape) == expect["shape"]
    if "output" in expect:
        np.testing.assert_allclose(got, np.array(expect["output"]), rtol=0, atol=tolerance)
    for cell in expect.get("cells", ()):
        assert got[tuple(cell["at"])] == pytest.approx(cell["value"], rel=0, abs=tolerance)


def shape_of(spec: Spec, before: Sequence[int] = ()) -> list[int]:
    whole: Sequence[int] = spec.get("inputShape", before)
    channels, *size = whole
    top, right, bottom, left = spec.get("padding", [0] * 4)
    pooling = spec["op"] == "max-pool"
    usual: list[int] = spec["kernel"] if pooling else [1, 1]
    stride = spec.get("stride", usual)
    dilation = spec.get("dilation", [1, 1])
    around = ((top, bottom), (left, right))
    sizes = [
        output_size(
            size[axis], spec["kernel"][axis],
            stride=stride[axis], padding=around[axis], dilation=dilation[axis],
        )
        for axis in (0, 1)
    ]  # fmt: skip
    return [channels if pooling else spec["filters"], *sizes]


def parameters(spec: Spec, channels: int) -> int:
    if spec["op"] == "max-pool":
        return 0
    weights = channels // spec.get("groups", 1) * int(np.prod(spec["kernel"]))
    return spec["filters"] * (weights + bool(spec.get("bias")))


@pytest.mark.parametrize(
    "example",
    [example for example in EXAMPLES if "inputShape" in example.get("spec", {})],
    ids=lambda example: example["id"],
)
def test_shapes_come_out_as_printed(example: dict[str, Any]) -> None:
    spec, expect = example["spec"], example["expect"]
    shape = shape_of(spec)
    assert shape == expect["shape"]
    if spec["op"] == "depthwise-separable":
        cells, channels = int(np.prod(shape[1:])), spec["inputShape"][0]
        depthwise = cells * channels * int(np.prod(spec["kernel"]))
        assert [depthwise, cells * channels * shape[0]] == [4800, 49152]
        assert depthwise + cells * channels * shape[0] == expect["multiplications"]
        assert depthwise * shape[0] == expect["plain"]
    else:
        count = parameters(spec, spec["inputShape"][0])
        weights = count - shape[0] * bool(spec.get("bias"))
        assert count == expect["parameters"]
        assert weights * int(np.prod(shape[1:])) == expect["multiplications"]


@pytest.mark.parametrize(
    "example",
    [example for example in EXAMPLES if "layers" in example],
    ids=lambda example: example["id"],
)
def test_chains_of_layers_come_out_as_printed(example: dict[str, Any]) -> None:
    expect = example["expect"]
    shape: list[int] = []
    shapes, counts = [], []
    for layer in example["layers"]:
        if "dense" in layer:
            dense = layer["dense"]
            counts.append((dense["inputs"] + dense.get("bias", True)) * dense["units"])
            shape = [dense["units"]]
        else:
            channels = layer["spec"].get("inputShape", shape)[0]
            counts.append(parameters(layer["spec"], channels))
            shape = shape_of(layer["spec"], shape)
        shapes.append(shape)
    assert shapes == expect["shapes"]
    if "parameters" in expect:
        assert counts == expect["parameters"]
        assert sum(counts) == expect["total"]


def test_the_l1_distance_is_456() -> None:
    (example,) = (example for example in EXAMPLES if example["id"] == "l1-456")
    one, other = (np.array(picture) for picture in example["pictures"])
    assert np.abs(one - other).sum() == example["expect"]["distance"] == 456


def test_every_example_is_tested_above() -> None:
    kinds = [
        ("input" in example.get("spec", {}), "inputShape" in example.get("spec", {}),
         "layers" in example, "pictures" in example)
        for example in EXAMPLES
    ]  # fmt: skip
    assert all(sum(kind) == 1 for kind in kinds)
    assert all(any(column) for column in itertools.zip_longest(*kinds))
