"""All feature maps of all layers: ours against a plain forward, hooks and TorchLens."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import onnxruntime
import torch
import torchlens
import torchvision

import visualizer as vz

WARM_UP, TRIALS, SLOW_TRIALS = 3, 25, 3


def interleaved(runs: dict[str, Callable[[], object]], trials: int) -> dict[str, list[float]]:
    """Time all ``runs`` in turn, round by round, so that a slow moment slows all of them."""
    times_ms: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(WARM_UP + trials):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            if number >= WARM_UP:
                times_ms[name].append(1000 * (time.perf_counter() - start))
    return times_ms


def hooks_with_copies(module: torch.nn.Module, batch: torch.Tensor) -> int:
    """Collect every module's output as most tutorials do, cloned because of in-place layers."""
    kept: list[torch.Tensor] = []
    handles = [
        part.register_forward_hook(lambda _m, _i, output: kept.append(output.clone()))
        for part in module.modules()
        if not list(part.children())
    ]
    module(batch)
    for handle in handles:
        handle.remove()
    return len(kept)


def main() -> None:
    """Print medians and ratios for EfficientNet-Lite0 at 224 x 224."""
    torch_model, onnx_model = (
        vz.load_model("efficientnet_lite0", device="cpu", backend=backend)
        for backend in ("torch", "onnx")
    )
    batch = torch_model.preprocess(vz.sample("chelsea"))
    array = batch.numpy()
    every = [layer.name for layer in torch_model.layers]
    runs: dict[str, Callable[[], object]] = {
        "plain PyTorch forward": lambda: torch_model.module(batch),
        "all layers, ONNX Runtime": lambda: onnx_model.values(array, every),
        "all layers, PyTorch": lambda: torch_model.values(array, every),
        "hooks with copies": lambda: hooks_with_copies(torch_model.module, batch),
    }
    slow: dict[str, Callable[[], object]] = {
        "TorchLens": lambda: torchlens.trace(torch_model.module, batch)
    }
    with torch.inference_mode():
        times_ms = interleaved(runs, TRIALS) | interleaved(slow, SLOW_TRIALS)
    unit = statistics.median(times_ms["plain PyTorch forward"])
    for name, values in times_ms.items():
        middle = statistics.median(values)
        spread = f"({min(values):.1f} to {max(values):.1f})"
        print(f"{name:28} {middle:8.1f} ms {spread:22} {middle / unit:6.2f}")
    kept_mib = sum(4 * layer.cells for layer in torch_model.layers) / 2**20
    print(f"{len(every)} layers, {kept_mib:.0f} MiB; {platform.machine()}, {os.cpu_count()} cores")
    print(
        f"torch {torch.__version__}, torchvision {torchvision.__version__}, onnxruntime "
        f"{onnxruntime.__version__}, torchlens {torchlens.__version__}, NumPy {np.__version__}"
    )


if __name__ == "__main__":
    main()
