"""The trainings that made the weights in ``models/``, to be taken again to the same weights."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import save
from torchvision import datasets

from visualizer.errors import VisualizerError
from visualizer.runtime.checkpoints import EARLY_STEPS, Recorder, path_of
from visualizer.runtime.training.data import Data, Split
from visualizer.runtime.training.history import Validation
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.training import Training
from visualizer.runtime.writing import refuse_full, write_whole
from visualizer.zoo import labels, lenet5, resnet_cifar10, vgg_fashion
from visualizer.zoo.spec import ModelSpec
from visualizer.zoo.stack import Network


def _grey(dataset: type[datasets.MNIST], root: Path, training: bool, download: bool) -> Split:
    data = dataset(root, train=training, download=download)
    return Split(data.data[:, None], data.targets.long())


def mnist(root: Path, training: bool, download: bool) -> Split:
    """Read handwritten digits: 60,000 and 10,000."""
    return _grey(datasets.MNIST, root, training, download)


def fashion_mnist(root: Path, training: bool, download: bool) -> Split:
    """Read pictures of clothes: 60,000 and 10,000."""
    return _grey(datasets.FashionMNIST, root, training, download)


class Cifar10Part(datasets.CIFAR10):  # type: ignore[misc]
    """The first 20,000 training photos (batches 1 and 2): enough here, and stated on the card."""

    train_list = datasets.CIFAR10.train_list[:2]


def cifar10(root: Path, training: bool, download: bool) -> Split:
    """Read photos of ten kinds: 20,000 and 10,000."""
    data = Cifar10Part(root, train=training, download=download)
    return Split(torch.from_numpy(data.data).permute(0, 3, 1, 2), torch.tensor(data.targets).long())


@dataclass(frozen=True)
class Course:
    """A network of the menu, its data and its recipe."""

    spec: ModelSpec
    read: Callable[[Path, bool, bool], Split]
    recipe: Recipe

    def data(self, root: Path, *, download: bool = False) -> Data:
        """Read the official splits; here the test split is what every epoch is measured on."""
        train = self.read(root, True, download)
        test = self.read(root, False, download)
        spec, title = self.spec, self.spec.weights.label
        return Data(
            spec.labels, title, labels(spec), spec.labels, train, test, test,
            spec.mean, spec.std, (), None, "",
        )  # fmt: skip

    def task(self, data: Data, seed: int = 0, *, threads: int = 1) -> Task:
        """Put the training together; the weights in ``models/`` are those of seed 0, one thread."""
        spec = self.spec
        network = Network(spec.name, spec.title, (), spec.input_shape[1], "", spec.source)
        return Task(network, data, replace(self.recipe, threads=threads), seed, spec.build)


COURSES = {
    course.spec.name: course
    for course in (
        Course(
            lenet5.SPEC,
            mnist,
            Recipe(epochs=12, learning_rate=4e-3, batch_size=128, shift=2, fused=False),
        ),
        Course(
            vgg_fashion.SPEC,
            fashion_mnist,
            Recipe(
                epochs=7,
                learning_rate=4e-3,
                batch_size=128,
                weight_decay=0.05,
                shift=1,
                flip=True,
                fused=False,
            ),
        ),
        Course(
            resnet_cifar10.SPEC,
            cifar10,
            Recipe(
                epochs=15,
                learning_rate=5e-3,
                batch_size=128,
                weight_decay=0.05,
                label_smoothing=0.1,
                shift=3,
                flip=True,
                fused=False,
            ),
        ),
    )
}


def main(arguments: list[str] | None = None) -> None:
    """Train, print a line per epoch, write ``OUT/NAME.safetensors``.

    What cannot be written is told with a sentence, if possible before the training.
    """
    options, course, data = _prepare(arguments)
    try:
        _run(options, Training(course.task(data, options.seed, threads=options.threads)))
    except VisualizerError as error:
        sys.exit(str(error))


def _run(options: argparse.Namespace, training: Training) -> None:
    path = options.out / f"{options.name}.safetensors"
    state = training.moments[0].state
    refuse_full(path, sum(value.numel() * value.element_size() for value in state.values()))
    recorder = Recorder(training.steps_per_epoch)
    recorder.keep(0, training.network, training.test_accuracy())
    for record in training.run():
        found = record.validation
        if found is not None:
            recorder.keep(record.step, training.network, found.accuracy)
            _tell(training, found)
        elif record.step in EARLY_STEPS:
            recorder.keep(record.step, training.network, training.test_accuracy())
    write_whole(path, save(dict(training.moments[-1].state)))
    if options.checkpoints:
        recorder.save(options.out / path_of(options.name).name)


def _tell(training: Training, found: Validation) -> None:
    loss = training.history.losses[-training.steps_per_epoch :].mean()
    line = f"epoch {found.epoch}: loss {loss:.4f}, test accuracy {100 * found.accuracy:.2f} %"
    print(line, flush=True)  # noqa: T201  a command line speaks by printing


def _prepare(arguments: list[str] | None) -> tuple[argparse.Namespace, Course, Data]:
    """Read the command line and the data; one that misses its data ends here with a sentence."""
    parser = argparse.ArgumentParser(
        prog="python -m visualizer.train",
        description="Train a network of models/ again, to the same weights.",
    )
    parser.add_argument("name", choices=COURSES)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--download", action="store_true", help="fetch missing data sets")
    parser.add_argument("--out", type=Path, default=Path("models"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--checkpoints", action="store_true", help="also keep the convolutions as they form"
    )
    parser.add_argument("--threads", type=int, default=1, help="part of what makes a run repeat")
    options = parser.parse_args(arguments)
    course = COURSES[options.name]
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        parser.exit(1, f"{options.out} cannot be written ({error}). Name another folder: --out.\n")
    try:
        data = course.data(options.data, download=options.download)
    except RuntimeError as error:  # torchvision's word for absent or damaged files
        parser.exit(1, f"{error}. Looked in {options.data}; --download fetches it.\n")
    return options, course, data
