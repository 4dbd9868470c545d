"""What the server works out to show a training: kept as long as the training itself."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property

from visualizer.runtime.training.showing import Display
from visualizer.runtime.training.training import Training
from visualizer.ui.service import Service

WHOLE_SHARE = 0.03  # of the time spent training: for answers and features of many pictures,
GLANCE_SHARE = 0.01  # and for filters and maps of one picture in between


@dataclass
class Allowance:
    """How much time may go into displays: a share of that spent on training."""

    share: float
    trained_s: float = 0.0
    shown_s: float = 0.0
    cost_s: float = 0.0  # of the last display

    @property
    def due(self) -> bool:
        """Tell whether one more display stays within the allowance."""
        return self.shown_s + self.cost_s <= self.share * self.trained_s

    def spend(self, cost_s: float) -> None:
        """Note what a display has cost."""
        self.cost_s = cost_s
        self.shown_s += cost_s


@dataclass(eq=False)
class Memory:
    """One training's displays: one follows its steps, one goes back to its moments.

    ``data`` is what the page calls the data, ``notes`` are sentences about them.
    """

    handle: str
    training: Training
    data: str = ""
    notes: tuple[str, ...] = ()
    tested: dict[int, float] = field(default_factory=dict)  # accuracy by moment
    whole: Allowance = field(default_factory=lambda: Allowance(WHOLE_SHARE))
    glances: Allowance = field(default_factory=lambda: Allowance(GLANCE_SHARE))

    @cached_property
    def live(self) -> Display:
        """Give the display that follows the steps."""
        return Display(self.training)

    @cached_property
    def past(self) -> Display:
        """Give the display of moments; hold its lock."""
        return Display(self.training)


class Memories:
    """The memory of every training of a running page."""

    def __init__(self) -> None:
        self._kept: dict[str, Memory] = {}
        self._lock = threading.Lock()

    def get(self, service: Service, handle: str) -> Memory:
        """Find what is kept for a training.

        Raises:
            GoneError: the training is no longer kept.
        """
        training = service.trainings.get(handle)
        with self._lock:
            return self._kept.setdefault(handle, Memory(handle, training))

    def forget(self, handle: str) -> None:
        """Drop what is kept for a training."""
        with self._lock:
            self._kept.pop(handle, None)


def memory(service: Service, handle: str) -> Memory:
    """Find what is kept for a training; errors as :meth:`Memories.get`."""
    found = service.store(Memories, lambda made: service.forgetful.append(made.forget))
    return found.get(service, handle)
