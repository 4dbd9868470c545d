"""Each visitor's own trainings, reachable by a secret handle only, gone when the page is."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from visualizer.errors import BusyError, GoneError, VisualizerError
from visualizer.runtime.training.training import Training

TRAININGS_EACH = 6
MOST_BYTES = 256 * 2**20  # one training with all its moments
BUDGET_BYTES = 1 << 30
FLOAT_BYTES = 4
COPIES = 6  # of the weights beside the moments: in use, gradients, two averages, shown, spare
MOMENT_BYTES = 1 << 14  # beside a moment's weights: two states of random numbers, 1,000 answers


@dataclass(frozen=True)
class Kept:
    """A training, whose it is, and the memory it may come to take."""

    owner: str
    training: Training
    size_bytes: int


def size_bytes(parameters: int, epochs: int) -> int:
    """Foretell the memory of a training: every moment's weights, and those it works with.

    What the optimiser keeps at the moments comes on top, where there is room for it.
    """
    return FLOAT_BYTES * parameters * (epochs + 1 + COPIES) + MOMENT_BYTES * (epochs + 1)


def check_size(parameters: int, epochs: int) -> None:
    """Refuse a training whose moments would take too much.

    Raises:
        VisualizerError: the epochs' copies of the weights exceed the limit.
    """
    needed = size_bytes(parameters, epochs)
    if needed > MOST_BYTES:
        weights = FLOAT_BYTES * parameters
        enough = (MOST_BYTES - COPIES * weights) // (weights + MOMENT_BYTES) - 1
        raise VisualizerError(
            f"{epochs} epochs of a network with {parameters:,} parameters take "
            f"{needed / 1e6:,.0f} MB of this server's memory, {MOST_BYTES / 1e6:,.0f} MB is the "
            f"limit: every epoch is kept. Choose {enough} epochs or fewer, or a smaller network."
        )


class Trainings:
    """All visitors' trainings, in memory and nowhere else. Who has no handle finds none.

    ``on_gone`` hears the handle of each that is no longer kept, whatever ended it.
    """

    def __init__(
        self,
        budget_bytes: int = BUDGET_BYTES,
        each: int = TRAININGS_EACH,
        *,
        on_gone: Callable[[str], None] = lambda _handle: None,
    ) -> None:
        self.budget_bytes = budget_bytes
        self.each = each
        self.on_gone = on_gone
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, owner: str, training: Training, size_bytes: int) -> tuple[str, Training | None]:
        """Keep a training; its handle comes back, and the visitor's oldest if that made room.

        Raises:
            BusyError: all visitors' trainings together fill the server's share of memory.
        """
        handle = secrets.token_hex(16)
        with self._lock:
            own = [name for name, one in self._kept.items() if one.owner == owner]
            surplus = own[: max(0, len(own) + 1 - self.each)]
            stays = [one for name, one in self._kept.items() if name not in surplus]
            if sum(one.size_bytes for one in stays) + size_bytes > self.budget_bytes:
                raise BusyError(
                    f"The trainings kept on this server take {self.budget_bytes / 1e6:,.0f} MB "
                    "together, the limit. Train a smaller network for fewer epochs, or try again "
                    "when other pages have been closed."
                )
            dropped = {name: self._kept.pop(name) for name in surplus}
            self._kept[handle] = Kept(owner, training, size_bytes)
        for name in dropped:
            self.on_gone(name)
        oldest = next(iter(dropped.values()), None)
        return handle, None if oldest is None else oldest.training

    def room(self, size_bytes: int) -> int:
        """Tell what a training of this size may keep of its optimiser at its moments, in bytes.

        All of it stays within the limit of one training, and leaves half of the budget to others.
        """
        left = self.budget_bytes // 2 - self.size_bytes
        return max(0, min(MOST_BYTES, left) - size_bytes)

    def get(self, handle: str) -> Training:
        """Find a training.

        Raises:
            GoneError: there is none, or no longer.
        """
        with self._lock:
            found = self._kept.get(handle)
        if found is None:
            raise GoneError("This training is no longer kept. Start it again.")
        return found.training

    def __contains__(self, handle: str) -> bool:
        """Tell whether a training is still kept."""
        with self._lock:
            return handle in self._kept

    def of(self, owner: str) -> dict[str, Training]:
        """List a visitor's trainings by their handles, the oldest first."""
        with self._lock:
            return {name: one.training for name, one in self._kept.items() if one.owner == owner}

    def drop(self, handle: str) -> None:
        """Forget one training."""
        with self._lock:
            found = self._kept.pop(handle, None)
        if found is not None:
            self.on_gone(handle)

    def leave(self, owner: str) -> None:
        """Forget what a visitor trained."""
        for handle in self.of(owner):
            self.drop(handle)

    @property
    def size_bytes(self) -> int:
        """Tell how much memory all trainings may come to take."""
        with self._lock:
            return sum(one.size_bytes for one in self._kept.values())
