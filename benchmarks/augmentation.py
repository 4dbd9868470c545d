"""Draws of three recipes, and a response curve against bare runs of the same network."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import version

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as the page runs; read by torch below

import numpy as np
import torch
from torchvision.transforms.v2 import ElasticTransform, functional

from visualizer.analyses.drawn import as_batch, probabilities
from visualizer.analyses.response_curve import Changes, curve_points, named_axis
from visualizer.runtime.augmentation.draw import Drawer, as_image, working_copy
from visualizer.runtime.augmentation.elastic import QuickElastic
from visualizer.runtime.augmentation.hue import adjust_hue
from visualizer.runtime.augmentation.pipeline import parse
from visualizer.runtime.augmentation.presets import DEFAULT, PRESETS
from visualizer.runtime.model import load_model
from visualizer.runtime.picture import read_picture
from visualizer.runtime.samples import sample_path
from visualizer.ui.draw_sheet import sheet

VALUES = 31


def timed(work: Callable[[], object], trials: int) -> list[float]:
    times_ms = []
    for _ in range(trials + 2):
        start = time.perf_counter()
        work()
        times_ms.append(1000 * (time.perf_counter() - start))
    return times_ms[2:]


def told(name: str, times_ms: list[float]) -> None:
    low, middle, high = min(times_ms), statistics.median(times_ms), max(times_ms)
    print(f"{name}: median {middle:.1f} ms ({low:.1f} to {high:.1f}), n={len(times_ms)}")


def draws(trials: int) -> None:
    """Time 16 draws with their parameters, laid out as one JPEG of cells of 224."""
    pixels, _ = working_copy(read_picture(sample_path("chelsea")))

    def answer(recipe: str) -> None:
        drawer = Drawer(pixels, parse(recipe), seed=1)
        sheet([draw.pixels for draw in drawer.draws(range(16))], 224)

    for preset in PRESETS:
        if preset.name in (DEFAULT, "medical", "digits"):
            name = f"16 draws of the recipe {preset.name!r}, as a sheet"
            told(name, timed(partial(answer, preset.pipeline), trials))
    image = as_image(pixels[:224, :224])
    told("hue by torchvision", timed(lambda: functional.adjust_hue(image, 0.07), trials))
    told("hue here", timed(lambda: adjust_hue(image, 0.07), trials))
    settings = {"alpha": 40.0, "sigma": 6.0, "fill": 0}
    elastic, quick = ElasticTransform(**settings), QuickElastic(**settings)
    told("elastic draw by torchvision", timed(lambda: elastic(as_image(pixels)), trials))
    told("elastic draw here", timed(lambda: quick(as_image(pixels)), trials))


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Give how long it took and what it cost the processors, in milliseconds."""
    start, cost = time.perf_counter(), time.process_time()
    work()
    return 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - cost)


def curve(trials: int, name: str) -> None:
    """Time a curve and as many bare runs of one prepared input, in turn."""
    model = load_model("efficientnet_lite0", "cpu", "onnx")
    pixels = read_picture(sample_path("chelsea"))
    batch = as_batch(model, [pixels], "crop")
    axis = named_axis(name)
    values = np.linspace(axis.low, axis.high, VALUES).tolist()

    def bare() -> None:
        for _ in range(VALUES):
            probabilities(model, batch)

    def whole() -> None:
        list(curve_points(model, Changes(pixels, axis, values), 0))

    pairs = [(spent(bare), spent(whole)) for _ in range(trials + 1)][1:]
    told(f"{VALUES} bare runs, one by one", [alone[0] for alone, _ in pairs])
    told(f"curve of {VALUES} values of {name}", [all_[0] for _, all_ in pairs])
    for place, what in enumerate(("time", "processor time")):
        ratios = [all_[place] / alone[place] for alone, all_ in pairs]
        middle, low, high = statistics.median(ratios), min(ratios), max(ratios)
        print(f"ratio of {what}: median {middle:.2f} ({low:.2f} to {high:.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=20)
    trials = parser.parse_args().trials
    draws(trials)
    for name in ("rotate", "affine.right", "jitter.brightness", "resized_crop", "blur"):
        curve(max(2, trials // 4), name)
    print(f"load {os.getloadavg()[0]:.1f}")
    print(f"{platform.machine()}, {os.cpu_count()} cores, {torch.get_num_threads()} threads")
    print(", ".join(f"{name} {version(name)}" for name in ("torch", "torchvision", "onnxruntime")))


if __name__ == "__main__":
    main()
