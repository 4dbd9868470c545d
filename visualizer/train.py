"""Train a network of ``models/`` again: ``python -m visualizer.train NAME --data FOLDER``.

``FOLDER`` holds the data sets as torchvision lays them out; ``--download`` fetches them there.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from torchvision import datasets

from visualizer.runtime.checkpoints import Recorder, path_of
from visualizer.runtime.train import Recipe, Split, accuracy, train
from visualizer.zoo import lenet5, resnet_cifar10, vgg_fashion
from visualizer.zoo.spec import ModelSpec

Pixels = tuple[Tensor, Tensor]  # (n, C, H, W) uint8 and (n,) class indices


def _grey(dataset: type[datasets.MNIST], root: Path, training: bool, download: bool) -> Pixels:
    data = dataset(root, train=training, download=download)
    return data.data[:, None], data.targets


def mnist(root: Path, training: bool, download: bool) -> Pixels:
    """Read handwritten digits: 60,000 and 10,000."""
    return _grey(datasets.MNIST, root, training, download)


def fashion_mnist(root: Path, training: bool, download: bool) -> Pixels:
    """Read pictures of clothes: 60,000 and 10,000."""
    return _grey(datasets.FashionMNIST, root, training, download)


class Cifar10Part(datasets.CIFAR10):  # type: ignore[misc]
    """The first 20,000 training photos (batches 1 and 2): enough here, and stated on the card."""

    train_list = datasets.CIFAR10.train_list[:2]


def cifar10(root: Path, training: bool, download: bool) -> Pixels:
    """Read photos of ten kinds: 20,000 and 10,000."""
    data = Cifar10Part(root, train=training, download=download)
    return torch.from_numpy(data.data).permute(0, 3, 1, 2), torch.tensor(data.targets)


@dataclass(frozen=True)
class Course:
    """A network, its data and its recipe."""

    spec: ModelSpec
    read: Callable[[Path, bool, bool], Pixels]
    recipe: Recipe

    def split(self, root: Path, *, training: bool, download: bool = False) -> Split:
        """Read the official split and normalise it."""
        pixels, labels = self.read(root, training, download)
        mean, std = (
            torch.tensor(values)[:, None, None] for values in (self.spec.mean, self.spec.std)
        )
        return Split((pixels.float() / 255 - mean) / std, labels.long())


COURSES = {
    course.spec.name: course
    for course in (
        Course(
            lenet5.SPEC,
            mnist,
            Recipe(epochs=12, learning_rate=4e-3, shift=2),
        ),
        Course(
            vgg_fashion.SPEC,
            fashion_mnist,
            Recipe(epochs=7, learning_rate=4e-3, weight_decay=0.05, shift=1, flip=True),
        ),
        Course(
            resnet_cifar10.SPEC,
            cifar10,
            Recipe(
                epochs=15,
                learning_rate=5e-3,
                weight_decay=0.05,
                label_smoothing=0.1,
                shift=3,
                flip=True,
            ),
        ),
    )
}


def main(arguments: list[str] | None = None) -> None:
    """Train, print a line per epoch, write ``OUT/NAME.safetensors``."""
    options, course, data, test = _prepare(arguments)
    steps_per_epoch = -(-len(data.labels) // course.recipe.batch_size)
    recorder = Recorder(course.spec.build, lambda model: accuracy(model, test), steps_per_epoch)
    build = recorder.watched if options.checkpoints else course.spec.build
    for model, epoch in train(build, course.recipe, data, test, seed=options.seed):
        recorder.keep(model, epoch.accuracy)
        percent = 100 * epoch.accuracy
        line = f"epoch {epoch.number}: loss {epoch.loss:.4f}, test accuracy {percent:.2f} %"
        print(line, flush=True)  # noqa: T201  a command line speaks by printing
    options.out.mkdir(parents=True, exist_ok=True)
    state = {name: value.contiguous() for name, value in model.state_dict().items()}
    save_file(state, options.out / f"{options.name}.safetensors")
    if options.checkpoints:
        recorder.save(options.out / path_of(options.name).name)


def _prepare(arguments: list[str] | None) -> tuple[argparse.Namespace, Course, Split, Split]:
    """Read the command line and the data; one that misses its data ends here with a sentence."""
    parser = argparse.ArgumentParser(prog="python -m visualizer.train", description=__doc__)
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
    torch.set_num_threads(options.threads)
    course = COURSES[options.name]
    try:
        data = course.split(options.data, training=True, download=options.download)
        test = course.split(options.data, training=False, download=options.download)
    except RuntimeError as error:  # torchvision's word for absent or damaged files
        parser.exit(1, f"{error}. Looked in {options.data}; --download fetches it.\n")
    return options, course, data, test


if __name__ == "__main__":
    main()
