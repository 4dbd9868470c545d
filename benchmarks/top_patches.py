"""Top patches of all 1,797 digits through LeNet-5: every layer indexed once, then one channel."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import onnxruntime

import visualizer as vz
from visualizer.analyses.patch_index import PatchIndex
from visualizer.analyses.patch_indices import Findings
from visualizer.analyses.top_patches import cut, guided_patches, inputs
from visualizer.runtime.collection_menu import load_collection

INDEX_TRIALS, CHANNEL_TRIALS = 7, 48
LAYER = "4"  # 16 channels of 10 x 10 cells, after the second ReLU


def timed_ms(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - start)


def report(name: str, times_ms: list[float]) -> None:
    p90 = statistics.quantiles(times_ms, n=10)[-1]
    median = statistics.median(times_ms)
    print(f"{name}: median {median:.1f} ms, p90 {p90:.1f} ms, n={len(times_ms)}")


def main() -> None:
    """Print how long the first look, the index and each channel take."""
    print(f"reading the digits, once: {timed_ms(lambda: load_collection('digits')):.0f} ms")
    digits = load_collection("digits")
    model = vz.load_model("lenet5", device="cpu", backend="onnx")
    channels = model.layer(LAYER).output_shape[0]

    def indexed() -> PatchIndex:
        index = PatchIndex(model, digits)
        while not index.complete:
            index.advance(model, digits)
        return index

    print(f"first index, session included: {timed_ms(indexed):.0f} ms")
    report("index of all layers", [timed_ms(indexed) for _ in range(INDEX_TRIALS)])
    index = indexed()
    fresh = Findings(index)
    for name, guided in (("nine patches", False), ("nine patches, guided", True)):
        times_ms = []
        for trial in range(CHANNEL_TRIALS):

            def one(channel: int = trial % channels, guided: bool = guided) -> object:
                found = index.top(LAYER, channel)
                batch = inputs(model, digits, found)
                patches = cut(model, digits, LAYER, found, batch)
                return guided and guided_patches(model, LAYER, channel, patches, batch)

            times_ms.append(timed_ms(one))
        report(name, times_ms)
    print(f"kept: {fresh.size_bytes / 1000:.0f} kB")
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, NumPy {np.__version__}, "
        f"ONNX Runtime {onnxruntime.__version__}, load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
