"""The engine: one optimiser update at a time, in any slices, to the same weights."""

from __future__ import annotations

import copy
import math
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning threads slow small steps tenfold

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.evaluating import evaluating
from visualizer.runtime.training.batches import Batches, Inputs, classes_of, evenly
from visualizer.runtime.training.data import Split
from visualizer.runtime.training.failing import why_failed
from visualizer.runtime.training.history import History, Moment, StepRecord, Validation
from visualizer.runtime.training.macs import macs_of
from visualizer.runtime.training.optimiser import make_optimiser, set_pace
from visualizer.runtime.training.remembering import buffers_bytes, stand_of
from visualizer.runtime.training.schedule import pace
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.validating import validating
from visualizer.zoo.untrained import borrowed_generator

MACS_AT_ONCE = 400_000_000  # of a validation, some 20 ms
FIRST_LOOK_MACS = 1_000_000_000  # at the untrained network, which is at chance anyway
PICTURES_AT_ONCE = (16, 1000)


class Training:
    """A task on its way.

    Not safe for two threads at once: hold ``lock`` while calling it. The same task takes the same
    course on the same machine, in whatever slices it runs and whatever is looked at meanwhile.

    ``network`` is the one that learns; take :meth:`module` for a copy that stays as it is.
    ``why`` says, once ``ended``, why it ended before its last step; None where it did not.
    ``room_bytes`` is memory for the optimiser's buffers at all moments, and ``buffers_bytes`` what
    they may take of it; where they do not fit, ``keeps_buffers`` is false.

    Raises:
        StackError: the stack does not fit the pictures.
        VisualizerError: the recipe does not fit the network or the pictures.
    """

    def __init__(self, task: Task, room_bytes: int = 0) -> None:
        self.task = task
        self.lock = threading.RLock()
        self.inputs = Inputs(task)
        self.batches = Batches(task, self.inputs)
        with borrowed_generator() as generator:
            generator.manual_seed(task.seed)
            self.network = task.make().to(memory_format=torch.channels_last)
            self._chance = generator.get_state()
        _refuse_lonely_pictures(self.network, task)
        self._drops = any(isinstance(part, _DropoutNd) for part in self.network.modules())
        macs = max(1, macs_of(self.network, task.input_shape))
        least, most = PICTURES_AT_ONCE
        self._at_once = min(max(MACS_AT_ONCE // macs, least), most)
        self.optimiser = make_optimiser(task.recipe, self.network.parameters())
        needed = buffers_bytes(task.recipe, self.network)
        self.keeps_buffers = needed <= room_bytes
        self.buffers_bytes = needed if self.keeps_buffers else 0
        self.steps_per_epoch = len(self.batches.sizes)
        self.steps = self.steps_per_epoch * task.recipe.epochs
        self.step = 0
        self.ended = False
        self.why: str | None = None
        self.history = History(self.steps)
        self._moments: list[Moment] = []
        self._tested: dict[int, float] = {}
        self._epoch_end: Iterator[Validation | None] = iter(())
        self._held: StepRecord | None = None  # the step whose validation is under way
        whole = task.data.validation
        glimpse = evenly(whole, FIRST_LOOK_MACS // macs)
        with self._threads():
            *_, found = self._validation(glimpse)
        assert found is not None
        self._keep(found if glimpse is whole else replace(found, answers=None))

    @property
    def epoch(self) -> int:
        """Count the finished epochs."""
        return self.step // self.steps_per_epoch

    @property
    def moments(self) -> Sequence[Moment]:
        """List the kept moments: the untrained network, then one for each finished epoch."""
        return tuple(self._moments)

    def advance(self) -> StepRecord:
        """Take one step; at an epoch's end also validate and keep a moment."""
        while True:
            record = self.part()
            if record is not None:
                return record

    def part(self) -> StepRecord | None:
        """Take a step, or go on with the validation at an epoch's end, some 20 ms of it.

        None where the validation is not over: the record of the epoch's last step comes after it.

        Raises:
            VisualizerError: the training has ended.
        """
        if self.ended:
            raise VisualizerError(
                f"This training ended after {self.step} steps. Begin a new one to go on."
            )
        with self._threads():
            if self._held is not None:
                return self._validate_further(self._held)
            record = self._update()
        if self.ended or self.step % self.steps_per_epoch:
            return record
        self._held = record
        self._epoch_end = self._validation(self.task.data.validation)
        return None

    def run(self, steps: int | None = None) -> Iterator[StepRecord]:
        """Take ``steps`` steps, or all that are left; ends early where the training does."""
        left = self.steps - self.step if steps is None else steps
        if self._held is not None and steps is None:
            left += 1  # its validation is still to come
        while left > 0 and not self.ended:
            left -= 1
            yield self.advance()

    def slice(self, seconds: float) -> list[StepRecord]:
        """Work until the time is over, at least one part; records of the steps taken come back."""
        until = time.monotonic() + seconds
        records: list[StepRecord] = []
        while not self.ended:
            record = self.part()
            if record is not None:
                records.append(record)
            if time.monotonic() >= until:
                break
        return records

    def predict(self, split: Split, k: int | None = None) -> Tensor:
        """Compute logits (n, classes) of the network as it is, or of moment ``k``."""
        network = self.network if k is None else self.module(k)
        with self._threads():
            parts = torch.split(split.pictures, self._at_once)
            return torch.cat([self._logits(network, part) for part in parts])

    def module(self, k: int | None = None) -> nn.Module:
        """Copy the network as it is, or as it was at moment ``k``, for evaluation."""
        made = copy.deepcopy(self.network).to(memory_format=torch.contiguous_format)
        if k is not None:
            made.load_state_dict(self.moment(k).state)
        made.zero_grad(set_to_none=True)
        return made.eval()

    def moment(self, k: int) -> Moment:
        """Find a kept moment.

        Raises:
            UnknownNameError: there is none; says which there are.
        """
        if not 0 <= k < len(self._moments):
            raise UnknownNameError(
                f"There is no moment {k} yet; choose 0 to {len(self._moments) - 1}."
            )
        return self._moments[k]

    def test_accuracy(self, k: int | None = None) -> float:
        """Measure the share of right answers on the test split, which no step has seen."""
        last = self._moments[-1]
        if k is None and last.step == self.step:
            k = last.k
        if k is None:
            return self._right(None)
        if k not in self._tested:
            self._tested[k] = self._right(k)
        return self._tested[k]

    def _right(self, k: int | None) -> float:
        test = self.task.data.test
        return float((self.predict(test, k).argmax(1) == test.labels).double().mean())

    def _update(self) -> StepRecord:
        """Take one step: forward, loss, backward, update."""
        recipe = self.task.recipe
        epoch, number = divmod(self.step, self.steps_per_epoch)
        inputs, labels = self.batches.take(epoch, number)
        now = pace(recipe, self.step, self.steps)
        set_pace(self.optimiser, recipe, now)
        self.step += 1
        with self._random():
            self.network.train()
            with torch.autocast("cpu", torch.bfloat16, enabled=recipe.precision == "bfloat16"):
                logits = self.network(inputs)
            logits = logits.float()
            loss = functional.cross_entropy(logits, labels, label_smoothing=recipe.label_smoothing)
            value = loss.item()
            if math.isfinite(value):
                self.optimiser.zero_grad(set_to_none=True)
                loss.backward()  # type: ignore[no-untyped-call]
                self.optimiser.step()
            else:
                self._fail(value, now.rate)
        accuracy = (logits.argmax(1) == classes_of(labels)).float().mean().item()
        self.history.add(value, accuracy, now.rate)
        return StepRecord(self.step, epoch + 1, value, accuracy, now.rate)

    def _validate_further(self, held: StepRecord) -> StepRecord | None:
        found = next(self._epoch_end)
        if found is None:
            return None
        self._held = None
        self.history.validation.append(found)
        self._keep(found)
        self.ended = self.ended or self.step == self.steps
        kept = None if self.why else self._moments[-1].k
        return replace(held, validation=found, moment=kept)

    def _validation(self, split: Split) -> Iterator[Validation | None]:
        return validating(
            lambda pictures: self._logits(self.network, pictures),
            split,
            self._at_once,
            step=self.step,
            epoch=self.epoch,
        )

    def _logits(self, network: nn.Module, pictures: Tensor) -> Tensor:
        with torch.inference_mode(), evaluating(network):
            inputs = self.inputs(pictures).contiguous(memory_format=torch.channels_last)
            logits: Tensor = network(inputs)
        return logits

    def _keep(self, found: Validation) -> None:
        if not math.isfinite(found.loss):
            self._fail(found.loss, self.task.recipe.learning_rate)
            return
        state = {
            name: value.detach().clone(memory_format=torch.contiguous_format)
            for name, value in self.network.state_dict().items()
        }
        kept = self.keeps_buffers or not self.step  # the first step begins without
        optimiser = self.optimiser if kept else None
        moment = Moment(
            len(self._moments), found.epoch, found.step, found.loss, found.accuracy, state,
            found.answers, stand_of(self.batches.generator, self._chance, optimiser),
        )  # fmt: skip
        self._moments.append(moment)

    def _fail(self, loss: float, rate: float) -> None:
        """End here, with the last good moment's weights."""
        last = self._moments[-1]
        self.network.load_state_dict(last.state)
        self.optimiser.zero_grad(set_to_none=True)
        self.ended = True
        self.why = why_failed(self.task, loss, step=self.step, rate=rate, kept=last.epoch)

    @contextmanager
    def _random(self) -> Iterator[None]:
        """Let dropout go on from where this training's random numbers were."""
        if not self._drops:
            yield
            return
        with borrowed_generator() as generator:
            generator.set_state(self._chance)
            yield
            self._chance = generator.get_state()

    @contextmanager
    def _threads(self) -> Iterator[None]:
        before, wanted = torch.get_num_threads(), self.task.recipe.threads
        torch.set_num_threads(wanted)
        try:
            yield
        finally:
            torch.set_num_threads(before)


def _refuse_lonely_pictures(network: nn.Module, task: Task) -> None:
    if task.recipe.batch_size == 1 and any(isinstance(p, _BatchNorm) for p in network.modules()):
        raise VisualizerError(
            "Batches of 1 picture leave batch normalisation nothing to compare. Choose a batch "
            "size of 2 or more, or a network without it."
        )
