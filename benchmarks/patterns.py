"""Optimised pictures of EfficientNet-Lite0: a step's cost, and what torch-lucent reaches.

Lucent is given the same network, size, layer, channel and number of steps, and is otherwise left
as it comes. Both final pictures are measured by the same plain run of the network.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from importlib.metadata import version

import numpy as np
import torch
from lucent.optvis import objectives, param, render
from numpy.typing import NDArray

from visualizer.runtime.graph import INPUT
from visualizer.runtime.model import Model, load_model
from visualizer.runtime.pattern.ascent import Ascent
from visualizer.runtime.pattern.objective import Objective
from visualizer.runtime.segment import between

COSTS = ("act1", "blocks.2.1.bn3", "blocks.4.2.bn3", "act2")
REACHED = (("blocks.2.1.bn3", 7), ("blocks.4.2.bn3", 7), ("blocks.6.0.bn3", 3))
SIDE = 128


def bare(model: Model, layer: str) -> float:
    """Time a forward run to the layer and the way back to the picture, in milliseconds."""
    run = model.gradients.differentiable(between(model.graph, (INPUT,), (layer,)))
    picture = torch.randn(1, 3, SIDE, SIDE, requires_grad=True)
    start = time.perf_counter()
    (maps,) = run(picture)
    torch.autograd.grad(maps[:, 3].mean(), picture)
    return 1000 * (time.perf_counter() - start)


def cost(model: Model, layer: str, trials: int) -> None:
    """Print what a step costs in bare runs, taken in turn."""
    ascent = Ascent(model, Objective(layer, 3), steps=trials + 3, size=(SIDE, SIDE))
    pairs = []
    for _ in range(trials + 3):
        plain = bare(model, layer)
        start = time.perf_counter()
        ascent.step()
        pairs.append((1000 * (time.perf_counter() - start), plain))
    ours, theirs = ([pair[side] for pair in pairs[3:]] for side in (0, 1))
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(
        f"{layer}: a step {statistics.median(ours):.1f} ms ({min(ours):.1f} to {max(ours):.1f}), "
        f"bare {statistics.median(theirs):.1f} ms ({min(theirs):.1f} to {max(theirs):.1f}), "
        f"ratio {ratio:.2f}, of the quickest {min(ours) / min(theirs):.2f}"
    )


def measured(model: Model, layer: str, channel: int, pixels: NDArray[np.float32]) -> float:
    """Evaluate a picture (H, W, 3) in [0, 1]: the channel's mean."""
    normal = (pixels - np.array(model.spec.mean)) / np.array(model.spec.std)
    batch = normal.astype(np.float32).transpose(2, 0, 1)[None]
    return float(model.values(batch, [layer])[layer][0, channel].mean())


def ours(model: Model, layer: str, channel: int, steps: int) -> tuple[float, float]:
    """Give the objective reached and the seconds it took."""
    start = time.perf_counter()
    ascent = Ascent(model, Objective(layer, channel), steps=steps, size=(SIDE, SIDE))
    list(ascent.run())
    took_s = time.perf_counter() - start
    return measured(model, layer, channel, ascent.pictures()[0].astype(np.float32) / 255), took_s


def lucents(model: Model, layer: str, channel: int, steps: int) -> tuple[float, float]:
    """Give the objective reached and the seconds it took."""
    torch.manual_seed(0)
    np.random.seed(0)  # noqa: NPY002  its views draw from the global generator
    start = time.perf_counter()
    (pictures,) = render.render_vis(
        model.module.eval(),
        objectives.channel(layer.replace(".", "_"), channel),
        lambda: param.image(SIDE),
        thresholds=(steps,),
        progress=False,
        show_image=False,
        fixed_image_size=SIDE,
    )
    took_s = time.perf_counter() - start
    return measured(model, layer, channel, pictures[0]), took_s


def main() -> None:
    """Print costs, then both objectives and times."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=128)
    parser.add_argument("--trials", type=int, default=20)
    given = parser.parse_args()
    model = load_model("efficientnet_lite0", device="cpu")
    for layer in COSTS:
        cost(model, layer, given.trials)
    for layer, channel in REACHED:
        (value, took_s), (their, they_s) = (
            grow(model, layer, channel, given.steps) for grow in (ours, lucents)
        )
        print(
            f"{layer} channel {channel}, {given.steps} steps: ours {value:.2f} in {took_s:.1f} s, "
            f"torch-lucent {their:.2f} in {they_s:.1f} s"
        )
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__} with "
        f"{torch.get_num_threads()} threads, torch-lucent {version('torch-lucent')}"
    )


if __name__ == "__main__":
    main()
