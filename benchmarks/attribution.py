"""Occlusion and RISE beside captum's occlusion for as many forwards, and the gradient methods.

All take turns, round by round, so that a slow moment slows all; the first round is not counted.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import captum
import numpy as np
import onnxruntime
import torch
from captum.attr import Occlusion

import visualizer as vz
from visualizer.runtime.attribution import ATTRIBUTIONS, Question
from visualizer.runtime.attribution.occlusion import occlusion
from visualizer.runtime.attribution.rise import rise

TRIALS = int(os.environ.get("TRIALS", "7"))
TARGET, WINDOW, STRIDE, FORWARDS = 282, 32, 24, 82  # 9 x 9 positions and the whole picture


def interleaved(runs: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Time all in turn, in milliseconds."""
    times_ms: dict[str, list[float]] = {name: [] for name in runs}
    for trial in range(TRIALS + 1):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            if trial:
                times_ms[name].append(1000 * (time.perf_counter() - start))
    return times_ms


def main() -> None:
    model = vz.load_model("efficientnet_lite0", device="cpu", backend="onnx")
    given = model.preprocess(vz.sample("chelsea"))
    cotangent = np.zeros((1, 1000, 1, 1), np.float32)
    cotangent[0, TARGET] = 1
    question = Question(model, given.numpy(), cotangent)
    theirs = Occlusion(model.module)

    def captum_occlusion() -> object:
        with torch.no_grad():
            return theirs.attribute(
                given, (3, WINDOW, WINDOW), (3, STRIDE, STRIDE), target=TARGET,
                perturbations_per_eval=1,
            )  # fmt: skip

    runs: dict[str, Callable[[], object]] = {
        "one plain PyTorch forward": lambda: model.module(given),
        "captum occlusion, 82 forwards": captum_occlusion,
        "occlusion, 82 forwards": lambda: [
            *occlusion(question, (WINDOW, WINDOW), (STRIDE, STRIDE))
        ],
        "RISE, 82 masks": lambda: [*rise(question, FORWARDS)],
    }
    for method in ATTRIBUTIONS:
        if not method.long:
            runs[method.title] = lambda method=method: [*method.run(question)]  # type: ignore[misc]
    times_ms = interleaved(runs)
    peer = statistics.median(times_ms["captum occlusion, 82 forwards"])
    for name, times in times_ms.items():
        middle, high = statistics.median(times), float(np.percentile(times, 90))
        ratio = f", captum / ours {peer / middle:.1f}" if "82" in name else ""
        spread = f"p90 {high:.0f} ms, least {min(times):.0f} ms"
        print(f"{name}: median {middle:.0f} ms, {spread}{ratio}", flush=True)
    print(f"{platform.machine()}, {os.cpu_count()} cores, {TRIALS} trials, PyTorch", end=" ")
    print(f"{torch.__version__}, ONNX Runtime {onnxruntime.__version__}, captum", end=" ")
    print(f"{captum.__version__}, EfficientNet-Lite0, 224 x 224")


if __name__ == "__main__":
    main()
