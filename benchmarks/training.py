"""Training LeNet-5: the textbook's loop and ours in turn, accuracies, display, two at once.

``python -m benchmarks.training [epoch] [digits] [mnist] [display] [two]``; all without arguments.
MNIST is read as torchvision lays it out, below the folder that ``CNN_VISUALIZER_DATA`` names.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import replace

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
import torchvision
from torch.nn import functional
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

from visualizer.panels.training.memory import Memory, memory
from visualizer.panels.training.running import Running
from visualizer.runtime.collection_files import data_folder
from visualizer.runtime.shelf import Shelf
from visualizer.runtime.training.data import Data, load_data
from visualizer.runtime.training.recipe import Recipe, default_recipe
from visualizer.runtime.training.showing import Look
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.training import Training
from visualizer.ui.service import Service
from visualizer.zoo import lenet5
from visualizer.zoo.stack import find_network

PICTURES = 60_000
LENET = find_network("lenet5")
SEEDS = (0, 1, 2)
GOAL = 0.98


def textbook(data: datasets.MNIST, batches: int) -> Callable[[], int]:
    """Give PyTorch's first tutorial: DataLoader, PIL, ToTensor, Normalize, Adam, batches of 64."""

    def run() -> int:
        torch.manual_seed(0)
        network = lenet5.build()
        optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
        loader = DataLoader(data, batch_size=64, shuffle=True)
        for number, (pictures, labels) in enumerate(loader, 1):
            optimiser.zero_grad()
            functional.cross_entropy(network(pictures), labels).backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            if number == batches:
                break
        return number * 64

    return run


def ours(data: Data, recipe: Recipe, batches: int) -> Callable[[], int]:
    """Give our engine on the same pictures."""

    def run() -> int:
        training = Training(Task(LENET, data, recipe))
        for _ in range(batches):
            training.part()
        return batches * recipe.batch_size

    return run


def timed(runs: dict[str, Callable[[], int]], trials: int) -> dict[str, float]:
    """Run all in turn; print and return medians in seconds for 60,000 pictures."""
    walls: dict[str, list[float]] = {name: [] for name in runs}
    works: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(1 + trials):
        for name, run in runs.items():
            start, work = time.perf_counter(), time.process_time()
            count = run()
            if number:
                walls[name].append((time.perf_counter() - start) / count * PICTURES)
                works[name].append((time.process_time() - work) / count * PICTURES)
    for name in runs:
        print(
            f"  {name:28} {statistics.median(walls[name]):6.1f} s ({min(walls[name]):.1f} to "
            f"{max(walls[name]):.1f}), processor {statistics.median(works[name]):6.1f} s"
        )
    return {name: statistics.median(values) for name, values in walls.items()}


def epoch() -> None:
    """Compare an epoch's time, told from a part of it; the textbook's with torch's own threads."""
    print(f"One epoch of 60,000 pictures, LeNet-5, textbook on {torch.get_num_threads()} threads:")
    change = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
    pictures = datasets.MNIST(data_folder(), train=True, transform=change)
    data = load_data("mnist")
    few = replace(data, validation=data.validation.__class__(
        data.validation.pictures[:100], data.validation.labels[:100]))  # fmt: skip
    usual = default_recipe(LENET, data)
    runs = {
        "textbook, batch 64": textbook(pictures, 40),
        "ours, batch 64, one thread": ours(few, Recipe(epochs=1, batch_size=64), 40),
        f"ours, usual ({usual.batch_size}, threads: {usual.threads})": ours(few, usual, 15),
    }
    found = timed(runs, 7)
    base = found["textbook, batch 64"]
    for name, value in list(found.items())[1:]:
        print(f"  {name}: {base / value:.1f} times faster")


def reached(data: Data, recipe: Recipe, every: int | None) -> None:
    """Train with each seed and tell when it reaches the goal; testing is not on the clock."""
    finals = []
    for seed in SEEDS:
        training = Training(Task(LENET, data, recipe, seed))
        wall = work = 0.0
        first = ""
        while not training.ended:
            start, begun = time.perf_counter(), time.process_time()
            record = training.advance()
            wall += time.perf_counter() - start
            work += time.process_time() - begun
            due = record.moment is not None or (every and training.step % every == 0)
            if due and not first and training.test_accuracy() >= GOAL:
                first = f"98 % after {wall:.1f} s (processor {work:.1f}), step {training.step}; "
        finals.append(training.test_accuracy())
        print(f"  seed {seed}: {first}{100 * finals[-1]:.2f} % after {wall:.1f} s ({work:.1f})")
    spread = 100 * statistics.stdev(finals)
    print(f"  test accuracy {100 * statistics.mean(finals):.2f} %, standard deviation {spread:.2f}")


def digits() -> None:
    """Time to 98 % with the usual recipe."""
    print("LeNet-5 on scikit-learn's digits, usual recipe:")
    data = load_data("digits")
    reached(data, default_recipe(LENET, data), None)


def mnist() -> None:
    """Time to 98 % with the usual recipe over a single epoch."""
    data = load_data("mnist")
    print("LeNet-5 on MNIST, usual recipe, one epoch:")
    reached(data, replace(default_recipe(LENET, data), epochs=1), 60)


def served(service: Service, data: Data, seed: int) -> Memory:
    """Put a training where the page has it."""
    recipe = replace(default_recipe(LENET, data), epochs=6)
    handle, _ = service.trainings.keep(
        f"visitor {seed}", Training(Task(LENET, data, recipe, seed)), 0
    )
    return memory(service, handle)


def display() -> None:
    """Tell what the live display takes of a whole training, as the page runs it."""
    service = Service(Shelf("cpu", "onnx"))
    data = load_data("digits")
    shares = []
    for seed in SEEDS:
        kept = served(service, data, seed)
        start, frames = time.perf_counter(), 0
        for header, _ in Running(service, kept, Look("0"), None).frames():
            frames += bool(header)
        wall = time.perf_counter() - start
        shares.append(wall / kept.whole.trained_s - 1)
        shown = kept.whole.shown_s + kept.glances.shown_s
        print(
            f"  seed {seed}: {frames} frames in {wall:.1f} s, displays {shown:.2f} s "
            f"({100 * shown / kept.whole.trained_s:.1f} %), all else {100 * shares[-1]:.1f} %"
        )


def two() -> None:
    """Let two visitors train at once, each in a thread of the server, in turns."""
    service = Service(Shelf("cpu", "onnx"))
    data = load_data("digits")
    kept = [served(service, data, seed) for seed in (0, 1)]
    stop = time.monotonic() + 6

    def work(one: Memory) -> None:
        frames = Running(service, one, Look("0"), None).frames()
        while time.monotonic() < stop:
            with service.turns.step():
                if next(frames, None) is None:
                    return

    threads = [threading.Thread(target=work, args=(one,)) for one in kept]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    steps = [one.training.step for one in kept]
    print(f"Two visitors for 6 s: {steps[0]} and {steps[1]} steps ({steps[0] / sum(steps):.0%})")


PARTS = {part.__name__: part for part in (epoch, digits, mnist, display, two)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    for name in parser.parse_args().parts or PARTS:
        PARTS[name]()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}, "
        f"torchvision {torchvision.__version__}, load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
