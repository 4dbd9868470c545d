"""Trainings on few pictures: whole networks, partly frozen ones, and a last layer alone."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from visualizer.runtime.training.batches import Batches
from visualizer.runtime.training.history import StepRecord
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.training import Training
from visualizer.runtime.training.transfer_base import Base


class FewTraining(Training):
    """A training that validates and keeps a moment only before its first and after its last step.

    With a handful of pictures an epoch is a step or two: looking after each would take longer.
    """

    def part(self) -> StepRecord | None:
        """Take a step; after the last one also go on with the validation."""
        if self.ended or self._held is not None or self.step + 1 == self.steps:
            return super().part()
        with self._threads():
            return self._update()


@dataclass(frozen=True, eq=False)
class Features:
    """What a frozen network makes of pictures, (n, width), with their classes (n,)."""

    values: Tensor
    labels: Tensor


class _FeatureBatches(Batches):
    """The batches of :class:`Batches`, in the same order, as cached features."""

    features: Tensor

    def take(self, epoch: int, number: int) -> tuple[Tensor, Tensor]:
        if epoch != self._epoch:
            self._begin(epoch)
        chosen = self._order[number]
        return self.features[chosen], self.split.labels[chosen]


class HeadTraining(FewTraining):
    """A new last layer on cached features: the same steps as with all the rest frozen.

    ``features`` are those of the task's training pictures, in their order, by the frozen network;
    nothing may augment them.
    """

    def __init__(self, task: Task, base: Base, features: Tensor) -> None:
        super().__init__(task)
        self.whole = self.network
        self.head = self.network.get_submodule(base.head)
        self.batches = _FeatureBatches(task, self.inputs)
        self.batches.features = features

    def _update(self) -> StepRecord:
        self.network = self.head
        try:
            return super()._update()
        finally:
            self.network = self.whole

    def _fail(self, loss: float, rate: float) -> None:
        self.network = self.whole
        super()._fail(loss, rate)

    def right(self, features: Features) -> float:
        """Measure the share of right answers on pictures whose features are at hand."""
        head: nn.Module = self.head
        with torch.inference_mode():
            return float((head(features.values).argmax(1) == features.labels).double().mean())
