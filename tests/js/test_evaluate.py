"""The browser's arithmetic against NumPy's and the PyTorch code it prints, on random specs."""

import contextlib
import io
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from visualizer.maths.conv import Array, conv2d, conv_transpose2d
from visualizer.maths.pooling import avg_pool2d, max_pool2d, max_unpool2d
from visualizer.maths.upsampling import upsample_bilinear, upsample_nearest

SCRIPT = Path(__file__).with_name("evaluate_stdin.mjs")
OPERATIONS = (
    "convolution", "depthwise-separable", "transposed", "max-pool", "average-pool", "max-unpool",
    "upsample-nearest", "upsample-bilinear",
)  # fmt: skip
EACH = 25  # specs per operation
ROUNDED = 1.5e-4  # four places, twice: before and after the activation
ACTIVATIONS: dict[str, Any] = {
    "none": lambda x: x,
    "relu": functional.relu,
    "relu6": functional.relu6,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "hardswish": functional.hardswish,
    "leaky-relu": functional.leaky_relu,
}
Spec = dict[str, Any]
Rng = np.random.Generator


def decimals(rng: Rng, *shape: int) -> Any:
    """Numbers as typed: up to three places."""
    places = int(rng.integers(0, 4))
    return np.round(rng.uniform(-9, 9, shape), places).tolist()


