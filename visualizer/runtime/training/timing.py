"""How long a training takes: some of its steps, timed on noise before the first one is taken."""

from __future__ import annotations

import statistics
import time
from collections.abc import Generator
from dataclasses import dataclass, replace

import torch

from visualizer.runtime.training.data import Data, Split
from visualizer.runtime.training.macs import macs_of
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.training import Training
from visualizer.zoo.stack import Network, build_stack

LONG_ENOUGH_S = 0.1
STEPS_MOST = 60
MACS_MOST = 400_000_000  # of a step's way forward: larger batches are timed in part
VALIDATED = 64


@dataclass(frozen=True)
class Timing:
    """Seconds that one step takes, and one picture of a validation."""

    step_s: float
    picture_s: float


def timing(
    network: Network, shape: tuple[int, int, int], classes: int, recipe: Recipe
) -> Generator[None, None, Timing]:
    """Time steps of a recipe on pictures (C, H, W) of noise, one step a slice, the first unheeded.

    A batch too large to be timed in a blink is timed in part, and counted in proportion.

    Raises:
        StackError: the stack does not fit the pictures.
        VisualizerError: the recipe does not fit the network.
    """
    macs = max(1, macs_of(build_stack(network.stack, shape, classes), shape))
    part = min(recipe.batch_size, max(2, MACS_MOST // macs))
    noise = _noise(shape, classes, part * STEPS_MOST, min(VALIDATED, max(1, MACS_MOST // macs)))
    settings = replace(recipe, batch_size=part, epochs=1, pictures=None, learning_rate=1e-4)
    training = Training(Task(network, noise, settings))
    training.advance()
    yield
    taken: list[float] = []
    while len(taken) < STEPS_MOST - 2 and sum(taken) < LONG_ENOUGH_S and not training.ended:
        start_s = time.perf_counter()
        training.advance()
        taken.append(time.perf_counter() - start_s)
        yield
    start_s = time.perf_counter()
    training.predict(noise.validation)
    picture_s = (time.perf_counter() - start_s) / len(noise.validation)
    return Timing(statistics.median(taken) * recipe.batch_size / part, picture_s)


def _noise(shape: tuple[int, int, int], classes: int, training: int, validation: int) -> Data:
    """Make pictures that take no memory: all are one picture of noise."""
    generator = torch.Generator().manual_seed(0)
    picture = torch.randint(0, 256, (1, *shape), generator=generator, dtype=torch.uint8)

    def split(count: int) -> Split:
        return Split(picture.expand(count, *shape), torch.arange(count) % classes)

    channels = shape[0]
    return Data(
        "noise",
        "Noise",
        tuple(str(kind) for kind in range(classes)),
        "own",
        split(training),
        split(validation),
        split(1),
        (0.5,) * channels,
        (0.25,) * channels,
        (),
        None,
        "noise",
    )
