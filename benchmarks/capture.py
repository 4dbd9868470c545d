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


def median_ms(run: Callable[[], object], trials: int = TRIALS) -> tuple[float, float, float]:
    """Time ``run``: median, lowest and highest of ``trials`` after a warm-up."""
    times_ms = []
    for _ in range(WARM_UP if trials > SLOW_TRIALS else 1):
        run()
    for _ in range(trials):
        start = time.perf_counter()
        run()
        times_ms.append(1000 * (time.perf_counter() - start))
    return statistics.median(times_ms), min(times_ms), max(times_ms)


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
    last = batch.to(memory_format=torch.channels_last)
    with torch.inference_mode():
        rows = {
            "plain PyTorch forward": median_ms(lambda: torch_model.module(batch)),
            "all layers, ONNX Runtime": median_ms(lambda: onnx_model.values(array, every)),
            "probabilities only, ONNX Runtime": median_ms(
                lambda: onnx_model.values(array, ["softmax"])
            ),
            "all layers, PyTorch": median_ms(lambda: torch_model.values(array, every)),
            "hooks with copies": median_ms(lambda: hooks_with_copies(torch_model.module, batch)),
            "plain forward again": median_ms(lambda: torch_model.module(batch)),
            "TorchLens": median_ms(lambda: torchlens.trace(torch_model.module, batch), SLOW_TRIALS),
        }
        torch_model.module.to(memory_format=torch.channels_last)
        rows["plain forward, channels last"] = median_ms(lambda: torch_model.module(last))
    unit = rows["plain PyTorch forward"][0]
    for name, (middle, low, high) in rows.items():
        print(f"{name:34} {middle:8.1f} ms ({low:.1f} to {high:.1f})  {middle / unit:6.2f}")
    kept_mib = sum(4 * layer.cells for layer in torch_model.layers) / 2**20
    print(f"{len(every)} layers, {kept_mib:.0f} MiB; {platform.machine()}, {os.cpu_count()} cores")
    print(
        f"torch {torch.__version__}, torchvision {torchvision.__version__}, onnxruntime "
        f"{onnxruntime.__version__}, torchlens {torchlens.__version__}, NumPy {np.__version__}"
    )


if __name__ == "__main__":
    main()
