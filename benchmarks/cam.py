"""Heatmaps: ours beside grad-cam, torchcam and captum, in units of one plain PyTorch forward.

EfficientNet-Lite0 at 224 x 224, last feature maps (1,280 channels of 7 x 7). All runs of a table
take turns, round by round, so that a slow moment slows all of them. ``--minutes 2`` lets each of
grad-cam's Score-CAM and Ablation-CAM run two minutes instead of one before it is stopped and its
whole time told from the share of pictures that it got through.
"""

from __future__ import annotations

import argparse
import copy
import os
import platform
import statistics
import time
import warnings
from collections.abc import Callable
from functools import partial

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import captum
import numpy as np
import onnxruntime
import torch
from captum.attr import LayerGradCam, Occlusion
from pytorch_grad_cam import AblationCAM, EigenCAM, GradCAM, ScoreCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from starlette.applications import Starlette
from starlette.testclient import TestClient
from torchcam.methods import GradCAM as TorchcamGradCAM

import visualizer as vz
from visualizer.analyses.cam import find
from visualizer.analyses.evidence import ClassScore, Evidence, needed_layers
from visualizer.analyses.heatmap import heat_steps
from visualizer.panels.heatmaps.maps import ENDPOINTS
from visualizer.runtime.attribution import Question
from visualizer.runtime.attribution.occlusion import occlusion
from visualizer.runtime.attribution.rise import rise
from visualizer.runtime.graph import INPUT
from visualizer.runtime.model import Model
from visualizer.runtime.segment import between
from visualizer.runtime.shelf import Shelf
from visualizer.ui.service import Service

NETWORK, LAYER, TARGET, CLASSES = "efficientnet_lite0", "act2", 282, tuple(range(280, 290))
INNER = "blocks.5.0.act2"  # a layer with more behind it than a pooled classifier
GRADIENT = ("grad-cam", "grad-cam-plus-plus", "xgrad-cam", "hires-cam", "layer-cam", "shapley-cam")
WINDOW, STRIDE, FORWARDS = 32, 24, 82  # 9 x 9 positions and the whole picture
WARM_UP, ROUNDS, LONG_ROUNDS = 3, int(os.environ.get("TRIALS", "25")), 2

Runs = dict[str, Callable[[], object]]
Times = dict[str, list[float]]


def interleaved(runs: Runs, rounds: int, warm_up: int) -> Times:
    """Time all ``runs`` in turn, round by round, in milliseconds."""
    times_ms: Times = {name: [] for name in runs}
    for number in range(warm_up + rounds):
        for name, run in runs.items():
            start_s = time.perf_counter()
            run()
            if number >= warm_up:
                times_ms[name].append(1000 * (time.perf_counter() - start_s))
    return times_ms


class Ours:
    """Raw heatmaps, from the input or from values that are known already."""

    def __init__(self, model: Model, batch: np.ndarray) -> None:
        self.model, self.batch = model, batch
        self.known = {layer: self.values(layer) for layer in (LAYER, INNER)}
        cotangent = ClassScore((TARGET,)).cotangent(1000)
        self.question = Question(model, batch, cotangent, LAYER)

    def values(self, layer: str) -> dict[str, np.ndarray]:
        """Run the network up to the layer and the logits."""
        names = needed_layers(self.model, layer)
        found = self.model.evaluate(between(self.model.graph, (INPUT,), names), [self.batch])
        return {**dict(zip(names, found, strict=True)), INPUT: self.batch}

    def cold(
        self, method: str, layer: str = LAYER, targets: tuple[int, ...] = (TARGET,)
    ) -> np.ndarray:
        """Start from the picture."""
        return self._heat(method, layer, targets, self.values(layer))

    def warm(self, method: str, layer: str = LAYER) -> np.ndarray:
        """Start from the layer's values."""
        return self._heat(method, layer, (TARGET,), self.known[layer])

    def _heat(
        self, method: str, layer: str, targets: tuple[int, ...], values: dict[str, np.ndarray]
    ) -> np.ndarray:
        *_, last = heat_steps(
            find(method), Evidence(self.model, layer, values, ClassScore(targets))
        )
        return last.heat


