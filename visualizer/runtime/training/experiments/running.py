"""Running an experiment: its trainings step in turn, so that their curves grow together."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace

import torch

from visualizer.errors import VisualizerError
from visualizer.runtime.collection import Collection
from visualizer.runtime.training.augmenting import Augmenter
from visualizer.runtime.training.batches import evenly
from visualizer.runtime.training.data import Data, Split, load_data
from visualizer.runtime.training.experiments.menu import find_experiment
from visualizer.runtime.training.experiments.record import (
    Arm,
    ArmResult,
    Experiment,
    ExperimentResult,
    Found,
    Outcome,
)
from visualizer.runtime.training.history import StepRecord
from visualizer.runtime.training.learn import usual_side
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.task import SEEDS, Task
from visualizer.runtime.training.training import Training
from visualizer.zoo.stack import Network, find_network
from visualizer.zoo.stack.networks import OWN

SEEDS_MOST = 5
VALIDATED, TESTED, KNOWN = 250, 2_000, 500  # pictures at most, of each kind
ASKED_AT_ONCE = 250  # pictures of one slice
SLICE_S = 0.05


@dataclass(frozen=True)
class Progress:
    """A slice of work: which arm, which repetition (from 0), the training, its newest steps."""

    arm: int
    repetition: int
    training: Training
    records: Sequence[StepRecord]


Running = Generator[Progress, None, ExperimentResult]


def run_experiment(
    experiment: Experiment,
    data: Data,
    *,
    seed: int = 0,
    seeds: int | None = None,
    augment: str | None = None,
    slice_s: float = SLICE_S,
) -> Running:
    """Take all trainings of an experiment, in slices; the generator returns the result.

    The arms of one seed take turns, the one that is behind goes first; then comes the next seed.
    ``augment`` takes the place of the pipeline of arms that have one.

    Raises:
        VisualizerError: a setting that is not possible; says what would be.
    """
    count = _checked(experiment, seed, seeds, augment)
    return _running(experiment, _measured(data), range(seed, seed + count), augment, slice_s)


def _running(
    experiment: Experiment, data: Data, seeds: Sequence[int], augment: str | None, slice_s: float
) -> Running:
    outcomes: list[list[Outcome]] = [[] for _ in experiment.arms]
    for repetition, seed in enumerate(seeds):
        trainings = [_begun(experiment, arm, data, seed, augment) for arm in experiment.arms]
        for arm, records in _in_turn(trainings, slice_s):
            yield Progress(arm, repetition, trainings[arm], records)
        for arm, training in enumerate(trainings):
            known, tested = yield from _asked(arm, repetition, training)
            kept = training if repetition == 0 else None
            outcomes[arm].append(Outcome(seed, tested, known, training.history, training.why, kept))
    arms = tuple(
        ArmResult(arm, tuple(one)) for arm, one in zip(experiment.arms, outcomes, strict=True)
    )
    tested = len(data.test)
    verdict = experiment.verdict(Found(arms, tested, len(data.classes)))
    return ExperimentResult(
        experiment, data.title, arms, tuple(seeds), verdict.sentence, verdict.guess, tested
    )


def experiment(
    name: str,
    data: str | Collection | Data | None = None,
    *,
    seeds: int | None = None,
    seed: int = 0,
    augment: str | None = None,
    side: int | None = None,
    on_step: Callable[[str, StepRecord], object] | None = None,
) -> ExperimentResult:
    """Run one of the experiments and give back its curves, accuracies and sentence.

    ``name`` is one of augmentation, shuffled, residual, batchnorm, pooling, rates, overfitting;
    ``seeds`` says how often it is repeated, beginning with ``seed``. ``on_step`` is called with
    an arm's title and the record of each of its steps. Print the result for a table.

    Raises:
        UnknownNameError: no such experiment or data.
        VisualizerError: a setting that is not possible.
    """
    chosen = find_experiment(name)
    _checked(chosen, seed, seeds, augment)
    pictures = chosen.data if data is None else data
    if not isinstance(pictures, Data):
        network = network_of(chosen.arms[0])
        pictures = load_data(pictures, side=side or usual_side(network, pictures))
    steps = run_experiment(chosen, pictures, seed=seed, seeds=seeds, augment=augment)
    while True:
        try:
            progress = next(steps)
        except StopIteration as end:
            found: ExperimentResult = end.value
            return found
        for record in progress.records if on_step is not None else ():
            on_step(chosen.arms[progress.arm].title, record)  # type: ignore[misc]


def task_of(
    experiment: Experiment, arm: Arm, data: Data, seed: int, augment: str | None = None
) -> Task:
    """Put one arm together; it takes no more pictures than there are."""
    settings = {"threads": 1, **experiment.recipe, **arm.recipe}
    if augment is not None and "augment" in arm.recipe:
        settings["augment"] = augment
    settings["pictures"] = min(settings["pictures"], len(data.train))
    return Task(network_of(arm), data, Recipe(**settings), seed)


def _begun(
    experiment: Experiment, arm: Arm, data: Data, seed: int, augment: str | None
) -> Training:
    training = Training(task_of(experiment, arm, data, seed, augment))
    if arm.weights_follow:
        move_weights(training)
    return training


def move_weights(training: Training) -> None:
    """Move the first layer's initial weights like the shuffled pixels, also in moment 0.

    The layer is fully connected and sees the picture: (out, C · H · W).
    """
    places = training.inputs.places
    assert places is not None
    name, weights = next(training.network.named_parameters())
    with torch.no_grad():
        moved = weights.reshape(len(weights), -1, len(places))[:, :, places].flatten(1)
        weights.copy_(moved)
        training.moment(0).state[name].copy_(moved)


def network_of(arm: Arm) -> Network:
    """Find an arm's network; a stack carries the arm's title."""
    found = find_network(arm.network)
    return replace(found, title=arm.title) if found.name == OWN else found


def _checked(experiment: Experiment, seed: int, seeds: int | None, augment: str | None) -> int:
    count = experiment.seeds if seeds is None else seeds
    if not 1 <= count <= SEEDS_MOST:
        raise VisualizerError(f"{count} seeds are asked for; give 1 to {SEEDS_MOST}.")
    if not 0 <= seed <= SEEDS - count:
        raise VisualizerError(f"The first seed is {seed}; give 0 to {SEEDS - count:,}.")
    if augment is not None and not experiment.augments:
        raise VisualizerError(
            f"{experiment.title}: this experiment changes no pictures, so it takes no pipeline. "
            "Leave it out, or choose the one with and without augmentation."
        )
    if augment is not None:
        Augmenter(augment)  # refuses what cannot be read
    return count


def _measured(data: Data) -> Data:
    """Take few enough pictures to measure on, so that measuring takes less than training."""
    return replace(
        data,
        validation=evenly(data.validation, VALIDATED),
        test=evenly(data.test, TESTED),
        fresh=None,
    )


def _in_turn(
    trainings: Sequence[Training], slice_s: float
) -> Iterator[tuple[int, list[StepRecord]]]:
    """Let the training that is behind go on, until all have ended."""
    while True:
        going = [place for place, one in enumerate(trainings) if not one.ended]
        if not going:
            return
        behind = min(going, key=lambda place: trainings[place].step / trainings[place].steps)
        with trainings[behind].lock:
            records = trainings[behind].slice(slice_s)
        yield behind, records


def _asked(
    arm: int, repetition: int, training: Training
) -> Generator[Progress, None, tuple[float, float]]:
    """Ask for the training pictures, unchanged, and for the test pictures, slice by slice."""
    shares = []
    for split in (evenly(training.batches.split, KNOWN), training.task.data.test):
        right = 0
        for start in range(0, len(split), ASKED_AT_ONCE):
            stop = start + ASKED_AT_ONCE
            part = Split(split.pictures[start:stop], split.labels[start:stop])
            with training.lock:
                right += int((training.predict(part).argmax(1) == part.labels).sum())
            yield Progress(arm, repetition, training, ())
        shares.append(right / len(split))
    return shares[0], shares[1]
