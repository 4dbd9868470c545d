"""The trainings of a comparison, one after the other, in slices."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from visualizer.runtime.training.batches import Inputs
from visualizer.runtime.training.data import Data, Split
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.training import Training
from visualizer.runtime.training.transfer_base import Base
from visualizer.runtime.training.transfer_record import Outcome, Saving, Transfer, points, way_of
from visualizer.runtime.training.transfer_training import Features, FewTraining, HeadTraining
from visualizer.runtime.training.transfer_words import best_ways, verdict
from visualizer.zoo.stack import Network

ASKED_AT_ONCE = 50  # pictures of one slice
STEPS = 100  # of each training, at least
EPOCHS_LEAST, EPOCHS_MOST = 10, 100
BATCH = 32
SLICE_S = 0.05


@dataclass(frozen=True)
class Question:
    """What is compared: checked by :func:`question`, answered by :func:`run_transfer`."""

    base: Base
    data: Data
    per_class: tuple[int, ...]
    ways: tuple[str, ...]
    seeds: tuple[int, ...]
    frozen: str | None
    notes: tuple[str, ...]

    @property
    def trainings(self) -> int:
        """Count the trainings."""
        return len(self.per_class) * len(self.ways) * len(self.seeds)


@dataclass(frozen=True)
class Progress:
    """A slice of work: which training is under way, its share done, and what it came to if over."""

    way: str
    per_class: int
    seed: int
    share: float
    outcome: Outcome | None = None


Running = Generator[Progress, None, Transfer]


def run_transfer(asked: Question) -> Running:
    """Take all trainings in slices; the generator returns the result.

    With the first seed all numbers of pictures come in turn, the smallest first, and for each all
    ways; then comes the next seed.
    """
    seen = _Seen(asked)
    if "head" in asked.ways:
        yield from seen.held_out()
    outcomes: list[Outcome] = []
    trainings: dict[str, Training] = {}
    for seed in asked.seeds:
        for count in asked.per_class:
            data = few(asked.data, count, seed)
            features = None
            if "head" in asked.ways:
                features = yield from seen.training(data.train, count, seed)
            for way in asked.ways:
                training = make_training(asked, data, way, seed, features)
                outcome = yield from _run(training, seen, way, count, seed)
                outcomes.append(outcome)
                if seed == asked.seeds[0] and count == asked.per_class[-1]:
                    trainings[way] = training
    return _result(asked, outcomes, trainings, seen.saving(outcomes))


def few(data: Data, per_class: int, seed: int) -> Data:
    """Keep ``per_class`` training pictures of each class, drawn from ``seed``.

    With the same seed, fewer pictures are among the more. Test and validation stay as they are.
    """
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(data.train), generator=generator)
    labels = data.train.labels[order]
    chosen = torch.cat([order[labels == kind][:per_class] for kind in range(len(data.classes))])
    part = Split(data.train.pictures[chosen], data.train.labels[chosen])
    return replace(data, train=part, fresh=None)


def make_training(
    asked: Question, data: Data, way: str, seed: int, features: Tensor | None = None
) -> FewTraining:
    """Put one training together; ``features`` are those of ``data.train``, for the way "head"."""
    base, count = asked.base, len(data.classes)
    frozen: frozenset[str] = frozenset()
    if way == "head":
        frozen = base.below_head
    elif way == "frozen" and asked.frozen is not None:
        frozen = base.before(asked.frozen)
    build = base.builder(count, scratch=way == "scratch", frozen=frozen)
    recipe = recipe_of(way, len(data.train))
    per_class = len(data.train) // count
    origin = base.transferred(way, per_class, asked.frozen if way == "frozen" else None)
    task = Task(_network(base, way), data, recipe, seed, build, origin)
    if way == "head":
        found = base.features(Inputs(task)(data.train.pictures)) if features is None else features
        return HeadTraining(task, base, found)
    return FewTraining(task)


def recipe_of(way: str, pictures: int) -> Recipe:
    """Give the recipe of a way: the same for all of them but for the learning rate."""
    batch = min(BATCH, pictures)
    epochs = max(EPOCHS_LEAST, min(EPOCHS_MOST, -(-STEPS // -(-pictures // batch))))
    return Recipe(
        epochs=epochs,
        batch_size=batch,
        learning_rate=way_of(way).learning_rate,
        label_smoothing=0.1,
        threads=1,
    )


class _Seen:
    """What the frozen network makes of pictures: once of those held out, once of each new part."""

    def __init__(self, asked: Question) -> None:
        self.asked = asked
        self.tested: Features | None = None
        self.parts: dict[int, Tensor] = {}
        self.seconds, self.pictures = 0.0, 0

    def held_out(self) -> Iterator[Progress]:
        test = self.asked.data.test
        values = yield from self._features(test, self.asked.per_class[0], self.asked.seeds[0])
        self.tested = Features(values, test.labels)

    def training(self, split: Split, count: int, seed: int) -> Generator[Progress, None, Tensor]:
        return (yield from self._features(split, count, seed))

    def _features(self, split: Split, count: int, seed: int) -> Generator[Progress, None, Tensor]:
        asked = self.asked
        task = Task(_network(asked.base, "head"), asked.data, Recipe(), asked.seeds[0])
        inputs = Inputs(task)
        made = []
        before = torch.get_num_threads()
        for part in torch.split(split.pictures, ASKED_AT_ONCE):
            torch.set_num_threads(1)
            start_s = time.thread_time()
            made.append(asked.base.features(inputs(part)))
            self.seconds += time.thread_time() - start_s
            self.pictures += len(part)
            torch.set_num_threads(before)
            yield Progress("head", count, seed, 0.0)
        return torch.cat(made)

    def saving(self, outcomes: Sequence[Outcome]) -> Saving | None:
        """Compare a pass through the frozen network with an epoch of the last layer."""
        count = self.asked.per_class[-1]
        own = [one for one in outcomes if (one.way, one.per_class) == ("head", count)]
        pictures = count * len(self.asked.data.classes)
        epochs = recipe_of("head", pictures).epochs
        if not own or any(one.why for one in own):
            return None
        head = sum(one.seconds for one in own) / len(own) / epochs
        return Saving(pictures, self.seconds / self.pictures * pictures, head)


def _run(
    training: FewTraining, seen: _Seen, way: str, count: int, seed: int
) -> Generator[Progress, None, Outcome]:
    """Train in slices, then ask for the test pictures."""
    seconds = 0.0
    while not training.ended:
        start_s = time.thread_time()
        with training.lock:
            training.slice(SLICE_S)
        seconds += time.thread_time() - start_s
        yield Progress(way, count, seed, training.step / training.steps)
    if isinstance(training, HeadTraining) and seen.tested is not None:
        accuracy = training.right(seen.tested)
    else:
        test, right = training.task.data.test, 0
        for start in range(0, len(test), ASKED_AT_ONCE):
            part = slice(start, start + ASKED_AT_ONCE)
            labels = test.labels[part]
            with training.lock:
                logits = training.predict(Split(test.pictures[part], labels))
            right += int((logits.argmax(1) == labels).sum())
            yield Progress(way, count, seed, 1.0)
        accuracy = right / len(test)
    outcome = Outcome(way, count, seed, accuracy, seconds, training.step, training.why)
    yield Progress(way, count, seed, 1.0, outcome)
    return outcome


def _result(
    asked: Question,
    outcomes: Sequence[Outcome],
    trainings: dict[str, Training],
    saving: Saving | None,
) -> Transfer:
    found, tested = points(outcomes), len(asked.data.test)
    sentence = verdict(found, asked.ways, asked.per_class, tested, saving)
    return Transfer(
        base=asked.base.title,
        data=asked.data.title,
        classes=len(asked.data.classes),
        per_class=asked.per_class,
        ways=asked.ways,
        seeds=asked.seeds,
        frozen=asked.frozen,
        tested=tested,
        outcomes=tuple(outcomes),
        saving=saving,
        sentence=sentence,
        best={n: best_ways(found, asked.ways, n, tested) for n in asked.per_class},
        notes=asked.notes,
        trainings=trainings,
    )


def _network(base: Base, way: str) -> Network:
    spec = base.model.spec
    title = f"{base.title}, {way_of(way).title[0].lower()}{way_of(way).title[1:]}"
    return Network("transfer", title, (), spec.input_shape[1], way_of(way).sentence, spec.source)