def server() -> Callable[[], object]:
    """Ask the page's address for another class, of a picture that it has seen."""
    service = Service(Shelf("cpu", "onnx"))
    client = TestClient(Starlette(routes=[one.route(service) for one in ENDPOINTS]))
    path = f"/vz/heat?net={NETWORK}&picture=sample:chelsea&method="
    classes, methods = iter(range(1000)), (*GRADIENT, "eigen-cam", "ablation-cam")

    def ask() -> None:
        number = next(classes)
        answer = client.get(f"{path}{methods[number % len(methods)]}&target={number}")
        answer.raise_for_status()

    ask()
    return ask


def package(kind: type, module: torch.nn.Module, batch: torch.Tensor, count: int = 1) -> object:
    """Run a method of grad-cam, once for each class."""
    with kind(model=module, target_layers=[module.get_submodule(LAYER)]) as method:
        return [method(batch, [ClassifierOutputTarget(TARGET + i)]) for i in range(count)]


def torchcam(module: torch.nn.Module, batch: torch.Tensor) -> object:
    """Run torchcam's Grad-CAM."""
    with TorchcamGradCAM(module, module.get_submodule(LAYER)) as method:
        return method(TARGET, module(batch.clone().requires_grad_()))


def quick_runs(ours: Ours, module: torch.nn.Module, batch: torch.Tensor) -> Runs:
    """List what takes milliseconds."""
    layer = module.get_submodule(LAYER)
    runs: Runs = {"plain forward": lambda: forward(module, batch)}
    for name in (*GRADIENT, "eigen-cam", "ablation-cam"):
        runs[f"{name}, cold"] = partial(ours.cold, name)
        runs[f"{name}, known"] = partial(ours.warm, name)
    return runs | {
        "grad-cam inside, cold": lambda: ours.cold("grad-cam", INNER),
        "grad-cam inside, known": lambda: ours.warm("grad-cam", INNER),
        "ten classes, cold": lambda: ours.cold("grad-cam", targets=CLASSES),
        "another class or method, server": server(),
        "package grad-cam: Grad-CAM": lambda: package(GradCAM, module, batch),
        "package torchcam: Grad-CAM": lambda: torchcam(module, batch),
        "package captum: Grad-CAM": lambda: LayerGradCam(module, layer).attribute(batch, TARGET),
    }


def long_runs(ours: Ours, module: torch.nn.Module, batch: torch.Tensor) -> Runs:
    """List what takes seconds; occlusion and RISE for as many forwards as captum's occlusion."""
    square, step = (3, WINDOW, WINDOW), (3, STRIDE, STRIDE)

    def captum_occlusion() -> object:
        with torch.no_grad():
            return Occlusion(module).attribute(batch, square, step, target=TARGET)

    return {
        "score-cam, cold": lambda: ours.cold("score-cam"),
        "occlusion, 82 forwards": lambda: [
            *occlusion(ours.question, (WINDOW, WINDOW), (STRIDE, STRIDE))
        ],
        "rise, 82 forwards": lambda: [*rise(ours.question, FORWARDS)],
        "package captum: occlusion, 82 forwards": captum_occlusion,
        "package grad-cam: Eigen-CAM": lambda: package(EigenCAM, module, batch),
        "package grad-cam: ten classes": lambda: package(GradCAM, module, batch, 10),
    }


def forward(module: torch.nn.Module, batch: torch.Tensor) -> torch.Tensor:
    """Run the network as it is."""
    with torch.inference_mode():
        logits: torch.Tensor = module(batch)
        return logits


class _TimeUp(Exception):  # noqa: N818  no error: a benchmark has seen enough
    pass


