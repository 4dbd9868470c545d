"""The trainings of a comparison, one after the other, in slices."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from visualizer.runtime.training.batches import Inputs
from visualizer.runtime.training.data import Data, Split
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.transfer_base import Base
from visualizer.runtime.training.transfer_pictures import Stock, Supply
from visualizer.runtime.training.transfer_record import Outcome, Saving, Transfer, points, way_of
from visualizer.runtime.training.transfer_scale import recipe_of
from visualizer.runtime.training.transfer_training import (
    ASKING_MACS,
    CachedTraining,
    FewTraining,
    Known,
)
from visualizer.runtime.training.transfer_words import best_ways, verdict
from visualizer.zoo.stack import Network

ASKED_AT_ONCE = 50  # pictures of one slice, at most
CACHE_BYTES = 300_000_000  # of the values in front of a cut; above, frozen layers run every time
SLICE_S = 0.05


@dataclass(frozen=True)
class Question:
    """What is compared: checked by :func:`question`, answered by :func:`run_transfer`.

    ``supply`` is what pictures are drawn from; those at the places ``validated`` and ``tested`` of
    its parts are held out.
    """

    base: Base
    supply: Supply
    validated: Tensor
    tested: Tensor
    per_class: tuple[int, ...]
    ways: tuple[str, ...]
    seeds: tuple[int, ...]
    frozen: str | None
    notes: tuple[str, ...]

    @property
    def data(self) -> Data:
        """Tell about the data; of a large network's it holds no pictures."""
        return self.supply.data

    @property
    def trainings(self) -> int:
        """Count the trainings."""
        return len(self.per_class) * len(self.ways) * len(self.seeds)

    @property
    def at_once(self) -> int:
        """Count the pictures that a slice of work asks the network for."""
        return min(ASKED_AT_ONCE, max(1, ASKING_MACS // self.base.macs))

    @property
    def cached(self) -> tuple[str, ...]:
        """Name the layers whose values are cached: in front of a new last layer, and of the cut."""
        layers = {way: self.base.frozen(way, self.frozen) for way in self.ways}
        most = max(self.per_class) * len(self.data.classes) + len(self.validated) + len(self.tested)
        names = dict.fromkeys(name for name in layers.values() if name is not None)
        bytes_of = {name: 4 * most * self.base.graph[name].cells for name in names}
        return tuple(name for name in names if bytes_of[name] <= CACHE_BYTES)


@dataclass(frozen=True)
class Progress:
    """A slice of work: which training is under way, its share done, and what it came to if over.

    ``way`` is empty while pictures are made ready.
    """

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
    look = _Look(asked)
    held = yield from look.held_out()
    outcomes: list[Outcome] = []
    trainings: dict[str, FewTraining] = {}
    most = asked.per_class[-1]
    for seed in asked.seeds:
        many, known = yield from look.training(held, most, seed)
        for count in asked.per_class:
            rows = torch.cat(
                [kind * most + torch.arange(count) for kind in range(len(asked.data.classes))]
            )
            data = replace(many, train=Split(many.train.pictures[rows], many.train.labels[rows]))
            part = {name: replace(one, train=one.train[rows]) for name, one in known.items()}
            for way in asked.ways:
                training = make_training(asked, data, way, seed, part)
                yield Progress(way, count, seed, 0.0)
                outcome = yield from _run(training, asked.at_once, way, count, seed)
                outcomes.append(outcome)
                if seed == asked.seeds[0] and count == most:
                    trainings[way] = training
    return _result(asked, outcomes, trainings, look.saving(outcomes))


def drawn(labels: Tensor, classes: int, per_class: int, seed: int) -> Tensor:
    """Draw ``per_class`` places of each class, class by class, from ``seed``.

    With the same seed, fewer are among the more.
    """
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(labels), generator=generator)
    known = labels[order]
    return torch.cat([order[known == kind][:per_class] for kind in range(classes)])


def few(data: Data, per_class: int, seed: int) -> Data:
    """Keep ``per_class`` training pictures of each class; test and validation stay as they are."""
    chosen = drawn(data.train.labels, len(data.classes), per_class, seed)
    part = Split(data.train.pictures[chosen], data.train.labels[chosen])
    return replace(data, train=part, fresh=None)


def make_training(
    asked: Question, data: Data, way: str, seed: int, known: dict[str, Known] | None = None
) -> FewTraining:
    """Put one training together; ``known`` are cached values of the pictures of ``data``.

    Where the values in front of a way's cut are not among them, the frozen part runs every time.
    """
    base, count = asked.base, len(data.classes)
    frozen = base.frozen(way, asked.frozen)
    build = base.builder(count, scratch=way == "scratch", frozen=frozen)
    recipe = recipe_of(way, len(data.train), base.scale)
    origin = base.transferred(
        way, len(data.train) // count, asked.frozen if way == "frozen" else None
    )
    task = Task(_network(base, way), data, recipe, seed, build, origin)
    behind = base.share_behind(frozen)
    if known and frozen in known:
        return CachedTraining(task, base, frozen, known[frozen], behind=behind)
    return FewTraining(task, base)


class _Look:
    """Brings pictures to size, and caches what the frozen parts make of them."""

    def __init__(self, asked: Question) -> None:
        self.asked = asked
        self.seconds, self.pictures = 0.0, 0
        self.inputs = Inputs(Task(_network(asked.base, "head"), asked.data, Recipe()))
        self.held: dict[str, tuple[Tensor, Tensor]] = {}

    def held_out(self) -> Generator[Progress, None, Data]:
        """Give the data with their validation and test pictures, those asked for."""
        asked, seed = self.asked, self.asked.seeds[0]
        validation = yield from self._taken(asked.supply.validation, asked.validated, seed)
        test = yield from self._taken(asked.supply.test, asked.tested, seed)
        first = yield from self._values(validation, seed)
        second = yield from self._values(test, seed)
        self.held = {name: (first[name], second[name]) for name in asked.cached}
        return replace(asked.data, validation=validation, test=test, fresh=None)

    def training(
        self, held: Data, count: int, seed: int
    ) -> Generator[Progress, None, tuple[Data, dict[str, Known]]]:
        """Give the training pictures of one seed, and the cached values."""
        stock = self.asked.supply.train
        places = drawn(stock.labels, len(held.classes), count, seed)
        split = yield from self._taken(stock, places, seed)
        values = yield from self._values(split, seed)
        known = {name: Known(values[name], *self.held[name]) for name in self.asked.cached}
        return replace(held, train=split), known

    def _taken(self, stock: Stock, places: Tensor, seed: int) -> Generator[Progress, None, Split]:
        steps = stock.split(places)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return end.value
            yield self._progress(seed)

    def _values(self, split: Split, seed: int) -> Generator[Progress, None, dict[str, Tensor]]:
        """Run the network once over pictures; its time is told for the last layer's cache alone."""
        names = self.asked.cached
        made: dict[str, list[Tensor]] = {name: [] for name in names}
        before = torch.get_num_threads()
        for part in torch.split(split.pictures, self.asked.at_once) if names else ():
            torch.set_num_threads(1)
            start_s = time.thread_time()
            for name, values in zip(
                names, self.asked.base.values(self.inputs(part), names), strict=True
            ):
                made[name].append(values)
            self.seconds += time.thread_time() - start_s
            self.pictures += len(part)
            torch.set_num_threads(before)
            yield self._progress(seed)
        return {name: torch.cat(values) for name, values in made.items()}

    def _progress(self, seed: int) -> Progress:
        return Progress("", self.asked.per_class[0], seed, 0.0)

    def saving(self, outcomes: Sequence[Outcome]) -> Saving | None:
        """Compare a pass through the frozen network with an epoch of the last layer."""
        count = self.asked.per_class[-1]
        own = [one for one in outcomes if (one.way, one.per_class) == ("head", count)]
        pictures = count * len(self.asked.data.classes)
        epochs = recipe_of("head", pictures, self.asked.base.scale).epochs
        if not own or any(one.why for one in own):
            return None
        head = sum(one.seconds for one in own) / len(own) / epochs
        return Saving(pictures, self.seconds / self.pictures * pictures, head)


def _run(
    training: FewTraining, at_once: int, way: str, count: int, seed: int
) -> Generator[Progress, None, Outcome]:
    """Train in slices, then ask for the test pictures."""
    seconds = 0.0
    while not training.ended:
        start_s = time.thread_time()
        with training.lock:
            training.slice(SLICE_S)
        seconds += time.thread_time() - start_s
        yield Progress(way, count, seed, training.step / training.steps)
    labels, right = training.task.data.test.labels, 0
    for start in range(0, len(labels), at_once):
        with training.lock:
            logits = training.logits(start, at_once)
        right += int((logits.argmax(1) == labels[start : start + at_once]).sum())
        yield Progress(way, count, seed, 1.0)
    training.rest()
    outcome = Outcome(way, count, seed, right / len(labels), seconds, training.step, training.why)
    yield Progress(way, count, seed, 1.0, outcome)
    return outcome


def _result(
    asked: Question,
    outcomes: Sequence[Outcome],
    trainings: dict[str, FewTraining],
    saving: Saving | None,
) -> Transfer:
    found, tested = points(outcomes), len(asked.tested)
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
