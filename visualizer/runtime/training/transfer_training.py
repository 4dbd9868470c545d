"""Trainings on few pictures: whole networks, or what is behind a frozen part on cached values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional

from visualizer.runtime.training.batches import Batches
from visualizer.runtime.training.data import Split
from visualizer.runtime.training.history import StepRecord, Validation
from visualizer.runtime.training.optimiser import set_pace
from visualizer.runtime.training.schedule import pace
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.training import Training
from visualizer.runtime.training.transfer_base import Base
from visualizer.runtime.training.validating import validating

LEARNING_MACS = 1_000_000_000  # of the pictures that learn at once: a fifth of a second
ASKING_MACS = 2_000_000_000  # of those that are only asked for
PORTION_LEAST = 2  # with a single picture, batch normalisation might have nothing to compare


class FewTraining(Training):
    """A training that validates and keeps a moment only before its first and after its last step.

    With a handful of pictures an epoch is a step or two: looking after each would take longer. A
    step of a large network is divided: the gradients of ``portion`` pictures at a time are added
    up, which changes nothing but where batch normalisation goes by the statistics of its batch:
    that of each portion (ghost batch normalisation).

    Source: Hoffer et al., NIPS 2017, arXiv:1705.08741, section 4.
    """

    _learned: Mapping[str, Tensor] = {}  # the base's weights; moments share what is equal

    def __init__(self, task: Task, base: Base, *, behind: float = 1.0) -> None:
        super().__init__(task)
        self.learner: nn.Module = self.network
        self._learned = base.model.module.state_dict()
        self._share()
        self._under_way: Iterator[StepRecord | None] | None = None
        macs = max(1, int(base.macs * behind))
        self.portion = task.recipe.batch_size + 1
        if base.large:
            self.portion = max(PORTION_LEAST, LEARNING_MACS // macs)
            self._at_once = max(PORTION_LEAST, ASKING_MACS // macs)

    def part(self) -> StepRecord | None:
        """Take a portion of a step; after the last step go on with the validation."""
        if self.ended or self._held is not None:
            return super().part()
        with self._threads():
            if self._under_way is None:
                self._under_way = self._portions()
            record = next(self._under_way)
        if record is None:
            return None
        self._under_way = None
        if self.ended or self.step < self.steps:
            return record
        self._held = record
        self._epoch_end = self._validation(self.task.data.validation)
        return None

    def logits(self, start: int, most: int) -> Tensor:
        """Ask for at most ``most`` test pictures from number ``start`` on: (n, classes)."""
        with self._threads():
            return self._logits(self.network, self.task.data.test.pictures[start : start + most])

    def rest(self) -> None:
        """Let go of what only further steps would need."""
        self.optimiser.zero_grad(set_to_none=True)
        self.optimiser.state.clear()

    @property
    def size_bytes(self) -> int:
        """Count the memory of the network and its moments; what the base holds does not count."""
        shared = {value.data_ptr() for value in self._learned.values()}
        states = [self.network.state_dict(), *(moment.state for moment in self._moments)]
        return sum(
            value.numel() * value.element_size()
            for state in states
            for value in state.values()
            if value.data_ptr() not in shared
        )

    def _keep(self, found: Validation) -> None:
        super()._keep(found)
        self._share()

    def _share(self) -> None:
        """Let the newest moment hold what is as the base has it by the base's own tensors."""
        newest = self._moments[-1]
        state = {name: _either(self._learned.get(name), v) for name, v in newest.state.items()}
        self._moments[-1] = replace(newest, state=state)

    def _portions(self) -> Iterator[StepRecord | None]:
        """Take one step; None for every portion of it but the last."""
        recipe, network = self.task.recipe, self.learner
        epoch, number = divmod(self.step, self.steps_per_epoch)
        inputs, labels = self.batches.take(epoch, number)
        now, count = pace(recipe, self.step, self.steps), len(labels)
        set_pace(self.optimiser, recipe, now)
        self.optimiser.zero_grad(set_to_none=True)
        total, right, seen = 0.0, 0, 0
        portions = -(-count // self.portion)
        for part, known in zip(
            torch.tensor_split(inputs, portions), torch.tensor_split(labels, portions), strict=True
        ):
            if seen:
                yield None
            seen += len(known)
            with self._random():
                network.train()
                logits = network(part)
                loss = functional.cross_entropy(
                    logits, known, label_smoothing=recipe.label_smoothing
                ) * (len(known) / count)
                total += loss.item()
                if math.isfinite(total):
                    loss.backward()  # type: ignore[no-untyped-call]
            right += int((logits.argmax(1) == known).sum())
        self.step += 1
        if math.isfinite(total):
            self.optimiser.step()
        else:
            self._fail(total, now.rate)
        self.history.add(total, right / count, now.rate)
        yield StepRecord(self.step, epoch + 1, total, right / count, now.rate)


@dataclass(frozen=True, eq=False)
class Known:
    """What the frozen part makes of training, validation and test pictures, in their order."""

    train: Tensor
    validation: Tensor
    test: Tensor


class _KnownBatches(Batches):
    """The batches of :class:`Batches`, in the same order, as cached values."""

    values: Tensor

    def take(self, epoch: int, number: int) -> tuple[Tensor, Tensor]:
        if epoch != self._epoch:
            self._begin(epoch)
        chosen = self._order[number]
        return self.values[chosen], self.split.labels[chosen]


class CachedTraining(FewTraining):
    """What runs behind a frozen part learns from what that part makes of each picture.

    The steps are those of the whole network with the part frozen, which changes nothing about what
    it makes of a picture; nothing may augment them.
    """

    known: Known | None = None

    def __init__(
        self, task: Task, base: Base, frozen: str, known: Known, *, behind: float = 1.0
    ) -> None:
        super().__init__(task, base, behind=behind)
        self.learner = base.behind(self.network, frozen)
        self.known = known
        self.batches = _KnownBatches(task, self.inputs)
        self.batches.values = known.train

    def logits(self, start: int, most: int) -> Tensor:
        """Ask for at most ``most`` test pictures from number ``start`` on: (n, classes)."""
        if self.known is None:
            return super().logits(start, most)
        with self._threads():
            return self._answers(self.known.test[start : start + most])

    def rest(self) -> None:
        """Let go of what only further steps would need."""
        super().rest()
        self.known = None
        if isinstance(self.batches, _KnownBatches):
            self.batches.values = torch.empty(0)

    def _answers(self, values: Tensor) -> Tensor:
        with torch.inference_mode():
            found: Tensor = self.learner.eval()(values)
        return found

    def _validation(self, split: Split) -> Iterator[Validation | None]:
        if self.known is None or split is not self.task.data.validation:
            return super()._validation(split)
        return validating(
            self._answers,
            Split(self.known.validation, split.labels),
            self._at_once,
            step=self.step,
            epoch=self.epoch,
        )


def _either(learned: Tensor | None, value: Tensor) -> Tensor:
    """Take what was learned before where it is the same, to the last bit."""
    if learned is None or learned.device != value.device or not torch.equal(learned, value):
        return value
    return learned