def whole_time_s(
    kind: type, module: torch.nn.Module, batch: torch.Tensor, limit_s: float
) -> tuple[float, str]:
    """Time a method that runs the network once per channel; past the limit, by its pace."""
    module, channels = copy.deepcopy(module), 1280  # stopped half-way it stays rewritten
    done, begun_s, start_s = 0, 0.0, time.perf_counter()

    def count(_module: object, given: tuple[torch.Tensor, ...]) -> None:
        nonlocal done, begun_s
        now_s = time.perf_counter()
        begun_s = begun_s or now_s
        if now_s - start_s > limit_s and done > 32:
            raise _TimeUp
        done += len(given[0])

    hook = module.register_forward_pre_hook(count)
    try:
        package(kind, module, batch)
        return time.perf_counter() - start_s, "whole"
    except _TimeUp:
        spent_s = time.perf_counter() - begun_s
        return spent_s * (channels + 1) / done, f"told from {done} of {channels + 1} pictures"
    finally:
        hook.remove()


def show(times_ms: Times, unit_ms: float) -> dict[str, float]:
    """Print medians, 90th percentiles, the quickest, and units; give the medians' units."""
    units = {}
    for name, values in times_ms.items():
        middle, high = statistics.median(values), float(np.percentile(values, 90))
        units[name] = middle / unit_ms
        print(
            f"{name:40} median {middle:9.2f}, p90 {high:9.2f}, least {min(values):9.2f} ms, "
            f"{units[name]:8.3f} forwards, n={len(values)}",
            flush=True,
        )
    return units


def judge(units: dict[str, float], unit_ms: float) -> None:
    """Hold what was found against what was to be reached."""
    cold = max(units[f"{name}, cold"] for name in GRADIENT)
    known = max(units[f"{name}, known"] for name in GRADIENT)
    peer = units["package captum: occlusion, 82 forwards"]
    goals = [
        ("gradient methods, cold, the slowest", cold, 0.5, False),
        ("gradient methods, picture known, the slowest", known, 0.1, False),
        ("ten classes", units["ten classes, cold"], 1.3, False),
        ("Eigen-CAM", units["eigen-cam, cold"], 1.1, False),
        ("captum's occlusion / occlusion", peer / units["occlusion, 82 forwards"], 2, True),
        ("captum's occlusion / RISE", peer / units["rise, 82 forwards"], 2, True),
        ("server, ms", units["another class or method, server"] * unit_ms, 50, False),
    ]
    for name, ours in (("Score-CAM", "score-cam, cold"), ("Ablation-CAM", "ablation-cam, cold")):
        theirs = units[f"package grad-cam: {name}"]
        goals.append(
            (f"grad-cam / {name}", theirs / units[ours], 10 if name == "Score-CAM" else 400, True)
        )
    for name, found, goal, least in goals:
        reached = found >= goal if least else found <= goal
        sign, word = "≥" if least else "≤", "reached" if reached else "MISSED"
        print(f"{name:46} {found:9.3f}   {sign} {goal:<5} {word}")


def main() -> None:
    """Print all times, then what was to be reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    limit_s = 60 * parser.parse_args().minutes
    warnings.simplefilter("ignore")
    model = vz.load_model(NETWORK, device="cpu", backend="onnx")
    batch = model.preprocess(vz.sample("chelsea"))
    ours, module = Ours(model, batch.numpy()), vz.load_model(NETWORK, device="cpu").module
    times_ms = interleaved(quick_runs(ours, module, batch), ROUNDS, WARM_UP)
    unit_ms = statistics.median(times_ms["plain forward"])
    units = show(times_ms, unit_ms)
    runs = {"plain forward": lambda: forward(module, batch), **long_runs(ours, module, batch)}
    units |= show(interleaved(runs, LONG_ROUNDS, warm_up=1), unit_ms)
    for kind in (ScoreCAM, AblationCAM):
        name = {ScoreCAM: "Score-CAM", AblationCAM: "Ablation-CAM"}[kind]
        found_s, how = whole_time_s(kind, module, batch, limit_s)
        units[f"package grad-cam: {name}"] = 1000 * found_s / unit_ms
        print(f"package grad-cam: {name:22} {found_s:8.1f} s, {how}", flush=True)
    judge(units, unit_ms)
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", end=", ")
    print(f"torch {torch.__version__}, onnxruntime {onnxruntime.__version__}", end=", ")
    print(f"captum {captum.__version__}")


if __name__ == "__main__":
    main()