def window(rng: Rng, op: str) -> Spec:
    """Settings that fit every input of this test."""
    kernel, dilation, stride = rng.integers([1, 1, 1], [5, 3, 4], (2, 3)).T.tolist()
    if op == "average-pool":
        dilation = [1, 1]
    most = [size // 2 for size in kernel] if op.endswith("pool") else [3, 3]
    top, right, bottom, left = (int(rng.integers(0, most[axis] + 1)) for axis in (0, 1, 0, 1))
    even = rng.random() < 0.5
    padding = [top, left, top, left] if even else [top, right, bottom, left]
    return {"kernel": kernel, "dilation": dilation, "stride": stride, "padding": padding}


def random_spec(rng: Rng, op: str) -> Spec:
    groups = int(rng.choice([1, 2])) if op in ("convolution", "transposed") else 1
    channels, filters = groups * int(rng.integers(1, 3)), groups * int(rng.integers(1, 3))
    size = [int(rng.integers(7, 11)), int(rng.integers(7, 11))]
    spec: Spec = {"op": op, "input": decimals(rng, channels, *size)}
    if op.startswith("upsample"):
        corners = bool(rng.random() < 0.5)
        return {**spec, "scale": rng.integers(1, 5, 2).tolist(), "alignCorners": corners}
    if op == "max-unpool":
        kernel = rng.integers(1, 4, 2).tolist()
        pooled = [length * side for length, side in zip(size, kernel, strict=True)]
        return {**spec, "kernel": kernel, "remembered": decimals(rng, channels, *pooled)}
    spec |= window(rng, op)
    if op.endswith("pool"):
        return spec | {"ceil": bool(rng.random() < 0.5), "countPadding": bool(rng.random() < 0.5)}
    kernel = spec.pop("kernel")
    spec |= {"groups": groups, "activation": str(rng.choice(list(ACTIVATIONS)))}
    spec["bias"] = decimals(rng, filters) if rng.random() < 0.5 else None
    if op == "depthwise-separable":
        pointwise = decimals(rng, filters, channels, 1, 1)
        spec["weights"] = {
            "depthwise": decimals(rng, channels, 1, *kernel),
            "pointwise": pointwise,
        }
    else:
        spec["weights"] = decimals(rng, filters, channels // groups, *kernel)
    if op == "transposed":
        spec["view"] = str(rng.choice(["stamp", "insert-zeros"]))
        limits = zip(spec["stride"], spec["dilation"], strict=True)
        spec["outputPadding"] = [int(rng.integers(0, max(pair))) for pair in limits]
    else:
        spec["paddingMode"] = str(rng.choice(["zeros", "reflect", "replicate", "circular"]))
    if op == "convolution":
        spec["divisor"] = int(rng.choice([1, 1, 9, 16]))
    return spec


def by_numpy(spec: Spec) -> Array:
    op, image = spec["op"], np.array(spec["input"], dtype=float)
    scale, stride = spec.get("scale"), spec.get("stride")
    if op == "upsample-nearest":
        return upsample_nearest(image, scale or 1)
    if op == "upsample-bilinear":
        return upsample_bilinear(image, scale or 1, align_corners=spec["alignCorners"])
    if op == "max-unpool":
        remembered = np.array(spec["remembered"], dtype=float)
        _, places = max_pool2d(remembered, spec["kernel"])
        return max_unpool2d(image, places, (remembered.shape[1], remembered.shape[2]))
    sides, dilation, ceil = spec["padding"], spec["dilation"], spec.get("ceil", False)
    if op == "max-pool":
        return max_pool2d(
            image, spec["kernel"], stride=stride, padding=sides, dilation=dilation, ceil=ceil
        )[0]
    if op == "average-pool":
        count = spec["countPadding"]
        return avg_pool2d(
            image, spec["kernel"], stride=stride, padding=sides, ceil=ceil, count_padding=count
        )
    sums = weighted(spec, image)
    return np.asarray(ACTIVATIONS[spec["activation"]](torch.from_numpy(sums)))


def weighted(spec: Spec, image: Array) -> Array:
    bias = None if spec["bias"] is None else np.array(spec["bias"], dtype=float)
    groups, shared = spec["groups"], {name: spec[name] for name in ("stride", "dilation")}
    if spec["op"] == "depthwise-separable":
        depthwise, pointwise = (np.array(each, float) for each in spec["weights"].values())
        mode = spec["paddingMode"]
        middle = conv2d(
            image, depthwise, **shared, padding=spec["padding"], groups=len(image), mode=mode
        )
        return conv2d(middle, pointwise, bias)
    weights = np.array(spec["weights"], dtype=float)
    if spec["op"] == "convolution":
        weights /= spec["divisor"]
        mode = spec["paddingMode"]
        return conv2d(
            image, weights, bias, **shared, padding=spec["padding"], groups=groups, mode=mode
        )
    turned = np.concatenate([part.swapaxes(0, 1) for part in np.split(weights, groups)])
    return conv_transpose2d(
        image, turned, bias, **shared,
        padding=spec["padding"], groups=groups, output_padding=spec["outputPadding"],
    )  # fmt: skip


def by_printed_code(code: str) -> Array:
    space: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, space)
    assert printed.getvalue().startswith("tensor(")
    return np.asarray(space["y"][0])


@pytest.fixture(scope="module")
def answers() -> list[tuple[Spec, dict[str, Any]]]:
    node = shutil.which("node")
    if node is None:
        reason = "node is not installed; the browser's arithmetic cannot be run"
        if os.environ.get("CI") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    rng = np.random.default_rng(2024)
    specs = [random_spec(rng, op) for op in OPERATIONS for _ in range(EACH)]
    done = subprocess.run(
        [node, SCRIPT], input=json.dumps(specs), capture_output=True, text=True, check=True
    )
    return list(zip(specs, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("op", OPERATIONS)
def test_the_browser_computes_what_numpy_and_the_printed_code_compute(
    op: str, answers: list[tuple[Spec, dict[str, Any]]]
) -> None:
    mine = [each for each in answers if each[0]["op"] == op]
    assert len(mine) == EACH
    for spec, answer in mine:
        got, expected = np.array(answer["outputs"]), by_numpy(spec)
        assert got.shape == expected.shape, spec
        exact = np.array(answer["exact"]).reshape(got.shape)
        away = np.abs(got - expected) / np.maximum(1, np.abs(expected))
        assert away[exact].max(initial=0) < 1e-11, spec
        assert away[~exact].max(initial=0) < ROUNDED, spec
        np.testing.assert_allclose(by_printed_code(answer["code"]), expected, atol=1e-9, rtol=1e-9)


def test_every_sum_of_terms_is_the_output(answers: list[tuple[Spec, dict[str, Any]]]) -> None:
    for spec, answer in answers:
        assert answer["totals"] == answer["outputs"], spec


@pytest.mark.parametrize("op", ["convolution", "max-pool", "average-pool"])
def test_cells_said_to_be_unread_have_no_gradient(
    op: str, answers: list[tuple[Spec, dict[str, Any]]]
) -> None:
    """All weights 1: a cell that is read has a gradient, whatever the window's other cells hold."""
    seen = 0
    for spec, answer in (each for each in answers if each[0]["op"] == op):
        image = torch.ones(1, 1, *np.shape(spec["input"])[1:], requires_grad=True)
        top, right, bottom, left = spec["padding"]
        mode = spec.get("paddingMode", "zeros").replace("zeros", "constant")
        padded = functional.pad(image, (left, right, top, bottom), mode=mode)
        kernel = spec.get("kernel") or np.shape(spec["weights"])[2:]
        out = functional.conv2d(
            padded, torch.ones(1, 1, *kernel), stride=spec["stride"], dilation=spec["dilation"]
        )
        if op != "convolution" and spec["ceil"]:
            continue  # windows that hang over the end read more than a convolution does
        out.sum().backward()  # type: ignore[no-untyped-call]  # torch's own
        read = image.grad is not None and image.grad[0, 0] > 0
        unread = np.zeros(np.shape(spec["input"])[1:], dtype=bool)
        unread[answer["unread"]["rows"], :] = True
        unread[:, answer["unread"]["columns"]] = True
        assert (np.asarray(read) == ~unread).all(), spec
        seen += int(unread.any())
    assert seen >= 3
