"""Heat is upsampled in the browser as PyTorch and the library do it."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from visualizer.maths.resize import resize_bilinear

SCRIPT = Path(__file__).with_name("upsample_stdin.mjs")
SIZES = [  # map, wanted: larger, smaller, not square, one row, the same
    ((7, 7), (224, 224)),
    ((5, 9), (61, 40)),
    ((14, 3), (7, 100)),
    ((1, 6), (10, 6)),
    ((224, 224), (73, 73)),
    ((4, 4), (4, 4)),
]


def test_bilinear_is_that_of_pytorch_and_of_the_library() -> None:
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI"):
            pytest.fail("Node is not installed, so the browser's upsampling cannot run.")
        pytest.skip("Node is not installed.")
    rng = np.random.default_rng(7)
    maps = [rng.normal(size=shape).astype(np.float32) for shape, _ in SIZES]
    asked = [
        {"values": one.tolist(), "shape": shape, "size": size}
        for one, (shape, size) in zip(maps, SIZES, strict=True)
    ]
    run = subprocess.run(
        [node, str(SCRIPT)], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    for found, one, (_, (height, width)) in zip(json.loads(run.stdout), maps, SIZES, strict=True):
        wanted = functional.interpolate(
            torch.from_numpy(one).double()[None, None],  # places in float32 are off by 1e-5
            (height, width),
            mode="bilinear",
            align_corners=False,
        )[0, 0].numpy()
        shown = np.array(found, np.float32).reshape(height, width)
        np.testing.assert_allclose(shown, wanted, atol=2e-6)
        np.testing.assert_allclose(shown, resize_bilinear(one, height, width), atol=1e-5)
