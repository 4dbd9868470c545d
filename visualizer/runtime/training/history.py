"""What a training leaves behind: a number for each step, a record for each epoch, its moments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from visualizer.runtime.training.remembering import Stand

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Answers:
    """What the network made of the first pictures: classes (n,) uint8, their losses (n,)."""

    predicted: NDArray[np.uint8]
    losses: Array


@dataclass(frozen=True)
class Validation:
    """How the network did on the validation pictures; ``accuracy`` in [0, 1]."""

    step: int
    epoch: int
    loss: float
    accuracy: float
    answers: Answers | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, eq=False)
class Moment:
    """The network after epoch ``k``; 0 is the untrained one. ``state`` holds float32 copies.

    ``stand`` is what else the next step began with. ``answers`` are those to the first validation
    pictures, where its validation saw them all.
    """

    k: int
    epoch: int
    step: int
    loss: float
    accuracy: float
    state: Mapping[str, Tensor] = field(repr=False)
    answers: Answers | None = field(default=None, repr=False)
    stand: Stand | None = field(default=None, repr=False)


@dataclass(frozen=True)
class StepRecord:
    """One optimiser update: loss and accuracy are of its batch, before the update.

    ``step`` counts from 1, ``epoch`` is the epoch it belongs to (from 1); at an epoch's end
    ``validation`` and ``moment`` are set.
    """

    step: int
    epoch: int
    loss: float
    accuracy: float
    rate: float
    validation: Validation | None = None
    moment: int | None = None


class History:
    """Growing arrays, one number a step; ``validation`` grows by a record an epoch."""

    def __init__(self, steps: int) -> None:
        self._values = np.zeros((3, steps), np.float32)
        self._count = 0
        self.validation: list[Validation] = []

    def __len__(self) -> int:
        return self._count

    def add(self, loss: float, accuracy: float, rate: float) -> None:
        """Append a step."""
        self._values[:, self._count] = loss, accuracy, rate
        self._count += 1

    @property
    def steps(self) -> NDArray[np.int32]:
        """Number the steps, from 1."""
        return np.arange(1, self._count + 1, dtype=np.int32)

    @property
    def losses(self) -> Array:
        """Give each batch's loss, (steps,)."""
        return self._seen(0)

    @property
    def accuracies(self) -> Array:
        """Give each batch's share of right answers, (steps,)."""
        return self._seen(1)

    @property
    def rates(self) -> Array:
        """Give each step's learning rate, (steps,)."""
        return self._seen(2)

    def _seen(self, row: int) -> Array:
        view = self._values[row, : self._count].view()
        view.flags.writeable = False
        return view
